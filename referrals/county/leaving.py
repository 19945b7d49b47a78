"""What a leaver or a closing unit leaves in the county's record: numbers, never a client."""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import func, select

from referrals.county.models import Draft, Referral
from referrals.county.queries import DRAFT_DAYS
from referrals.moves import ReferralStatus
from servicetray.core import walls
from servicetray.core.db import db


def drafts_of(user_id: uuid.UUID, *, now: dt.datetime) -> int:
    """Return how many unsent forms somebody has that are not too old to go on with."""
    with walls.everywhere():
        return db.session.scalars(
            select(func.count())
            .select_from(Draft)
            .where(Draft.user_id == user_id, Draft.saved_at > now - dt.timedelta(days=DRAFT_DAYS))
        ).one()


def returned_to(user_id: uuid.UUID) -> int:
    """Return how many of somebody's referrals have come back and wait to be mended."""
    with walls.everywhere():
        return db.session.scalars(
            select(func.count())
            .select_from(Referral)
            .where(
                Referral.sender_id == user_id,
                Referral.status == ReferralStatus.RETURNED,
                Referral.practice.is_(False),
            )
        ).one()


def waiting_for(catchment_ids: Collection[uuid.UUID]) -> int:
    """Return how many referrals wait in these catchments to be taken."""
    if not catchment_ids:
        return 0
    with walls.everywhere():
        return db.session.scalars(
            select(func.count())
            .select_from(Referral)
            .where(
                Referral.catchment_id.in_(catchment_ids),
                Referral.status == ReferralStatus.SENT,
                Referral.practice.is_(False),
            )
        ).one()
