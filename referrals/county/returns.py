"""Returned referrals that nobody takes up: three reminders, then the end (R6).

The sender is reminded 7, 14 and 25 days after the return; where they have left, their unit. After 30 days and
three reminders the referral is cancelled. A worker that was away for long does not hurry: it sends at most one
reminder at a time, and leaves five days between two of them and before the end.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from flask import Flask
from sqlalchemy import select

from referrals import notifications
from referrals.county import queries
from referrals.county.models import Referral
from referrals.county.moving import move_referral
from referrals.moves import MoveCode, ReferralFacts, ReferralStatus, Who
from referrals.moves.needs import EXPIRY_DAYS, EXPIRY_REMINDERS
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.jobs import Chore, add_chore

REMINDER_DAYS: Final = (7, 14, 25)
"""Helsinki days after the return."""
APART: Final = 5
"""Days between two reminders, and between the last one and the end."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How long a return waits, in Helsinki days, and of what its sender has been reminded."""

    days: int
    reminders: int
    days_since_reminder: int | None

    @property
    def _apart(self) -> bool:
        return self.days_since_reminder is None or self.days_since_reminder >= APART

    @property
    def reminder_is_due(self) -> bool:
        """Whether the next reminder is to be sent."""
        left = REMINDER_DAYS[self.reminders :]
        return bool(left) and self.days >= left[0] and self._apart

    @property
    def is_over(self) -> bool:
        """Whether the time to mend it is over."""
        return self.days >= EXPIRY_DAYS and self.reminders >= EXPIRY_REMINDERS and self._apart


def init_app(app: Flask) -> None:
    """Let the worker remind and end."""
    add_chore(app, Chore(name="returns.expire", work=expire_returned))


def expire_returned(now: dt.datetime) -> int:
    """Send the reminders that are due and cancel what nobody took up (R6); return how many rows changed.

    Each in a transaction of its own. Done again, it finds nothing.
    """
    return sum(_deal_with(referral_id, now=now) for referral_id in _due(now))


def _due(now: dt.datetime) -> list[uuid.UUID]:
    first = clock.day_start(clock.helsinki_day(now) - dt.timedelta(days=REMINDER_DAYS[0] - 1))
    rows = db.session.execute(
        select(Referral.id, Referral.returned_at, Referral.reminders, Referral.reminded_at)
        .where(
            Referral.status == ReferralStatus.RETURNED,
            Referral.returned_at < first,
            Referral.restricted_at.is_(None),
        )
        .order_by(Referral.returned_at, Referral.id)
    ).all()
    waits = ((row.id, _waiting(row.returned_at, row.reminders, row.reminded_at, now=now)) for row in rows)
    return [referral_id for referral_id, each in waits if each.reminder_is_due or each.is_over]


def _deal_with(referral_id: uuid.UUID, *, now: dt.datetime) -> bool:
    with transaction():
        row = queries.referral(referral_id, lock=True)
        if row is None or row.status is not ReferralStatus.RETURNED or row.returned_at is None:
            return False
        waits = _waiting(row.returned_at, row.reminders, row.reminded_at, now=now)
        if waits.is_over:
            facts = ReferralFacts(days_since_returned=waits.days, reminders=waits.reminders)
            move_referral(row, MoveCode.R6, who=Who.SYSTEM, facts=facts, actor=None, now=now)
        elif waits.reminder_is_due:
            # Recorded with its messages. Where nobody is left to hear, time goes on all the same: the content
            # of a referral that nobody will ever mend is not kept for good.
            row.reminders, row.reminded_at = row.reminders + 1, now
            notifications.tell_return_waits(row, now=now)
        else:
            return False
        return True


def _waiting(
    returned_at: dt.datetime, reminders: int, reminded_at: dt.datetime | None, *, now: dt.datetime
) -> Waiting:
    today = clock.helsinki_day(now)
    return Waiting(
        days=(today - clock.helsinki_day(returned_at)).days,
        reminders=reminders,
        days_since_reminder=(today - clock.helsinki_day(reminded_at)).days if reminded_at else None,
    )
