"""The sweep: terms begin, what is due is erased, old corrections and old links are forgotten.

Everything is found by indexes of what still has content, so a sweep that finds nothing costs next to nothing.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from referrals.county import erasing as county
from referrals.municipality import erasing as municipality
from referrals.retention import terms
from referrals.rights.erasing import forget_old_corrections
from referrals.statistics.operations import cut_old_links
from servicetray.core.db import db, transaction

BATCH: Final = 100
"""Records erased in one transaction: SQLite has one writer, and others want to write too."""
LINK_MONTHS: Final = 13
"""After a month was frozen, its events no longer tell of which referral they are (product.md, The figures)."""


def erase_due(now: dt.datetime) -> int:
    """Let terms begin, then erase all content whose time is over; return of how many records."""
    _in_batches(_begin_referrals)
    _in_batches(_begin_cases)
    with transaction():
        forget_old_corrections(now=now)
    return _in_batches(
        lambda limit: county.erase_some(now=now, limit=limit, term_of=terms.again_of_referral)
    ) + _in_batches(lambda limit: municipality.erase_some(now=now, limit=limit, term_of=terms.again_of_case))


def cut_links(now: dt.datetime) -> int:
    """Cut the links of events of months that were frozen 13 months ago; return of how many events."""
    with transaction():
        return cut_old_links(frozen_before=terms.months_after(now, -LINK_MONTHS))


def _begin_referrals(limit: int) -> int:
    rows = county.without_term(limit=limit)
    for row in rows:
        row.erase_after = terms.of_referral(row)
    db.session.flush()
    return len(rows)


def _begin_cases(limit: int) -> int:
    rows = municipality.without_term(limit=limit)
    for row in rows:
        row.erase_after = terms.of_case(row)
    db.session.flush()
    return len(rows)


def _in_batches(some: Callable[[int], int]) -> int:
    total = 0
    while True:
        with transaction():
            done = some(BATCH)
        total += done
        if done < BATCH:
            return total
