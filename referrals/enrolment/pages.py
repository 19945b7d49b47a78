"""The pages of enrolling: for residents, for whoever runs a group, for advisers and for data protection officers."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from referrals.enrolment.forms import CallerForm, ClientForm, CodeForm, EnrolForm, LookUpForm
from referrals.enrolment.models import Attended, EnrolmentState
from referrals.enrolment.permission import Permission
from referrals.municipality.beside import BesidePage
from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.happenings.pages import Details


@dataclass(frozen=True, kw_only=True)
class EnrolPage(Page):
    """The form of one group."""

    template: ClassVar[str] = "referrals/enrolment/enrol.html"
    it: Details
    form: EnrolForm
    form_key: str
    permission: Permission
    problem: str


@dataclass(frozen=True, kw_only=True)
class ClosedPage(Page):
    """One can't enrol in a group here now: why, and whom to ask."""

    template: ClassVar[str] = "referrals/enrolment/closed.html"
    it: Details


@dataclass(frozen=True, kw_only=True)
class EnrolledPage(Page):
    """What somebody is told who has enrolled."""

    template: ClassVar[str] = "referrals/enrolment/enrolled.html"
    it: Details
    has_place: bool
    place_in_line: int
    code: str
    """Empty where it was shown already."""
    by_letter: bool


@dataclass(frozen=True, kw_only=True)
class DoorPage(Page):
    """Where the code is typed."""

    template: ClassVar[str] = "referrals/enrolment/door.html"
    form: CodeForm
    form_key: str


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """An enrolment as the person sees it who has its code."""

    template: ClassVar[str] = "referrals/enrolment/own.html"
    it: Details
    state: EnrolmentState
    answer_by: dt.date | None
    """The last day to take a place that is held; None where there is nothing to answer."""
    lapsed: bool
    """Whether a place went to the next one, and this one waits again."""
    place_in_line: int
    is_over: bool
    """Whether the group's last meeting has been."""
    code: str
    form_key: str


@dataclass(frozen=True, kw_only=True)
class CancelledPage(Page):
    """An enrolment is cancelled; the page knows of nobody."""

    template: ClassVar[str] = "referrals/enrolment/cancelled.html"


@dataclass(frozen=True, kw_only=True)
class Led:
    """A group in the list of somebody who runs it."""

    id: uuid.UUID
    name: Localized
    where: str
    first_meeting: dt.date | None
    last_meeting: dt.date | None
    capacity: int | None
    places: int
    waiting: int
    calls: int
    cancelled: bool
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class LedPage(Page):
    """The groups that somebody runs."""

    template: ClassVar[str] = "referrals/enrolment/led.html"
    groups: Sequence[Led]
    over: Sequence[Led]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One participant."""

    id: uuid.UUID
    number: int
    name: str
    phone: str
    phone_url: str
    email: str
    language: Text
    heed: bool
    """Whether they told something to heed."""
    enrolled_at: dt.datetime
    first_attended_on: dt.date | None
    answer_by: dt.date | None
    """The last day to take a place that is held; None where it is theirs."""
    call: Text | None


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One meeting of a group, and how many came."""

    id: uuid.UUID
    starts_at: dt.datetime
    cancelled: bool
    moved: bool
    may_note: bool
    came: int
    noted: int


@dataclass(frozen=True, kw_only=True)
class GroupPage(Page):
    """Who is in a group, and its meetings."""

    template: ClassVar[str] = "referrals/enrolment/group.html"
    group: Led
    places: Sequence[Row]
    waiting: Sequence[Row]
    calls: Sequence[Row]
    past: Sequence[Meeting]
    coming: Sequence[Meeting]


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    """The list of participants on paper."""

    template: ClassVar[str] = "referrals/enrolment/list.html"
    group: Led
    places: Sequence[Row]
    meetings: Sequence[Meeting]


@dataclass(frozen=True, kw_only=True)
class PersonPage(Page):
    """One participant."""

    template: ClassVar[str] = "referrals/enrolment/person.html"
    group: Led
    enrolment_id: uuid.UUID
    name: str
    state: Text
    colour: str
    place_in_line: int
    facts: Sequence[tuple[Text, str]]
    phone_url: str
    answer_by: dt.date | None
    call: Text | None


@dataclass(frozen=True, kw_only=True)
class CallerPage(Page):
    """Writing down somebody who called."""

    template: ClassVar[str] = "referrals/enrolment/caller.html"
    group: Led
    form: CallerForm
    form_key: uuid.UUID
    permission: Permission
    refused: str


@dataclass(frozen=True, kw_only=True)
class AttendancePage(Page):
    """Who came to a meeting."""

    template: ClassVar[str] = "referrals/enrolment/attendance.html"
    group: Led
    meeting: Meeting
    places: Sequence[Row]
    marks: Mapping[uuid.UUID, Attended]
    words: Mapping[Attended, Text]
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A group that a client could join."""

    id: uuid.UUID
    name: Localized
    when: str
    """On which weekdays, at what time, between which days; empty where its meetings are single dates."""
    where: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ChoicePage(BesidePage):
    """The groups in which a client of counselling can be enrolled."""

    template: ClassVar[str] = "referrals/enrolment/choices.html"
    choices: Sequence[Choice]
    why_not: str
    """Why the client can't be enrolled at all; empty where they can."""


@dataclass(frozen=True, kw_only=True)
class ClientPage(BesidePage):
    """Enrolling a client of counselling in one group."""

    template: ClassVar[str] = "referrals/enrolment/client.html"
    form: ClientForm
    form_key: uuid.UUID
    group: Choice
    who: Sequence[str]
    """Name, phone and e-mail as the case has them: what goes to the group."""
    permission: Permission
    refused: str
    can_enrol: bool


@dataclass(frozen=True, kw_only=True)
class ClientEnrolledPage(BesidePage):
    """What the adviser tells the client."""

    template: ClassVar[str] = "referrals/enrolment/client_enrolled.html"
    group: Localized
    has_place: bool
    place_in_line: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """One enrolment as a data protection officer finds it."""

    id: uuid.UUID
    group: Localized
    state: Text
    enrolled_at: dt.datetime
    facts: Sequence[tuple[Text, Any]]
    meetings: Sequence[tuple[dt.datetime, Text]]


@dataclass(frozen=True, kw_only=True)
class HeldPage(Page):
    """What is held of somebody who enrolled."""

    template: ClassVar[str] = "referrals/enrolment/held.html"
    form: LookUpForm
    found: Sequence[Held] | None
    """None before anything was looked up."""
