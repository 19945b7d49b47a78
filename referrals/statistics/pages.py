"""The page of public figures and the page of exact ones."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.statistics.charts import Chart
from referrals.statistics.exact import Exact
from referrals.statistics.forms import PeriodForm
from referrals.statistics.tables import Table
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class YearLink:
    """A year to choose."""

    year: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Headline:
    """All referrals of one kind so far, over the years that are over."""

    name: str
    colour: str
    total: int
    since: str
    until: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A month that was frozen anew."""

    month: str
    version: int
    reason: str
    day: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PublicFiguresPage(Page):
    """The figures that everybody may see."""

    template: ClassVar[str] = "referrals/statistics/public.html"
    years: Sequence[YearLink]
    headlines: Sequence[Headline]
    table: Table | None
    chart: Chart | None
    csv_url: str
    threshold: int
    has_hidden: bool
    has_unused: bool
    year_is_over: bool
    last_month: str
    frozen_at: dt.datetime | None
    corrections: Sequence[Correction]


@dataclass(frozen=True, kw_only=True)
class Download:
    """A table of the page with the address of its CSV."""

    table: Table
    csv_url: str


@dataclass(frozen=True, kw_only=True)
class FiguresPage(Page):
    """The exact figures of those in charge."""

    template: ClassVar[str] = "referrals/statistics/figures.html"
    form: PeriodForm
    scope: str
    """Of whom the figures are: the county's, or the municipalities'."""
    exact: Exact | None
    """None while the period can't be read."""
    days_to_accepted: int | None
    days_to_reached: int | None
    months: Download | None
    chart: Chart | None
    places: Download | None
    tables: Sequence[Download]
    frozen_month: str
    frozen_at: dt.datetime | None
    overdue: Sequence[str]
