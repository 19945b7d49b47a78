"""The pages of those who oversee the log."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.log_report.forms import ExposureForm, LogForm, OlderForm, PersonForm, ReferenceForm
from referrals.log_report.report import Entry, Person
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class LogPage(Page):
    """The rows of the log."""

    template: ClassVar[str] = "referrals/log_report/log.html"
    form: LogForm
    entries: Sequence[Entry]
    older_url: str
    newest_url: str


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    """One referral that a look-up found."""

    id: uuid.UUID
    reference: str
    kind: str
    municipality: str
    sent_at: dt.datetime
    url: str


@dataclass(frozen=True, kw_only=True)
class LookUpPage(Page):
    """Finding the client of a report."""

    template: ClassVar[str] = "referrals/log_report/look_up.html"
    by_reference: ReferenceForm
    by_person: PersonForm | None
    """None where the officer's controller has no index of people."""
    found: Sequence[FoundRow] | None
    """None while nothing was looked up."""
    reference_url: str
    person_url: str
    all_url: str = ""
    """One report of all that were found, where that is what they are looked up for."""


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    """The log report of one client."""

    template: ClassVar[str] = "referrals/log_report/report.html"
    references: Sequence[str]
    referral_ids: Sequence[uuid.UUID]
    since: dt.datetime | None
    """None where it goes back to the beginning."""
    made_at: dt.datetime
    controller: str
    entries: Sequence[Entry]
    people: Sequence[Person]
    older: OlderForm
    csv_url: str


@dataclass(frozen=True, kw_only=True)
class SeenRow:
    """One client whose data an account met."""

    reference: str
    """Of the referral; empty where there is none any more."""
    key: str
    name: str
    first_at: dt.datetime
    last_at: dt.datetime
    times: int
    actions: Sequence[Text]
    report_url: str


@dataclass(frozen=True, kw_only=True)
class ExposurePage(Page):
    """Everything that an account or a sign-in saw."""

    template: ClassVar[str] = "referrals/log_report/exposure.html"
    form: ExposureForm
    rows: Sequence[SeenRow] | None
    """None while nothing was asked."""
    total: int
    with_names: bool
    csv_url: str
