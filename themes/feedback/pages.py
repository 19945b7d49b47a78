"""The pages of feedback."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.feedback.forms import DealForm, FeedbackForm


@dataclass(frozen=True, kw_only=True)
class FeedbackPage(Page):
    """The resident's form."""

    template: ClassVar[str] = "themes/feedback/form.html"
    form: FeedbackForm
    form_key: str
    problem: str
    service: Localized | None
    """The name of the service that it is about."""
    service_url: str


@dataclass(frozen=True, kw_only=True)
class ThanksPage(Page):
    """What happens next."""

    template: ClassVar[str] = "themes/feedback/thanks.html"
    accessibility: bool
    answered: bool
    """Whether there is a way to answer."""
    service_url: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One piece of feedback in the list."""

    id: uuid.UUID
    topic: Text
    beginning: str
    service: str
    given_at: dt.datetime
    due_on: dt.date
    is_late: bool
    state: Text
    colour: str
    wants_answer: bool


@dataclass(frozen=True, kw_only=True)
class QueuePage(Page):
    """What waits, and what was settled."""

    template: ClassVar[str] = "themes/feedback/queue.html"
    waiting: Sequence[Row]
    settled: Sequence[Row]
    page: int
    last: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, kw_only=True)
class Note:
    """What an editor wrote down."""

    author: str
    at: dt.datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class OnePage(Page):
    """One piece of feedback, and the form that deals with it."""

    template: ClassVar[str] = "themes/feedback/one.html"
    id: uuid.UUID
    row: Row
    text: str
    language: str
    contact: str
    contact_url: str
    """Opens the mail or the telephone; empty where it is neither."""
    contact_erased: bool
    service_url: str
    notes: Sequence[Note]
    form: DealForm
    problem: str
