"""By when a referral is to be claimed and its client first tried: targets in Finnish working days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from referrals.moves.vocabulary import Priority
from servicetray.core import clock

PAUSE_LIMIT: Final = 10
"""Working days by which questions to the sender (C11) can move the targets, taken together."""


class TargetSettings(Protocol):
    """The part of the settings that names the targets, in working days."""

    @property
    def claim_days(self) -> int:
        """From sent to accepted."""

    @property
    def contact_days(self) -> int:
        """From sent to the first attempt."""

    @property
    def soon_days(self) -> int:
        """Both of them, where the sender asked for soon."""


@dataclass(frozen=True, kw_only=True)
class TargetDays:
    """The targets in working days from the start of the clock."""

    claim: int = 5
    contact: int = 10
    soon: int = 3

    def of(self, priority: Priority) -> tuple[int, int]:
        """Give the targets (to claim, to the first attempt); "soon" shortens both, never lengthens one."""
        if priority is Priority.SOON:
            return min(self.claim, self.soon), min(self.contact, self.soon)
        return self.claim, self.contact


@dataclass(frozen=True, kw_only=True)
class Due:
    """The last Helsinki days on which the targets are still met."""

    starts_on: date
    """The day that the clock counts from: the day of sending, or the last one away."""
    claim_by: date
    contact_by: date


def target_days(settings: TargetSettings) -> TargetDays:
    """Read the targets from the settings."""
    return TargetDays(claim=settings.claim_days, contact=settings.contact_days, soon=settings.soon_days)


def due(
    sent_at: datetime,
    *,
    days: TargetDays,
    priority: Priority = Priority.NORMAL,
    absence_until: date | None = None,
    paused_days: int = 0,
) -> Due:
    """Give the days by which a referral is to be claimed and its client first tried.

    Args:
        sent_at: when the clock started: the latest `sent` or `resent`.
        days: the targets.
        priority: what the sender asked for.
        absence_until: the last day of an absence without substitute that covers the day of sending: the clock
            counts from it, so an absence until Sunday 3.8. is the same as a referral sent on that Sunday.
        paused_days: working days during which a question to the sender was open, at most 10 of them count.
    """
    sent_on = clock.helsinki_day(sent_at)
    starts_on = max(sent_on, absence_until or sent_on)
    pause = min(max(paused_days, 0), PAUSE_LIMIT)
    claim, contact = days.of(priority)
    return Due(
        starts_on=starts_on,
        claim_by=clock.add_working_days(starts_on, claim + pause),
        contact_by=clock.add_working_days(starts_on, contact + pause),
    )


def days_late(by: date, today: date) -> int:
    """Give how many working days `today` is past the day `by`; 0 while the target can be met."""
    return clock.working_days_between(by, today)
