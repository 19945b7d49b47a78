"""Returning a referral to its sender (R3), from the inbox or from the page of its case."""

import datetime as dt
from enum import StrEnum

from referrals import notifications
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.models import Referral
from referrals.handover.effects import close_with, forget_copies
from referrals.moves import (
    OPEN_CASE,
    MoveCode,
    ReferralFacts,
    ReferralStatus,
    Who,
    offered_referral_moves,
)
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.core.errors import NotFoundError


class ReturnReason(StrEnum):
    """Why a referral goes back to its sender (R3): administrative, about the form and not the client."""

    WRONG_MUNICIPALITY = "wrong_municipality"
    CONTACT_DETAILS_MISSING = "contact_details_missing"
    WRONG_KIND = "wrong_kind"
    DUPLICATE = "duplicate"
    NOT_IN_TARGET_GROUP = "not_in_target_group"


def give_back(referral: Referral, *, reason: str, who: Who, actor: User, now: dt.datetime) -> None:
    """Return a referral to its sender with an administrative reason (R3); an open case closes `returned`.

    A paper's sender has no account: the unit that entered it is told, where another one returns it.

    Raises:
        MoveRefused: if the client has been reached, no reason is given, or nobody would hear of it: a resident's
            own request has no sender.
    """
    case = municipality_queries.open_case_of(referral.id)
    facts = ReferralFacts(
        reason_given=bool(reason),
        consent=True,
        has_open_case=case is not None,
        client_reached=case is not None and case.first_contact_at is not None,
        sender=referral.sender_kind,
    )
    move = county.move_referral(
        referral, MoveCode.R3, who=who, facts=facts, actor=actor, reason=reason, now=now
    )
    close_with(move, case, actor=actor, now=now, reason=reason)
    forget_copies(move, referral.id, now=now)
    place = municipality_queries.catchment(referral.catchment_id)
    if place is None or place.unit_id != referral.entered_unit_id:
        notifications.tell_unit_of_returned_paper(referral, now=now)


def give_back_case(case: Case, *, reason: str, who: Who, actor: User, now: dt.datetime) -> None:
    """Return the referral that an open case was made from (R3); the case closes `returned` and is hidden.

    Raises:
        MoveRefused: if the client has been reached, or no reason is given.
    """
    referral = county_queries.referral(case.referral_id, lock=True)
    if referral is None:
        raise NotFoundError
    give_back(referral, reason=reason, who=who, actor=actor, now=now)


def may_be_given_back(case: Case, *, who: Who) -> bool:
    """Whether the table offers to return the referral of a case (R3): open, and the client not reached."""
    facts = ReferralFacts(
        has_open_case=True, client_reached=case.first_contact_at is not None, sender=case.sender_kind
    )
    if case.status not in OPEN_CASE:
        return False
    rows = offered_referral_moves(status=ReferralStatus.ACCEPTED, who=who, facts=facts)
    return any(row.code is MoveCode.R3 for row in rows)
