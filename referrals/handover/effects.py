"""What a move of the referral does to its case and to the copies of its content."""

import datetime as dt
import uuid

from referrals.moves import (
    ReferralMove,
    case_step,
)
from referrals.municipality import operations as municipality
from referrals.municipality.models import Case
from servicetray.accounts.queries import User


def close_with(
    move: ReferralMove, case: Case | None, *, actor: User | None, now: dt.datetime, reason: str | None = None
) -> None:
    """Close the open case with the outcome that a move of its referral brings."""
    if case is None:
        return
    step = case_step(move.case_effect, status=case.status)
    if step is None or step.outcome is None:
        return
    municipality.apply(case, step.move, to=step.status, actor=actor, now=now, reason=reason)
    municipality.close(case, outcome=step.outcome, now=now)


def forget_copies(
    move: ReferralMove, referral_id: uuid.UUID, *, now: dt.datetime, withdrawn_at: dt.datetime | None = None
) -> None:
    if move.retention.copy_days is not None:
        municipality.forget_copies(
            referral_id,
            erase_after=now + dt.timedelta(days=move.retention.copy_days),
            withdrawn_at=withdrawn_at,
        )
