"""Unfinished forms: kept for their user alone, also through an expired session, and gone in time."""

import datetime as dt
import uuid
from urllib.parse import urlsplit

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from referrals.county.models import Draft, Referral
from referrals.county.sending import drafts
from servicetray.accounts.models import User
from servicetray.core import clock, crypto
from servicetray.core.db import db
from tests.client import Client
from tests.factories import people, referrals
from tests.reading import Reading
from tests.referrals.county.filling import ANSWERS, FORM, SAVE, SEND, fill, form_of, ground, signed_in

pytestmark = pytest.mark.usefixtures("database")

CODE = "131052-308T"
LATER = dt.timedelta(minutes=20)


def kept() -> list[Draft]:
    """Return every draft there is."""
    return list(db.session.scalars(select(Draft).order_by(Draft.saved_at)).all())


def signed_in_again(client: Client, person: User, address: str) -> Reading:
    """Sign in at an address that says where to go afterwards, and read what comes there."""
    query = urlsplit(address).query
    first = client.read(address).form().data(email=person.email, password=people.PASSWORD)
    answer = client.post("/kirjaudu", query_string=query, data=first)
    code = pyotp.TOTP(people.SECRETS[person.id]).at(clock.now())
    second = client.read(answer.location).form().data(code=code)
    answer = client.post("/kirjaudu/koodi", query_string=urlsplit(answer.location).query, data=second)
    return client.read(answer.location)


def test_a_form_saved_unfinished_goes_on_where_it_was_left(new_client):
    ground()
    client = signed_in(new_client)
    page = fill(client, button=SAVE, birth_year="19", feedback=None)
    assert page.path == "/lahetteet"
    assert "Mitään ei ole lähetetty." in page.messages[0]
    assert b"Tiainen" not in kept()[0].sealed

    form = form_of(client.read(page.link("Veikko Tiainen")))
    for name, value in ANSWERS.items():
        wanted = {"birth_year": "19", "consent_given": ["y"]}.get(name, value)
        assert form.fields.get(name) == (None if name == "feedback" else wanted), name

    client.send(form, button=SEND, birth_year="1948", feedback="no")
    assert kept() == []
    assert db.session.scalars(select(Referral)).one().form_key == uuid.UUID(str(form.fields["form_key"]))


def test_saving_again_keeps_one_draft_with_the_latest_words(new_client):
    ground()
    client = signed_in(new_client)
    link = fill(client, button=SAVE).link("Veikko Tiainen")
    client.send(form_of(client.read(link)), button=SAVE, first_name="Veijo")
    assert len(kept()) == 1
    assert client.read("/lahetteet").headings(3) == ["Veijo Tiainen"]


def test_a_draft_holds_no_identity_code(new_client):
    ground()
    client = signed_in(new_client)
    page = fill(client, button=SAVE, own_wish=f"Uimaan {CODE}")
    assert any("henkilötunnus" in message for message in page.messages)
    form = form_of(client.read(page.link("Veikko Tiainen")))
    assert form.fields["own_wish"] == "Uimaan"


def test_a_draft_is_its_users_own(new_client):
    ground()
    fill(signed_in(new_client), button=SAVE)
    key = kept()[0].form_key
    stranger = signed_in(new_client)
    page = stranger.read(f"{FORM}?luonnos={key}")
    assert page.messages == ["Keskeneräistä lähetettä ei enää ole."]
    assert form_of(page).fields["last_name"] == ""
    assert form_of(page).fields["form_key"] != str(key)
    token = form_of(page).fields["csrf_token"]
    gone = stranger.post(f"/lahetteet/luonnokset/{key}/poista", data={"csrf_token": token})
    assert gone.status_code == 404
    assert len(kept()) == 1


def test_a_draft_moved_to_another_user_cannot_be_opened(new_client):
    ground()
    fill(signed_in(new_client), button=SAVE)
    thief = referrals.professional()
    thief_id = thief.id
    row = kept()[0]
    row.user_id = thief_id
    db.session.commit()
    found = db.session.get_one(type(thief), thief_id)
    with pytest.raises(crypto.UnreadableError):
        drafts.drafts_of(found, now=clock.now())


def test_a_draft_can_be_removed(new_client):
    ground()
    client = signed_in(new_client)
    page = fill(client, button=SAVE)
    client.send(page.form("Poista Veikko Tiainen"))
    assert kept() == []


def test_a_draft_is_gone_after_fourteen_days(new_client):
    ground()
    person = referrals.professional()
    client = signed_in(new_client, person)
    fill(client, button=SAVE)
    nearly = clock.now() + dt.timedelta(days=14) - dt.timedelta(minutes=1)
    assert drafts.erase_old(nearly) == 0
    with time_machine.travel(nearly + dt.timedelta(minutes=2)):
        people.sign_in(client, person)
        assert client.read("/lahetteet").headings(3) == []
    assert drafts.erase_old(nearly + dt.timedelta(minutes=2)) == 1
    assert kept() == []


def test_what_was_typed_survives_an_expired_session(new_client):
    ground()
    person = referrals.professional()
    client = signed_in(new_client, person)
    form = form_of(client.read(FORM))
    with time_machine.travel(clock.now() + LATER):
        answer = client.post(form.action, data=form.data(button=SEND, **ANSWERS))
        assert answer.status_code == 303
        assert answer.location.startswith("/kirjaudu?next=")
        assert db.session.scalars(select(Referral)).all() == []

        page = signed_in_again(client, person, answer.location)

        assert page.messages == ["Olet taas kirjautunut, ja tekstisi on tallessa. Tarkista se ja lähetä."]
        assert form_of(page).fields["own_wish"] == ANSWERS["own_wish"]
        client.send(form_of(page), button=SEND)
    assert len(db.session.scalars(select(Referral)).all()) == 1


def test_what_was_typed_is_not_shown_to_the_next_user_of_the_computer(new_client):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    with time_machine.travel(clock.now() + LATER):
        answer = client.post(form.action, data=form.data(button=SEND, **ANSWERS))
        people.sign_in(client, referrals.professional("Toinen Henkilö"))
        page = client.read(f"{FORM}?luonnos={kept()[0].form_key}&jatka=1")
    assert answer.status_code == 303
    assert "Tiainen" not in page.text


def test_nothing_is_kept_for_somebody_who_signed_out(new_client):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    client.send(client.read("/lahetteet").form("Kirjaudu ulos"))
    assert client.post(form.action, data=form.data(button=SEND, **ANSWERS)).status_code == 400
    assert kept() == []


def test_signing_in_anew_in_another_window_loses_nothing(new_client):
    ground()
    person = referrals.professional()
    client = signed_in(new_client, person)
    form = form_of(client.read(FORM))
    with time_machine.travel(clock.now() + LATER):
        people.sign_in(client, person)
        data = form.data(button=SEND, **ANSWERS)
        elsewhere = client.post(form.action, data=data, headers={"Sec-Fetch-Site": "cross-site"})
        assert elsewhere.status_code == 400
        answer = client.post(form.action, data=data, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 422
        page = client._expect(answer, 422)
        assert "Tekstisi on tallessa" in page.messages[0]
        client.send(form_of(page), button=SEND)
    assert len(db.session.scalars(select(Referral)).all()) == 1
