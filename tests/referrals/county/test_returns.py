"""Returned and forgotten (R6): three reminders, and only then the end."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from referrals import notifications
from referrals.county import returns
from referrals.county.models import Referral
from referrals.moves import EventDirection, EventName, ReferralStatus
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import Unit, User
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.referrals.handover import corrections
from tests.referrals.scenes import DAY, HOUR, Scene, scene

pytestmark = pytest.mark.usefixtures("database")


def reminders() -> list[str]:
    statement = select(OutboxMessage.address).where(OutboxMessage.template == notifications.RETURN_WAITS)
    return list(db.session.scalars(statement.order_by(OutboxMessage.id)))


def reminded_on(it: Scene, now: dt.datetime, days: range) -> list[int]:
    """Return on which days of these a reminder was sent, the worker running twice each day."""
    found, known = [], len(reminders())
    for day in days:
        for hour in (0, 6):
            returns.expire_returned(now + day * DAY + hour * HOUR)
        if len(reminders()) > known:
            assert len(reminders()) == known + 1
            found.append(day)
            known += 1
    assert it.referral().reminders == known
    return found


def test_three_reminders_and_then_the_end(now):
    it = scene("returned", now=now)
    assert reminded_on(it, now, range(30)) == [7, 14, 25]
    assert reminders() == [it.sender.email] * 3
    assert it.referral().status is ReferralStatus.RETURNED
    at = now + 30 * DAY
    assert returns.expire_returned(at) == 1
    assert returns.expire_returned(at) == 0
    row = it.referral()
    assert (row.status, row.erase_after, row.returned_at) == (
        ReferralStatus.CANCELLED,
        at + 30 * DAY,
        None,
    )
    (event,) = db.session.scalars(
        select(StatisticsEvent).where(StatisticsEvent.name == EventName.EXPIRED)
    ).all()
    assert event.direction is EventDirection.NONE


def test_a_worker_that_was_away_neither_hurries_nor_ends_without_reminding(now):
    it = scene("returned", now=now)
    assert reminded_on(it, now, range(40, 55)) == [40, 45, 50]
    assert it.referral().status is ReferralStatus.RETURNED
    returns.expire_returned(now + 55 * DAY)
    assert it.referral().status is ReferralStatus.CANCELLED


def test_a_new_return_is_counted_anew(now):
    it = scene("returned", now=now)
    returns.expire_returned(now + 8 * DAY)
    corrections.resend(it, now=now + 9 * DAY)
    returns.expire_returned(now + 60 * DAY)
    assert it.referral().status is ReferralStatus.SENT
    assert len(reminders()) == 1


@pytest.mark.parametrize("mailbox", ["osasto@example.org", ""])
def test_where_the_sender_has_left_their_unit_hears(mailbox, now):
    it = scene("returned", now=now)
    unit_id, sender_id = it.referral().sending_unit_id, it.sender.id
    with transaction():
        db.session.get_one(User, sender_id).active = False
        db.session.get_one(Unit, unit_id).mailbox = mailbox
    assert returns.expire_returned(now + 7 * DAY) == 1
    assert reminders() == ([mailbox] if mailbox else [])
    # Recorded either way: what nobody will ever mend is not kept for good.
    assert it.referral().reminders == 1


def test_each_row_is_written_once_and_what_is_not_due_is_not_locked(now, query_budget):
    for _ in range(3):
        scene("returned", now=now)
    with query_budget(1):
        assert returns.expire_returned(now + 6 * DAY) == 0
    returns.expire_returned(now + 7 * DAY)
    with query_budget(1):
        assert returns.expire_returned(now + 7 * DAY + HOUR) == 0
    total = db.session.scalar(select(func.sum(Referral.reminders)))
    assert total == 3
