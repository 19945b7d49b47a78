"""The pages, the PDF and what can be pasted: for whom they are, and every number in them."""

import io

import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from referrals.kinds.operations import load_seed
from referrals.moves import EventName, Outcome
from referrals.statistics.monthly import freeze
from referrals.statistics.publication import operations as publication
from referrals.statistics.publication import queries as published
from referrals.statistics.publication.tables import PublicTable
from referrals.statistics.report import queries
from referrals.statistics.report.labels import names_in
from referrals.statistics.report.making import make
from referrals.statistics.report.paste import paste_of
from referrals.statistics.report.story import Teller
from referrals.statistics.report.typeset import pdf_of
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month, months_between
from tests import database as databases
from tests.factories import events, people
from tests.factories.events import helsinki
from tests.referrals.statistics.report.reckoning import allowed, counts_in, frozen_numbers

NOW = helsinki("2026-06-01 05:00")
KINDS = ("exercise", "culture")
PLACES = ("286", "075")
DECEMBER = Month(2025, 12)


@pytest.fixture
def kinds(database):
    """The county's kinds and two of its municipalities."""
    begin()


def begin() -> None:
    """Load the kinds and two municipalities."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()


def happened(month: Month, *, exercise: int, culture: int = 0, hamina: int = 0) -> None:
    """Record what came in a month, and what became of some of it."""
    day = f"{month}-10 10:00"
    events.sent(day, times=exercise)
    events.sent(day, times=culture, kind="culture")
    events.sent(day, times=hamina, municipality="075")
    for name, days in ((EventName.ACCEPTED, 2), (EventName.FIRST_CONTACT, 7), (EventName.STARTED, 12)):
        events.event(name, f"{month}-20 10:00", working_days=days)
    if exercise:
        events.event(EventName.CLOSED, f"{month}-21 10:00", outcome=Outcome.COMPLETED)


def made(first: Month, last: Month, *, report_from: Month | None = None) -> None:
    """Freeze, publish and report months."""
    for month in months_between(first, last):
        with transaction():
            freeze(month, now=NOW)
            publication.publish(month, now=NOW, threshold=5)
            if month >= (report_from or first):
                make(month, now=NOW)


@pytest.fixture
def two_months(kinds):
    """November and December 2025 with their reports."""
    happened(Month(2025, 11), exercise=52)
    happened(DECEMBER, exercise=56, culture=3, hamina=5)
    made(Month(2025, 11), DECEMBER)


@pytest.fixture
def coordinator(client, kinds):
    """The county's coordinator, signed in."""
    return people.sign_in(client, people.user(Role.COORDINATOR))


@pytest.fixture
def lead(new_client, kinds):
    """The lead of Hamina, signed in."""
    unit = people.unit(UnitKind.COUNSELLING, name="Haminan liikuntaneuvonta", municipality_code="075")
    return people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[unit]))


@pytest.mark.usefixtures("two_months")
def test_the_coordinator_reads_the_whole_county(coordinator):
    page = coordinator.read("/raportti/2025-12")
    assert "Lähetteitä tuli 64, 12 enemmän kuin marraskuussa." in page.text
    assert (
        "Kulttuurilähetteitä tuli kolme. Joulukuu oli kulttuurilähetteen ensimmäinen kuukausi." in page.text
    )
    rows = {row["Lähete"]: row for row in page.table("Lähetetyt lähetteet")}
    assert rows["Liikuntalähete"]["Joulukuu 2025"] == "61"
    assert rows["Kaikki"]["Marraskuu 2025"] == "52"
    places = {row["Kunta"]: row for row in page.table("Liikuntalähete: kunnittain")}
    assert places["Hamina"]["Lähetteitä"] == "5"
    assert "Julkaistavaksi" not in page.headings()
    newest = coordinator.read("/raportti")
    assert "Joulukuu 2025" in newest.headings()
    assert "Lähetteitä tuli 64" in newest.text


@pytest.mark.usefixtures("two_months")
def test_it_is_told_in_swedish_and_english_too(coordinator):
    swedish = coordinator.read("/sv/raportti/2025-12")
    assert swedish.lang == "sv"
    assert "Det kom 64 remisser, 12 fler än i november." in swedish.text
    assert "64 referrals came, 12 more than in November." in coordinator.read("/en/raportti/2025-12").text


@pytest.mark.usefixtures("two_months")
def test_a_lead_reads_of_the_own_municipality_alone(lead):
    page = lead.read("/raportti/2025-12")
    assert "Lähetteitä tuli viisi" in page.text
    assert "Hamina" in page.headings()
    for other in ("64", "61", "56", "Kouvola"):
        assert other not in page.main.xpath("string(.//div[contains(@class, 'wide')]/section[1])")
    body = lead.get("/raportti/2025-12/1.pdf").data
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert "Hamina" in text
    assert "64" not in text
    assert "Kunnittain" not in text


@pytest.mark.usefixtures("two_months")
def test_a_correction_stands_beside_the_first_version(coordinator):
    events.sent("2025-12-30 10:00")
    with transaction():
        freeze(DECEMBER, now=NOW, correction="Yksi lähete puuttui.")
        make(DECEMBER, now=NOW)
    page = coordinator.read("/raportti/2025-12")
    assert "Lähetteitä tuli 65" in page.text
    assert "Korjattu, versio 2: Yksi lähete puuttui." in page.text
    older = coordinator.read("/raportti/2025-12/1")
    assert "Lähetteitä tuli 64" in older.text
    assert "Tästä raportista on uudempi versio" in older.text


def test_before_the_first_month_it_says_when_the_first_one_comes(coordinator):
    assert "Raporttia ei vielä ole" in coordinator.read("/raportti").headings()


@pytest.mark.usefixtures("two_months")
def test_the_pdf_is_tagged_the_same_each_time_and_leaves_an_audit_row(coordinator):
    first, again = (coordinator.get("/raportti/2025-12/1.pdf") for _ in range(2))
    assert first.mimetype == "application/pdf"
    assert b"/StructTreeRoot" in first.data
    assert first.data == again.data
    row = db.session.query(AuditRow).filter_by(action=Action.FIGURES_EXPORTED).first()
    assert row is not None
    assert (row.object_type, row.object_id) == ("report", "2025-12/1")


@pytest.mark.usefixtures("two_months")
def test_what_can_be_pasted_hides_what_is_hidden(coordinator):
    page = coordinator.read("/raportti/2025-12")
    text = page.main.xpath("string(.//textarea[@id='teksti'])")
    assert "Kulttuurilähetteiden määrä joulukuussa on peitetty" in text
    assert "kolme" not in text
    assert "64" not in text
    picture = coordinator.get("/raportti/2025-12/1/kuva.png")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    alt = page.main.xpath("string(.//img/@alt)")
    assert alt == page.main.xpath("string(.//textarea[@id='kuvan-teksti'])")
    assert "Kulttuurilähete peitetty" in alt


PAGES = (
    "/raportti",
    "/raportti/2025-12",
    "/raportti/2025-12/1",
    "/raportti/2025-12/1.pdf",
    "/raportti/2025-12/1/kuva.png",
)


@pytest.mark.usefixtures("two_months")
@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ADVISER, Role.NETWORK_PARTNER, Role.ADMINISTRATOR])
def test_it_is_for_coordinators_and_leads_alone(new_client, role):
    visitor = people.sign_in(new_client(), people.user(role))
    for path in PAGES:
        assert visitor.get(path).status_code == 404, path


@pytest.mark.usefixtures("two_months")
@pytest.mark.parametrize(
    "path", ["2025-10", "2025-13", "x", "2025-12/2", "2025-12/2.pdf", "2025-10/1/kuva.png"]
)
def test_what_was_not_made_is_no_page(coordinator, path):
    assert coordinator.get(f"/raportti/{path}").status_code == 404


@pytest.mark.usefixtures("two_months")
def test_a_report_asks_little_of_the_database(coordinator, query_budget):
    with query_budget(14):
        coordinator.read("/raportti/2025-12")
    with query_budget(14):
        coordinator.read("/raportti")


# ------------------------------------------------------------------------------------ every number


MONTHS = st.lists(
    st.fixed_dictionaries(
        {kind: st.dictionaries(st.sampled_from(PLACES), st.integers(0, 12)) for kind in KINDS}
    ),
    min_size=1,
    max_size=2,
)
WAY = st.lists(
    st.tuples(
        st.sampled_from([EventName.ACCEPTED, EventName.FIRST_CONTACT, EventName.STARTED, EventName.VOIDED]),
        st.sampled_from(KINDS),
        st.integers(0, 23),
    ),
    max_size=8,
)


@settings(
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(months=MONTHS, way=WAY, first=st.sampled_from([Month(2024, 11), Month(2025, 1), Month(2025, 5)]))
def test_every_number_of_a_report_is_of_the_frozen_rows(app, months, way, first):
    """Whatever happened in some months: page, PDF and text to paste tell nothing but numbers of frozen rows."""
    with databases.undone(app):
        begin()
        month = first
        for happening in months:
            for kind, places in happening.items():
                for place, number in places.items():
                    events.sent(f"{month}-10 10:00", times=number, kind=kind, municipality=place)
            month = month.next()
        last = month.previous()
        for name, kind, days in way:
            # In stock already: what goes out has come in.
            events.sent(f"{last}-11 10:00", kind=kind)
            events.event(name, f"{last}-12 10:00", kind=kind, working_days=days)
        if (
            not any(number for each in months for places in each.values() for number in places.values())
            and not way
        ):
            return
        begun = min(
            (
                step
                for step, each in enumerate(months)
                if any(sum(places.values()) for places in each.values())
            ),
            default=len(months) - 1,
        )
        start = first
        for _ in range(begun):
            start = start.next()
        made(start, last, report_from=last)
        check_numbers(app, last)


def check_numbers(app, month: Month) -> None:
    """Find each number of a report, in three languages, among those that its frozen rows allow."""
    report = queries.report(month, 1)
    assert report is not None
    numbers = queries.numbers_of(report)
    for source in numbers.sources.values():
        rows = frozen_numbers(Month.parse(source.period))
        assert all(rows[tuple(map(str, cell))] == number for cell, number in source.cells.items())
    may = allowed(month, numbers.kinds)
    release = published.release(month.year)
    assert release is not None
    public = {
        row: {
            kind: cell
            for (code, kind), cell in release.tables[PublicTable.MONTHS].cells.items()
            if code == row
        }
        for row in release.tables[PublicTable.MONTHS].rows
    }
    for language in ("fi", "sv", "en"):
        with app.test_request_context("/"):
            names = names_in(language, numbers)
            story = Teller(numbers, names, language=language).story()
            texts = [*story.lead, *(text for section in story.sections for text in section.paragraphs)]
            for text in texts:
                assert set(counts_in(text, language)) - {0} <= may, text
            for table in (table for section in story.sections for table in section.tables):
                for row in (*table.rows, *((table.foot,) if table.foot else ())):
                    assert {cell for cell in row.cells if isinstance(cell, int)} <= may | {0}, table
            pdf = pdf_of([story], title="Raportti", notes=[], language=language, made_at=NOW)
            read = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
            # The footer says which page of how many.
            read = read.replace("\n", " ")
            assert set(counts_in(read, language)) - {0} <= may | set(range(1, 9)), read
            paste = paste_of(numbers, names.kinds, language=language, source="")
            assert paste is not None
            shown = {cell for cells in public.values() for cell in cells.values() if isinstance(cell, int)}
            sums = {sum(c for c in cells.values() if isinstance(c, int)) for cells in public.values()}
            sums |= {
                total for total in release.tables[PublicTable.MONTHS].total.values() if isinstance(total, int)
            }
            apart = {abs(one - other) for one in shown | sums for other in shown | sums}
            told = set(counts_in(paste.text, language)) - {0}
            assert told <= shown | sums | apart, paste.text
            hidden = [
                kind
                for kind, cell in public[str(month)].items()
                if not isinstance(cell, int) and cell.value == "hidden"
            ]
            for kind in hidden:
                assert names.kinds[kind].lower()[:6] in paste.text.lower()
