"""The administration of the queue: what its pages show and change, who may, and what the log tells."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select

from referrals.county import consent_texts
from referrals.county import queries as county
from referrals.county.models import ConsentText
from referrals.kinds import queries as kinds
from referrals.kinds.models import Reason
from referrals.municipality import queries as municipality
from referrals.municipality.models import Absence, Catchment
from referrals.target_times.queries import targets_on
from servicetray.accounts.models import Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db
from tests.client import Client
from tests.factories import people, referrals
from tests.reading import Form, Reading
from tests.referrals.county.filling import ground, signed_in

NOW = dt.datetime(2026, 11, 19, 9, tzinfo=dt.UTC)
TODAY, TOMORROW = dt.date(2026, 11, 19), dt.date(2026, 11, 20)
SHARED = ("/en/hallinta/vastuualueet", "/en/hallinta/vastuualueet/uusi", "/en/hallinta/poissaolot")
SETUP = (
    "/en/hallinta/lajit",
    "/en/hallinta/lajit/exercise",
    "/en/hallinta/lajit/exercise/uusi",
    "/en/hallinta/suostumustekstit",
    "/en/hallinta/suostumustekstit/exercise/uusi",
    "/en/hallinta/tavoiteajat",
)


@pytest.fixture
def place(database) -> Iterator[Catchment]:
    with time_machine.travel(NOW, tick=False):
        yield ground(people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta"))


@pytest.fixture
def administrator(place, new_client) -> Client:
    return signed_in(new_client, people.user(Role.ADMINISTRATOR))


@pytest.fixture
def lead(place, new_client) -> Client:
    unit = db.session.get_one(Unit, place.unit_id)
    return signed_in(new_client, people.user(Role.MUNICIPAL_LEAD, units=[unit], name="Vastuu Henkilö"))


def told() -> list[AuditRow]:
    rows = db.session.scalars(
        select(AuditRow).where(AuditRow.action == Action.SETUP_CHANGED).order_by(AuditRow.id)
    )
    return list(rows.all())


def press(client: Client, page: Reading, button: str) -> Reading:
    """Press the first button that begins so; what follows in its name is for those who don't see the row."""
    for element in page.main.iter("form"):
        form = Form(element, page.address)
        for name in form.buttons:
            if name.startswith(button):
                return client.send(form, button=name)
    raise AssertionError(f"no button begins with {button!r}")


@pytest.mark.parametrize("path", [*SHARED, *SETUP])
def test_the_administrator_is_shown_every_page_in_every_language(administrator, path):
    for prefix in ("/en", "/sv", ""):
        assert administrator.read(path.replace("/en", prefix, 1)).h1


@pytest.mark.parametrize(
    "role", [Role.PROFESSIONAL, Role.ADVISER, Role.COORDINATOR, Role.DATA_PROTECTION_OFFICER]
)
def test_nobody_else_finds_them(place, new_client, role):
    unit = db.session.get_one(Unit, place.unit_id)
    outsider = signed_in(new_client, people.user(role, units=[unit]))
    for path in (*SHARED, *SETUP, f"/en/hallinta/vastuualueet/{place.id}"):
        assert outsider.get(path).status_code == 404


def test_a_lead_finds_what_is_of_their_own_units_alone(lead, place):
    for path in SHARED:
        assert lead.read(path).h1
    for path in SETUP:
        assert lead.get(path).status_code == 404
    assert lead.read(f"/en/hallinta/vastuualueet/{place.id}").h1
    elsewhere = referrals.catchment(municipality_code="142")
    assert lead.get(f"/en/hallinta/vastuualueet/{elsewhere.id}").status_code == 404


def test_a_municipality_without_a_receiver_is_a_gap(administrator):
    people.municipality("142", "Iitti")
    page = administrator.read("/en/hallinta/vastuualueet")
    assert "Nobody receives in: Iitti." in page.text


def test_a_catchment_is_opened_and_the_gap_is_gone(administrator, place):
    people.municipality("142", "Iitti")
    form = administrator.read("/en/hallinta/vastuualueet/uusi?laji=exercise&kunta=142").form("Keep")
    administrator.send(
        form, unit=str(place.unit_id), languages=["fi", "sv"], usual_wait_days="7", max_age="29"
    )
    route = municipality.route("exercise", "142", on=TODAY)
    assert route is not None
    assert (route.languages, route.usual_wait_days, route.max_age) == (("fi", "sv"), 7, 29)
    assert [row.object_type for row in told()] == ["catchment"]


def test_two_units_never_take_the_same_referrals(administrator, place):
    form = administrator.read("/en/hallinta/vastuualueet/uusi?laji=exercise&kunta=286").form("Keep")
    page = administrator.send(form, status=422, usual_wait_days="9")
    assert "Another unit takes these referrals since 1.9.2023" in page.text
    assert page.form("Keep").data()["usual_wait_days"] == "9"


def test_a_lead_changes_the_usual_wait_and_the_log_tells_what_it_was(lead, place):
    form = lead.read(f"/en/hallinta/vastuualueet/{place.id}").form("Keep")
    lead.send(form, usual_wait_days="12")
    assert told()[-1].detail == {"usual_wait_days": "5 → 12"}


def test_two_changes_at_once_never_mix(lead, place):
    form = lead.read(f"/en/hallinta/vastuualueet/{place.id}").form("Keep")
    lead.send(form, usual_wait_days="12")
    page = lead.send(form, status=409, usual_wait_days="3")
    assert "Somebody has changed this since you opened it" in page.text
    assert page.form("Keep").data()["usual_wait_days"] == "3"
    route = municipality.route("exercise", "286", on=TODAY)
    assert route is not None
    assert route.usual_wait_days == 12


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"languages": []}, "Choose at least one language."),
        ({"min_age": "30", "max_age": "20"}, "The oldest would be younger than the youngest."),
        ({"usual_wait_days": "many"}, "Write a number of days from 0 to 250."),
        ({"closes_on": "2026-11-01"}, "The earliest last day is 18.11.2026"),
        ({"closes_on": "9999-01-01"}, "Choose a day between 2020 and 2099."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(lead, place, changes, said):
    form = lead.read(f"/en/hallinta/vastuualueet/{place.id}").form("Keep")
    assert said in lead.send(form, status=422, **changes).text


def test_an_absence_is_told_to_senders_and_ends_early(lead, place):
    form = lead.read("/en/hallinta/poissaolot").form("Keep the absence")
    page = lead.send(form, catchments=[str(place.id)], first_day="2026-11-18", last_day="2026-11-29")
    assert "Nobody. Answered from 30.11.2026." in page.text
    assert municipality.absent_until(place.id, on=TODAY) == dt.date(2026, 11, 29)
    press(lead, page, "End it now")
    assert municipality.absent_until(place.id, on=TODAY) is None
    assert db.session.scalars(select(Absence.last_day)).one() == dt.date(2026, 11, 18)
    assert len(told()) == 2


def test_an_absence_that_has_not_begun_is_taken_away(lead, place):
    form = lead.read("/en/hallinta/poissaolot").form("Keep the absence")
    page = lead.send(form, catchments=[str(place.id)], first_day="2026-12-01", last_day="2026-12-05")
    press(lead, page, "Take it away")
    assert db.session.scalars(select(Absence.id)).all() == []


def test_whoever_stands_in_works_there_and_nobody_waits(lead, place):
    other = people.user(Role.ADVISER, units=[people.unit(UnitKind.COUNSELLING)], name="Sirpa Sijainen")
    other_id = other.id
    form = lead.read("/en/hallinta/poissaolot").form("Keep the absence")
    page = lead.send(
        form,
        catchments=[str(place.id)],
        first_day="2026-11-19",
        last_day="2026-11-29",
        substitute=str(other_id),
    )
    assert "Sirpa Sijainen" in page.text
    assert municipality.absent_until(place.id, on=TODAY) is None
    assert municipality.deputised(other_id, on=TODAY) == {place.id}


def test_absences_never_overlap(lead, place):
    days = {"first_day": "2026-12-01", "last_day": "2026-12-05"}
    form = lead.read("/en/hallinta/poissaolot").form("Keep the absence")
    lead.send(form, catchments=[str(place.id)], **days)
    page = lead.send(form, status=422, catchments=[str(place.id)], **days)
    assert "There is an absence already from 1.12.2026 to 5.12.2026" in page.text
    assert page.form("Keep the absence").data()["last_day"] == "2026-12-05"


def test_a_consent_text_is_compared_and_kept_for_a_day_to_come(administrator):
    path = "/en/hallinta/suostumustekstit/exercise/uusi"
    before = county.consent_text("exercise", "fi", on=TODAY)
    form = administrator.read(path).form("Keep the new version")
    page = administrator.send(
        form, button="Compare with the present text", body_fi="Saanko lähettää lähetteen?"
    )
    assert page.main.findall(".//del")
    page = administrator.send(
        page.form("Keep the new version"), button="Keep the new version", valid_from="2026-11-20"
    )
    assert "Version 2026-2" in page.text or "2026-2" in page.text
    assert county.consent_text("exercise", "fi", on=TODAY) is before
    after = county.consent_text("exercise", "fi", on=TOMORROW)
    assert after is not None
    assert (after.body, after.version) == ("Saanko lähettää lähetteen?", "2026-2")
    languages = select(ConsentText.language).where(ConsentText.version == "2026-2")
    assert set(db.session.scalars(languages)) == {"fi", "sv", "en"}
    variant = consent_texts.elsewhere_of(after, on=TOMORROW)
    assert variant is not None
    assert (variant.version, "{unit}" in variant.body) == ("muu-2026-2", True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"valid_from": "2026-11-19"}, "A text can begin on 20.11.2026 at the earliest"),
        ({"valid_from": "2027-01-01"}, "begins on that day already"),
        ({"valid_from": "2026-12-01", "body_sv": ""}, "Write the text in this language too"),
        ({"valid_from": "2026-12-01", "body_sv": "131052-308T"}, "Take the personal identity code out"),
        (
            {"valid_from": "2026-12-01", "elsewhere_sv": "Remissen går till {unit}."},
            "Write {place} and {unit}",
        ),
    ],
)
def test_a_consent_text_that_can_t_be_kept_says_why(administrator, changes, said):
    form = administrator.read("/en/hallinta/suostumustekstit/exercise/uusi").form("Keep the new version")
    page = administrator.send(form, status=422, button="Keep the new version", **changes)
    assert said in page.text


def test_a_version_that_was_read_is_never_taken_away(administrator, place):
    token = administrator.read("/en/hallinta/tavoiteajat").form("Keep the targets").data()
    response = administrator.post("/en/hallinta/suostumustekstit/exercise/2026-1/poista", data=token)
    assert response.status_code == 404
    assert county.consent_text("exercise", "fi", on=TODAY) is not None


def test_a_version_to_come_is_taken_away(administrator):
    press(administrator, administrator.read("/en/hallinta/suostumustekstit"), "Take this version away")
    assert [each.version for each in consent_texts.versions_of("exercise")] == ["2026-1"]


def test_every_first_version_names_all_that_is_disclosed_in_every_language(place):
    for kind in ("exercise", "culture"):
        for version in consent_texts.versions_of(kind):
            assert set(version.bodies) == {"fi", "sv", "en"}
    newest = {kind: consent_texts.versions_of(kind)[0].bodies["sv"] for kind in ("exercise", "culture")}
    assert newest["exercise"].startswith("Får jag skicka följande till motionsrådgivningen i din hemkommun:")
    assert newest["culture"].startswith("Får jag skicka följande till kulturrådgivningen i din hemkommun:")


def test_a_reason_is_added_renamed_and_retired_and_stays_readable(administrator):
    form = administrator.read("/en/hallinta/lajit/exercise/uusi").form("Keep")
    administrator.send(form, name_fi="Unettomuus ja väsymys", name_sv="Sömnlöshet", name_en="Sleep")
    made = db.session.scalars(select(Reason).where(Reason.code == "unettomuus_ja_vasymys")).one()
    assert kinds.reasons("exercise")[-2].code == made.code
    assert kinds.reasons("exercise")[-1].unspecified
    form = administrator.read(f"/en/hallinta/lajit/syyt/{made.id}").form("Keep")
    administrator.send(form, name_fi="Uni")
    press(administrator, administrator.read("/en/hallinta/lajit"), "Retire: Sleep")
    assert made.code not in {each.code for each in kinds.reasons("exercise")}
    assert kinds.reason_names("fi")["exercise", made.code] == "Uni"
    assert len(told()) == 3


def test_a_reason_moves_up_and_the_same_name_is_not_given_twice(administrator):
    second = kinds.reasons("exercise")[1]
    row = db.session.scalars(
        select(Reason).where(Reason.kind_code == "exercise", Reason.code == second.code)
    ).one()
    listed = administrator.read("/en/hallinta/lajit")
    name = row.name["en"]
    press(administrator, listed, f"Move up: {name}")
    assert kinds.reasons("exercise")[0].code == second.code
    form = administrator.read("/en/hallinta/lajit/exercise/uusi").form("Keep")
    page = administrator.send(form, status=422, name_fi=row.name["fi"].upper(), name_sv="x", name_en="y")
    assert "There is one of this name already" in page.text


def test_a_kind_s_words_are_changed(administrator):
    form = administrator.read("/en/hallinta/lajit/exercise").form("Keep")
    administrator.send(form, name_en="Movement referral")
    kind = kinds.kind("exercise")
    assert kind is not None
    assert kind.name["en"] == "Movement referral"


def test_new_targets_hold_from_their_day_and_old_due_days_stay(administrator, place):
    sent = referrals.sent(place, now=NOW)
    due, referral_id = sent.claim_due_on, sent.id
    form = administrator.read("/en/hallinta/tavoiteajat").form("Keep the targets")
    page = administrator.send(form, valid_from="2026-11-20", claim="2", contact="4", soon="1")
    assert (targets_on(TODAY).claim, targets_on(TOMORROW).claim) == (5, 2)
    later = referrals.sent(place, now=NOW + dt.timedelta(days=1))
    assert later.claim_due_on == dt.date(2026, 11, 24)
    row = county.referral(referral_id)
    assert row is not None
    assert row.claim_due_on == due
    press(administrator, page, "Take it away")
    assert targets_on(TOMORROW).claim == 5


def test_targets_of_a_day_that_is_not_to_come_are_refused(administrator):
    form = administrator.read("/en/hallinta/tavoiteajat").form("Keep the targets")
    page = administrator.send(form, status=422, valid_from="2026-11-19", claim="2", contact="4")
    assert "The earliest day is 20.11.2026" in page.text
    page = administrator.send(form, status=422, valid_from="2026-11-29", claim="8", contact="4")
    assert "can't be tried before the referral is taken" in page.text
