"""A period is done once, however many runners try and whenever they die."""

import datetime as dt
import os
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from servicetray.core.db import db, transaction
from servicetray.core.jobs import LEASE, JobRun, LeaseLostError, RunState, done_periods, last_done, run_once
from servicetray.core.municipalities import Municipality
from tests.committed import all_at_once, committed_app
from tests.database import MASTER_KEY, SECRET

JOB = "test.month"
START = dt.datetime(2026, 3, 1, 4, 0, tzinfo=dt.UTC)
RUNNERS = 8
DIED = 9


@pytest.fixture(scope="module")
def runners_app(engine_name, request, tmp_path_factory) -> Iterator[Flask]:
    """An application whose database several runners share."""
    with committed_app(engine_name, request, tmp_path_factory.mktemp("jobs")) as application:
        yield application


@pytest.fixture
def shared(runners_app: Flask) -> Iterator[Flask]:
    """The same, with nothing done yet."""
    with runners_app.app_context():
        yield runners_app
        db.session.remove()
        with transaction() as session:
            session.query(JobRun).delete()
            session.query(Municipality).delete()
        db.session.remove()


def at(moment: dt.datetime = START, *, plus: dt.timedelta = dt.timedelta()):
    """Return a clock that stands still."""
    return lambda: moment + plus


def leave_a_trace(code: str = "001") -> None:
    """Do work that can be counted: a second time breaks the primary key, or another code adds a row."""
    db.session.add(Municipality(code=code, name={"fi": code}, name_in={}, population=1))
    db.session.flush()


def traces() -> int:
    """Return how often work was done and stayed."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Municipality)) or 0


def test_one_of_eight_runners_does_the_work(shared):
    done = all_at_once(shared, RUNNERS, lambda: run_once(JOB, "2026-02", leave_a_trace, now=at()))
    assert sorted(done) == [False] * (RUNNERS - 1) + [True]
    assert traces() == 1


def test_a_done_period_is_not_done_again_even_much_later(shared):
    assert run_once(JOB, "2026-02", leave_a_trace, now=at())
    assert not run_once(JOB, "2026-02", leave_a_trace, now=at(plus=dt.timedelta(days=400)))
    assert done_periods(JOB) == {"2026-02"}


def test_each_period_is_done_by_itself(shared):
    for period in ("2026-01", "2026-02"):
        assert run_once(JOB, period, lambda: None, now=at())
    last = last_done(JOB)
    assert last is not None
    assert (last.period, last.state, last.done_at) == ("2026-02", RunState.DONE, START)
    assert done_periods("another job") == frozenset()


def test_work_that_fails_leaves_nothing_and_is_tried_again_after_the_lease(shared):
    def fail() -> None:
        leave_a_trace()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_once(JOB, "2026-02", fail, now=at())
    assert traces() == 0
    assert not run_once(JOB, "2026-02", leave_a_trace, now=at(plus=LEASE - dt.timedelta(seconds=1)))
    assert run_once(JOB, "2026-02", leave_a_trace, now=at(plus=LEASE))
    assert traces() == 1


def test_a_runner_that_was_too_slow_can_not_finish(shared):
    """Its lease ran out while it worked and another took the period over: its own work is undone."""

    def be_overtaken() -> None:
        leave_a_trace("002")
        # As the other runner's claim would have left the row.
        db.session.execute(update(JobRun).values(token=uuid.uuid4()))

    with pytest.raises(LeaseLostError):
        run_once(JOB, "2026-02", be_overtaken, now=at())
    assert traces() == 0


def test_a_runner_killed_between_claim_and_commit_is_replaced(shared, figure):
    """A runner killed between claim and commit loses nothing and doubles nothing."""
    program = textwrap.dedent(
        f"""
        import datetime as dt, os, sys
        from servicetray.app import create_app
        from servicetray.core.db import db
        from servicetray.core.jobs import run_once
        from servicetray.core.municipalities import Municipality

        def die():
            db.session.add(Municipality(code="009", name={{"fi": "9"}}, name_in={{}}, population=1))
            db.session.flush()
            os._exit({DIED})

        with create_app().app_context():
            run_once({JOB!r}, "2026-02", die, now=lambda: dt.datetime.fromisoformat({START.isoformat()!r}))
        """
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env={
            **os.environ,
            "SERVICETRAY_DATABASE_URL": shared.config["SQLALCHEMY_DATABASE_URI"],
            "SERVICETRAY_SECRET_KEY": SECRET,
            "SERVICETRAY_MASTER_KEY": MASTER_KEY,
        },
        check=False,
        timeout=60,
        capture_output=True,
    )
    assert killed.returncode == DIED, killed.stderr.decode()
    assert traces() == 0
    assert not run_once(JOB, "2026-02", leave_a_trace, now=at(plus=dt.timedelta(minutes=1)))
    after = all_at_once(shared, RUNNERS, lambda: run_once(JOB, "2026-02", leave_a_trace, now=at(plus=LEASE)))
    figure("runs after the kill", sum(after))
    figure("traces left", traces())
    assert sum(after) == 1
    assert traces() == 1
