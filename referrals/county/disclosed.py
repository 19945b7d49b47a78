"""What the county discloses to the advisers of a municipality while a referral waits for them.

Only what is `sent`, to their own catchment, with its consent in force. Of a protected client nothing but
that somebody waits: the content is for the one who accepts.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import raiseload

from referrals.consent import Contact, Giver, Method
from referrals.county import queries
from referrals.county.content import ReferralContent
from referrals.county.models import Consent, Referral
from referrals.moves import STOCK, ContactChannel, Priority, ReferralStatus
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class WaitingReferral:
    """One referral that waits to be accepted."""

    id: uuid.UUID
    reference: str
    kind_code: str
    municipality_code: str
    catchment_id: uuid.UUID
    priority: Priority
    sent_at: dt.datetime
    claim_due_on: dt.date
    protected: bool
    practice: bool
    channels: tuple[ContactChannel, ...]
    """Ways of contact that the client allowed."""
    content: ReferralContent | None
    """None for a protected client."""


@dataclass(frozen=True, kw_only=True)
class DisclosedConsent:
    """What the consent says, for the page of one referral."""

    giver: Giver
    contact: Contact | None
    guardians_may_be_told: bool | None
    method: Method
    given_at: dt.datetime
    feedback: bool
    follow_up: bool
    transfer: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The first rows of what waits, late ones apart, and how many there are in all."""

    late: Sequence[WaitingReferral]
    late_count: int
    in_time: Sequence[WaitingReferral]
    in_time_count: int


def waiting_in(catchment_ids: Sequence[uuid.UUID], *, today: dt.date, limit: int) -> Waiting:
    """Return what waits in catchments, soonest target first, at most ``limit`` late and as many in time."""
    late = case((Referral.claim_due_on < today, 1), else_=0)
    order = (Referral.claim_due_on, Referral.sent_at, Referral.id)
    ranked = (
        select(
            Referral.id,
            Consent.channels,
            late.label("late"),
            func.row_number().over(partition_by=late, order_by=order).label("place"),
            func.count().over(partition_by=late).label("total"),
        )
        .join(Consent, (Consent.referral_id == Referral.id) & Consent.replaced_at.is_(None))
        .where(*_waits_in(catchment_ids))
        .subquery()
    )
    rows = db.session.execute(
        select(Referral, ranked.c.channels, ranked.c.late, ranked.c.total)
        .join(ranked, ranked.c.id == Referral.id)
        # At least one row of each part comes along, for its count.
        .where(ranked.c.place <= max(limit, 1))
        .options(raiseload(Referral.consent))
        .order_by(*order)
    ).all()
    counts = {row.late: row.total for row in rows}
    parts = {
        part: tuple(_row(row.Referral, row.channels) for row in [r for r in rows if r.late == part][:limit])
        for part in (1, 0)
    }
    return Waiting(
        late=parts[1], late_count=counts.get(1, 0), in_time=parts[0], in_time_count=counts.get(0, 0)
    )


def waiting_one(
    referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID]
) -> tuple[WaitingReferral, DisclosedConsent] | None:
    """Return a referral that waits in one of the catchments, with what was consented to, else None."""
    row = queries.waiting_referral_in(referral_id, catchment_ids=catchment_ids)
    if row is None:
        return None
    consent = row.consent
    return _row(row, consent.channels), DisclosedConsent(
        giver=consent.giver,
        contact=consent.contact,
        guardians_may_be_told=consent.guardians_may_be_told,
        method=consent.method,
        given_at=consent.given_at,
        feedback=consent.feedback,
        follow_up=consent.follow_up,
        transfer=consent.transfer,
    )


def came_to(referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID]) -> bool:
    """Whether a referral, waiting or not, was sent to one of the catchments."""
    return (
        db.session.scalars(
            select(Referral.id).where(Referral.id == referral_id, Referral.catchment_id.in_(catchment_ids))
        ).first()
        is not None
    )


def same_person_in(
    referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID]
) -> Sequence[tuple[uuid.UUID, str]]:
    """Return id and reference of other open referrals of the same person and kind in the same catchments."""
    this = select(Referral.person_index, Referral.kind_code).where(Referral.id == referral_id).subquery()
    rows = db.session.execute(
        select(Referral.id, Referral.reference)
        .join(
            this,
            (this.c.person_index == Referral.person_index) & (this.c.kind_code == Referral.kind_code),
        )
        .where(
            Referral.id != referral_id,
            Referral.catchment_id.in_(catchment_ids),
            Referral.status.in_(STOCK),
            Referral.protected.is_(False),
        )
        .order_by(Referral.sent_at, Referral.id)
    ).all()
    return tuple((row.id, row.reference) for row in rows)


def _waits_in(catchment_ids: Sequence[uuid.UUID]) -> tuple[ColumnElement[bool], ...]:
    return (
        Referral.catchment_id.in_(catchment_ids),
        Referral.status == ReferralStatus.SENT,
        Consent.withdrawn_at.is_(None),
    )


def _row(row: Referral, channels: Sequence[str]) -> WaitingReferral:
    return WaitingReferral(
        id=row.id,
        reference=row.reference,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        catchment_id=row.catchment_id,
        priority=row.priority,
        sent_at=row.sent_at,
        claim_due_on=row.claim_due_on,
        protected=row.protected,
        practice=row.practice,
        channels=tuple(ContactChannel(channel) for channel in channels),
        content=None if row.protected else queries.content_of(row),
    )
