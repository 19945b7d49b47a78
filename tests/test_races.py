"""Several processes at once, on connections of their own: nothing breaks, is lost or is done twice."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import TypeVar

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from servicetray.accounts import throttle
from servicetray.accounts.models import ThrottleWindow, User
from servicetray.accounts.operations import create_user, use_code
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import record, seal
from servicetray.audit.verify import verify
from servicetray.core import crypto, outbox
from servicetray.core.db import db, transaction
from servicetray.core.jobs import LEASE, JobRun, LeaseLostError, RunState, run_once
from tests import database as databases

several_writers = pytest.mark.parametrize(
    "engine_name", [pytest.param(databases.POSTGRESQL, marks=pytest.mark.postgres)], indirect=True
)
"""For what can't happen on SQLite, which has one writer at a time."""

AT_ONCE = 8
T = TypeVar("T")


@pytest.fixture(scope="module")
def installation(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on a database of its own, in which commits are commits."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    with databases.new_database(engine_name, tmp_path_factory.mktemp("races"), server) as url:
        app = databases.migrated_app(url)
        yield app
        databases.dispose(app)


def at_once(app: Flask, work: Callable[[], T]) -> list[T]:
    """Do the same in several threads that begin together; return what each returned."""
    ready = threading.Barrier(AT_ONCE)

    def one() -> T:
        with app.app_context():
            ready.wait()
            return work()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [each.result() for each in [pool.submit(one) for _ in range(AT_ONCE)]]


def elsewhere(app: Flask, work: Callable[[], T]) -> T:
    """Do something in another thread, as another process would, and wait for it."""

    def one() -> T:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(one).result()


def test_failures_at_once_are_all_counted(installation: Flask, now: dt.datetime) -> None:
    """Many guesses at the same moment neither break the page nor count as one."""

    def guess() -> None:
        with transaction():
            throttle.count_failure(account="a@example.org", address="192.0.2.1", now=now)

    at_once(installation, guess)
    with installation.app_context():
        tries = db.session.scalars(select(ThrottleWindow.tries)).all()
        assert list(tries) == [AT_ONCE] * 3
        assert throttle.is_blocked(account="a@example.org", address="192.0.2.1", now=now)


def test_code_that_is_sent_many_times_at_once_opens_one_session(
    installation: Flask, now: dt.datetime
) -> None:
    """A replay that races the person themselves wins at most instead of them, never beside them."""
    with installation.app_context(), transaction():
        person, secret = create_user(
            email="race@example.org", name="N", password="x" * 12, grants=[], now=now
        )
        user_id = person.id
    code = pyotp.TOTP(secret).at(now)

    def try_it() -> bool:
        with transaction() as session:
            return use_code(session.get_one(User, user_id), code, now=now)

    assert sorted(at_once(installation, try_it)) == [False] * (AT_ONCE - 1) + [True]


def test_first_key_of_a_controller_is_made_once(installation: Flask) -> None:
    """Two first referrals to a municipality both arrive, under one key."""

    def first() -> bytes:
        with transaction():
            return crypto.seal("municipality:286", b"x", "case:1")

    sealed = at_once(installation, first)
    assert len({crypto.key_id_of(each) for each in sealed}) == 1


def test_job_is_done_once_by_many_runners(installation: Flask, now: dt.datetime) -> None:
    """A month is frozen once."""
    done: list[str] = []
    results = at_once(
        installation, lambda: run_once("race", "2026-02", lambda: done.append("x"), now=lambda: now)
    )
    assert (sorted(results)[-2:], done) == ([False, True], ["x"])


def test_failed_job_is_taken_over_after_its_lease(installation: Flask, now: dt.datetime) -> None:
    """Not before, so that a runner that fails at once does not spin."""

    def fail() -> None:
        raise ZeroDivisionError

    with installation.app_context():
        with pytest.raises(ZeroDivisionError):
            run_once("failing", "2026-02", fail, now=lambda: now)
        assert not run_once("failing", "2026-02", fail, now=lambda: now + LEASE / 2)
        assert run_once("failing", "2026-02", lambda: None, now=lambda: now + LEASE)
        run = db.session.get_one(JobRun, ("failing", "2026-02"))
        assert (run.state, run.attempts) == (RunState.DONE, 2)


@several_writers
def test_runner_that_was_too_slow_leaves_nothing(installation: Flask, now: dt.datetime) -> None:
    """Another took its period over: the slow one's work is rolled back."""

    def note(who: str) -> None:
        record(Action.USER_CHANGED, actor=None, object_type="job", object_id=who, now=now)

    def slow() -> None:
        note("slow")
        later = now + LEASE + dt.timedelta(minutes=1)
        assert elsewhere(
            installation, lambda: run_once("slow", "2026-02", lambda: note("fast"), now=lambda: later)
        )

    with installation.app_context():
        with pytest.raises(LeaseLostError):
            run_once("slow", "2026-02", slow, now=lambda: now)
        told = db.session.scalars(select(AuditRow.object_id).where(AuditRow.object_type == "job")).all()
        assert list(told) == ["fast"]


def test_two_workers_send_a_message_once(installation: Flask, now: dt.datetime) -> None:
    """While one waits for the mail server, the other leaves the message alone."""
    with installation.app_context(), transaction():
        outbox.enqueue(
            address="neuvonta@example.org",
            template="referral_arrived",
            language="fi",
            context={"reference": "LIK-4F7K2M", "path": "/saapuneet/1"},
            about="referral:race",
            now=now,
        )
    sent: list[EmailMessage] = []
    others: list[int] = []

    def slowly(letter: EmailMessage) -> None:
        sent.append(letter)
        others.append(elsewhere(installation, lambda: outbox.deliver_due(now=now, send=sent.append)))

    with installation.app_context():
        assert outbox.deliver_due(now=now, send=slowly) == 1
    assert (len(sent), others) == (1, [0])


@several_writers
def test_seal_waits_for_a_row_that_another_still_writes(installation: Flask, now: dt.datetime) -> None:
    """A row that commits late below a seal would look like a forged one for ever."""
    later = now + dt.timedelta(minutes=5)

    def add() -> None:
        record(Action.CASE_VIEWED, actor=None, object_type="case", object_id=1, now=now)

    def add_and_seal() -> bool:
        with transaction():
            add()
        with transaction():
            return seal(now=later) is not None

    with installation.app_context():
        with transaction():
            add()
            assert not elsewhere(installation, add_and_seal)
        with transaction():
            assert seal(now=later) is not None
        total = db.session.scalars(select(func.count()).select_from(AuditRow)).one()
        result = verify(anchor=None)
        assert (result.rows, result.findings) == (total, ())
