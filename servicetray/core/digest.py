"""Once each working morning: what was held for an address leaves as one letter.

``outbox`` keeps and delivers the rows; here the letters that gather them are made, one a Helsinki day and address.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from flask import Flask
from sqlalchemy import select

from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.jobs import Job, add_job, done_periods
from servicetray.core.outbox import DIGEST, MessageState, OutboxMessage

JOB_NAME: Final = "outbox.digest"
HOUR: Final = dt.time(7)
"""When people in Helsinki come to work, summer and winter."""


def working_day_due(job: str, now: dt.datetime, *, at: dt.time) -> Sequence[str]:
    """Return today, once that hour has struck on a working day in Helsinki and the job is not done; else nothing.

    A morning missed is not made up for: the next one tells of everything that still waits.
    """
    here = clock.helsinki(now)
    if here.time() < at or not clock.is_working_day(here.date()):
        return ()
    period = here.date().isoformat()
    return () if period in done_periods(job) else (period,)


def gather(day: dt.date, *, now: dt.datetime) -> int:
    """Make one letter for each address that something is held for, due now; return how many."""
    held = db.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == MessageState.HELD, OutboxMessage.digest_id.is_(None))
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
        .with_for_update()
    ).all()
    by_address: dict[str, list[OutboxMessage]] = {}
    for message in held:
        by_address.setdefault(message.address, []).append(message)
    for address, matters in by_address.items():
        newest = matters[-1]
        letter = OutboxMessage(
            address=address,
            template=DIGEST,
            # As the address was last written to.
            language=newest.language,
            context={},
            about=f"digest:{day.isoformat()}",
            state=MessageState.WAITING,
            created_at=now,
            due_at=now,
            attempts=0,
            last_problem="",
            digest_on=day,
        )
        db.session.add(letter)
        db.session.flush()
        for each in matters:
            each.digest_id = letter.id
    db.session.flush()
    return len(by_address)


def init_app(app: Flask) -> None:
    """Register the morning's letters."""
    add_job(
        app,
        Job(
            name=JOB_NAME,
            due=lambda now: working_day_due(JOB_NAME, now, at=HOUR),
            work=_work,
        ),
    )


def _work(period: str, now: dt.datetime) -> None:
    gather(dt.date.fromisoformat(period), now=now)
