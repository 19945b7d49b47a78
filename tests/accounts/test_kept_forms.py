"""Nothing typed is lost when a sign-in lapses in a form, and nobody else on the computer sees it."""

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from referrals.municipality.models import Note
from servicetray.accounts import kept_forms
from servicetray.accounts.models import KeptForm, User
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people
from tests.factories.people import sign_in_by_pages
from tests.reading import Form, Reading
from tests.referrals.county.filling import signed_in
from tests.referrals.scenes import Scene, scene

pytestmark = pytest.mark.usefixtures("database")
NOTE, GO_ON, AWAY = "Tallenna muistiinpano", "Jatka lomakkeen lähettämistä", "Heitä lomake pois"
TEXT = "Veikko lähtee ensi viikolla kokeilemaan kuntosalia & uintia."
Clients = Callable[[], Client]


@pytest.fixture
def it() -> Scene:
    """A case that an adviser works on."""
    return scene("active", now=dt.datetime.now(dt.UTC))


def too_late(new_client: Clients, it: Scene, text: str = TEXT) -> tuple[Client, Form, Reading]:
    """Write a note into the case half an hour after the page was opened; returns what comes."""
    client = signed_in(new_client, it.adviser)
    form = client.read(f"/asiakkuudet/{it.case_id}").form(NOTE)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)):
        page = client.send(form, button=NOTE, note=text)
    return client, form, page


def come_in(client: Client, person: User, page: Reading, *, minutes: int = 31) -> Reading:
    """Sign in on the page that came, a little later, and follow to where it leads."""
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)):
        sign_in_by_pages(client, person)
        return client.read("/alku")


def notes() -> list[Note]:
    """Return all notes of all cases."""
    db.session.expire_all()
    return list(db.session.scalars(select(Note).order_by(Note.id)).all())


def waiting() -> list[KeptForm]:
    """Return all forms that are kept."""
    db.session.expire_all()
    return list(db.session.scalars(select(KeptForm)).all())


def test_a_note_posted_too_late_is_sent_by_one_press_after_signing_in(new_client: Clients, it: Scene):
    before = len(notes())
    client, _form, page = too_late(new_client, it)
    assert page.path == "/kirjaudu"
    assert "tallessa" in page.text
    (row,) = waiting()
    assert TEXT.encode() not in row.sealed
    assert len(notes()) == before
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)
    with time_machine.travel(later):
        sign_in_by_pages(client, it.adviser)
        page = client.read(f"/jatka/{row.id}")
        form = page.form(GO_ON)
        assert form.fields["note"] == TEXT
        assert str(it.case_id) in form.action
        done = client.send(form)
    assert str(it.case_id) in done.path
    assert TEXT in done.text
    assert len(notes()) == before + 1
    assert waiting() == []


def test_signing_in_leads_straight_to_what_waits(new_client: Clients, it: Scene):
    client, _form, page = too_late(new_client, it)
    (row,) = waiting()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        second = client.send(page.form(), email=it.adviser.email, password=people.PASSWORD).form()
        landed = pyotp.TOTP(people.SECRETS[it.adviser.id]).at(dt.datetime.now(dt.UTC))
        response = client.post(second.action, data=second.data(code=landed))
    assert response.location == f"/jatka/{row.id}"


def test_the_next_user_of_the_computer_sees_nothing_and_it_is_gone(new_client: Clients, it: Scene):
    client, _form, page = too_late(new_client, it)
    kept_id = waiting()[0].id
    colleague = people.user(Role.ADVISER, units=[it.unit], name="Liisa Toinen")
    landed = come_in(client, colleague, page)
    assert TEXT not in landed.text
    assert waiting() == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=32)):
        assert client.get(f"/jatka/{kept_id}").status_code == 404


def test_a_kept_form_opens_for_its_own_user_alone(new_client: Clients, it: Scene):
    too_late(new_client, it)
    kept_id = waiting()[0].id
    stranger = signed_in(new_client, people.user(Role.ADVISER, units=[it.unit], name="Liisa Toinen"))
    assert stranger.get(f"/jatka/{kept_id}").status_code == 404
    own = signed_in(new_client, it.adviser)
    form = own.read(f"/jatka/{kept_id}").form(AWAY)
    assert stranger.post(form.action, data=_token(stranger)).status_code == 404
    assert len(waiting()) == 1
    own.send(form)
    assert waiting() == []
    assert own.get(f"/jatka/{kept_id}").status_code == 404


def _token(client: Client) -> dict[str, str]:
    return {"csrf_token": str(client.read("/omat-tiedot").form("Kirjaudu ulos").fields["csrf_token"])}


def test_it_waits_for_an_hour_and_no_longer(new_client: Clients, it: Scene):
    client, _form, page = too_late(new_client, it)
    (row,) = waiting()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=91)):
        sign_in_by_pages(client, it.adviser)
        assert client.get(f"/jatka/{row.id}").status_code == 404
    assert kept_forms.erase_old(row.kept_at + dt.timedelta(minutes=59)) == 0
    assert kept_forms.erase_old(row.kept_at + dt.timedelta(minutes=60)) == 1
    del page


def test_an_identity_code_is_not_kept(new_client: Clients, it: Scene):
    client, _form, page = too_late(new_client, it, text="hetu 131052-308T")
    (row,) = waiting()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        sign_in_by_pages(client, it.adviser)
        assert client.read(f"/jatka/{row.id}").form(GO_ON).fields["note"] == "hetu ******-****"
    del page


def test_somebody_elses_change_meanwhile_is_not_overwritten(new_client: Clients, it: Scene):
    """The form goes where it was going with the version that it had; the target decides."""
    client, form, _page = too_late(new_client, it)
    (row,) = waiting()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        sign_in_by_pages(client, it.adviser)
        sent = client.read(f"/jatka/{row.id}").form(GO_ON).fields
    assert {name: value for name, value in form.fields.items() if name != "csrf_token"}.items() - {
        ("note", "")
    } <= sent.items()


def test_a_sign_in_that_was_ended_keeps_nothing(new_client: Clients, it: Scene):
    """Whoever was put out, or left, has nothing to come back to."""
    client = signed_in(new_client, it.adviser)
    form = client.read(f"/asiakkuudet/{it.case_id}").form(NOTE)
    with transaction() as session:
        session.get_one(User, it.adviser.id).active = False
    client.send(form, button=NOTE, note=TEXT)
    assert waiting() == []


def test_what_a_script_saves_in_the_background_is_not_kept(new_client: Clients, it: Scene):
    client = signed_in(new_client, it.adviser)
    form = client.read(f"/asiakkuudet/{it.case_id}").form(NOTE)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)):
        client.post(form.action, data=form.data(note=TEXT), headers={"Sec-Fetch-Mode": "cors"})
    assert waiting() == []


def test_passwords_are_never_kept(new_client: Clients, it: Scene):
    client = signed_in(new_client, it.adviser)
    form = client.read("/omat-tiedot/salasana").form()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)):
        client.send(form, present="a b c d e f g", new="another long password", code="123456")
    assert waiting() == []


def test_only_the_last_five_of_a_person_are_kept(it: Scene):
    now = dt.datetime.now(dt.UTC)
    for number in range(8):
        with transaction() as session:
            owner = session.get_one(User, it.adviser.id)
            kept_forms.keep(
                owner, path="/x", fields=[("n", str(number))], now=now + dt.timedelta(seconds=number)
            )
    assert len(waiting()) == kept_forms.MOST_OF_A_PERSON


def test_a_form_of_an_earlier_sign_in_is_offered_again(new_client: Clients, it: Scene):
    """Signed in anew in another window: the first window's form is not lost."""
    client = signed_in(new_client, it.adviser)
    form = client.read(f"/asiakkuudet/{it.case_id}").form(NOTE)
    sign_in_by_pages(client, it.adviser)
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
    refused = client.post(form.action, data=form.data(note=TEXT))
    assert refused.status_code == 400
    offered = Reading(client.post(form.action, data=form.data(note=TEXT), headers=headers))
    assert offered.status == 422
    assert TEXT in client.send(offered.form(GO_ON)).text
    # Another site's form can't say that it comes from here.
    other = client.post(form.action, data=form.data(note=TEXT), headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 400
