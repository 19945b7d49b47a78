"""Tables of numbers: one shape for page, chart and file, so that all of them show the same.

What may stand in a cell is the feature's own: plain numbers, or marks beside them; it gives the words for a file.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
UNICODE_MARK: Final = "\ufeff"
"""Spreadsheets read a CSV as UTF-8 when it begins with this."""

Cell = TypeVar("Cell")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A value of a dimension: how machines name it, and how people do."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Row(Generic[Cell]):
    """One line: what it is of, and its numbers."""

    label: str
    cells: Sequence[Cell]
    code: str = ""
    """How machines name the row; needed where the table has codes."""
    group: Heading | None = None
    """What rows have in common that follow each other, such as their quarter."""
    url: str = ""
    """Where it is; empty where it is no page, or none any more."""


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Cell]):
    """A table with a caption, headings, rows and perhaps a row of totals."""

    name: str
    caption: str
    head: Sequence[str]
    """Of the rows first, then of each column."""
    rows: Sequence[Row[Cell]]
    foot: Row[Cell] | None = None
    note: str = ""
    group_head: str = ""
    """What the groups of the rows are; empty where they have none."""
    codes: Sequence[str] = ()
    """How machines name the columns; empty where the table is for people alone."""
    dimensions: Sequence[str] = ()
    """Codes of what the rows are by: that of their groups first, where they have any."""

    @property
    def lines(self) -> Sequence[Row[Cell]]:
        """All rows, that of the totals last."""
        return (*self.rows, *((self.foot,) if self.foot else ()))

    @property
    def groups(self) -> Sequence[tuple[Heading | None, Sequence[Row[Cell]]]]:
        """The rows by what they have in common, in their order."""
        found: list[tuple[Heading | None, list[Row[Cell]]]] = []
        for row in self.rows:
            if not found or found[-1][0] != row.group:
                found.append((row.group, []))
            found[-1][1].append(row)
        return found

    def has(self, mark: object) -> bool:
        """Return whether this mark stands anywhere in the table."""
        return any(cell is mark for row in self.lines for cell in row.cells)


def as_csv(table: Table[Cell], *, in_words: Callable[[Cell], str | int]) -> str:
    """Return a table as CSV for spreadsheets: semicolons, UTF-8 with its mark, and no text read as a formula.

    Args:
        table: what to write.
        in_words: a cell as the file shows it: a number, or a word in place of one.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(each) for each in heads(table)])
    for row in table.lines:
        writer.writerow([*(neutral(each) for each in names(table, row)), *map(in_words, row.cells)])
    return UNICODE_MARK + text.getvalue()


def heads(table: Table[Cell]) -> list[str]:
    """Return the headings of all columns, that of the groups first."""
    return [*([table.group_head] if table.group_head else []), *table.head]


def names(table: Table[Cell], row: Row[Cell]) -> list[str]:
    """Return what a row is of, its group first."""
    group = row.group.label if row.group else ""
    return [*([group] if table.group_head else []), row.label]


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
