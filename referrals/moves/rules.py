"""The checks on the table: what may be done, what is offered, why something is refused, what follows."""

from dataclasses import dataclass

from referrals.moves.needs import ASKED, CASE_CHECKS, REFERRAL_CHECKS, CaseFacts, Need, ReferralFacts
from referrals.moves.outcomes import check_outcome
from referrals.moves.refusals import MoveRefused, Refusal
from referrals.moves.rows import CaseEffect, CaseMove, ReferralMove
from referrals.moves.table import CASE_MOVES, REFERRAL_MOVES
from referrals.moves.vocabulary import (
    OPEN_CASE,
    CaseStatus,
    EventName,
    MoveCode,
    Outcome,
    ReferralStatus,
    Who,
)


def permitted_referral_moves(status: ReferralStatus | None, who: Who) -> tuple[ReferralMove, ...]:
    """Give the rows of the county's table for this status (None: the form) and role, in the table's order."""
    return tuple(row for row in REFERRAL_MOVES.values() if who in row.who and status in row.from_)


def permitted_case_moves(status: CaseStatus | None, who: Who) -> tuple[CaseMove, ...]:
    """Give the rows of the municipality's table for this status (None: no Case) and role, in its order."""
    return tuple(row for row in CASE_MOVES.values() if who in row.who and status in row.from_)


def offered_referral_moves(
    *, status: ReferralStatus | None, who: Who, facts: ReferralFacts
) -> tuple[ReferralMove, ...]:
    """Give the moves to show buttons for: permitted, and nothing missing but what their form asks for."""
    rows = permitted_referral_moves(status, who)
    return tuple(row for row in rows if ASKED.issuperset(_unmet_by_referral(row, who, facts)))


def offered_case_moves(*, status: CaseStatus | None, who: Who, facts: CaseFacts) -> tuple[CaseMove, ...]:
    """Give the moves to show buttons for: permitted, and nothing missing but what their form asks for."""
    rows = permitted_case_moves(status, who)
    return tuple(row for row in rows if ASKED.issuperset(_unmet_by_case(row, who, facts)))


def check_referral_move(
    code: MoveCode, *, status: ReferralStatus | None, who: Who, facts: ReferralFacts
) -> ReferralMove:
    """Give the row if the move is allowed now; raise MoveRefused if not, KeyError for a Case's code."""
    row = REFERRAL_MOVES[code]
    if who not in row.who:
        raise MoveRefused(code, Refusal.WRONG_WHO, facts)
    if status not in row.from_:
        raise MoveRefused(code, Refusal.WRONG_STATUS, facts)
    if unmet := _unmet_by_referral(row, who, facts):
        raise MoveRefused(code, Refusal.NEED_NOT_MET, facts, needs=unmet)
    return row


def check_case_move(code: MoveCode, *, status: CaseStatus | None, who: Who, facts: CaseFacts) -> CaseMove:
    """Give the row if the move is allowed now; raise MoveRefused if not, KeyError for a referral's code.

    Closing (C7) also checks the outcome, against the facts' attempts and allowed channels, and raises
    OutcomeRefused (a MoveRefused).
    """
    row = CASE_MOVES[code]
    if who not in row.who:
        raise MoveRefused(code, Refusal.WRONG_WHO, facts)
    if status not in row.from_:
        raise MoveRefused(code, Refusal.WRONG_STATUS, facts)
    if unmet := _unmet_by_case(row, who, facts):
        raise MoveRefused(code, Refusal.NEED_NOT_MET, facts, needs=unmet)
    if code is MoveCode.C7 and status is not None and facts.outcome is not None:
        check_outcome(
            facts.outcome,
            status=status,
            was_active=facts.ever_active,
            attempts=facts.attempts,
            allowed_channels=facts.allowed_channels,
            today=facts.today,
        )
    return row


@dataclass(frozen=True, kw_only=True)
class CaseStep:
    """What a referral's move makes of its Case: for C1 a new one, else a new status of the present one."""

    move: CaseMove
    status: CaseStatus
    outcome: Outcome | None


def case_step(effect: CaseEffect | None, *, status: CaseStatus | None) -> CaseStep | None:
    """Give what the effect of a referral's move does to its latest Case; None if there is nothing to do.

    The referral's move has been checked, whoever made it, so the Case's table is asked for the status alone:
    C7 passes by a Case that is closed or was never made, C9 one that is already entered in error.
    """
    if effect is None:
        return None
    move = CASE_MOVES[effect.move]
    before = None if effect.move is MoveCode.C1 else status
    if before not in move.from_:
        return None
    return CaseStep(move=move, status=move.target(before, ever_active=False), outcome=effect.outcome)


def referral_step(move: CaseMove) -> ReferralMove | None:
    """Give the county's move that a Case's move brings about (C7 → R15, C8 → R16), or None."""
    return None if move.brings is None else REFERRAL_MOVES[move.brings]


def case_events(move: CaseMove, facts: CaseFacts) -> tuple[EventName, ...]:
    """Give the events that a Case's move records: each once a Case, a first contact only if there was one."""
    due = {
        EventName.FIRST_CONTACT: first_contact_due(
            reached=facts.reached or facts.counselling_held, recorded=facts.first_contact_recorded
        ),
        EventName.STARTED: not facts.ever_active,
    }
    return tuple(event for event in move.events if due[event])


def first_contact_due(*, reached: bool, recorded: bool) -> bool:
    """Tell whether an attempt (or a move that is one) is the first in which the client was reached."""
    return reached and not recorded


def may_begin_case(case_statuses: tuple[CaseStatus, ...]) -> bool:
    """Tell whether a referral with Cases in these statuses may get another: at most one is ever open."""
    return OPEN_CASE.isdisjoint(case_statuses)


def _unmet_by_referral(row: ReferralMove, who: Who, facts: ReferralFacts) -> tuple[Need, ...]:
    return tuple(
        need
        for need in row.needs
        if not (
            facts.with_move in row.with_moves
            if need is Need.OTHER_RECORD_MOVES
            else REFERRAL_CHECKS[need](who, facts)
        )
    )


def _unmet_by_case(row: CaseMove, who: Who, facts: CaseFacts) -> tuple[Need, ...]:
    return tuple(
        need
        for need in row.needs
        if not (
            facts.with_move in row.with_moves
            if need is Need.OTHER_RECORD_MOVES
            else CASE_CHECKS[need](who, facts)
        )
    )
