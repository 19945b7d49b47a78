"""Which outcome a Case may be closed with."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Final

from referrals.moves.needs import AttemptFact
from referrals.moves.refusals import NotReachedGap, OutcomeFacts, OutcomeRefusal, OutcomeRefused
from referrals.moves.vocabulary import (
    OPEN_CASE,
    SYSTEM_OUTCOMES,
    CaseStatus,
    ContactChannel,
    Outcome,
)

NOT_REACHED_ATTEMPTS: Final = 3
NOT_REACHED_DAYS: Final = 2
NOT_REACHED_SPAN: Final = timedelta(days=10)


def not_reached_gap(
    attempts: Sequence[AttemptFact], *, allowed_channels: AbstractSet[ContactChannel], today: date
) -> NotReachedGap:
    """Tell what is missing before the client counts as not reached.

    Asked for are 3 attempts on 2 days, every allowed channel tried, and 10 days from the first attempt to
    today (not to the last attempt: a letter is an attempt that is then waited for). A client who answers once
    starts the count anew; attempts are taken in the order given.
    """
    failed: list[AttemptFact] = []
    for attempt in attempts:
        failed = [] if attempt.reached else [*failed, attempt]
    days = {attempt.day for attempt in failed}
    enough_time = min(days) + NOT_REACHED_SPAN if days else None
    return NotReachedGap(
        attempts=max(0, NOT_REACHED_ATTEMPTS - len(failed)),
        days=max(0, NOT_REACHED_DAYS - len(days)),
        not_before=enough_time if enough_time and enough_time > today else None,
        channels=frozenset(allowed_channels) - {attempt.channel for attempt in failed},
    )


def check_outcome(
    outcome: Outcome,
    *,
    status: CaseStatus,
    was_active: bool,
    attempts: Sequence[AttemptFact],
    allowed_channels: AbstractSet[ContactChannel],
    today: date,
) -> None:
    """Raise OutcomeRefused unless an adviser may close a Case with the outcome.

    `was_active` tells whether counselling has ever started; `today` is a Helsinki day.
    """
    why: OutcomeRefusal | None = None
    gap: NotReachedGap | None = None
    if status not in OPEN_CASE:
        why = OutcomeRefusal.NOT_OPEN
    elif outcome in SYSTEM_OUTCOMES:
        why = OutcomeRefusal.SYSTEM_ONLY
    elif outcome is Outcome.COMPLETED and status is not CaseStatus.ACTIVE:
        why = OutcomeRefusal.NOT_ACTIVE
    elif outcome is Outcome.INTERRUPTED and not was_active:
        why = OutcomeRefusal.NEVER_ACTIVE
    elif outcome is Outcome.NOT_REACHED:
        if status not in {CaseStatus.CONTACTING, CaseStatus.WAITING}:
            why = OutcomeRefusal.NOT_FROM_THIS_STATUS
        elif gap := not_reached_gap(attempts, allowed_channels=allowed_channels, today=today):
            why = OutcomeRefusal.NOT_TRIED_ENOUGH
    if why is not None:
        facts = OutcomeFacts(
            status=status,
            was_active=was_active,
            attempts=tuple(attempts),
            allowed_channels=frozenset(allowed_channels),
            today=today,
        )
        raise OutcomeRefused(outcome, why, facts, gap=gap)


def allowed_outcomes(
    *,
    status: CaseStatus,
    was_active: bool,
    attempts: Sequence[AttemptFact],
    allowed_channels: AbstractSet[ContactChannel],
    today: date,
) -> tuple[Outcome, ...]:
    """Give the outcomes that an adviser may choose from now, in the order of the enum."""

    def allowed(outcome: Outcome) -> bool:
        try:
            check_outcome(
                outcome,
                status=status,
                was_active=was_active,
                attempts=attempts,
                allowed_channels=allowed_channels,
                today=today,
            )
        except OutcomeRefused:
            return False
        return True

    return tuple(filter(allowed, Outcome))
