"""A process that is killed in the middle of a move: nothing lost, nothing doubled, nothing half.

Sending (R1), accepting (R2), closing (C7 with R15) and taking the permission back (R9) are killed at each
database call, and tried again.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from referrals.county.models import Consent, Referral, ReferralHistory
from referrals.moves import CaseStatus, ReferralStatus
from referrals.municipality.models import Case, CaseHistory
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import Model, db
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.committed import committed_app
from tests.factories import people, referrals
from tests.figures import Figure
from tests.reading import Form
from tests.referrals import scenes
from tests.referrals.county.filling import ANSWERS, FORM, SEND, form_of, ground

SAMPLE = 5
"""Every so many-th database call is a crash point in ``./dev test``; ``./dev trust`` takes them all."""
KILLED = 9

Rows = dict[type[Model], int]

SENT: Rows = {Referral: 1, Consent: 1, ReferralHistory: 1, StatisticsEvent: 1}
ACCEPTED: Rows = {Case: 1, CaseHistory: 1, ReferralHistory: 2, StatisticsEvent: 2}
ONE_MORE: Rows = {CaseHistory: 1, ReferralHistory: 1, StatisticsEvent: 1}
"""What closing adds, and taking back too: a row of each history, and one event."""


@pytest.fixture
def shared(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database that really commits."""
    with committed_app(engine_name, request, tmp_path) as app:
        app.test_client_class = Client
        yield app


def killed_at(app: Flask, call: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that ends, as by kill -9, at its n-th database call; return whether it got there."""
    child = os.fork()
    if child == 0:
        with app.app_context():
            # The parent's connections are the parent's.
            db.engine.dispose(close=False)
            calls = 0

            @event.listens_for(db.engine, "before_cursor_execute")
            @event.listens_for(db.engine, "commit")
            def _count(*_arguments: object) -> None:
                nonlocal calls
                calls += 1
                if calls == call:
                    os._exit(KILLED)

        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == KILLED


def counted(app: Flask, expected: Rows) -> Rows:
    """Count the rows of these tables."""
    with app.app_context():
        return {model: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in expected}


def walk(app: Flask, work: Callable[[], object], expected: Rows, *, step: int) -> tuple[int, int]:
    """Kill at one call after another until the work gets through; return crash points and rows out of place."""
    before, points, wrong, call = counted(app, expected), 0, 0, 1
    while killed_at(app, call, work):
        points += 1
        after = counted(app, expected)
        # All or nothing: the kill on the very commit may fall on either side of it.
        wrong += after not in (before, expected)
        if after == expected:
            break
        call += step
    work()
    wrong += counted(app, expected) != expected
    return points, wrong


@pytest.mark.trust
def test_a_kill_at_any_call_of_sending_loses_and_doubles_nothing(
    shared: Flask, long: bool, figure: Figure
) -> None:
    """Sending a referral (R1), killed at each database call and tried again."""
    with shared.app_context():
        ground()
        client = shared.test_client()
        assert isinstance(client, Client)
        people.sign_in(client, referrals.professional())
        form = form_of(client.read(FORM))
        cookie = client.get_cookie("servicetray")
        db.session.remove()
    assert cookie is not None
    data = form.data(button=SEND, **ANSWERS)

    def send() -> None:
        mine = shared.test_client()
        mine.set_cookie("servicetray", cookie.value)
        mine.post(form.action, data=data)

    points, wrong = walk(shared, send, SENT, step=1 if long else SAMPLE)

    figure("crash points", points, "calls")
    figure("lost, doubled or half", wrong, "referrals")
    assert points > 1
    assert wrong == 0
    with shared.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.REFERRAL_SENT)).one()
        assert row.object_id == str(db.session.scalars(select(Referral.id)).one())


@pytest.mark.trust
def test_a_kill_at_any_call_of_accepting_loses_and_doubles_nothing(
    shared: Flask, long: bool, figure: Figure
) -> None:
    """Accepting a referral (R2, C1), killed at each database call and tried again."""
    with shared.app_context():
        place = referrals.catchment()
        adviser = people.user(Role.ADVISER, units=[accounts.unit(place.unit_id)])
        waiting = referrals.sent(place, now=clock.now()).id
        client = shared.test_client()
        assert isinstance(client, Client)
        people.sign_in(client, adviser)
        form = client.read(f"/saapuneet/{waiting}").form("Ota itselleni")
        cookie = client.get_cookie("servicetray")
        db.session.remove()
    assert cookie is not None
    data = form.data()

    def accept() -> None:
        mine = shared.test_client()
        mine.set_cookie("servicetray", cookie.value)
        mine.post(form.action, data=data)

    points, wrong = walk(shared, accept, ACCEPTED, step=1 if long else SAMPLE)

    figure("crash points", points, "calls")
    figure("lost, doubled or half", wrong, "cases")
    assert points > 1
    assert wrong == 0
    with shared.app_context():
        assert db.session.scalars(select(Referral.status)).one() is ReferralStatus.ACCEPTED


def form_met(app: Flask, person: User, address: str, end: str) -> tuple[Form, str]:
    """Sign somebody in and open a page; return its form and the cookie that another process comes in with."""
    client = app.test_client()
    assert isinstance(client, Client)
    form = people.sign_in(client, person).read(address).form_to(end)
    cookie = client.get_cookie("servicetray")
    assert cookie is not None
    return form, cookie.value


def posting(app: Flask, cookie: str, form: Form, **typed: str) -> Callable[[], object]:
    """Return the work of posting a filled form, each time with a fresh browser."""
    data = form.data(**typed)

    def post() -> object:
        mine = app.test_client()
        mine.set_cookie("servicetray", cookie)
        return mine.post(form.action, data=data)

    return post


def grown(app: Flask, by: Rows) -> Rows:
    """Return the rows that there are, and as many more."""
    return {model: number + by[model] for model, number in counted(app, by).items()}


@pytest.mark.trust
def test_a_kill_at_any_call_of_closing_loses_and_doubles_nothing(
    shared: Flask, long: bool, figure: Figure
) -> None:
    """Closing a case (C7, R15), killed at each database call and tried again."""
    with shared.app_context():
        it = scenes.scene("active", now=clock.now())
        form, cookie = form_met(shared, it.adviser, f"/asiakkuudet/{it.case_id}", "/paata")
        db.session.remove()
    close = posting(shared, cookie, form, outcome="completed")

    points, wrong = walk(shared, close, grown(shared, ONE_MORE), step=1 if long else SAMPLE)

    figure("crash points", points, "calls")
    figure("lost, doubled or half", wrong, "cases")
    assert points > 1
    assert wrong == 0
    with shared.app_context():
        assert db.session.scalars(select(Case.status)).one() is CaseStatus.CLOSED
        assert db.session.scalars(select(Referral.status)).one() is ReferralStatus.CLOSED


@pytest.mark.trust
def test_a_kill_at_any_call_of_taking_back_loses_and_doubles_nothing(
    shared: Flask, long: bool, figure: Figure
) -> None:
    """Taking the permission back (R9), killed at each database call and tried again."""
    with shared.app_context():
        it = scenes.scene("accepted", now=clock.now())
        form, cookie = form_met(shared, it.sender, f"/lahetteet/{it.referral_id}", "/suostumus")
        told = counted(shared, {OutboxMessage: 0})[OutboxMessage]
        db.session.remove()
    withdraw = posting(shared, cookie, form)

    points, wrong = walk(shared, withdraw, grown(shared, ONE_MORE), step=1 if long else SAMPLE)

    figure("crash points", points, "calls")
    figure("lost, doubled or half", wrong, "withdrawals")
    assert points > 1
    assert wrong == 0
    with shared.app_context():
        referral = db.session.scalars(select(Referral)).one()
        assert referral.consent.withdrawn_at is not None
        assert db.session.scalars(select(Case)).one().withdrawn_at is not None
        assert counted(shared, {OutboxMessage: 0})[OutboxMessage] > told
