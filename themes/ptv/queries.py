"""What the runs of imports did, for those who keep the content."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from themes.ptv.models import ImportRun as ImportRun
from themes.ptv.models import Retirement as Retirement

_LOOKED_AT = 10


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a run could not bring in a record."""

    run_id: int
    at: dt.datetime
    reason: str


def runs(*, limit: int, offset: int = 0) -> Sequence[ImportRun]:
    """Return runs, the newest first."""
    return db.session.scalars(
        select(ImportRun)
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def run_count() -> int:
    """Return how many runs there have been."""
    return len(db.session.scalars(select(ImportRun.id)).all())


def run_required(run_id: int) -> ImportRun:
    """Return a run; raise NotFoundError where there is none."""
    found = db.session.get(ImportRun, run_id)
    if found is None:
        raise NotFoundError(str(run_id))
    return found


def last_run() -> ImportRun | None:
    """Return the newest run, or None."""
    return next(iter(runs(limit=1)), None)


def trouble_with(record_id: UUID) -> Trouble | None:
    """Return why the newest of the last ten runs that tried could not bring in a record, or None."""
    for run in runs(limit=_LOOKED_AT):
        for problem in run.problems:
            if problem.get("id") == str(record_id):
                return Trouble(run_id=run.id, at=run.started_at, reason=str(problem.get("reason", "")))
    return None
