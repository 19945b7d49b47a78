"""The button by which a withdrawal is written down, and what each side sees afterwards."""

import pytest
import time_machine

from referrals import retention
from referrals.municipality import operations
from referrals.municipality.models import Case
from servicetray.accounts.models import Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.jobs import chores
from tests.factories import people
from tests.factories.referrals import catchment, professional
from tests.referrals.scenes import DAY, HOUR, STATES, Scene, scene, user

pytestmark = pytest.mark.usefixtures("database")

TAKE_BACK = "Merkitse suostumus perutuksi"
SAID = "Suostumus on peruttu. Lähete on nyt piilotettu, ja sen sisältö poistetaan 17.3.2026."


@pytest.fixture
def day(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def addresses(it: Scene) -> list[str]:
    inbox = [f"/saapuneet/{it.referral_id}"]
    return inbox + ([f"/asiakkuudet/{it.case_id}"] if it.case_id else [])


def hidden_from_adviser(client, it: Scene) -> None:
    for address in addresses(it):
        client.read(address, status=404)
    for address in ("/saapuneet", "/saapuneet/paattyneet"):
        assert "Veikko" not in client.read(address).text


def hidden_from_sender(client, it: Scene) -> None:
    page = client.read(f"/lahetteet/{it.referral_id}")
    assert it.referral().reference in page.text
    assert "Asiakas perui suostumuksen" in page.text
    for address in (f"/lahetteet/{it.referral_id}", "/lahetteet"):
        text = client.read(address).main.text
        assert not [word for word in ("Veikko", "Tiainen", "1948", "Kuntosali", "Kouvola") if word in text]
    assert client.read(f"/lahetteet/{it.referral_id}/ohje").path == f"/lahetteet/{it.referral_id}"
    assert client.read(f"/lahetteet/{it.referral_id}/kuittaus").path == f"/lahetteet/{it.referral_id}"
    client.read(f"/lahetteet/uusi/exercise?pohja={it.referral_id}", status=404)


@pytest.mark.parametrize("state", STATES)
def test_the_sender_writes_it_down_and_it_is_hidden_at_once(state, new_client, day, now):
    it = scene(state, now=now - HOUR)
    sender, adviser = people.sign_in(new_client(), it.sender), people.sign_in(new_client(), it.adviser)
    page = sender.read(f"/lahetteet/{it.referral_id}")
    done = sender.send(page.form(TAKE_BACK))
    assert done.messages == [SAID]
    assert "17.3.2026" in done.text
    hidden_from_sender(sender, it)
    hidden_from_adviser(adviser, it)
    day.shift(8 * DAY)
    retention.erase_due(now + 8 * DAY)
    sender, adviser = people.sign_in(new_client(), it.sender), people.sign_in(new_client(), it.adviser)
    hidden_from_sender(sender, it)
    hidden_from_adviser(adviser, it)


@pytest.mark.parametrize("state", STATES)
def test_the_adviser_writes_it_down_and_it_is_hidden_at_once(state, new_client, day, now):
    it = scene(state, now=now - HOUR)
    sender, adviser = people.sign_in(new_client(), it.sender), people.sign_in(new_client(), it.adviser)
    done = adviser.send(adviser.read(addresses(it)[-1]).form(TAKE_BACK))
    assert (done.path, done.messages) == ("/saapuneet", [SAID])
    hidden_from_adviser(adviser, it)
    hidden_from_sender(sender, it)


@pytest.mark.usefixtures("day")
def test_a_closed_case_is_hidden_too(new_client, now):
    it = scene("closed", now=now - HOUR)
    adviser = people.sign_in(new_client(), it.adviser)
    adviser.send(adviser.read(f"/asiakkuudet/{it.case_id}").form(TAKE_BACK))
    hidden_from_adviser(adviser, it)
    hidden_from_sender(people.sign_in(new_client(), it.sender), it)


@pytest.mark.usefixtures("day")
def test_whether_it_can_be_taken_back_does_not_tell_that_it_has_ended(new_client, now):
    """The client did not want the sender to hear of the course."""
    goes_on = scene("active", now=now - HOUR, feedback=False)
    ended = scene("closed", now=now - HOUR, feedback=False)
    said = []
    for it in (goes_on, ended):
        sender = people.sign_in(new_client(), it.sender)
        page = sender.read(f"/lahetteet/{it.referral_id}")
        done = sender.send(page.form(TAKE_BACK))
        reference = it.referral().reference
        said.append([each.main.text.replace(reference, "") for each in (page, done)])
    assert said[0] == said[1]


@pytest.mark.usefixtures("day")
def test_others_can_not_write_it_down(new_client, now):
    it = scene("accepted", now=now - HOUR)
    waits = scene("sent", now=now - HOUR, code="285")
    elsewhere = people.unit(UnitKind.COUNSELLING, name="Muualla")
    catchment(elsewhere, municipality_code="075")
    strangers = {
        f"/lahetteet/{it.referral_id}": professional(),
        f"/saapuneet/{waits.referral_id}": people.user(Role.ADVISER, units=[elsewhere]),
        f"/asiakkuudet/{it.case_id}": people.user(Role.ADVISER, units=[elsewhere]),
    }
    for address, stranger in strangers.items():
        client = people.sign_in(new_client(), stranger)
        home = "/lahetteet" if "lahetteet" in address else "/saapuneet"
        token = client.read(home).form("Kirjaudu ulos").fields["csrf_token"]
        answer = client.post(f"{address}/suostumus", data={"csrf_token": token, "withdraw-state": "1.1.1.1"})
        assert answer.status_code == 404
    assert it.referral().consent.withdrawn_at is None
    assert waits.referral().consent.withdrawn_at is None


@pytest.mark.usefixtures("day")
def test_a_colleague_who_sees_the_shared_list_can_not_either(new_client, now):
    it = scene("sent", now=now - HOUR)
    unit_id = it.sender.unit_id
    with transaction():
        db.session.get_one(Unit, unit_id).shared_list = True
    colleague = people.user(Role.PROFESSIONAL, units=[db.session.get_one(Unit, unit_id)])
    client = people.sign_in(new_client(), colleague)
    page = client.read(f"/lahetteet/{it.referral_id}")
    assert TAKE_BACK not in page.text
    token = page.form("Kirjaudu ulos").fields["csrf_token"]
    answer = client.post(f"/lahetteet/{it.referral_id}/suostumus", data={"csrf_token": token})
    assert answer.status_code == 404


@pytest.mark.usefixtures("day")
def test_a_case_that_has_moved_on_is_shown_first(new_client, now):
    it = scene("accepted", now=now - HOUR)
    adviser = people.sign_in(new_client(), it.adviser)
    page = adviser.read(f"/asiakkuudet/{it.case_id}")
    case_id, adviser_id = it.case_id, it.adviser.id
    with transaction():
        operations.add_note(db.session.get_one(Case, case_id), text="Uutta", actor=user(adviser_id), now=now)
    again = adviser.send(page.form(TAKE_BACK), status=409)
    assert "Uutta" in again.text
    assert it.referral().consent.withdrawn_at is None
    adviser.send(again.form(TAKE_BACK))
    assert it.referral().consent.withdrawn_at is not None


@pytest.mark.usefixtures("day")
def test_pressing_twice_says_so(new_client, now):
    it = scene("sent", now=now - HOUR)
    sender = people.sign_in(new_client(), it.sender)
    form = sender.read(f"/lahetteet/{it.referral_id}").form(TAKE_BACK)
    sender.send(form)
    assert sender.send(form).messages == ["Mitään ei muutettu: suostumus tai lähete oli jo peruttu."]


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize("language", ["", "/sv", "/en"])
def test_the_pages_stand_in_every_language(language, new_client, now):
    it, waits = scene("accepted", now=now - HOUR), scene("sent", now=now - HOUR, code="285")
    words = {"": TAKE_BACK, "/sv": "Anteckna att samtycket tas tillbaka", "/en": "Take the permission back"}
    sender, adviser = people.sign_in(new_client(), it.sender), people.sign_in(new_client(), it.adviser)
    other = people.sign_in(new_client(), waits.adviser)
    assert words[language] in sender.read(f"{language}/lahetteet/{it.referral_id}").text
    assert words[language] in adviser.read(f"{language}/asiakkuudet/{it.case_id}").text
    assert words[language] in other.read(f"{language}/saapuneet/{waits.referral_id}").text


def test_the_worker_knows_the_chore(app):
    with app.app_context():
        assert "retention.erase_due" in {chore.name for chore in chores()}
