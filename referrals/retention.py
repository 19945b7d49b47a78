"""What is kept no longer than promised: content whose time is over is erased, in both records."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from flask import Flask

from referrals.county import erasing as county
from referrals.municipality import erasing as municipality
from servicetray.core.db import transaction
from servicetray.core.jobs import Chore, add_chore

BATCH: Final = 100
"""Records erased in one transaction: SQLite has one writer, and others want to write too."""


def init_app(app: Flask) -> None:
    """Let the worker erase."""
    add_chore(app, Chore(name="retention.erase_due", work=erase_due))


def erase_due(now: dt.datetime) -> int:
    """Erase all content whose time is over; return of how many records. Done again, it finds nothing."""
    return _all(county.erase_some, now) + _all(municipality.erase_some, now)


def _all(erase_some: Callable[..., int], now: dt.datetime) -> int:
    total = 0
    while True:
        with transaction():
            erased = erase_some(now=now, limit=BATCH)
        total += erased
        if erased < BATCH:
            return total
