"""The worker asks the database what is due, and one thing that fails stops no other."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask

from referrals.statistics import queries
from servicetray import scheduler
from servicetray.core.db import db
from servicetray.core.jobs import Chore, Job, LeaseLostError, add_chore, add_job, done_periods
from servicetray.core.periods import Month
from tests.committed import committed_app
from tests.database import MASTER_KEY, SECRET
from tests.factories import events

PATIENCE_SECONDS = 90


@pytest.fixture
def worker_app(engine_name, request, tmp_path) -> Iterator[Flask]:
    """An application on its own, to which a test may add jobs."""
    with committed_app(engine_name, request, tmp_path) as application, application.app_context():
        yield application


def test_what_fails_stops_nothing_else_and_stays_due(worker_app):
    seen: list[str] = []

    def broken(*_: object) -> NoReturn:
        raise ZeroDivisionError

    def lost(*_: object) -> NoReturn:
        raise LeaseLostError

    add_chore(worker_app, Chore(name="broken chore", work=broken))
    add_chore(worker_app, Chore(name="chore", work=lambda now: seen.append("chore")))
    add_job(worker_app, Job(name="unknown", due=broken, work=broken))
    add_job(worker_app, Job(name="broken", due=lambda now: ["2026-01"], work=broken))
    add_job(worker_app, Job(name="overtaken", due=lambda now: ["2026-01"], work=lost))
    add_job(
        worker_app,
        Job(name="good", due=lambda now: ["2026-01", "2026-02"], work=lambda p, now: seen.append(p)),
    )
    # The application's own jobs may be due on the day of the test as well.
    assert scheduler.run_due() >= 2
    assert seen == ["chore", "2026-01", "2026-02"]
    assert done_periods("good") == {"2026-01", "2026-02"}
    assert done_periods("broken") == done_periods("overtaken") == frozenset()


def test_the_work_runs_at_the_time_that_it_is_given(worker_app):
    night = dt.datetime(2026, 4, 1, 3, 0, tzinfo=dt.UTC)
    seen: list[dt.datetime] = []
    add_job(worker_app, Job(name="clocked", due=lambda now: ["x"], work=lambda _, now: seen.append(now)))
    scheduler.run_due(now=lambda: night)
    assert seen == [night]


def test_the_worker_freezes_what_fell_due_while_it_was_down_and_ends_when_told(worker_app):
    """A worker that starts after two month ends freezes both months, and SIGTERM ends it."""
    this_month = Month.of(dt.datetime.now(dt.UTC))
    missed = [this_month.previous().previous(), this_month.previous()]
    for month in missed:
        events.sent(month.bounds[0] + dt.timedelta(days=9))
    db.session.remove()
    worker = subprocess.Popen(
        [sys.executable, "-c", "from servicetray.cli import main; main()", "worker"],
        cwd=Path(__file__).parents[1],
        env={
            **os.environ,
            "SERVICETRAY_DATABASE_URL": worker_app.config["SQLALCHEMY_DATABASE_URI"],
            "SERVICETRAY_SECRET_KEY": SECRET,
            "SERVICETRAY_MASTER_KEY": MASTER_KEY,
            # The word lists of the search take seconds to load.
            "SERVICETRAY_PARTS": "queue",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and len(_frozen()) < len(missed) and worker.poll() is None:
            time.sleep(0.2)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=PATIENCE_SECONDS)
    finally:
        worker.kill()
    assert _frozen() == [str(month) for month in missed], said.decode()
    assert worker.returncode == 0, said.decode()


def _frozen() -> list[str]:
    db.session.rollback()
    return [month.period for month in queries.frozen_months()]
