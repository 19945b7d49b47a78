"""The pages of events and groups, for residents and for editors."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.directory.desk.lists import Listed
from themes.directory.details import Prose
from themes.happenings.desk_queries import DeskRow
from themes.happenings.listing import EventsListing, GroupsListing
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class ShownDate:
    """One date on the page of an event or group."""

    day: str
    times: str
    cancelled: bool
    moved: bool
    moved_from: str
    """The day that it was planned for, in words; empty where only the time of day is new."""
    reason: Localized
    file_url: str
    """Empty where there is nothing to put into a calendar."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """An event or a group in the language of its page."""

    id: uuid.UUID
    is_group: bool
    name: Localized
    summary: Localized
    description: Prose
    instructions: Prose
    for_whom: str
    where: str
    address: str
    when: str
    price: str
    languages: str
    accessibility: Sequence[Text]
    kaikukortti: bool
    provider: Localized
    service: Localized
    service_url: str
    phone: str
    phone_url: str
    mail: str
    mail_url: str
    web: str
    web_name: str
    themes: Sequence[PublishedTheme]
    dates: Sequence[ShownDate]
    more_dates: bool
    """Whether there are more dates than are shown."""
    file_url: str
    cancelled: bool
    reason: Localized
    only_in: Text | None
    demonstration: bool
    joining: str
    """What somebody who wants to join can do, in a few words; empty for an event."""
    joining_colour: str
    enrol_url: str
    """Empty where one can't enrol today, or simply comes."""
    waiting_list: bool
    capacity: int | None
    closes_on: dt.date | None

    @property
    def theme(self) -> PublishedTheme | None:
        """The main theme, for colour and icon."""
        return self.themes[0] if self.themes else None


@dataclass(frozen=True, kw_only=True)
class EventsPage(Page):
    """Events by day."""

    template: ClassVar[str] = "themes/happenings/events.html"
    listing: EventsListing


@dataclass(frozen=True, kw_only=True)
class GroupsPage(Page):
    """Groups."""

    template: ClassVar[str] = "themes/happenings/groups.html"
    listing: GroupsListing


@dataclass(frozen=True, kw_only=True)
class HappeningPage(Page):
    """One event or group."""

    template: ClassVar[str] = "themes/happenings/happening.html"
    it: Details
    linked: Mapping[str, Any] | None
    """The next date as schema.org tells it (JSON-LD); None where none is to come."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An event or group in the editor's list."""

    id: uuid.UUID
    name: Localized
    provider: str
    municipality: str
    when: str
    state: Text
    colour: str
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class KeptDate:
    """A date in the editor's table."""

    id: uuid.UUID
    day: str
    times: str
    state: Text
    colour: str
    reason: str
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """What an editor keeps: all events, or all groups."""

    template: ClassVar[str] = "themes/happenings/desk.html"
    what: str
    list: Listed[DeskRow]
    rows: Sequence[Kept]
    is_groups: bool


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    """The form of an event or group."""

    template: ClassVar[str] = "themes/happenings/edit.html"
    what: str
    form: FlaskForm
    is_group: bool
    happening_id: uuid.UUID | None
    dates: Sequence[KeptDate]
    cancelled: bool
    public_url: str
    """Empty where residents don't see it."""
    cancel_form: FlaskForm | None
    preview: Details | None


@dataclass(frozen=True, kw_only=True)
class DatePage(Page):
    """The form that changes one date."""

    template: ClassVar[str] = "themes/happenings/date.html"
    what: str
    happening_id: uuid.UUID
    name: str
    planned: str
    form: FlaskForm
