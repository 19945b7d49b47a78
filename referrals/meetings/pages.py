"""The pages of meetings."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.meetings.forms import CallForm, CancelForm, SeenForm
from referrals.meetings.numbers import Numbers
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """A meeting in the list."""

    id: uuid.UUID
    at: dt.datetime
    place: str
    cancelled: bool
    has_minutes: bool


@dataclass(frozen=True, kw_only=True)
class MeetingsPage(Page):
    """All meetings."""

    template: ClassVar[str] = "referrals/meetings/list.html"
    coming: Sequence[MeetingLine]
    """The next one first."""
    past: Sequence[MeetingLine]
    """The latest first."""
    may_call: bool


@dataclass(frozen=True, kw_only=True)
class News:
    """What a municipality tells."""

    code: str
    place: str
    text: str
    by: str
    at: dt.datetime | None
    may_write: bool


@dataclass(frozen=True, kw_only=True)
class MeetingPage(Page):
    """One meeting."""

    template: ClassVar[str] = "referrals/meetings/meeting.html"
    meeting: MeetingLine
    agenda: str
    is_coming: bool
    numbers: Numbers
    whole_county: bool
    threshold: int
    news: Sequence[News]
    minutes: str
    minutes_by: str
    minutes_at: dt.datetime | None
    may_change: bool
    may_write_minutes: bool
    cancel_form: CancelForm


@dataclass(frozen=True, kw_only=True)
class CallPage(Page):
    """Calling a meeting, or changing it before it begins."""

    template: ClassVar[str] = "referrals/meetings/call.html"
    meeting: MeetingLine | None
    """None of a new one."""
    form: CallForm
    agenda_now: str
    """How the agenda stands, where somebody else has changed it meanwhile."""


@dataclass(frozen=True, kw_only=True)
class TextPage(Page):
    """Writing minutes or news."""

    template: ClassVar[str] = "referrals/meetings/text.html"
    meeting: MeetingLine
    form: SeenForm
    label: str
    rows: int
    text_now: str
    """How the text stands, where somebody else has changed it meanwhile."""
