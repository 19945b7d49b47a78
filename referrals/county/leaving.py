"""What a leaver or a closing unit leaves in the county's record: numbers, never a client; and handing it on."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, func, select

from referrals import notifications
from referrals.county.models import Draft, Referral
from referrals.county.queries import DRAFT_DAYS
from referrals.moves import STOCK, ReferralStatus
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
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


def protected_by_unit(user_id: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """Return how many open referrals of protected clients somebody sent for each unit: only they see these."""
    statement = (
        select(Referral.sending_unit_id, func.count())
        .where(*_protected_of(user_id))
        .group_by(Referral.sending_unit_id)
        .order_by(Referral.sending_unit_id)
    )
    with walls.everywhere():
        rows = db.session.execute(statement).all()
    return {unit_id: count for unit_id, count in rows if unit_id is not None}


def hand_on_protected(
    user_id: uuid.UUID, *, unit_id: uuid.UUID, to: User, actor: Actor, now: dt.datetime
) -> int:
    """Make a colleague the sender of what somebody sent for a unit of protected clients; return how many.

    Whoever hands these on learns their number alone; each is in the log, and the colleague is told of it. What
    was disclosed still names who sent it.
    """
    with walls.everywhere():
        rows = db.session.scalars(
            select(Referral)
            .where(*_protected_of(user_id), Referral.sending_unit_id == unit_id)
            .order_by(Referral.id)
            .with_for_update(of=Referral)
        ).all()
        for row in rows:
            row.sender_id = to.id
            record(
                Action.DISCLOSED,
                actor=actor,
                object_type="referral",
                object_id=row.id,
                subject=subject_key(row.id),
                now=now,
                detail={"to_user": str(to.id), "from_user": str(user_id)},
            )
            notifications.tell_of_referral_handed_on(row, to=to, now=now)
        db.session.flush()
    return len(rows)


def _protected_of(user_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Referral.sender_id == user_id,
        Referral.protected.is_(True),
        Referral.status.in_(STOCK | {ReferralStatus.RETURNED}),
        Referral.practice.is_(False),
    )


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
