"""The staff page of usage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.pages import Page, Text
from servicetray.core.period_forms import PeriodForm
from servicetray.usage.charts import Columns
from servicetray.usage.tables import Table


@dataclass(frozen=True, kw_only=True)
class Total:
    """One number of the period, beside that of as many days before."""

    label: Text
    count: int
    before: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A table and the address of its file."""

    table: Table
    csv_url: str


@dataclass(frozen=True, kw_only=True)
class UsagePage(Page):
    """How the tray was used."""

    template: ClassVar[str] = "servicetray/usage/usage.html"
    form: PeriodForm
    totals: Sequence[Total]
    """Empty where the period can't be shown."""
    views: Columns | None
    searches: Columns | None
    days: Shown | None
    tables: Sequence[Shown]
    """Empty where nothing was counted."""
    counted: bool
    """Whether anything was used in the period."""
