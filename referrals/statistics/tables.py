"""Tables of the figures: numbers, and the marks that stand in place of one."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from flask_babel import pgettext as _p

from referrals.kinds.queries import Kind
from referrals.statistics.charts import Chart, Series, stacked_bars
from referrals.statistics.suppression import Shown
from servicetray.core import tables
from servicetray.core.periods import Month

Row: TypeAlias = tables.Row[Shown]
Table: TypeAlias = tables.Table[Shown]


def month_label(month: Month) -> str:
    """Return a month as people write it: 12/2024."""
    return f"{month.month}/{month.year}"


def series_of(kinds: Sequence[Kind], names: Mapping[str, str]) -> list[Series]:
    """Return how each kind is drawn: neighbours differ in lightness too."""
    return [
        Series(name=names[kind.code], colour=kind.colour, fill="ab"[place % 2])
        for place, kind in enumerate(kinds)
    ]


def chart_of(table: Table, series: Sequence[Series]) -> Chart:
    """Return the chart of a table by month: its kinds without their sum."""
    return stacked_bars([(row.label, row.cells[: len(series)]) for row in table.rows], series)


def as_csv(table: Table) -> str:
    """Return a table as CSV for spreadsheets, with a word where a number is not shown."""
    return tables.as_csv(table, in_words=in_words)


def in_words(cell: Shown) -> str | int:
    """Return a number as it is, and what stands in place of one as a word; nothing where none could be."""
    words = {
        "hidden": _p("figures", "hidden"),
        "not_yet": _p("figures", "not over yet"),
        "withheld": _p("figures", "withheld"),
    }
    return cell if isinstance(cell, int) else words.get(cell.value, "")
