"""With which outcome a Case may be closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from referrals.moves import (
    OPEN_CASE,
    SYSTEM_OUTCOMES,
    AttemptFact,
    CaseStatus,
    ContactChannel,
    MoveCode,
    Outcome,
    OutcomeRefusal,
    OutcomeRefused,
    Refusal,
    Who,
    allowed_outcomes,
    check_case_move,
    check_outcome,
    not_reached_gap,
)
from tests.referrals.specification import ENOUGH_FOR_CASE, TODAY

PHONE, LETTER = ContactChannel.PHONE, ContactChannel.LETTER


def tried(
    *days_ago: int, channel: ContactChannel | None = PHONE, reached: bool = False
) -> tuple[AttemptFact, ...]:
    return tuple(
        AttemptFact(day=TODAY - timedelta(days=days), channel=channel, reached=reached) for days in days_ago
    )


ENOUGH_TRIED = tried(10, 4, 0)


def why_not(outcome: Outcome, **changes: Any) -> OutcomeRefusal | None:
    facts: dict[str, Any] = {
        "status": CaseStatus.CONTACTING,
        "was_active": False,
        "attempts": ENOUGH_TRIED,
        "allowed_channels": {PHONE},
        "today": TODAY,
    }
    try:
        check_outcome(outcome, **facts | changes)
    except OutcomeRefused as refused:
        return refused.why
    return None


@pytest.mark.parametrize("outcome", sorted(SYSTEM_OUTCOMES))
@pytest.mark.parametrize("status", sorted(OPEN_CASE))
def test_nobody_chooses_an_outcome_of_the_system(outcome: Outcome, status: CaseStatus):
    assert why_not(outcome, status=status, was_active=True) is OutcomeRefusal.SYSTEM_ONLY


@pytest.mark.parametrize("status", sorted(OPEN_CASE))
def test_completed_needs_running_counselling(status: CaseStatus):
    expected = None if status is CaseStatus.ACTIVE else OutcomeRefusal.NOT_ACTIVE
    assert why_not(Outcome.COMPLETED, status=status, was_active=True) is expected


@pytest.mark.parametrize("status", sorted(OPEN_CASE))
def test_interrupted_needs_that_counselling_had_started(status: CaseStatus):
    assert why_not(Outcome.INTERRUPTED, status=status, was_active=True) is None
    assert why_not(Outcome.INTERRUPTED, status=status) is OutcomeRefusal.NEVER_ACTIVE


@pytest.mark.parametrize("status", [CaseStatus.SCHEDULED, CaseStatus.ACTIVE])
def test_not_reached_is_no_outcome_of_a_client_with_an_appointment(status: CaseStatus):
    assert why_not(Outcome.NOT_REACHED, status=status) is OutcomeRefusal.NOT_FROM_THIS_STATUS


@pytest.mark.parametrize(
    "outcome",
    sorted(set(Outcome) - SYSTEM_OUTCOMES - {Outcome.COMPLETED, Outcome.INTERRUPTED, Outcome.NOT_REACHED}),
)
@pytest.mark.parametrize("status", sorted(OPEN_CASE))
def test_the_other_outcomes_fit_any_open_case(outcome: Outcome, status: CaseStatus):
    assert why_not(outcome, status=status, attempts=()) is None


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("status", sorted(set(CaseStatus) - OPEN_CASE))
def test_a_case_that_is_not_open_is_not_closed(outcome: Outcome, status: CaseStatus):
    assert why_not(outcome, status=status, was_active=True) is OutcomeRefusal.NOT_OPEN


@pytest.mark.parametrize("status", [CaseStatus.CONTACTING, CaseStatus.WAITING])
def test_not_reached_after_three_attempts_on_two_days_over_ten_days(status: CaseStatus):
    assert why_not(Outcome.NOT_REACHED, status=status) is None
    assert why_not(Outcome.NOT_REACHED, status=status, attempts=tried(10, 10, 9)) is None


@pytest.mark.parametrize(
    ("attempts", "allowed"),
    [
        ((), {PHONE}),
        (tried(10, 4), {PHONE}),
        (tried(12, 12, 12), {PHONE}),
        (tried(9, 4, 0), {PHONE}),
        (ENOUGH_TRIED, {PHONE, LETTER}),
        (tried(10, 4, 0, channel=None), {PHONE}),
        (tried(30, 20, 15) + tried(12, reached=True) + tried(11, 3), {PHONE}),
    ],
    ids=["none", "two", "one day", "nine days", "no letter", "missed times only", "answered in between"],
)
def test_not_reached_is_refused_while_something_is_untried(
    attempts: tuple[AttemptFact, ...], allowed: set[ContactChannel]
):
    assert (
        why_not(Outcome.NOT_REACHED, attempts=attempts, allowed_channels=allowed)
        is OutcomeRefusal.NOT_TRIED_ENOUGH
    )


def test_the_gap_says_what_is_still_to_be_done():
    gap = not_reached_gap(tried(3), allowed_channels={PHONE, LETTER}, today=TODAY)
    assert (gap.attempts, gap.days) == (2, 1)
    assert gap.not_before == TODAY + timedelta(days=7)
    assert gap.channels == {LETTER}
    assert gap
    assert not not_reached_gap(ENOUGH_TRIED, allowed_channels={PHONE}, today=TODAY)


def test_closing_checks_the_outcome():
    facts = replace(ENOUGH_FOR_CASE, outcome=Outcome.NOT_REACHED, allowed_channels=frozenset({PHONE}))
    with pytest.raises(OutcomeRefused) as refused:
        check_case_move(MoveCode.C7, status=CaseStatus.CONTACTING, who=Who.ADVISER, facts=facts)
    assert refused.value.reason is Refusal.OUTCOME_NOT_ALLOWED
    assert refused.value.gap is not None
    tried_enough = replace(facts, attempts=ENOUGH_TRIED)
    check_case_move(MoveCode.C7, status=CaseStatus.CONTACTING, who=Who.ADVISER, facts=tried_enough)


def test_only_outcomes_that_would_pass_are_offered():
    offered = allowed_outcomes(
        status=CaseStatus.SCHEDULED, was_active=False, attempts=(), allowed_channels={PHONE}, today=TODAY
    )
    assert set(Outcome) - set(offered) == SYSTEM_OUTCOMES | {
        Outcome.COMPLETED,
        Outcome.NOT_REACHED,
        Outcome.INTERRUPTED,
    }
