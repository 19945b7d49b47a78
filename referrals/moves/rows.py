"""What a row of the table of moves is made of."""

from dataclasses import dataclass, field

from referrals.moves.needs import Need
from referrals.moves.vocabulary import (
    STOCK,
    CaseStatus,
    ClockEffect,
    ConsentEffect,
    EventDirection,
    EventName,
    MoveCode,
    Outcome,
    ReferralStatus,
    Side,
    SideEffect,
    Who,
)


@dataclass(frozen=True, kw_only=True)
class CaseEffect:
    """What a referral's move does to its Case, in the same transaction and whoever makes it."""

    move: MoveCode
    outcome: Outcome | None = None
    """The outcome that the Case is closed with (C7)."""


@dataclass(frozen=True, kw_only=True)
class NewReferral:
    """The record that an accepted transfer begins in the target municipality."""

    status: ReferralStatus
    event: EventName
    direction: EventDirection
    case_effect: CaseEffect


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What a move does to content: hidden now, erased later. Audit, consent row and event stay."""

    hidden_from: tuple[Side, ...] = ()
    content_days: int | None = None
    """Days until the county's content is erased."""
    copy_days: int | None = None
    """Days until the municipality's copy is erased."""
    awaits_release: bool = False
    """Content is erased once both data protection officers release it."""
    term_starts: bool = False
    """The ordinary term runs from the last follow-up."""
    stops: bool = False
    """Ends a term or an erasure that was running."""


@dataclass(frozen=True, kw_only=True)
class ReferralMove:
    """A row of the county's table. `None` among `from_` is the form; `to=None` leaves the status as it is."""

    code: MoveCode
    who: tuple[Who, ...]
    from_: tuple[ReferralStatus | None, ...]
    to: ReferralStatus | None = None
    needs: tuple[Need, ...] = ()
    case_effect: CaseEffect | None = None
    new_referral: NewReferral | None = None
    consent: ConsentEffect = ConsentEffect.NONE
    event: EventName | None = None
    direction: EventDirection = EventDirection.NONE
    clock: ClockEffect = ClockEffect.NONE
    retention: Retention = field(default_factory=Retention)
    side_effects: tuple[SideEffect, ...] = ()
    with_moves: tuple[MoveCode, ...] = ()
    """The Case's moves that bring this one about; it doesn't happen by itself."""

    def target(self, status: ReferralStatus | None) -> ReferralStatus:
        """Give the status after the move; raise ValueError if there is none (a row without a record)."""
        target = self.to or status
        if target is None:
            message = f"{self.code} leaves the status as it is, and there is none"
            raise ValueError(message)
        return target

    def direction_from(self, status: ReferralStatus | None) -> EventDirection:
        """Tell what the event does to the stock: what is not in stock can't leave it."""
        if self.direction is EventDirection.OUT and status not in STOCK:
            return EventDirection.NONE
        return self.direction


@dataclass(frozen=True, kw_only=True)
class CaseMove:
    """A row of the municipality's table. `None` among `from_` is "no Case"; `to=None` leaves the status."""

    code: MoveCode
    who: tuple[Who, ...]
    from_: tuple[CaseStatus | None, ...]
    to: CaseStatus | None = None
    to_if_ever_active: CaseStatus | None = None
    """Where the move leads instead, once counselling has started."""
    needs: tuple[Need, ...] = ()
    events: tuple[EventName, ...] = ()
    """Each is recorded once a Case, however often the move is made."""
    clock: ClockEffect = ClockEffect.NONE
    brings: MoveCode | None = None
    """The county's move in the same transaction."""
    with_moves: tuple[MoveCode, ...] = ()
    """The referral's moves that bring this one about; it doesn't happen by itself."""

    def target(self, status: CaseStatus | None, *, ever_active: bool) -> CaseStatus:
        """Give the status after the move; raise ValueError if there is none (no Case yet)."""
        target = (self.to_if_ever_active if ever_active else None) or self.to or status
        if target is None:
            message = f"{self.code} leaves the status as it is, and there is none"
            raise ValueError(message)
        return target
