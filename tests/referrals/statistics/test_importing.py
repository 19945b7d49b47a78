"""Months of an earlier system: brought in whole with their source, shown apart, never mixed with our own."""

import json

import pytest
from click.testing import Result

from referrals.kinds.operations import load_seed
from referrals.statistics import monthly, queries
from referrals.statistics.counting import Measure
from referrals.statistics.publication.operations import catch_up
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month
from tests.client import Client
from tests.factories import events, people
from tests.factories.events import helsinki

HEADING = "kind,month,municipality,measure,number,source"
PILOT = "the pilots' own count"
JANUARY = Month(2023, 1)


@pytest.fixture
def bring(app, database, tmp_path):
    """Write a file, run the command on it, and return what came of it."""
    del database
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()
    runner = app.test_cli_runner()

    def invoke(*rows: str, heading: str = HEADING, options: tuple[str, ...] = ()) -> Result:
        file = tmp_path / "months.csv"
        file.write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
        answer = runner.invoke(args=["statistics", "import-aggregate", str(file), *options])
        assert isinstance(answer, Result)
        return answer

    return invoke


def test_a_month_is_frozen_with_its_source_and_shown_apart(bring, app):
    answer = bring(
        f"exercise,2023-01,286,referrals,31,{PILOT}",
        f"exercise,2023-01,075,referrals,4,{PILOT}",
        f"exercise,2023-02,,referrals,40,{PILOT}",
        f"exercise,2023-02,286,referrals,33,{PILOT}",
    )
    assert answer.exit_code == 0, answer.output
    assert "2 months brought in" in answer.stdout
    frozen = queries.newest(JANUARY)
    assert frozen is not None
    assert (frozen.source, frozen.version, frozen.correction) == (PILOT, 1, None)
    counts = queries.frozen_counts(frozen)
    assert counts.of(Measure.REFERRALS, "exercise") == 35, "the county is the sum of what is given"
    assert counts.of(Measure.REFERRALS, "exercise", "075") == 4
    assert [month.period for month in queries.imported_months()] == ["2023-01", "2023-02"]
    assert queries.frozen_months() == []
    assert queries.frozen_referrals() == {}
    rows = db.session.query(AuditRow).filter_by(action=Action.FIGURES_IMPORTED).all()
    assert [row.object_id for row in rows] == ["2023-01", "2023-02"]
    month = app.test_cli_runner().invoke(args=["statistics", "month", "2023-02", "--format", "json"])
    assert json.loads(month.output)["source"] == PILOT


def test_semicolons_and_a_byte_order_mark_are_read_too(bring):
    answer = bring(
        "culture;2023-03;;referrals;12;Excel, kevät",
        heading="\ufeff" + HEADING.replace(",", ";"),
    )
    assert answer.exit_code == 0, answer.output
    assert [month.source for month in queries.imported_months()] == ["Excel, kevät"]


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(bring):
    answer = bring(f"exercise,2023-01,286,referrals,31,{PILOT}", options=("--dry-run",))
    assert answer.exit_code == 0, answer.output
    assert "2023-01" in answer.stdout
    assert "nothing was changed" in answer.stdout
    assert queries.newest(JANUARY) is None
    assert db.session.query(AuditRow).filter_by(action=Action.FIGURES_IMPORTED).count() == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("sports,2023-01,286,referrals,31,x", "'sports'"),
        ("exercise,2023-13,286,referrals,31,x", "'2023-13'"),
        ("exercise,2199-01,286,referrals,31,x", "not over"),
        ("exercise,2023-01,999,referrals,31,x", "'999'"),
        ("exercise,2023-01,286,open_at_end,31,x", "'open_at_end'"),
        ("exercise,2023-01,286,days_to_accepted,31,x", "'days_to_accepted'"),
        ("exercise,2023-01,286,referrals,-3,x", "'-3'"),
        ("exercise,2023-01,286,referrals,3.5,x", "'3.5'"),
        ("exercise,2023-01,286,referrals,9999999,x", "'9999999'"),
        ("exercise,2023-01,286,referrals,31,", "source"),
        ("exercise,2023-01,286,referrals,31", "6 columns"),
        ("exercise,2023-01,286,referrals,31,x,y", "6 columns"),
        ("exercise,2023-02,286,referrals,1,good", "line 2"),
        ("exercise,2023-02,075,referrals,1,another", "another source"),
        ("exercise,2023-02,,referrals,0,good", "add up to 1"),
    ],
)
def test_a_row_that_can_not_be_brought_in_is_named_by_its_line_and_nothing_is_brought(bring, row, said):
    answer = bring("exercise,2023-02,286,referrals,1,good", row)
    assert answer.exit_code == 1
    assert "line 3" in answer.output
    assert said in answer.output
    assert queries.imported_months() == []


@pytest.mark.parametrize("heading", ["month,kind", "", "kind,month,municipality,measure,number"])
def test_another_heading_is_refused(bring, heading):
    answer = bring("exercise,2023-02,286,referrals,1,good", heading=heading)
    assert answer.exit_code == 1
    assert "heading" in answer.output


def test_an_empty_file_is_refused(bring):
    assert "no numbers" in bring().output


def test_our_own_months_are_never_mixed_with_those_of_others(bring):
    events.sent("2023-02-10 10:00")
    before = bring(f"exercise,2023-01,286,referrals,31,{PILOT}")
    assert before.exit_code == 0, before.output
    # February has an event; March lies in the time that is counted from events.
    for period in ("2023-02", "2023-03"):
        answer = bring(f"culture,{period},286,referrals,7,{PILOT}")
        assert answer.exit_code == 1
        assert "events of our own" in answer.output
    assert [month.period for month in queries.imported_months()] == ["2023-01"]


def test_a_month_that_was_brought_in_changes_only_by_a_correction_with_its_reason(bring):
    bring(f"exercise,2023-01,286,referrals,31,{PILOT}")
    again = bring(f"exercise,2023-01,286,referrals,32,{PILOT}")
    assert again.exit_code == 1
    assert "already" in again.output
    why = "One paper had been counted twice."
    mended = bring(f"exercise,2023-01,286,referrals,30,{PILOT}", options=("--reason", why))
    assert mended.exit_code == 0, mended.output
    assert [(each.version, each.correction) for each in queries.versions_of(JANUARY)] == [(1, None), (2, why)]
    other = bring(f"exercise,2023-05,286,referrals,30,{PILOT}", options=("--reason", why))
    assert "nothing to correct" in other.output
    assert db.session.query(AuditRow).filter_by(action=Action.FIGURES_CORRECTED).count() == 1


def test_our_first_own_month_begins_from_our_own_stock(bring, app):
    bring(f"exercise,2023-01,286,referrals,31,{PILOT}")
    events.sent("2023-02-10 10:00", times=2)
    assert app.test_cli_runner().invoke(args=["statistics", "freeze"]).exit_code == 0
    frozen = queries.newest(Month(2023, 2))
    assert frozen is not None
    counts = queries.frozen_counts(frozen)
    assert counts.of(Measure.OPEN_AT_START, "exercise") == 0
    assert counts.of(Measure.OPEN_AT_END, "exercise") == 2
    assert frozen.frozen_at > helsinki("2023-03-01 00:00")


def test_the_public_page_shows_an_earlier_system_s_year_apart_and_names_it(bring, client: Client):
    events.sent("2024-01-10 10:00", times=12)
    bring(*(f"exercise,2023-{month:02},286,referrals,{20 + month},{PILOT}" for month in range(1, 13)))
    page = client.read("/tilastot/2023")
    assert PILOT in page.text
    assert page.table("Lähetetyt lähetteet vuonna 2023")[-1]["Liikuntalähete"] == "318"
    with transaction():
        monthly.freeze(Month(2024, 1), now=helsinki("2024-02-02 06:00"))
        catch_up(now=helsinki("2024-02-02 06:00"), threshold=5)
    years = client.get("/tilastot/2024/vuodet.csv").get_data(as_text=True)
    assert "318" not in years
