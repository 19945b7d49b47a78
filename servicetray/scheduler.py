"""The worker: wakes up, asks the database what is due, and does it.

APScheduler only wakes it (memory store): what is due is read from the database, so a month is
neither skipped after downtime nor done twice by several workers.
"""

import datetime as dt
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import structlog
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.jobs import Job, LeaseLostError, chores, jobs, run_once

log = structlog.get_logger()

TICK_SECONDS = 20


def run_due(*, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Do everything that is due; one that fails is logged, left due, and stops no other. Return periods done."""
    done = 0
    for chore in chores():
        with _kept_going(chore.name):
            chore.work(now())
    for job in jobs():
        periods: Sequence[str] = ()
        with _kept_going(job.name):
            periods = job.due(now())
        for period in periods:
            with _kept_going(job.name):
                done += run_once(job.name, period, partial(_work, job, period, now), now=now)
    return done


def _work(job: Job, period: str, now: Callable[[], dt.datetime]) -> None:
    job.work(period, now())


@contextmanager
def _kept_going(name: str) -> Iterator[None]:
    try:
        yield
    except LeaseLostError:
        log.warning("lease_lost", job=name)
    except Exception as error:  # noqa: BLE001 - one job must not stop the others
        # Without the message, which could quote data.
        log.error("job_failed", job=name, problem=type(error).__name__)  # noqa: TRY400 - the trace could hold what the job worked on
    finally:
        db.session.rollback()


def work_forever(app: Flask) -> None:
    """Run until told to stop (SIGTERM, SIGINT); a job under way is finished first."""
    scheduler = BlockingScheduler(timezone=dt.UTC)

    def tick() -> None:
        with app.app_context():
            run_due()

    def stop(number: int, frame: object) -> None:
        del number, frame
        # In a thread: a signal may come while this one holds the lock that shutting down wants.
        threading.Thread(target=_shut_down, args=(scheduler,)).start()

    def listen(event: object) -> None:
        del event
        # Not before it runs: a signal to a scheduler that has yet to start would be lost.
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    scheduler.add_listener(listen, EVENT_SCHEDULER_STARTED)
    scheduler.add_job(
        tick,
        IntervalTrigger(seconds=TICK_SECONDS, timezone=dt.UTC),
        next_run_time=clock.now(),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    log.info("worker_started", tick_seconds=TICK_SECONDS)
    scheduler.start()


def _shut_down(scheduler: BlockingScheduler) -> None:
    try:
        scheduler.shutdown(wait=False)
    except SchedulerNotRunningError:
        # A second signal: the first is being heeded.
        pass
