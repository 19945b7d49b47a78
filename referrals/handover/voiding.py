"""A referral that should never have been (R11): hidden everywhere at once, erased when both sides agree.

What went to the wrong person or place is a breach of personal data, whose record begins in the same
transaction. Content is erased only when the data protection officers of the county and of the municipality
have released it: until then it is evidence of what happened.
"""

import datetime as dt

from referrals import notifications
from referrals.breaches import operations as breaches
from referrals.breaches import queries as breach_queries
from referrals.breaches.models import Breach
from referrals.county import operations as county
from referrals.county.models import Referral
from referrals.moves import (
    BREACH_REASONS,
    OPEN_CASE,
    STOCK,
    MoveCode,
    ReferralFacts,
    ReferralStatus,
    Side,
    VoidReason,
    Who,
    case_step,
    offered_referral_moves,
)
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from servicetray.accounts.queries import User
from servicetray.core.db import db
from servicetray.core.errors import ConflictError


class NotVoidedError(ConflictError):
    """Only the content of what was entered in error is released by its officers."""


def void(
    referral: Referral,
    *,
    reason: VoidReason,
    who: Who,
    actor: User,
    now: dt.datetime,
    elsewhere: bool = False,
) -> Breach | None:
    """Mark a referral and all its cases as entered in error (R11, C9); return the breach that this opens.

    The caller holds the cases and the referral (``hold_cases``). ``elsewhere``: the mistake was found in another
    record of the same client (``going_on.void_along``), so the municipality of this one has to be told.

    Raises:
        MoveRefused: if it has been voided already, or the actor is neither its sender nor a lead.
    """
    cases = municipality_queries.cases_of(referral.id, lock=True)
    went_on = referral.status is ReferralStatus.TRANSFERRED
    dealt_with = referral.status in STOCK or went_on
    move = county.move_referral(
        referral,
        MoveCode.R11,
        who=who,
        facts=ReferralFacts(reason_given=True),
        actor=actor,
        reason=reason.value,
        now=now,
    )
    handler_id = None
    for case in cases:
        step = case_step(move.case_effect, status=case.status)
        if step is None:
            continue
        if case.status in OPEN_CASE or elsewhere or went_on:
            handler_id = case.handler_id
        municipality.apply(case, step.move, to=step.status, actor=actor, now=now, reason=reason.value)
        municipality.void(case, now=now)
        if case.withdrawn_at is None:
            # As on the county's side: only what a client was promised goes before both have released it.
            case.erase_after = None
    if elsewhere or (dealt_with and who is Who.SENDER):
        place = municipality_queries.catchment(referral.catchment_id)
        notifications.tell_receiver_voided(
            referral, unit_id=place.unit_id if place else None, handler_id=handler_id, now=now
        )
    db.session.flush()
    if reason not in BREACH_REASONS:
        return None
    return breaches.open_breach(referral, reason=reason, actor=actor, now=now)


def may_be_voided(referral: Referral, *, who: Who) -> bool:
    """Whether the table offers to void a referral (R11)."""
    rows = offered_referral_moves(status=referral.status, who=who, facts=ReferralFacts())
    return any(row.code is MoveCode.R11 for row in rows)


def release_erasure(referral: Referral, *, side: Side, actor: User, now: dt.datetime) -> bool:
    """Release the content of a voided referral for one side; return whether both have, so that it goes.

    Raises:
        NotVoidedError: if it was not entered in error.
        WrongOfficerError: if the actor is not the data protection officer of that side.
    """
    if referral.status is not ReferralStatus.ENTERED_IN_ERROR:
        raise NotVoidedError
    breaches.release(referral, side=side, actor=actor, now=now)
    if set(breach_queries.releases_of(referral.id)) != set(Side):
        return False
    referral.erase_after = min(now, referral.erase_after or now)
    municipality.forget_copies(referral.id, erase_after=now)
    return True
