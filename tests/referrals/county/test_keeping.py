"""What is typed keeps itself: sealed, its owner's alone, through a session that ends and one that begins anew."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from referrals.county.models import Draft, Referral
from referrals.county.sending import drafts
from servicetray.accounts import queries as accounts
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people, referrals
from tests.reading import Form
from tests.referrals.county.filling import ANSWERS, FORM, SEND, form_of, ground, signed_in

pytestmark = pytest.mark.usefixtures("database")

KEEP = f"{FORM}/talleta"
LATER = dt.timedelta(minutes=20)
SCRIPT = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}


def kept() -> list[Draft]:
    return list(db.session.scalars(select(Draft).order_by(Draft.saved_at)).all())


def keep(client: Client, form: Form, **changes: object):
    """Save in the background as the page's script does."""
    return client.post(KEEP, data=form.data(button=SEND, **{**ANSWERS, **changes}), headers=SCRIPT)


def test_what_is_typed_is_kept_without_a_press_and_can_be_gone_on_with(new_client):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    said = keep(client, form, birth_year="19").json
    assert said["state"] == "saved"
    assert said["text"].startswith("Tallessa klo ")
    assert b"Tiainen" not in kept()[0].sealed
    page = client.read(client.read("/lahetteet").link("Veikko Tiainen"))
    assert form_of(page).fields["birth_year"] == "19"
    assert form_of(page).fields["own_wish"] == ANSWERS["own_wish"]


def test_saving_the_same_again_writes_nothing(new_client):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    keep(client, form)
    first = kept()[0].saved_at
    keep(client, form)
    assert kept()[0].saved_at == first
    keep(client, form, first_name="Veijo")
    assert kept()[0].saved_at > first


def test_the_log_hears_of_one_form_once_an_hour(new_client, now):
    ground()
    with time_machine.travel(now, tick=False) as clock_hand:
        client = signed_in(new_client)
        form = form_of(client.read(FORM))
        for minutes, name, rows in (
            (0, "Veijo", 1),
            (14, "Veikka", 1),
            (14, "Veini", 1),
            (14, "Väinö", 1),
            (19, "Vilho", 2),
        ):
            clock_hand.shift(dt.timedelta(minutes=minutes))
            keep(client, form, first_name=name)
            logged = select(AuditRow).where(AuditRow.action == Action.DRAFT_SAVED)
            assert len(db.session.scalars(logged).all()) == rows
            assert kept()[0].saved_at == clock.now()
            client.read("/lahetteet")


def test_nobody_writes_over_or_into_the_form_of_another(new_client):
    ground()
    owner, stranger = signed_in(new_client), signed_in(new_client)
    form = form_of(owner.read(FORM))
    keep(owner, form)
    own = form_of(stranger.read(FORM))
    for taken in (
        # As it was left open on a shared computer, and with the key alone.
        {"form_key": form.fields["form_key"], "owner": form.fields["owner"]},
        {"form_key": form.fields["form_key"], "owner": ""},
    ):
        assert keep(stranger, own, **taken).status_code == 404
        saving = stranger.post(FORM, data=own.data(button="Tallenna kesken", **{**ANSWERS, **taken}))
        assert saving.status_code == 404
    assert len(kept()) == 1
    assert owner.read("/lahetteet").headings(3) == ["Veikko Tiainen"]
    assert stranger.read("/lahetteet").headings(3) == []


def test_a_session_that_ended_is_said_and_loses_nothing(new_client):
    ground()
    person = referrals.professional()
    client = signed_in(new_client, person)
    form = form_of(client.read(FORM))
    with time_machine.travel(clock.now() + LATER):
        answer = keep(client, form)
        assert answer.status_code == 401
        assert "Tekstisi on tallessa" in answer.json["text"]
        assert answer.json["sign_in"].startswith("/kirjaudu?next=")
        assert len(kept()) == 1

        # Signed in again in another tab, the form goes on with the new session's token by itself.
        people.sign_in(client, person)
        stale = keep(client, form, first_name="Veijo")
        assert (stale.status_code, stale.json["state"]) == (409, "other_session")
        assert keep(client, form, first_name="Veijo", csrf_token=stale.json["token"]).status_code == 200
        assert client.read("/lahetteet").headings(3) == ["Veijo Tiainen"]


def test_somebody_else_who_signs_in_gets_neither_token_nor_text(new_client):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    with time_machine.travel(clock.now() + LATER):
        people.sign_in(client, referrals.professional("Toinen Henkilö"))
        assert keep(client, form).status_code == 404
        answer = client.post(FORM, data=form.data(button=SEND, **ANSWERS), headers=SCRIPT)
        assert answer.status_code == 404
        assert "Tiainen" not in answer.get_data(as_text=True)
    assert kept() == []


def test_who_signed_out_is_told_and_nothing_is_kept(new_client):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    client.send(client.read("/lahetteet").form("Kirjaudu ulos"))
    answer = keep(client, form)
    assert answer.status_code == 401
    assert "tekstisi on vielä sivulla" in answer.json["text"]
    assert kept() == []


def test_a_save_that_arrives_after_the_sending_leaves_no_draft(new_client):
    ground()
    person = referrals.professional()
    client, person_id = signed_in(new_client, person), person.id
    form = form_of(client.read(FORM))
    keep(client, form)
    client.send(form, button=SEND, **ANSWERS)
    assert keep(client, form).json["state"] == "sent"
    assert kept() == []

    # Had it begun before and ended after: the list does not show it, and the next sweep takes it.
    sent = db.session.scalars(select(Referral)).one()
    key = sent.form_key
    with transaction():
        user = accounts.user(person_id)
        assert user is not None
        drafts.save(key, {"first_name": ["Veikko"]}, kind_code="exercise", actor=user, now=clock.now())
    assert client.read("/lahetteet").headings(3) == ["Veikko Tiainen"], "the referral alone"
    assert drafts.erase_old(clock.now()) == 1


def test_another_language_shows_the_form_with_everything_typed(new_client):
    ground()
    client = signed_in(new_client)
    page = client.read(FORM)
    form = form_of(page)
    link = next(each for each in page.root.iter("button") if each.get("lang") == "sv" and each.get("form"))
    assert link.get("form") == "lahete"
    answer = client.post(
        link.get("formaction"), data={**form.data(button=SEND, **ANSWERS), "step": "preview"}
    )
    swedish = client._expect(answer, 200)
    assert swedish.h1 == "Ny motionsremiss"
    for name, value in ANSWERS.items():
        assert form_of(swedish).fields[name] == ([value] if name == "consent_given" else value), name
