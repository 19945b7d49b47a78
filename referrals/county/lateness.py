"""Referrals that wait past their target day."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from referrals.county.models import Consent, Referral
from referrals.moves import ReferralStatus
from servicetray.core import walls
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class LateReferral:
    """A referral that nobody has claimed by its day; nothing of its content."""

    id: uuid.UUID
    reference: str
    catchment_id: uuid.UUID
    due_on: dt.date


def late_referrals(*, today: dt.date) -> Sequence[LateReferral]:
    """Return what waits past its target day in any catchment, longest first; practice is left out."""
    rows = db.session.execute(
        select(Referral.id, Referral.reference, Referral.catchment_id, Referral.claim_due_on)
        .join(Consent, Consent.referral_id == Referral.id)
        .where(
            Referral.status == ReferralStatus.SENT,
            Referral.claim_due_on < today,
            Referral.practice.is_(False),
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Referral.claim_due_on, Referral.id)
    ).all()
    return tuple(
        LateReferral(
            id=row.id, reference=row.reference, catchment_id=row.catchment_id, due_on=row.claim_due_on
        )
        for row in rows
    )


def waiting_by_place(*, today: dt.date) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return how many wait to be taken up, and how many of them past their day, by kind and municipality.

    Numbers of all the county, for its figures (``walls.everywhere``); practice is left out.
    """
    late = case((Referral.claim_due_on < today, 1), else_=0)
    statement = (
        select(Referral.kind_code, Referral.municipality_code, func.count(), func.sum(late))
        .where(Referral.status == ReferralStatus.SENT, Referral.practice.is_(False))
        .group_by(Referral.kind_code, Referral.municipality_code)
        .order_by(Referral.kind_code, Referral.municipality_code)
    )
    with walls.everywhere():
        rows = db.session.execute(statement).all()
    return {(kind, place): (int(waiting), int(past)) for kind, place, waiting, past in rows}


def among(referral_ids: Sequence[uuid.UUID], *, catchment_ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of the referrals that belong to catchments."""
    if not referral_ids or not catchment_ids:
        return frozenset()
    statement = select(Referral.id).where(
        Referral.id.in_(referral_ids), Referral.catchment_id.in_(catchment_ids)
    )
    with walls.everywhere():
        return frozenset(db.session.scalars(statement).all())
