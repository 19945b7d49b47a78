"""The pages of figures: what everybody sees, and what those in charge see."""

import datetime as dt

import pytest
from sqlalchemy import select

from referrals.kinds.operations import load_seed
from referrals.moves import EventName, Outcome
from referrals.statistics.monthly import freeze
from referrals.statistics.periods import Month, months_between
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import PERMISSIONS, Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.access import Permission
from servicetray.core.db import db, transaction
from tests.factories import events, people

NOW = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)
DAYS = "alku=2025-01-01&loppu=2025-12-31"


@pytest.fixture
def kinds(database):
    """The county's kinds and two of its municipalities."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()


def frozen(first: Month, last: Month) -> None:
    """Freeze months."""
    for month in months_between(first, last):
        with transaction():
            freeze(month, now=NOW)


@pytest.fixture
def two_years(kinds):
    """A year that is over, with two small months of culture, and the first months of the next."""
    for month, number in enumerate((12, 9, 8, 7, 9, 3, 2, 6, 7, 8, 9, 6), start=1):
        events.sent(f"2025-{month:02}-11 10:00", times=number, kind="culture")
    events.sent("2025-07-10 10:00", times=20)
    events.sent("2026-01-20 10:00", times=7)
    frozen(Month(2025, 1), Month(2026, 1))


@pytest.mark.usefixtures("two_years")
def test_small_months_are_hidden_and_so_is_what_would_give_them_back(client):
    rows = {row["Kuukausi"]: row for row in client.read("/tilastot?vuosi=2025").table()}
    assert rows["6/2025"]["Kulttuurilähete"] == rows["7/2025"]["Kulttuurilähete"] == "peitetty"
    assert rows["12/2025"]["Kulttuurilähete"] == "peitetty"
    assert rows["7/2025"]["Liikuntalähete"] == "20"
    assert rows["7/2025"]["Kaikki"] == "peitetty"
    assert rows["6/2025"]["Liikuntalähete"] == "–"
    assert rows["Yhteensä"]["Kulttuurilähete"] == "86"


@pytest.mark.usefixtures("two_years")
def test_a_year_that_goes_on_shows_no_total(client):
    page = client.read("/tilastot")
    rows = {row["Kuukausi"]: row for row in page.table()}
    assert list(rows) == ["1/2026", "Yhteensä"]
    assert rows["Yhteensä"]["Liikuntalähete"] == "kesken"
    assert "86" in page.text


@pytest.mark.usefixtures("two_years")
def test_only_frozen_months_are_published(client):
    events.sent("2026-02-11 10:00", times=30)
    assert "30" not in client.read("/tilastot").text


@pytest.mark.usefixtures("two_years")
def test_the_csv_hides_what_the_page_hides(client):
    lines = client.get("/tilastot/2025.csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert "7/2025;20;peitetty;peitetty" in lines
    assert "Yhteensä;peitetty;86;peitetty" in lines


@pytest.mark.usefixtures("two_years")
def test_every_picture_has_its_numbers_in_words(client):
    page = client.read("/sv/tilastot?vuosi=2025")
    pictures = page.main.xpath(".//*[local-name()='svg'][@role='img']")
    assert len(pictures) == 1
    assert pictures[0].xpath("./*[local-name()='title']")
    assert pictures[0].xpath("./*[local-name()='desc']")
    assert page.lang == "sv"
    assert "dold" in page.text


@pytest.mark.usefixtures("kinds")
def test_before_the_first_month_the_page_says_so(client):
    assert "Lukuja ei vielä ole" in client.read("/tilastot").headings()


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize("path", ["/tilastot?vuosi=1999", "/tilastot?vuosi=x", "/tilastot/1999.csv"])
def test_a_year_without_figures_is_no_page(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("two_years")
def test_the_public_page_asks_little_of_the_database(client, query_budget):
    with query_budget(8):
        client.read("/tilastot?vuosi=2025")


@pytest.fixture
def coordinator(client, kinds):
    """The county's coordinator, signed in."""
    return people.sign_in(client, people.user(Role.COORDINATOR))


@pytest.fixture
def lead(new_client, kinds):
    """The lead of Hamina, signed in."""
    unit = people.unit(UnitKind.COUNSELLING, name="Haminan liikuntaneuvonta", municipality_code="075")
    return people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[unit]))


def some_referrals() -> None:
    """Two in Kouvola, one in Hamina; one of them on its way to the end."""
    events.sent("2025-03-11 10:00", times=2)
    events.sent("2025-05-11 10:00", municipality="075")
    for name, days in ((EventName.ACCEPTED, 2), (EventName.FIRST_CONTACT, 4), (EventName.STARTED, 9)):
        events.event(name, "2025-06-11 10:00", working_days=days)
    events.event(EventName.CLOSED, "2025-07-11 10:00", outcome=Outcome.COMPLETED)


def test_the_coordinator_sees_exact_numbers_of_a_free_period(coordinator):
    some_referrals()
    page = coordinator.read(f"/luvut?laji=exercise&{DAYS}")
    months = {row["Kuukausi"]: row for row in page.table("Lähetetyt lähetteet")}
    assert months["3/2025"]["Liikuntalähete"] == "2"
    assert months["Yhteensä"]["Kaikki"] == "3"
    places = {row["Kunta"]: row for row in page.table("Kunnittain")}
    assert (places["Kouvola"]["Lähetteitä"], places["Kouvola"]["Kesken nyt"]) == ("2", "1")
    assert places["Hamina"]["Kesken nyt"] == "1"
    assert page.table("Syyn mukaan") == [{"Syy": "Liikkumattomuus", "Lähetteitä": "3"}]
    assert page.table("Iän mukaan") == [{"Ikäryhmä": "30–64", "Lähetteitä": "3"}]
    assert page.table("Päättyneet")[0]["Lopputulos"] == "Neuvonta vietiin loppuun"
    assert page.facts["Kesken nyt"] == "2"
    assert page.facts["Lähettämisestä ensimmäiseen yhteydenottoon"] == "4 työpäivää"


def test_the_form_keeps_the_period_and_can_be_sent_again(coordinator):
    form = coordinator.read(f"/luvut?laji=culture&{DAYS}").form("Näytä")
    assert form.fields["laji"] == "culture"
    page = coordinator.send(form, loppu="2025-06-30")
    assert "1.1.2025–30.6.2025" in page.text


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("alku=2025-03-01&loppu=2025-02-01", "loppu", "Jakso päättyy ennen kuin se alkaa."),
        ("alku=&loppu=2025-02-01", "alku", "Kirjoita jakson ensimmäinen päivä."),
        ("alku=1.3.2025&loppu=2025-04-01", "alku", "Kirjoita päivä muodossa"),
        ("alku=0001-01-01&loppu=2025-04-01", "alku", "Siltä vuodelta ei ole lukuja."),
        ("alku=2001-01-01&loppu=2025-04-01", "loppu", "Valitse enintään kymmenen vuotta"),
    ],
)
def test_a_period_that_can_not_be_read_is_said_beside_its_field(coordinator, query, field, said):
    page = coordinator.read(f"/luvut?{query}", status=422)
    assert said in page.errors[field]
    assert [link.href for link in page.error_summary] == [f"#{field}"]


def test_a_lead_sees_the_own_municipality_alone(lead):
    some_referrals()
    page = lead.read(f"/luvut?laji=exercise&{DAYS}")
    assert [row["Kunta"] for row in page.table("Kunnittain")] == ["Hamina"]
    months = {row["Kuukausi"]: row for row in page.table("Lähetetyt lähetteet")}
    assert months["Yhteensä"]["Liikuntalähete"] == "1"
    assert page.facts["Kesken nyt"] == "1"
    assert "Kouvola" not in page.text


def test_an_export_leaves_an_audit_row(coordinator):
    some_referrals()
    response = coordinator.get(f"/luvut/syyt.csv?laji=exercise&{DAYS}")
    assert response.status_code == 200
    assert "Liikkumattomuus;3" in response.get_data(as_text=True)
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.FIGURES_EXPORTED)).one()
    assert (row.object_id, row.detail["kind"], row.detail["from"]) == ("syyt", "exercise", "2025-01-01")


def test_a_table_that_is_not_there_can_not_be_exported(coordinator):
    assert coordinator.get(f"/luvut/nimet.csv?{DAYS}").status_code == 404
    assert coordinator.get("/luvut/syyt.csv?alku=x").status_code == 404


def test_a_month_that_waits_for_its_freezing_is_told(coordinator):
    some_referrals()
    assert "Vielä sulkematta: 3/2025, 4/2025" in coordinator.read("/luvut").text


@pytest.mark.usefixtures("kinds")
@pytest.mark.parametrize("path", ["/luvut", f"/luvut/syyt.csv?{DAYS}"])
def test_others_find_nothing(new_client, path):
    opening = {Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY}
    others = [role for role in Role if not PERMISSIONS[role] & opening]
    person = people.sign_in(new_client(), people.user(*others))
    assert person.get(path).status_code == 404
    assert new_client().get(path).status_code == 303
