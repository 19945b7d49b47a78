"""The client's rights, end to end for both records: copy, correction, restriction, hold, erasure."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from referrals import handover, retention
from referrals.client.models import ClientCode
from referrals.client.operations import make_code
from referrals.county import content as county_contents
from referrals.county import queries as county
from referrals.moves import CaseStatus, ReferralStatus
from referrals.municipality.operations import content_of
from referrals.rights.models import Rectification
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core import clock, crypto
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.factories import people
from tests.referrals.log_report.test_log_report import county_officer, town_officer
from tests.referrals.scenes import DAY, Scene, scene, user

pytestmark = pytest.mark.usefixtures("database")
NewClient = Callable[[], Client]
SIDES = ("maakunta", "286")


def officer_of(new_client: NewClient, side: str) -> Client:
    return people.sign_in(new_client(), county_officer() if side == "maakunta" else town_officer(side))


def address(it: Scene, side: str) -> str:
    return f"/en/tietosuoja/oikeudet/{it.referral_id}/{side}"


def actions(it: Scene) -> list[Action]:
    rows = db.session.scalars(
        select(AuditRow).where(AuditRow.subject_key == subject_key(it.referral_id)).order_by(AuditRow.id)
    )
    return [row.action for row in rows]


def sealed(it: Scene, side: str) -> bytes | None:
    return it.referral().sealed if side == "maakunta" else it.case().sealed


@pytest.fixture
def lived() -> Scene:
    return scene("closed", now=clock.now() - 3 * DAY)


# ---------------------------------------------------------------------------------------- whose record


@pytest.mark.parametrize("side", SIDES)
def test_an_officer_finds_and_opens_their_own_record_alone(new_client, lived, side):
    client = officer_of(new_client, side)
    found = client.send(
        client.read("/en/tietosuoja/oikeudet").form("Find the referral"), reference=lived.referral().reference
    )
    page = client.read(found.link(lived.referral().reference))
    assert page.h1 == f"Data of {lived.referral().reference}"
    assert "Tiainen" not in page.text, "the page of a record says no more than it must"
    other = SIDES[1 - SIDES.index(side)]
    for path in ("", "/jaljennos", "/jaljennos.json", "/oikaisu"):
        assert client.get(address(lived, other) + path).status_code == 404


def test_nobody_else_opens_it(new_client, lived):
    stranger = people.sign_in(new_client(), town_officer("285"))
    assert stranger.get(address(lived, "286")).status_code == 404
    for person in (lived.sender, lived.adviser):
        client = people.sign_in(new_client(), person)
        for path in ("/tietosuoja/oikeudet", address(lived, "maakunta"), "/tietosuoja/loukkaukset"):
            assert client.get(path).status_code == 404


# ------------------------------------------------------------------------------------------- the copy


@pytest.mark.parametrize(
    ("side", "holds", "holds_not"),
    [
        ("maakunta", ("Kuntosali kiinnostaa", "040 000 0174", "2026-1 fi"), ("Veikko ui",)),
        ("286", ("Kuntosali kiinnostaa", "Soitin Veikolle", "Veikko ui", "Tapasin Veikon"), ("2026-1 fi",)),
    ],
)
def test_the_copy_holds_everything_of_one_controller_for_people_and_machines(
    new_client, lived, side, holds, holds_not
):
    client = officer_of(new_client, side)
    page = client.read(f"{address(lived, side)}/jaljennos")
    told = json.dumps(client.get(f"{address(lived, side)}/jaljennos.json").json, ensure_ascii=False)
    for text in ("Veikko", "Tiainen", "1948", *holds):
        assert text in page.text, text
        assert text in told, text
    for text in holds_not:
        assert text not in page.text
        assert text not in told
    assert actions(lived).count(Action.DATA_COPIED) == 2


def test_the_copy_opens_in_the_language_of_the_client(new_client, lived):
    client = officer_of(new_client, "maakunta")
    link = client.read(f"/sv/tietosuoja/oikeudet/{lived.referral_id}/maakunta").link("Öppna kopian")
    assert link == f"/tietosuoja/oikeudet/{lived.referral_id}/maakunta/jaljennos"
    assert client.read(link).lang == "fi"


@pytest.mark.parametrize("side", SIDES)
def test_the_copy_asks_for_a_code_again(new_client, lived, side, monkeypatch):
    client = officer_of(new_client, side)
    monkeypatch.setattr("servicetray.accounts.fresh.LASTS", dt.timedelta(seconds=-1))
    answer = client.get(f"{address(lived, side)}/jaljennos.json")
    assert answer.status_code == 303
    assert Action.DATA_COPIED not in actions(lived)


# ----------------------------------------------------------------------------------------- correction


@pytest.mark.parametrize("side", SIDES)
def test_a_correction_changes_one_record_and_keeps_what_stood_there(new_client, lived, side):
    town_officer("286"), county_officer()
    client = officer_of(new_client, side)
    form = client.read(f"{address(lived, side)}/oikaisu").form("Correct the data")
    page = client.send(form, last_name="Tiihonen", reason="Nimi oli kuultu väärin")
    assert "Tiainen" in page.text
    assert "Nimi oli kuultu väärin" in page.text
    county_name = county.content_of(lived.referral()).last_name
    case_content = content_of(lived.case())
    assert case_content is not None
    assert (county_name, case_content.last_name) == (
        ("Tiihonen", "Tiainen") if side == "maakunta" else ("Tiainen", "Tiihonen")
    )
    row = db.session.scalars(select(Rectification)).one()
    assert (row.fields, row.controller) == (
        ["last_name"],
        crypto.COUNTY if side == "maakunta" else "municipality:286",
    )
    assert row.sealed is not None
    assert b"Tiainen" not in row.sealed
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "data_corrected")).all()
    assert told
    assert not any("Tii" in json.dumps(each.context) or "Tiai" in json.dumps(each.context) for each in told)
    retention.erase_due(clock.now() + 91 * DAY)
    db.session.expire_all()
    assert db.session.scalars(select(Rectification)).one().sealed is None


def test_a_new_year_of_birth_finds_the_person_anew_and_ends_the_code(new_client):
    it = scene("sent", now=clock.now() - DAY)
    sender_id = it.sender.id
    with transaction():
        make_code(it.referral_id, actor=user(sender_id), now=clock.now())
    client = officer_of(new_client, "maakunta")
    form = client.read(f"{address(it, 'maakunta')}/oikaisu").form("Correct the data")
    client.send(form, birth_year="1984", reason="Vuosi oli väärä")
    with transaction():
        expected = county_contents.person_index(first_name="Veikko", last_name="Tiainen", birth_year=1984)
    row = it.referral()
    assert (row.person_index, row.age_group) == (expected, "30-64")
    assert db.session.scalars(select(ClientCode)).one().ended_at is not None


@pytest.mark.parametrize("side", SIDES)
def test_a_correction_needs_a_reason_a_change_and_no_identity_code(new_client, lived, side):
    client = officer_of(new_client, side)
    form = client.read(f"{address(lived, side)}/oikaisu").form("Correct the data")
    assert "Write why" in client.send(form, status=422, last_name="Toinen", reason="").text
    assert (
        "identity code" in client.send(form, status=422, own_wish="Tunnus 131052-308T", reason="Oikaisu").text
    )
    assert "Nothing was changed" in client.send(form, status=409, reason="Turhaan").text
    assert Action.DATA_RECTIFIED not in actions(lived)


def test_a_contact_person_and_the_home_are_corrected_and_nothing_moves(new_client, lived):
    people.municipality("285", "Kotka")
    before = lived.referral().catchment_id
    client = officer_of(new_client, "maakunta")
    form = client.read(f"{address(lived, 'maakunta')}/oikaisu").form("Correct the data")
    assert "name, relation" in client.send(form, status=422, contact_name="Anja", reason="Puuttui").text
    page = client.send(
        form,
        contact_name="Anja Esimerkki",
        contact_relation="tytär",
        contact_phone="040 000 0175",
        home_municipality="285",
        reason="Puuttui",
    )
    assert "stays where it is" in page.text
    assert "Home municipality" in page.text or "home municipality" in page.text
    row = lived.referral()
    content = county.content_of(row)
    assert content.contact_person is not None
    assert (content.contact_person.name, content.home_municipality) == ("Anja Esimerkki", "285")
    assert (row.catchment_id, row.municipality_code) == (before, "286")
    again = client.read(f"{address(lived, 'maakunta')}/oikaisu").form("Correct the data")
    client.send(again, contact_name="", contact_relation="", contact_phone="", reason="Ei halua")
    assert county.content_of(lived.referral()).contact_person is None


def test_what_an_adviser_wrote_is_corrected_in_the_municipalitys_record(new_client, lived):
    client = officer_of(new_client, "286")
    form = client.read(f"{address(lived, '286')}/oikaisu").form("Correct the data")
    named = {name: text for name, text in form.fields.items() if name.startswith("noted-")}
    wrong = next(name for name, text in named.items() if text == "Veikko ui")
    mended: dict[str, Any] = {wrong: "Veikko ei ui"}
    page = client.send(form, **mended, contact_person="Anja, tytär", reason="Kuultu väärin")
    assert "Veikko ui" in page.text, "what stood there"
    told = json.dumps(client.get(f"{address(lived, '286')}/jaljennos.json").json, ensure_ascii=False)
    for text in ("Veikko ei ui", "Soitin Veikolle", "Anja, tytär"):
        assert text in told
    row = db.session.scalars(select(Rectification)).one()
    assert [name.partition(":")[0] for name in row.fields] == ["contact_person", "note"]
    assert row.sealed is not None
    assert b"Veikko" not in row.sealed


# ---------------------------------------------------------------------------------------- restriction


def test_a_restricted_case_is_its_officers_alone(new_client):
    it = scene("active", now=clock.now() - DAY)
    officer = officer_of(new_client, "286")
    page = officer.read(address(it, "286"))
    officer.send(page.form("Restrict the use"), ground="accuracy")
    adviser = people.sign_in(new_client(), it.adviser)
    shown = adviser.get(f"/en/asiakkuudet/{it.case_id}")
    assert shown.status_code == 409
    assert "restricted" in shown.text
    assert "Tiainen" not in shown.text
    assert "Tiainen" not in adviser.read("/saapuneet").text
    # The officer still copies it; the client still takes the permission back.
    assert "Tiainen" in officer.read(f"{address(it, '286')}/jaljennos").text
    officer.send(officer.read(address(it, "286")).form("Write down that it is taken back"), heard="y")
    assert it.case().status is CaseStatus.CLOSED
    retention.erase_due(clock.now() + 400 * DAY)
    assert it.case().sealed is not None, "nothing is erased while it is restricted"
    officer.send(officer.read(address(it, "286")).form("Lift the restriction"))
    retention.erase_due(clock.now() + 400 * DAY)
    assert it.case().sealed is None
    assert {Action.DATA_RESTRICTED, Action.RESTRICTION_LIFTED} <= set(actions(it))


def test_a_restricted_referral_is_neither_disclosed_nor_moved(new_client):
    it = scene("sent", now=clock.now() - DAY)
    officer = officer_of(new_client, "maakunta")
    officer.send(officer.read(address(it, "maakunta")).form("Restrict the use"), ground="objection")
    adviser, sender = (people.sign_in(new_client(), each) for each in (it.adviser, it.sender))
    assert "Tiainen" not in adviser.read("/saapuneet").text
    assert adviser.get(f"/saapuneet/{it.referral_id}").status_code == 409
    assert sender.get(f"/lahetteet/{it.referral_id}").status_code == 409
    listed = sender.read("/lahetteet").text
    assert it.referral().reference in listed
    assert "Tiainen" not in listed
    assert it.referral().status is ReferralStatus.SENT


@pytest.mark.parametrize("side", SIDES)
def test_a_restriction_needs_a_ground_and_is_set_once(new_client, lived, side):
    client = officer_of(new_client, side)
    page = client.read(address(lived, side))
    assert "Choose why" in client.send(page.form("Restrict the use"), status=422).text
    client.send(page.form("Restrict the use"), ground="claims")
    assert "already" in client.send(page.form("Restrict the use"), status=409, ground="claims").text


# ------------------------------------------------------------------------------------ hold and erasure


@pytest.mark.parametrize("side", SIDES)
def test_what_is_held_outlives_its_term_and_goes_when_let(new_client, lived, side):
    client = officer_of(new_client, side)
    client.send(client.read(address(lived, side)).form("Stop the erasing"), reason="Asia 12/2026")
    page = client.read(address(lived, side))
    assert "on legal hold" in page.text
    assert "Asia 12/2026" in page.text
    later = clock.now() + 800 * DAY
    retention.erase_due(later)
    other = SIDES[1 - SIDES.index(side)]
    assert sealed(lived, side) is not None
    assert sealed(lived, other) is None, "the other controller's record keeps its own term"
    client.send(page.form("Lift the hold"))
    retention.erase_due(later)
    assert sealed(lived, side) is None
    assert {Action.HOLD_SET, Action.HOLD_LIFTED} <= set(actions(lived))


@pytest.mark.parametrize("side", SIDES)
def test_erasure_is_refused_in_words_under_hold_and_while_work_goes_on(new_client, side):
    it = scene("closed", now=clock.now() - DAY)
    client = officer_of(new_client, side)
    stale = client.read(address(it, side)).form("Erase the data")
    client.send(client.read(address(it, side)).form("Stop the erasing"), reason="Asia 12/2026")
    refused = client.send(stale, status=409, erase_ground="objection", sure="y")
    assert "legal hold" in refused.text
    assert sealed(it, side) is not None
    active = scene("active", now=clock.now() - DAY)
    assert "still works by these data" in client.read(address(active, side)).text


@pytest.mark.parametrize("side", SIDES)
def test_erasure_takes_one_record_at_once_and_leaves_the_evidence(new_client, lived, side):
    client = officer_of(new_client, side)
    form = client.read(address(lived, side)).form("Erase the data")
    assert "Mark that you understand" in client.send(form, status=422, erase_ground="unlawful").text
    page = client.send(form, erase_ground="unlawful", sure="y")
    assert "Content erased" in page.text
    assert sealed(lived, side) is None
    assert sealed(lived, SIDES[1 - SIDES.index(side)]) is not None
    assert lived.referral().consent.given_at is not None
    row = db.session.scalars(
        select(AuditRow).where(AuditRow.action == Action.CONTENT_ERASED).order_by(AuditRow.id.desc())
    ).first()
    assert row is not None
    assert (row.detail, row.actor_id is not None) == ({"why": "unlawful"}, True)
    copied = client.read(f"{address(lived, side)}/jaljennos")
    assert "Tiainen" not in copied.text


def test_an_officer_writes_down_that_the_permission_is_taken_back(new_client):
    it = scene("active", now=clock.now() - DAY)
    client = officer_of(new_client, "maakunta")
    form = client.read(address(it, "maakunta")).form("Write down that it is taken back")
    assert "heard it" in client.send(form, status=422).text
    client.send(form, heard="y")
    assert it.referral().status is ReferralStatus.CANCELLED
    assert it.case().withdrawn_at is not None
    assert "cancelled" in client.send(form, status=409, heard="y").text
    assert not handover.may_withdraw(it.referral().status, in_force=False)
