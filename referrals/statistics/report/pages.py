"""The list of monthly reports, and one of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.statistics.report.paste import Paste
from referrals.statistics.report.story import Story
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class ReportLink:
    """One report of the list."""

    month: str
    url: str
    made_at: dt.datetime
    version: int
    correction: str


@dataclass(frozen=True, kw_only=True)
class Year:
    """The reports of a year."""

    year: int
    reports: Sequence[ReportLink]


@dataclass(frozen=True, kw_only=True)
class ReportsPage(Page):
    """Every month's report, the newest first."""

    template: ClassVar[str] = "referrals/report/reports.html"
    years: Sequence[Year]
    newest: ReportLink | None
    lead: Sequence[str]
    """What the newest one begins with."""
    next_on: dt.date
    """When the next one comes."""


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    """One report."""

    template: ClassVar[str] = "referrals/report/report.html"
    scope: str
    stories: Sequence[Story]
    notes: Sequence[str]
    versions: Sequence[ReportLink]
    """All versions where there are several, the newest first."""
    version: int
    is_newest: bool
    paste: Paste | None
    picture_url: str
    pdf_url: str
