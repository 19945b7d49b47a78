"""Which referrals are practice: invented clients, of whom nobody is told and nothing is counted."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from referrals.county.models import Referral
from servicetray.core.db import db


def is_practice(referral_id: uuid.UUID) -> bool:
    """Whether a referral is an invented client's; one that a transaction holds is not asked for again."""
    row = db.session.get(Referral, referral_id)
    return row is not None and row.practice


def practice_before(instant: dt.datetime, *, limit: int) -> Sequence[uuid.UUID]:
    """Return the referrals of practice that were sent before an instant, the oldest first."""
    return db.session.scalars(
        select(Referral.id)
        .where(Referral.practice.is_(True), Referral.sent_at < instant)
        .order_by(Referral.sent_at, Referral.id)
        .limit(limit)
    ).all()
