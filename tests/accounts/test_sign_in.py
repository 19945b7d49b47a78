"""Signing in: two steps, sessions that end, guesses that are slowed down."""

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from servicetray.accounts import throttle
from servicetray.accounts.models import SignInSession, User
from servicetray.accounts.operations import forget_old_sessions, use_code
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories.people import PASSWORD, SECRETS, sign_in, unit, user
from tests.reading import Reading

pytestmark = pytest.mark.usefixtures("database")
BEHIND_THE_DOOR = "/saapuneet/00000000-0000-4000-8000-000000000000/ota"


def test_both_steps_lead_in_and_leave_an_audit_row(client: Client) -> None:
    """Password and code together open the session."""
    person = user(Role.PROFESSIONAL, units=[unit()])
    sign_in(client, person)
    assert client.get("/alku").status_code in {200, 303}
    actions = db.session.scalars(select(AuditRow.action).where(AuditRow.actor_id == person.id)).all()
    assert Action.SIGNED_IN in actions


def test_password_alone_does_not_open_anything(client: Client) -> None:
    """After the first step one is still nobody."""
    person = user(Role.PROFESSIONAL, units=[unit()])
    client.send(client.read("/kirjaudu").form(), email=person.email, password=PASSWORD)
    assert client.get("/alku").headers["Location"].startswith("/kirjaudu")


def test_unknown_person_and_wrong_password_look_alike(client: Client) -> None:
    """What is answered tells nothing about who has an account."""
    person = user(Role.PROFESSIONAL, units=[unit()])
    form = client.read("/kirjaudu").form()
    wrong = client.send(form, email=person.email, password="not this one at all", status=422)
    unknown = client.send(form, email="nobody@example.org", password="not this one at all", status=422)
    assert wrong.errors
    assert wrong.errors == unknown.errors


def test_code_works_once(client: Client) -> None:
    """A code that somebody read over a shoulder is refused the second time."""
    person = user(Role.PROFESSIONAL, units=[unit()])
    now = dt.datetime.now(dt.UTC)
    code = pyotp.TOTP(SECRETS[person.id]).at(now)
    with transaction() as session:
        session.refresh(person)
        assert use_code(person, code, now=now)
        assert not use_code(person, code, now=now)
    del client


def test_sign_out_ends_the_session_on_the_server(client: Client) -> None:
    """A copied cookie is worth nothing after signing out."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    sign_in(client, person)
    page = client.read("/alku")
    cookie = client.get_cookie("servicetray")
    assert cookie is not None
    client.send(page.form("Kirjaudu ulos"))
    client.set_cookie("servicetray", cookie.value)
    assert client.get("/alku").headers["Location"].startswith("/kirjaudu")


@pytest.mark.parametrize(
    ("away", "still_in"),
    [(dt.timedelta(minutes=14), True), (dt.timedelta(minutes=16), False)],
)
def test_session_idles_out_after_fifteen_minutes(client: Client, away: dt.timedelta, still_in: bool) -> None:
    """Somebody who left a shared computer is signed out."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    sign_in(client, person)
    with time_machine.travel(dt.datetime.now(dt.UTC) + away):
        assert (client.get("/omat-tiedot").status_code == 200) is still_in


def test_session_ends_when_it_is_old_though_in_use(client: Client) -> None:
    """The absolute limit holds for those who never pause."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    sign_in(client, person)
    with transaction() as session:
        row = session.scalars(select(SignInSession).where(SignInSession.user_id == person.id)).one()
        row.started_at -= dt.timedelta(hours=11)
    assert client.get("/alku").headers["Location"].startswith("/kirjaudu")


def test_deactivated_person_is_out_at_the_next_request(client: Client) -> None:
    """Rights are read on each request."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    sign_in(client, person)
    with transaction() as session:
        session.refresh(person)
        person.active = False
    assert client.get("/alku").headers["Location"].startswith("/kirjaudu")


def test_guesses_from_one_address_are_slowed_but_lock_nobody_out_elsewhere(
    new_client: Callable[[], Client],
) -> None:
    """A stranger's guesses don't keep the person themselves out."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    stranger = new_client()
    form = stranger.read("/kirjaudu").form()
    answers = [
        stranger.post(
            "/kirjaudu", data=form.data(email=person.email, password=f"guess number {n}")
        ).status_code
        for n in range(8)
    ]
    assert answers == [422] * 6 + [429] * 2
    home = new_client()
    home.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    sign_in(home, person)
    assert home.get("/omat-tiedot").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x"],
)
def test_after_signing_in_one_stays_on_this_site(client: Client, target: str) -> None:
    """The address to go to is ours or none."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    first = client.get("/kirjaudu", query_string={"next": target})
    assert first.status_code == 200
    form = client.read("/kirjaudu").form()
    client.post(
        "/kirjaudu", query_string={"next": target}, data=form.data(email=person.email, password=PASSWORD)
    )
    code = pyotp.TOTP(SECRETS[person.id]).now()
    second = client.read("/kirjaudu/koodi").form()
    done = client.post("/kirjaudu/koodi", query_string={"next": target}, data=second.data(code=code))
    assert done.headers["Location"] == "/alku"


def _code(client: Client, person: User, page: Reading, step: int = 1) -> TestResponse:
    """Answer the second step; the code of the next time step is one that signing in before has not used."""
    code = pyotp.TOTP(SECRETS[person.id]).at(dt.datetime.now(dt.UTC), counter_offset=step)
    form = page.form()
    return client.post(form.action, data=form.data(code=code))


@pytest.mark.parametrize("language", ["", "/sv"])
def test_who_has_idled_out_comes_back_to_where_they_were(client: Client, language: str) -> None:
    """Through both steps, a mistyped password and a mistyped code, in the language of the page."""
    person = user(Role.MUNICIPAL_LEAD, units=[unit()])
    sign_in(client, person)
    where = f"{language}/luvut?kuukausi=2026-02&sivu=2"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=20)):
        form = client.read(where).form()
        form = client.send(form, email=person.email, password="mistyped it", status=422).form()
        second = client.send(form, email=person.email, password=PASSWORD)
        second = client.send(second.form(), code="000000", status=422)
        done = _code(client, person, second)
    assert (done.status_code, done.location) == (303, where)


def test_form_that_was_sent_too_late_leads_back_to_its_page(client: Client) -> None:
    """The browser says which page of ours held it; another site's is not heeded."""
    token = client.read("/kirjaudu").form().data()["csrf_token"]
    for before, leads_to in {
        "http://localhost/luvut?sivu=2": "/kirjaudu?next=/luvut?sivu%3D2",
        "https://evil.example/luvut": "/kirjaudu",
        "http://localhost": "/kirjaudu",
    }.items():
        answer = client.post(BEHIND_THE_DOOR, data={"csrf_token": token}, headers={"Referer": before})
        assert answer.location == leads_to


def test_first_step_that_has_run_out_keeps_the_way(client: Client) -> None:
    """Whoever looked for their phone for too long still comes to where they were going."""
    response = client.get("/kirjaudu/koodi", query_string={"next": "/luvut"})
    assert response.location == "/kirjaudu?next=/luvut"


@pytest.mark.parametrize("code", ["ääääää", "１２３４５６", "", "-1", "1" * 20])
def test_whatever_is_typed_as_a_code_is_refused_in_words(client: Client, code: str) -> None:
    """Not every text is ASCII."""
    person = user(Role.PROFESSIONAL, units=[unit()])
    form = client.read("/kirjaudu").form()
    second = client.send(form, email=person.email, password=PASSWORD)
    assert client.send(second.form(), code=code, status=422).errors


def test_signing_out_after_idling_out_ends_the_session_too(client: Client) -> None:
    """The button says what it does; what the cookie proved is worth nothing afterwards."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    sign_in(client, person)
    form = client.read("/alku").form("Kirjaudu ulos")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=20)):
        assert client.post(form.action, data=form.data()).location == "/kirjaudu?ulos=1"
    assert db.session.scalars(select(SignInSession.ended_at)).one() is not None


def test_guesses_from_one_ipv6_network_count_together(now: dt.datetime) -> None:
    """A home has 2^64 addresses."""
    for last in range(6):
        with transaction():
            throttle.count_failure(account="a", address=f"2001:db8::{last}", now=now)
    assert throttle.is_blocked(account="a", address="2001:db8::ffff:1", now=now)
    assert not throttle.is_blocked(account="a", address="2001:db8:0:1::1", now=now)


def test_old_sign_ins_are_forgotten_and_living_ones_kept(client: Client) -> None:
    """The audit log tells who signed in; the sessions need not."""
    person = user(Role.NETWORK_PARTNER, units=[unit()])
    sign_in(client, person)
    began = db.session.scalars(select(SignInSession.started_at)).one()
    with transaction():
        assert forget_old_sessions(now=began + dt.timedelta(hours=10)) == 0
    with transaction():
        assert forget_old_sessions(now=began + dt.timedelta(days=2)) == 1
