"""Jobs that run once for each period, however many processes try (architecture rule 18).

``job_run`` has one row for each (job, period). A runner claims it with a lease; the work and the mark
"done" commit together, fenced by the claim's token, so that a runner that was too slow can't
finish what another has taken over.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog
from flask import Flask, current_app
from sqlalchemy import String, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, db, enum_column, transaction

log = structlog.get_logger()

LEASE = dt.timedelta(minutes=10)


_JOBS = "servicetray.jobs"
_CHORES = "servicetray.chores"


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that is done once for each period. Who makes it registers it; the scheduler only knows times."""

    name: str
    due: Callable[[dt.datetime], Sequence[str]]
    """The periods that should be done by now and are not, oldest first, read from the database."""
    work: Callable[[str, dt.datetime], None]
    """The work of one period, inside a transaction; it must not open one."""


@dataclass(frozen=True, kw_only=True)
class Chore:
    """Work that may be repeated at any time, such as delivering messages; it opens its own transactions."""

    name: str
    work: Callable[[dt.datetime], object]


def add_job(app: Flask, job: Job) -> None:
    """Let a feature register a job."""
    app.extensions.setdefault(_JOBS, []).append(job)


def add_chore(app: Flask, chore: Chore) -> None:
    """Let a feature register a chore."""
    app.extensions.setdefault(_CHORES, []).append(chore)


def jobs() -> Sequence[Job]:
    """Return the registered jobs in the order of registration."""
    return tuple(current_app.extensions.get(_JOBS, ()))


def chores() -> Sequence[Chore]:
    """Return the registered chores in the order of registration."""
    return tuple(current_app.extensions.get(_CHORES, ()))


class RunState(StrEnum):
    """Where a run is."""

    CLAIMED = "claimed"
    DONE = "done"


class JobRun(Model):
    """One run of one job for one period."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[RunState] = mapped_column(enum_column(RunState))
    token: Mapped[uuid.UUID]
    lease_until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    claimed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class LeaseLostError(RuntimeError):
    """Another runner has taken the period over; this one's work was rolled back."""


def done_periods(job: str) -> frozenset[str]:
    """Return the periods of a job that are done."""
    return frozenset(
        db.session.scalars(
            select(JobRun.period).where(JobRun.job == job, JobRun.state == RunState.DONE)
        ).all()
    )


def last_done(job: str) -> JobRun | None:
    """Return the run of the latest period that is done, or None."""
    return db.session.scalars(
        select(JobRun)
        .where(JobRun.job == job, JobRun.state == RunState.DONE)
        .order_by(JobRun.period.desc())
        .limit(1)
    ).first()


def run_once(job: str, period: str, work: Callable[[], None], *, now: Callable[[], dt.datetime]) -> bool:
    """Do the work of one period unless it is done or another runner holds it; return whether it was done here.

    ``work`` runs inside the transaction that marks the period done.

    Raises:
        LeaseLostError: if the lease ran out and another runner took over meanwhile.
    """
    token = _claim(job, period, now())
    if token is None:
        return False
    with transaction() as session:
        work()
        marked = session.scalars(
            update(JobRun)
            .where(
                JobRun.job == job,
                JobRun.period == period,
                JobRun.token == token,
                JobRun.state == RunState.CLAIMED,
            )
            .values(state=RunState.DONE, done_at=now())
            .returning(JobRun.period)
            .execution_options(synchronize_session=False)
        )
        if marked.first() is None:
            raise LeaseLostError
    log.info("job_done", job=job, period=period)
    return True


def _claim(job: str, period: str, now: dt.datetime) -> uuid.UUID | None:
    token = uuid.uuid4()
    try:
        with transaction() as session:
            row = session.get(JobRun, (job, period), with_for_update=True)
            if row is None:
                session.add(
                    JobRun(
                        job=job,
                        period=period,
                        state=RunState.CLAIMED,
                        token=token,
                        lease_until=now + LEASE,
                        attempts=1,
                        claimed_at=now,
                    )
                )
                return token
            if row.state is RunState.DONE or row.lease_until > now:
                return None
            row.token, row.lease_until, row.claimed_at = token, now + LEASE, now
            row.attempts += 1
            return token
    except IntegrityError:
        # Another process inserted the same period first.
        return None
