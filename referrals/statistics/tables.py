"""Tables of the figures: one shape for page, chart and CSV, so that all of them show the same."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import pgettext as _p

from referrals.kinds.queries import Kind
from referrals.statistics.charts import Chart, Series, stacked_bars
from referrals.statistics.periods import Month
from referrals.statistics.suppression import Mark, Shown

FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
UNICODE_MARK: Final = "\ufeff"
"""Spreadsheets read a CSV as UTF-8 when it begins with this."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A value of a dimension: how machines name it, and how people do."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: what it is of, and its numbers."""

    label: str
    cells: Sequence[Shown]
    code: str = ""
    """How machines name the row; needed where the table has codes."""
    group: Heading | None = None
    """What rows have in common that follow each other, such as their quarter."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a caption, headings, rows and perhaps a row of totals."""

    name: str
    caption: str
    head: Sequence[str]
    """Of the rows first, then of each column."""
    rows: Sequence[Row]
    foot: Row | None = None
    note: str = ""
    group_head: str = ""
    """What the groups of the rows are; empty where they have none."""
    codes: Sequence[str] = ()
    """How machines name the columns; empty where the table is for people alone."""
    dimensions: Sequence[str] = ()
    """Codes of what the rows are by: that of their groups first, where they have any."""

    @property
    def lines(self) -> Sequence[Row]:
        """All rows, that of the totals last."""
        return (*self.rows, *((self.foot,) if self.foot else ()))

    @property
    def groups(self) -> Sequence[tuple[Heading | None, Sequence[Row]]]:
        """The rows by what they have in common, in their order."""
        found: list[tuple[Heading | None, list[Row]]] = []
        for row in self.rows:
            if not found or found[-1][0] != row.group:
                found.append((row.group, []))
            found[-1][1].append(row)
        return found

    def has(self, mark: Mark) -> bool:
        """Return whether this mark stands anywhere in the table."""
        return any(cell is mark for row in self.lines for cell in row.cells)


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
    """Return a table as CSV for spreadsheets: semicolons, UTF-8 with its mark, and no text read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(each) for each in heads(table)])
    for row in table.lines:
        writer.writerow([*(neutral(each) for each in names(table, row)), *map(in_words, row.cells)])
    return UNICODE_MARK + text.getvalue()


def heads(table: Table) -> list[str]:
    """Return the headings of all columns, that of the groups first."""
    return [*([table.group_head] if table.group_head else []), *table.head]


def names(table: Table, row: Row) -> list[str]:
    """Return what a row is of, its group first."""
    group = row.group.label if row.group else ""
    return [*([group] if table.group_head else []), row.label]


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def in_words(cell: Shown) -> str | int:
    """Return a number as it is, and what stands in place of one as a word; nothing where none could be."""
    words = {
        "hidden": _p("figures", "hidden"),
        "not_yet": _p("figures", "not over yet"),
        "withheld": _p("figures", "withheld"),
    }
    return cell if isinstance(cell, int) else words.get(cell.value, "")
