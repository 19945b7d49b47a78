"""How the rules say no: with facts, not sentences."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from referrals.moves.needs import AttemptFact, CaseFacts, Need, ReferralFacts
from referrals.moves.vocabulary import CaseStatus, ContactChannel, MoveCode, Outcome
from servicetray.core.errors import DomainError


class Refusal(StrEnum):
    """Why a move is refused; the first that holds, in this order."""

    WRONG_WHO = "wrong_who"
    WRONG_STATUS = "wrong_status"
    NEED_NOT_MET = "need_not_met"
    OUTCOME_NOT_ALLOWED = "outcome_not_allowed"


class OutcomeRefusal(StrEnum):
    """Why a Case can't be closed with an outcome."""

    NOT_OPEN = "not_open"
    SYSTEM_ONLY = "system_only"
    NOT_ACTIVE = "not_active"
    NEVER_ACTIVE = "never_active"
    NOT_FROM_THIS_STATUS = "not_from_this_status"
    NOT_TRIED_ENOUGH = "not_tried_enough"


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """What an outcome was checked against."""

    status: CaseStatus
    was_active: bool
    attempts: tuple[AttemptFact, ...]
    allowed_channels: frozenset[ContactChannel]
    today: date


@dataclass(frozen=True, kw_only=True)
class NotReachedGap:
    """What is still to be done before a client counts as not reached; falsy when nothing is."""

    attempts: int
    """How many attempts more."""
    days: int
    """On how many other days more."""
    not_before: date | None
    """The first day on which enough time has passed; None if it has, or if nobody has tried yet."""
    channels: frozenset[ContactChannel]
    """Allowed channels that nobody has tried."""

    def __bool__(self) -> bool:
        """Tell whether anything is missing."""
        return bool(self.attempts or self.days or self.not_before or self.channels)


class MoveRefused(DomainError):  # noqa: N818 - a refusal is an answer, not a fault
    """A move that the table does not allow.

    Attributes:
        code: the move that was tried.
        reason: the kind of refusal.
        facts: what the move was checked against.
        needs: the unmet needs, in the table's order; empty unless `reason` is NEED_NOT_MET.
    """

    def __init__(
        self,
        code: MoveCode,
        reason: Refusal,
        facts: ReferralFacts | CaseFacts | OutcomeFacts,
        *,
        needs: tuple[Need, ...] = (),
    ) -> None:
        """Keep the facts; views put them into words."""
        # The facts stay out of the message: messages end up in logs.
        super().__init__(f"{code}: {reason}" + (f" ({', '.join(needs)})" if needs else ""))
        self.code = code
        self.reason = reason
        self.facts = facts
        self.needs = needs


class OutcomeRefused(MoveRefused):
    """An outcome that a Case can't be closed with.

    Attributes:
        outcome: the outcome that was tried.
        why: what speaks against it.
        gap: what is missing before the client counts as not reached; None unless `why` is NOT_TRIED_ENOUGH.
    """

    def __init__(
        self,
        outcome: Outcome,
        why: OutcomeRefusal,
        facts: OutcomeFacts,
        *,
        gap: NotReachedGap | None = None,
    ) -> None:
        """Keep the facts; views put them into words."""
        super().__init__(MoveCode.C7, Refusal.OUTCOME_NOT_ALLOWED, facts)
        self.outcome = outcome
        self.why = why
        self.gap = gap
