"""What happens to the record of an offer; ``handover.transferring`` makes the moves."""

import datetime as dt
import uuid

from sqlalchemy.exc import IntegrityError

from referrals.transfers import queries
from referrals.transfers.models import OfferEnd, TransferOffer
from servicetray.accounts.queries import User
from servicetray.core.db import db
from servicetray.core.errors import ConflictError


class AlreadyOfferedError(ConflictError):
    """A colleague offered the referral to somebody a moment ago."""


def open_offer(
    referral_id: uuid.UUID,
    *,
    kind_code: str,
    age_group: str,
    language: str,
    from_catchment_id: uuid.UUID,
    to_catchment_id: uuid.UUID,
    actor: User,
    now: dt.datetime,
) -> TransferOffer:
    """Write down an offer.

    Raises:
        AlreadyOfferedError: if another one of the same referral was opened meanwhile.
    """
    offer = TransferOffer(
        referral_id=referral_id,
        kind_code=kind_code,
        age_group=age_group,
        language=language,
        from_catchment_id=from_catchment_id,
        to_catchment_id=to_catchment_id,
        offered_at=now,
        offered_by=actor.id,
    )
    db.session.add(offer)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AlreadyOfferedError from error
    return offer


def end_offer(
    offer: TransferOffer,
    *,
    end: OfferEnd,
    actor: User | None,
    now: dt.datetime,
    became_id: uuid.UUID | None = None,
) -> None:
    """End an offer; what it told of the client is not needed any more."""
    offer.ended_at, offer.end = now, end
    offer.ended_by = actor.id if actor else None
    offer.became_id = became_id
    offer.language = ""
    db.session.flush()


def drop_offer(referral_id: uuid.UUID, *, actor: User | None, now: dt.datetime) -> None:
    """End the open offer of a referral, if there is one: the referral is no longer there to be handed over."""
    offer = queries.open_offer_of(referral_id, lock=True)
    if offer is not None:
        end_offer(offer, end=OfferEnd.DROPPED, actor=actor, now=now)
