"""The page of exact figures: what the coordinator sees, what a lead sees, and what others don't."""

import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import select

from referrals.enrolment.models import GroupUptake
from referrals.kinds.operations import load_seed
from referrals.moves import EventName, Outcome
from referrals.statistics.monthly import freeze
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import PERMISSIONS, Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.access import Permission
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month
from servicetray.usage.models import SearchedText, UsageDay, Use
from tests.factories import events, people
from tests.factories.referrals import catchment

NOW = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)
DAYS = "alku=2025-01-01&loppu=2025-12-31"


@pytest.fixture
def kinds(database):
    """The county's kinds and two of its municipalities."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()


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
    assert page.table("Syyn mukaan") == [
        {
            "Syy": "Liikkumattomuus",
            "Lähetteitä": "3",
            "Kunta otti vastaan": "1",
            "Asiakas tavoitettiin": "1",
            "Neuvonta alkoi": "1",
            "Neuvonta vietiin loppuun": "1",
        }
    ]
    assert page.table("Iän mukaan") == [{"Ikäryhmä": "30–64", "Lähetteitä": "3"}]
    assert page.table("Päättyneet")[0]["Lopputulos"] == "Neuvonta vietiin loppuun"
    waits = {row["Kunta"]: row for row in page.table("Lähettämisestä ensimmäiseen yhteydenottoon")}
    assert waits["Hamina"]["Asiakkaita"] == "0"


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
    assert [row["Kunta"] for row in page.table("Kesken ja myöhässä nyt")] == ["Hamina"]
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


def two_advisers(code: str) -> None:
    """Give a municipality's unit two people who work its referrals."""
    unit = people.unit(UnitKind.COUNSELLING, name=f"Neuvonta {code}", municipality_code=code)
    catchment(unit, municipality_code=code, opens_on=dt.date(2024, 1, 1))
    people.user(Role.ADVISER, units=[unit])
    people.user(Role.ADVISER, units=[unit])


def test_the_waits_of_one_person_are_hidden_from_the_coordinator(coordinator):
    two_advisers("286")
    for place in ("286", "075"):
        for days in (1, 2, 3, 9):
            events.event(EventName.ACCEPTED, "2025-06-11 10:00", working_days=days, municipality=place)
    rows = {row["Kunta"]: row for row in coordinator.read(f"/luvut?{DAYS}").table("vastaanottoon")}
    assert [rows["Kouvola"][head] for head in ("Asiakkaita", "25 %", "Puolet", "75 %", "90 %")] == list(
        "41239"
    )
    assert set(list(rows["Hamina"].values())[1:]) == {"peitetty"}


def test_a_lead_sees_the_own_waits_whoever_works_there(lead):
    events.event(EventName.ACCEPTED, "2025-06-11 10:00", working_days=4, municipality="075")
    (row,) = lead.read(f"/luvut?{DAYS}").table("vastaanottoon")
    assert (row["Kunta"], row["Puolet"]) == ("Hamina", "4")


def test_crossings_are_masked_and_the_coordinator_s_alone(coordinator, lead):
    for month in (3, 4, 5):
        events.sent(f"2025-{month:02}-11 10:00", times=8)
        events.sent(f"2025-{month:02}-12 10:00", times=2 if month == 3 else 6, municipality="075")
    rows = {row["Kuukausi"]: row for row in coordinator.read(f"/luvut?{DAYS}").table("kuukauden ja kunnan")}
    assert rows["3/2025"]["Hamina"] == rows["3/2025"]["Kouvola"] == "peitetty"
    assert rows["5/2025"]["Kouvola"] == "8"
    assert "peitetty" not in lead.read(f"/luvut?{DAYS}").text


def test_the_tray_s_use_is_told_to_the_coordinator_alone(coordinator, lead):
    assert "Näin palvelutarjotinta käytettiin" not in coordinator.read(f"/luvut?laji=exercise&{DAYS}").text
    with transaction() as session:
        session.add(UsageDay(day=dt.date(2025, 1, 15), use=Use.VIEW, key="front", count=12))
        session.add(SearchedText(day=dt.date(2025, 1, 15), text="padel", found=False, count=3))
    page = coordinator.read(f"/luvut?laji=exercise&{DAYS}")
    assert "12" in [row["Kertaa"] for row in page.table("Näin palvelutarjotinta käytettiin")]
    assert page.table("Haettu turhaan") == [{"Mitä": "padel", "Kertaa": "3"}]
    assert "padel" not in lead.read(f"/luvut?laji=exercise&{DAYS}").text


def test_groups_are_told_to_the_coordinator_alone_by_theme_or_place(coordinator, lead):
    with transaction() as session:
        for place, enrolled, began in (("286", 7, 4), ("075", 2, 1)):
            session.add(
                GroupUptake(
                    month="2025-01",
                    theme_id=0,
                    municipality_code=place,
                    enrolled=enrolled,
                    participants=began,
                )
            )
    page = coordinator.read(f"/luvut?laji=exercise&{DAYS}")
    assert page.table("Ryhmät teemoittain")[0] == {
        "Teema": "Ilman teemaa",
        "Ilmoittautui": "9",
        "Aloitti": "5",
    }
    assert page.table("Ryhmät kunnittain")[0] == {"Kunta": "Hamina", "Ilmoittautui": "2", "Aloitti": "1"}
    assert "Ilmoittautui" not in lead.read(f"/luvut?laji=exercise&{DAYS}").text


def test_what_goes_on_now_stands_first(coordinator):
    events.sent(clock.now(), times=3)
    page = coordinator.read("/luvut")
    glance = {row["Lähete"]: row for row in page.table("Yhdellä silmäyksellä")}
    assert glance["Liikuntalähete"]["Kesken nyt"] == "3"
    assert {row["Kunta"] for row in page.table("Kesken ja myöhässä nyt")} == {"Hamina", "Kouvola", "Yhteensä"}


def test_a_workbook_holds_every_table_and_leaves_an_audit_row(coordinator):
    some_referrals()
    answer = coordinator.get(f"/luvut/luvut.xlsx?laji=exercise&{DAYS}")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book["Syyn mukaan"]["B2"].value == 3
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.FIGURES_EXPORTED)).one()
    assert (row.object_id, row.detail["form"]) == ("luvut", "xlsx")


def test_corrections_are_told_with_their_reason(coordinator):
    events.sent("2025-12-11 10:00")
    with transaction():
        freeze(Month(2025, 12), now=NOW)
    events.sent("2025-12-12 10:00")
    with transaction():
        freeze(Month(2025, 12), now=NOW, correction="Yksi lähete jäi laskematta")
    assert "Yksi lähete jäi laskematta" in coordinator.read("/luvut").text


def test_the_page_asks_little_of_the_database(coordinator, query_budget):
    some_referrals()
    with query_budget(60):
        coordinator.read(f"/luvut?{DAYS}")
