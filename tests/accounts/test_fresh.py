"""The second factor asked for again before an export."""

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from servicetray.accounts.models import User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db
from tests.client import Client
from tests.factories.people import SECRETS, unit, user
from tests.reading import Reading
from tests.referrals.county.filling import ground, signed_in

pytestmark = pytest.mark.usefixtures("database")
EXPORT = "/luvut/kuukaudet.csv?laji=exercise&alku=2026-01-01&loppu=2026-02-28"
CONFIRM = "/kirjaudu/vahvista"


@pytest.fixture
def person() -> User:
    """Somebody who may take the figures away."""
    ground()
    return user(Role.COORDINATOR, units=[unit()])


@pytest.fixture
def client(new_client: Callable[[], Client], person: User) -> Client:
    """They, signed in."""
    return signed_in(new_client, person)


def code_of(person: User) -> str:
    """Return what the person's app shows now."""
    return pyotp.TOTP(SECRETS[person.id]).at(dt.datetime.now(dt.UTC))


def minutes_on(minutes: int) -> time_machine.travel:
    """Stand some minutes after now."""
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes))


def test_who_has_just_come_in_is_not_asked_again(client: Client):
    assert client.get(EXPORT).status_code == 200


def test_after_five_minutes_the_code_is_asked_for_and_leads_on(client: Client, person: User):
    with minutes_on(6):
        response = client.get(EXPORT)
        assert str(response.location).startswith(CONFIRM)
        page = Reading(client.get(str(response.location)))
        wrong = client.send(page.form(), code="000000", status=422)
        assert wrong.errors
        assert str(client.get(EXPORT).location).startswith(CONFIRM)
        form = wrong.form()
        done = client.post(form.action, data=form.data(code=code_of(person)))
        assert done.location == EXPORT
        assert client.get(EXPORT).status_code == 200
    assert Action.SIGN_IN_REFUSED in db.session.scalars(select(AuditRow.action)).all()


def test_it_holds_for_five_minutes(client: Client):
    with minutes_on(4):
        assert client.get(EXPORT).status_code == 200
    with minutes_on(6):
        assert client.get(EXPORT).status_code == 303


def test_guessing_is_slowed(client: Client):
    form = client.read(CONFIRM).form()
    answers = [client.post(form.action, data=form.data(code="000000")).status_code for _ in range(8)]
    assert answers == [422] * 6 + [429] * 2


def test_it_leads_to_this_site_alone(client: Client, person: User):
    with minutes_on(2):
        form = Reading(client.get(CONFIRM, query_string={"next": "https://evil.example"})).form()
        done = client.post(form.action, data=form.data(code=code_of(person)))
    assert done.location == "/alku"
