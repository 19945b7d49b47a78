"""The worker's round: every row of an inbox gets the code of its client's language.

Whatever is written now has it; this finds rows from before the column, and cases that are opened again.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from flask import Flask

from referrals.county import languages as county
from referrals.municipality import languages as municipality
from servicetray.core.db import transaction
from servicetray.core.jobs import Chore, add_chore

BATCH: Final = 100
"""Rows filled in one transaction: SQLite has one writer, and others want to write too."""


def init_app(app: Flask) -> None:
    """Let the worker fill them."""
    add_chore(app, Chore(name="inbox.fill_languages", work=fill_languages))


def fill_languages(now: dt.datetime) -> int:
    """Fill the language codes of all that waits and of all open cases; done again, it finds nothing."""
    del now
    return _in_batches(county.fill_languages) + _in_batches(municipality.fill_languages)


def _in_batches(some: Callable[..., int]) -> int:
    total = 0
    while True:
        with transaction():
            done = some(limit=BATCH)
        total += done
        if done < BATCH:
            return total
