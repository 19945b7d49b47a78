"""The page of exact figures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.statistics.charts import Chart
from referrals.statistics.staff.figures import Exact, Now
from referrals.statistics.staff.forms import PeriodForm
from referrals.statistics.tables import Table
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class Download:
    """A table of the page with the addresses of its files."""

    table: Table
    csv_url: str
    xlsx_url: str


@dataclass(frozen=True, kw_only=True)
class CorrectedMonth:
    """A month that was frozen anew."""

    month: str
    version: int
    reason: str
    day: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The tables of the chosen period, each with its files."""

    months: Download
    chart: Chart
    places: Download
    waits: Sequence[Download]
    loop: Download
    breakdowns: Sequence[Download]
    crossings: Sequence[Download]
    tray: Sequence[Download]
    workbook_url: str


@dataclass(frozen=True, kw_only=True)
class FiguresPage(Page):
    """The exact figures of those in charge."""

    template: ClassVar[str] = "referrals/statistics/staff/figures.html"
    form: PeriodForm
    scope: str
    """Of whom the figures are: the county's, or the municipalities'."""
    now: Now
    exact: Exact | None
    """None while the period can't be read."""
    shown: Shown | None
    threshold: int
    frozen_month: str
    frozen_at: dt.datetime | None
    overdue: Sequence[str]
    corrections: Sequence[CorrectedMonth]
