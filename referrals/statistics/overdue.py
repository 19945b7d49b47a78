"""Telling the county's coordinators that a month has not been frozen, once a day for as long as it lasts."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from referrals import notifications
from referrals.statistics import monthly
from servicetray.core import clock
from servicetray.core.jobs import Job, done_periods

JOB_NAME: Final = "figures.overdue"


def job() -> Job:
    """Return the job that tells of overdue months; it has to come after the one that freezes them."""
    return Job(name=JOB_NAME, due=due, work=_work)


def due(now: dt.datetime) -> Sequence[str]:
    """Return the Helsinki day, if a month is overdue and nobody has been told today."""
    if not monthly.overdue(now):
        return ()
    today = clock.helsinki_day(now).isoformat()
    return () if today in done_periods(JOB_NAME) else (today,)


def _work(period: str, now: dt.datetime) -> None:
    del period
    late = monthly.overdue(now)
    if late:
        notifications.tell_coordinators_of_overdue([str(month) for month in late], now=now)
