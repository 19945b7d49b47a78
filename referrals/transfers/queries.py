"""Questions about offers to hand a referral to another municipality."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from referrals.moves.needs import OFFER_WORKING_DAYS
from referrals.transfers.models import OfferEnd as OfferEnd
from referrals.transfers.models import TransferOffer as TransferOffer
from servicetray.core import clock
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class OfferRow:
    """What the target may know of an offer before it accepts (R12)."""

    id: uuid.UUID
    kind_code: str
    age_group: str
    language: str
    from_catchment_id: uuid.UUID
    to_catchment_id: uuid.UUID
    offered_at: dt.datetime

    @property
    def until(self) -> dt.date:
        """The last Helsinki day on which it stands open."""
        return last_day(self.offered_at)


def last_day(offered_at: dt.datetime) -> dt.date:
    """Return the last Helsinki day of an offer: the worker ends it once that day is reached (R14)."""
    return clock.add_working_days(clock.helsinki_day(offered_at), OFFER_WORKING_DAYS)


def offers_to(catchment_ids: Collection[uuid.UUID]) -> Sequence[OfferRow]:
    """Return the open offers to these catchments, oldest first."""
    rows = db.session.scalars(
        select(TransferOffer)
        .where(*_open_to(catchment_ids))
        .order_by(TransferOffer.offered_at, TransferOffer.id)
    ).all()
    return tuple(_row(row) for row in rows)


def count_offers_to(catchment_ids: Collection[uuid.UUID]) -> int:
    """Return how many offers stand open to these catchments."""
    return int(db.session.scalar(select(func.count(TransferOffer.id)).where(*_open_to(catchment_ids))) or 0)


def offer_to(offer_id: uuid.UUID, *, catchment_ids: Collection[uuid.UUID]) -> OfferRow | None:
    """Return an open offer to one of these catchments, else None."""
    row = db.session.scalars(
        select(TransferOffer).where(TransferOffer.id == offer_id, *_open_to(catchment_ids))
    ).first()
    return _row(row) if row else None


def open_offer_of(referral_id: uuid.UUID, *, lock: bool = False) -> TransferOffer | None:
    """Return the open offer of a referral, or None."""
    statement = select(TransferOffer).where(
        TransferOffer.referral_id == referral_id, TransferOffer.ended_at.is_(None)
    )
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def offers_of(referral_id: uuid.UUID) -> Sequence[TransferOffer]:
    """Return every offer of a referral, oldest first."""
    return db.session.scalars(
        select(TransferOffer)
        .where(TransferOffer.referral_id == referral_id)
        .order_by(TransferOffer.offered_at, TransferOffer.id)
    ).all()


def referral_of(offer_id: uuid.UUID) -> uuid.UUID | None:
    """Return of which referral an offer is, without loading the offer: it is locked after the referral."""
    return db.session.scalars(select(TransferOffer.referral_id).where(TransferOffer.id == offer_id)).first()


def target_of(offer_id: uuid.UUID) -> uuid.UUID | None:
    """Return to which catchment an offer was made, whether it stands open or not; None if there is none."""
    return db.session.scalars(
        select(TransferOffer.to_catchment_id).where(TransferOffer.id == offer_id)
    ).first()


def became_of(referral_id: uuid.UUID) -> uuid.UUID | None:
    """Return the referral that a transferred one goes on as, or None."""
    return db.session.scalars(
        select(TransferOffer.became_id).where(
            TransferOffer.referral_id == referral_id, TransferOffer.became_id.is_not(None)
        )
    ).first()


def came_from(referral_id: uuid.UUID) -> uuid.UUID | None:
    """Return the transferred referral that this one goes on from, or None."""
    return db.session.scalars(
        select(TransferOffer.referral_id).where(TransferOffer.became_id == referral_id)
    ).first()


def chain_of(referral_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return a referral with all that it came from and became by transfers, oldest first."""
    found = [referral_id]
    while (earlier := came_from(found[0])) is not None:
        found.insert(0, earlier)
    while (later := became_of(found[-1])) is not None:
        found.append(later)
    return tuple(found)


def run_out(*, on: dt.date, limit: int) -> Sequence[uuid.UUID]:
    """Return open offers whose five working days are over on a Helsinki day, oldest first."""
    # No five working days are over before the fifth calendar day; which of these are is counted below.
    latest = clock.day_start(on - dt.timedelta(days=OFFER_WORKING_DAYS - 1))
    rows = db.session.execute(
        select(TransferOffer.id, TransferOffer.offered_at)
        .where(TransferOffer.ended_at.is_(None), TransferOffer.offered_at < latest)
        .order_by(TransferOffer.offered_at, TransferOffer.id)
        .limit(limit)
    ).all()
    return tuple(row.id for row in rows if last_day(row.offered_at) <= on)


def _open_to(catchment_ids: Collection[uuid.UUID]) -> tuple[ColumnElement[bool], ...]:
    return (TransferOffer.to_catchment_id.in_(catchment_ids), TransferOffer.ended_at.is_(None))


def _row(row: TransferOffer) -> OfferRow:
    return OfferRow(
        id=row.id,
        kind_code=row.kind_code,
        age_group=row.age_group,
        language=row.language,
        from_catchment_id=row.from_catchment_id,
        to_catchment_id=row.to_catchment_id,
        offered_at=row.offered_at,
    )
