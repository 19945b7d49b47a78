"""Handing a referral to another municipality: offered (R12), accepted (R13), declined or run out (R14).

Until it accepts, the target learns the kind, the age group and the language, and never of whom.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from referrals import notifications
from referrals.client import codes as client_codes
from referrals.client import messages as client_messages
from referrals.consent import Disclosure, covers
from referrals.county import content as contents
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.models import Consent, Referral, ReferralHistory
from referrals.handover.accepting import begin_case
from referrals.handover.effects import close_with, forget_copies
from referrals.handover.withdrawing import hold_cases
from referrals.moves import (
    REFERRAL_MOVES,
    MoveCode,
    ReferralFacts,
    Who,
    check_referral_move,
)
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from referrals.municipality.queries import Route
from referrals.spoken import language_code
from referrals.statistics.operations import Dimensions, dimensions_of, record_event, working_days_since_sent
from referrals.transfers import operations as transfers
from referrals.transfers import queries as transfer_queries
from referrals.transfers.models import OfferEnd, TransferOffer
from referrals.transfers.operations import AlreadyOfferedError
from referrals.transfers.queries import OfferRow, offers_to
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock, walls
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError

__all__ = [
    "AlreadyOfferedError",
    "OfferRow",
    "TransferOffer",
    "accept_offer",
    "decline_offer",
    "end_old_offers",
    "offer_transfer",
    "offers_to",
    "transfer_targets",
]

BATCH: Final = 100


def transfer_targets(kind_code: str, *, but: str, on: dt.date) -> Sequence[Route]:
    """Return where else a kind of referral is taken on a day: every open catchment but one municipality's."""
    return tuple(
        each
        for each in municipality_queries.routes(kind_code, on=on)
        if each.is_open and each.municipality_code != but
    )


def offer_transfer(
    referral: Referral, *, to_catchment_id: uuid.UUID, who: Who, actor: User, now: dt.datetime
) -> TransferOffer:
    """Offer a referral to another municipality's unit (R12); the clock runs on.

    Raises:
        MoveRefused: if the client did not allow it, an offer stands open, or the target does not take this
            kind or age today.
        AlreadyOfferedError: if a colleague offered it in the same instant.
    """
    content = county_queries.content_of(referral)
    facts = ReferralFacts(
        consent=covers(county.terms_of(referral.consent), Disclosure.REFERRAL),
        transfer_consent=covers(county.terms_of(referral.consent), Disclosure.TRANSFER),
        # Practice stays at home: another municipality would not know that the client is invented.
        target_open=not referral.practice
        and _is_open_target(referral, to_catchment_id, birth_year=content.birth_year, now=now),
        offer_open=transfer_queries.open_offer_of(referral.id) is not None,
    )
    check_referral_move(MoveCode.R12, status=referral.status, who=who, facts=facts)
    offer = transfers.open_offer(
        referral.id,
        kind_code=referral.kind_code,
        age_group=referral.age_group,
        language=content.language,
        from_catchment_id=referral.catchment_id,
        to_catchment_id=to_catchment_id,
        actor=actor,
        now=now,
    )
    county.move_referral(referral, MoveCode.R12, who=who, facts=facts, actor=actor, now=now)
    target = municipality_queries.catchment(to_catchment_id)
    if target is not None:
        notifications.tell_target_of_offer(target.unit_id, referral_id=referral.id, now=now)
    return offer


def accept_offer(offer_id: uuid.UUID, *, who: Who, actor: User, now: dt.datetime) -> Case:
    """Accept an offer (R13): the old record ends `transferred`, a new one and its case begin here.

    Raises:
        NotFoundError: if there is no such offer, or it is not for a unit of the actor's.
        MoveRefused: if it has ended, or the client has taken the permission back.
    """
    offer, referral = _held(offer_id, actor=actor, now=now)
    terms = county.terms_of(referral.consent)
    facts = ReferralFacts(
        consent=covers(terms, Disclosure.REFERRAL),
        transfer_consent=covers(terms, Disclosure.TRANSFER),
        offer_open=offer.ended_at is None,
        at_target=True,
    )
    check_referral_move(MoveCode.R13, status=referral.status, who=who, facts=facts)
    old_case = municipality_queries.open_case_of(referral.id)
    new = _goes_on_as(referral, offer, now=now)
    transfers.end_offer(offer, end=OfferEnd.ACCEPTED, actor=actor, now=now, became_id=new.id)
    move = county.move_referral(referral, MoveCode.R13, who=who, facts=facts, actor=actor, now=now)
    close_with(move, old_case, actor=actor, now=now)
    forget_copies(move, referral.id, now=now)
    _count(referral, new, now=now)
    record(
        Action.DISCLOSED,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"to_municipality": new.municipality_code, "became": str(new.id)},
    )
    case = begin_case(new, code=MoveCode.R13, handler=actor, actor=actor, now=now)
    client_codes.follow(referral.id, to=new.id)
    client_messages.carry_over(
        new.id,
        municipality_code=new.municipality_code,
        from_municipality=old_case.municipality_code if old_case else None,
        from_referral_id=referral.id,
    )
    notifications.tell_offer_taken(referral, to=offer.offered_by, now=now)
    return case


def decline_offer(offer_id: uuid.UUID, *, who: Who, actor: User, now: dt.datetime) -> None:
    """Decline an offer (R14); the leads of the unit that made it are told.

    Raises:
        NotFoundError: if there is no such offer, or it is not for a unit of the actor's.
        MoveRefused: if it has ended.
    """
    offer, referral = _held(offer_id, actor=actor, now=now)
    _end(offer, referral, end=OfferEnd.DECLINED, who=who, actor=actor, now=now)


def end_old_offers(now: dt.datetime) -> int:
    """End the offers that nobody took within five working days (R14); return how many."""
    ended = 0
    today = clock.helsinki_day(now)
    while found := transfer_queries.run_out(on=today, limit=BATCH):
        for offer_id in found:
            with transaction():
                offer, referral = _load(offer_id)
                if offer.ended_at is None:
                    _end(offer, referral, end=OfferEnd.EXPIRED, who=Who.SYSTEM, actor=None, now=now)
                    ended += 1
    return ended


def _end(
    offer: TransferOffer, referral: Referral, *, end: OfferEnd, who: Who, actor: User | None, now: dt.datetime
) -> None:
    facts = ReferralFacts(
        offer_open=offer.ended_at is None,
        at_target=who is not Who.SYSTEM,
        working_days_since_offer=clock.working_days_between(
            clock.helsinki_day(offer.offered_at), clock.helsinki_day(now)
        ),
    )
    check_referral_move(MoveCode.R14, status=referral.status, who=who, facts=facts)
    transfers.end_offer(offer, end=end, actor=actor, now=now)
    county.move_referral(referral, MoveCode.R14, who=who, facts=facts, actor=actor, now=now)
    source = municipality_queries.catchment(offer.from_catchment_id)
    if source is not None:
        notifications.tell_leads_offer_ended(referral, unit_id=source.unit_id, also=offer.offered_by, now=now)


def _held(offer_id: uuid.UUID, *, actor: User, now: dt.datetime) -> tuple[TransferOffer, Referral]:
    offer, referral = _load(offer_id)
    if not municipality_queries.works_in(actor, offer.to_catchment_id, on=clock.helsinki_day(now)):
        raise NotFoundError
    return offer, referral


def _load(offer_id: uuid.UUID) -> tuple[TransferOffer, Referral]:
    """Lock cases, referral and offer, in this order."""
    referral_id = transfer_queries.referral_of(offer_id)
    if referral_id is None:
        raise NotFoundError
    hold_cases(referral_id)
    referral = county_queries.referral(referral_id, lock=True)
    offer = db.session.get(TransferOffer, offer_id, with_for_update=True)
    if referral is None or offer is None:
        raise NotFoundError
    return offer, referral


def _is_open_target(
    referral: Referral, catchment_id: uuid.UUID, *, birth_year: int, now: dt.datetime
) -> bool:
    today = clock.helsinki_day(now)
    target = municipality_queries.open_route(catchment_id, on=today)
    return (
        target is not None
        and target.kind_code == referral.kind_code
        and target.municipality_code != referral.municipality_code
        and target.takes_age(today.year - birth_year)
    )


def _goes_on_as(old: Referral, offer: TransferOffer, *, now: dt.datetime) -> Referral:
    """Write the county's record of the transferred referral: same content and consent, another recipient."""
    target = municipality_queries.catchment(offer.to_catchment_id)
    receiver = accounts.unit(target.unit_id) if target else None
    begins = REFERRAL_MOVES[MoveCode.R13].new_referral
    if target is None or receiver is None or begins is None:
        raise NotFoundError
    new_id = uuid.uuid4()
    content = county_queries.content_of(old)
    new = Referral(
        id=new_id,
        reference=county.new_reference(old.reference.rpartition("-")[0]),
        form_key=uuid.uuid4(),
        kind_code=old.kind_code,
        status=begins.status,
        origin=old.origin,
        municipality_code=target.municipality_code,
        catchment_id=target.id,
        sending_unit_id=old.sending_unit_id,
        sender_id=old.sender_id,
        entered_unit_id=old.entered_unit_id,
        priority=old.priority,
        age_group=old.age_group,
        # The client has waited since then, wherever.
        sent_at=old.sent_at,
        clock_from=old.clock_from,
        claim_due_on=old.claim_due_on,
        status_changed_at=now,
        sealed=contents.seal(content, new_id),
        person_index=old.person_index,
        language_code=language_code(content.language),
        protected=old.protected,
        practice=old.practice,
        counselling_started=False,
        stop_requested_at=old.stop_requested_at,
    )
    walls.begin_record(new_id)
    db.session.add(new)
    db.session.flush()
    db.session.add_all(
        [
            _consent_for(new, old.consent, recipient=receiver.name.get("fi", "")),
            ReferralHistory(
                referral_id=new_id, move=MoveCode.R13, from_status=None, to_status=new.status, at=now
            ),
        ]
    )
    db.session.flush()
    return new


def _consent_for(new: Referral, given: Consent, *, recipient: str) -> Consent:
    # Evidence is copied whole, whatever columns it comes to have; the client named no recipient of a transfer.
    kept = {
        column.key: getattr(given, column.key)
        for column in Consent.__mapper__.column_attrs
        if column.key not in {"id", "referral_id", "recipient"}
    }
    return Consent(**kept, referral_id=new.id, recipient=recipient)


def _count(old: Referral, new: Referral, *, now: dt.datetime) -> None:
    """Count the new record in, in its own municipality; the old one was counted out by its move."""
    begins = REFERRAL_MOVES[MoveCode.R13].new_referral
    if new.practice or begins is None:
        return
    known = dimensions_of(old.id) or Dimensions(
        kind_code=old.kind_code,
        municipality_code=old.municipality_code,
        service_area="",
        reasons=(),
        age_group=old.age_group,
        origin=old.origin.value,
    )
    record_event(
        begins.event,
        direction=begins.direction,
        dimensions=replace(known, municipality_code=new.municipality_code),
        referral_id=new.id,
        working_days=working_days_since_sent(new.clock_from, now=now),
        now=now,
    )
