"""The ordinary term: when a record that ran its course is erased.

It starts when the record was closed or on the day of the client's last follow-up, whichever is later, in both
records (moves.md, R15). What a move has promised, such as seven days after a withdrawal, is never touched here.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final

from referrals.county.queries import Referral
from referrals.moves import CaseStatus, Outcome, ReferralStatus
from referrals.municipality import queries as municipality
from referrals.municipality.follow_up.queries import last_follow_up_on
from referrals.municipality.queries import Case
from servicetray.core import clock
from servicetray.core.clock import months_after as months_after
from servicetray.core.settings import current_settings

COPY_DAYS: Final = 30
"""For which the county keeps what has gone on as a referral to another municipality (moves.md, R13)."""
PRACTICE_DAYS: Final = 30
"""For which practice is kept after it ended."""
_BROUGHT: Final = frozenset({Outcome.WITHDRAWN, Outcome.RETURNED, Outcome.TRANSFERRED})
"""Outcomes that come with a term of their own."""


def of_referral(row: Referral) -> dt.datetime:
    """Return when the content of a referral that has ended is to be erased."""
    if row.practice:
        return row.status_changed_at + dt.timedelta(days=PRACTICE_DAYS)
    if row.status is ReferralStatus.TRANSFERRED:
        return row.status_changed_at + dt.timedelta(days=COPY_DAYS)
    start = _start(row.status_changed_at, municipality.case_ids_of(row.id))
    return months_after(start, current_settings().county_keep_months)


def of_case(row: Case) -> dt.datetime:
    """Return when the content and notes of a case that has ended are to be erased."""
    ended = row.closed_at or row.accepted_at
    if row.practice:
        return ended + dt.timedelta(days=PRACTICE_DAYS)
    return months_after(_start(ended, [row.id]), current_settings().municipality_keep_months)


def again_of_referral(row: Referral) -> dt.datetime | None:
    """Return when a referral is due by a follow-up that was written down since; None where a move has promised."""
    ordinary = row.status is ReferralStatus.CLOSED and row.consent.withdrawn_at is None and not row.practice
    return of_referral(row) if ordinary else None


def again_of_case(row: Case) -> dt.datetime | None:
    """Return when a case is due by a follow-up that was written down since; None where a move has promised."""
    ordinary = (
        row.status is CaseStatus.CLOSED
        and row.withdrawn_at is None
        and row.outcome not in _BROUGHT
        and not row.practice
    )
    return of_case(row) if ordinary else None


def _start(ended: dt.datetime, case_ids: Collection[uuid.UUID]) -> dt.datetime:
    days = [day for day in map(last_follow_up_on, case_ids) if day is not None]
    # The whole day of the follow-up belongs to the time before the term.
    after = [clock.day_start(day + dt.timedelta(days=1)) for day in days]
    return max([ended, *after])
