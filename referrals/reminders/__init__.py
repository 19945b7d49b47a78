"""Reminders of what is late: to those who work, then to those who lead, each once."""

import datetime as dt
from typing import Final

from flask import Flask

from referrals.reminders.operations import remind
from servicetray.core.digest import working_day_due
from servicetray.core.jobs import Job, add_job

JOB_NAME: Final = "reminders.day"
HOUR: Final = dt.time(6)
"""An hour before the morning's letters, which carry them."""


def init_app(app: Flask) -> None:
    """Register the morning's reminders."""
    add_job(
        app,
        Job(name=JOB_NAME, due=lambda now: working_day_due(JOB_NAME, now, at=HOUR), work=_work),
    )


def _work(period: str, now: dt.datetime) -> None:
    del period
    remind(now=now)
