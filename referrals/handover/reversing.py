"""Reversing an acceptance that was a slip (R10): the referral waits again as if nobody had claimed it."""

import datetime as dt

from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.moves import (
    OPEN_CASE,
    MoveCode,
    ReferralFacts,
    ReferralStatus,
    Who,
    case_step,
    offered_referral_moves,
)
from referrals.municipality import erasing
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.errors import NotFoundError


def reverse_acceptance(case: Case, *, who: Who, actor: User, now: dt.datetime) -> None:
    """Put a referral back among those that wait (R10); its case is entered in error (C9) and its copy erased.

    The clock goes on from where it was. The copy goes at once: nobody may read it any more, and who accepts
    next gets one of their own.

    Raises:
        MoveRefused: after one working day, or once anybody has tried to reach the client.
    """
    referral = county_queries.referral(case.referral_id, lock=True)
    if referral is None:
        raise NotFoundError
    move = county.move_referral(
        referral, MoveCode.R10, who=who, facts=_facts(case, now=now), actor=actor, now=now
    )
    step = case_step(move.case_effect, status=case.status)
    if step is not None:
        municipality.apply(case, step.move, to=step.status, actor=actor, now=now)
        municipality.void(case, now=now)
        erasing.erase([case], now=now)


def may_be_reversed(case: Case, *, who: Who, now: dt.datetime) -> bool:
    """Whether the table offers to reverse the acceptance of a case (R10)."""
    if case.status not in OPEN_CASE:
        return False
    rows = offered_referral_moves(status=ReferralStatus.ACCEPTED, who=who, facts=_facts(case, now=now))
    return any(row.code is MoveCode.R10 for row in rows)


def _facts(case: Case, *, now: dt.datetime) -> ReferralFacts:
    attempts = len(municipality_queries.attempts_of(case.id))
    # Counselling that was held without a call before it is an attempt all the same.
    met = case.first_attempt_at is not None or case.first_contact_at is not None
    return ReferralFacts(
        consent=case.withdrawn_at is None,
        has_open_case=True,
        attempts=max(attempts, int(met)),
        working_days_since_accepted=clock.working_days_between(
            clock.helsinki_day(case.accepted_at), clock.helsinki_day(now)
        ),
    )
