"""The sender asks the adviser to stop (R8): a wish, which the adviser answers by closing the case (C7)."""

import datetime as dt

from referrals import notifications
from referrals.county import operations as county
from referrals.county.models import Referral
from referrals.moves import MoveCode, ReferralFacts, Who, check_referral_move, permitted_referral_moves
from referrals.municipality import queries as municipality_queries
from servicetray.accounts.queries import User
from servicetray.core.db import db


def request_stop(referral: Referral, *, actor: User, now: dt.datetime) -> None:
    """Ask for the end of what was begun (R8); asking again changes nothing.

    The caller holds the cases and the referral (``hold_cases``).

    Raises:
        MoveRefused: if no municipality is working on it.
    """
    facts = ReferralFacts()
    check_referral_move(MoveCode.R8, status=referral.status, who=Who.SENDER, facts=facts)
    if referral.stop_requested_at is not None:
        return
    case = municipality_queries.open_case_of(referral.id, lock=True)
    referral.stop_requested_at = now
    county.move_referral(referral, MoveCode.R8, who=Who.SENDER, facts=facts, actor=actor, now=now)
    if case is None:
        return
    case.stop_requested_at = now
    place = municipality_queries.catchment(case.catchment_id)
    notifications.tell_stop_requested(
        referral,
        unit_id=place.unit_id if place else None,
        handler_id=case.handler_id,
        case_id=case.id,
        now=now,
    )
    db.session.flush()


def may_request_stop(referral: Referral) -> bool:
    """Whether to offer the sender to ask for the end (R8): the work goes on, and nobody has asked yet."""
    rows = permitted_referral_moves(referral.status, Who.SENDER)
    return (
        referral.stop_requested_at is None
        and referral.consent.withdrawn_at is None
        and any(row.code is MoveCode.R8 for row in rows)
    )
