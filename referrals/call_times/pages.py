"""What the pages of the call times show."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import ClassVar

from referrals.call_times.forms import TimeOffForm, TimesForm
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who has a time, where the reader may open their referral or case."""

    reference: str
    url: str


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """One time of the week."""

    day: dt.date
    hours: str
    form: Text
    place: str
    adviser: str
    holders: tuple[Holder, ...]
    taken: int
    capacity: int
    free: int
    offered: bool
    past: bool


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One day of the week."""

    day: dt.date
    times: tuple[TimeRow, ...]
    taken: int
    free: int
    close: Text | None
    """What the button says that takes the day off, or None where there is nothing to take."""


@dataclass(frozen=True, kw_only=True)
class PatternRow:
    """One weekly pattern, or extra times."""

    id: uuid.UUID
    when: str
    hours: str
    details: tuple[Text, ...]
    until: dt.date | None
    since: dt.date | None
    """Set where it has not begun yet."""
    once: bool


@dataclass(frozen=True, kw_only=True)
class OffRow:
    """One time off."""

    id: uuid.UUID
    when: str
    whose: Text


@dataclass(frozen=True, kw_only=True)
class CallTimesPage(Page):
    """A week of the times, and what they come from."""

    template: ClassVar[str] = "referrals/call_times/week.html"
    days: tuple[DayRow, ...]
    week: int
    previous_url: str | None
    next_url: str | None
    this_week_url: str | None
    conflicts: tuple[TimeRow, ...]
    weekly: tuple[PatternRow, ...]
    extra: tuple[PatternRow, ...]
    off: tuple[OffRow, ...]


@dataclass(frozen=True, kw_only=True)
class TimesFormPage(Page):
    """Publishing or changing times."""

    template: ClassVar[str] = "referrals/call_times/times.html"
    form: TimesForm
    action: str
    button: Text
    lead: Text


@dataclass(frozen=True, kw_only=True)
class TimeOffPage(Page):
    """Taking days or hours off."""

    template: ClassVar[str] = "referrals/call_times/off.html"
    form: TimeOffForm
