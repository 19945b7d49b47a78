"""Opening a closed case again (C8), and its referral with it (R16)."""

import datetime as dt
from dataclasses import replace

from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.moves import (
    CaseStatus,
    MoveCode,
    ReferralFacts,
    Who,
    offered_case_moves,
    referral_step,
)
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.errors import NotFoundError


def reopen(case: Case, *, reason: str, who: Who, actor: User, now: dt.datetime) -> None:
    """Open a closed case again (C8) within 30 days; it stays with its adviser, or goes to who opens it.

    The referral is open with it (R16): its outcome is no longer told, and no term runs.

    Raises:
        MoveRefused: if it is too late, no reason is given, or it ended in a way that is final.
    """
    facts = replace(municipality.facts_of(case, actor=actor, now=now), reason_given=bool(reason.strip()))
    move = municipality.move_case(
        case, MoveCode.C8, who=who, facts=facts, actor=actor, now=now, reason=reason
    )
    municipality.reopen(case, handler=_handler(case, actor=actor, now=now), now=now)
    step = referral_step(move)
    referral = county_queries.referral(case.referral_id, lock=True)
    if step is None or referral is None:
        raise NotFoundError
    referral.outcome = referral.stop_requested_at = None
    county.move_referral(
        referral,
        step.code,
        who=Who.SYSTEM,
        facts=ReferralFacts(with_move=move.code, consent=True, has_open_case=True),
        actor=actor,
        now=now,
    )


def may_be_reopened(case: Case, *, who: Who, actor: User, now: dt.datetime) -> bool:
    """Whether the table offers to open a case again (C8): its reason is asked for."""
    if case.status is not CaseStatus.CLOSED:
        return False
    rows = offered_case_moves(
        status=case.status, who=who, facts=municipality.facts_of(case, actor=actor, now=now)
    )
    return any(row.code is MoveCode.C8 for row in rows)


def _handler(case: Case, *, actor: User, now: dt.datetime) -> User:
    before = accounts.user(case.handler_id) if case.handler_id else None
    today = clock.helsinki_day(now)
    if (
        before is not None
        and before.active
        and municipality_queries.works_in(before, case.catchment_id, on=today)
    ):
        return before
    return actor
