"""Tables of the figures: one shape for page, chart and CSV, so that all of them show the same."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.kinds.queries import Kind
from referrals.statistics import labels
from referrals.statistics.charts import Chart, Series, stacked_bars
from referrals.statistics.counting import Dimension, Measure
from referrals.statistics.periods import Month
from referrals.statistics.queries import Figures
from referrals.statistics.suppression import Mark, Shown

FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
UNICODE_MARK: Final = "\ufeff"
"""Spreadsheets read a CSV as UTF-8 when it begins with this."""
FLOW: Final = (Measure.ACCEPTED, Measure.REACHED, Measure.STARTED, Measure.CLOSED)


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


def months_table(found: Mapping[str, Figures], names: Mapping[str, str]) -> Table:
    """Return the referrals of a free period by month and kind."""
    periods = [figures.period for figures in found.values()]
    rows = []
    for month in periods[0].months:
        numbers = [found[kind].by_month[month] for kind in names]
        rows.append(Row(label=month_label(month), cells=[*numbers, sum(numbers)]))
    totals = [found[kind].total for kind in names]
    return Table(
        name="kuukaudet",
        caption=_(
            "Referrals sent, %(first)s to %(last)s",
            first=month_label(periods[0].months[0]),
            last=month_label(periods[0].months[-1]),
        ),
        head=[_p("figures", "Month"), *names.values(), _p("figures", "All")],
        rows=rows,
        foot=Row(label=_p("figures", "Total"), cells=[*totals, sum(totals)]),
    )


def places_table(
    figures: Figures, kind: str, places: Mapping[str, str], open_now: Mapping[tuple[str, str], int]
) -> Table:
    """Return what happened in each municipality, and what is open there now."""
    rows = [
        Row(
            label=name,
            cells=[
                *(figures.counts.of(measure, kind, code) for measure in (Measure.REFERRALS, *FLOW)),
                open_now.get((kind, code), 0),
            ],
        )
        for code, name in places.items()
    ]
    totals = [sum(_number(row.cells[place]) for row in rows) for place in range(len(FLOW) + 2)]
    return Table(
        name="kunnat",
        caption=_("By municipality"),
        head=[
            _p("figures", "Municipality"),
            *(str(labels.MEASURES[measure]) for measure in (Measure.REFERRALS, *FLOW)),
            _("Open now"),
        ],
        rows=rows,
        foot=Row(label=_p("figures", "Total"), cells=totals) if len(rows) > 1 else None,
    )


def reasons_table(figures: Figures, kind: str, names: Mapping[tuple[str, str], str]) -> Table:
    """Return the referrals by reason; a referral with two reasons counts under both."""
    found = figures.counts.by(Dimension.REASON, Measure.REFERRALS, kind)
    return _one_way(
        "syyt",
        _("By reason"),
        _p("figures", "Reason"),
        {names.get((kind, code), code): number for code, number in found.items()},
        note=_("A referral may have several reasons, so the numbers add up to more than the referrals."),
    )


def ages_table(figures: Figures, kind: str) -> Table:
    """Return the referrals by age group at the time of sending."""
    found = figures.counts.by(Dimension.AGE_GROUP, Measure.REFERRALS, kind)
    return Table(
        name="iat",
        caption=_("By age group"),
        head=[_("Age group"), str(labels.MEASURES[Measure.REFERRALS])],
        rows=[Row(label=group.replace("-", "\N{EN DASH}"), cells=[found[group]]) for group in sorted(found)],
    )


def areas_table(figures: Figures, kind: str) -> Table:
    """Return the referrals by the sender's service area."""
    found = figures.counts.by(Dimension.SERVICE_AREA, Measure.REFERRALS, kind)
    return _one_way(
        "palvelualueet",
        _("By service area of the sender"),
        _("Service area"),
        {_upper(area) or _("Not known"): number for area, number in found.items()},
    )


def outcomes_table(figures: Figures, kind: str) -> Table:
    """Return the closed ones by outcome."""
    found = figures.counts.by(Dimension.OUTCOME, Measure.CLOSED, kind)
    return _one_way(
        "paatokset",
        _("Closed, by outcome"),
        _p("figures", "Outcome"),
        {
            str(label): found[outcome.value]
            for outcome, label in labels.OUTCOMES.items()
            if outcome.value in found
        },
        heading=str(labels.MEASURES[Measure.CLOSED]),
    )


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


def _one_way(
    name: str, caption: str, of: str, numbers: Mapping[str, int], *, note: str = "", heading: str = ""
) -> Table:
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return Table(
        name=name,
        caption=caption,
        head=[of, heading or str(labels.MEASURES[Measure.REFERRALS])],
        rows=[Row(label=label, cells=[number]) for label, number in ordered],
        note=note,
    )


def in_words(cell: Shown) -> str | int:
    """Return a number as it is, and what stands in place of one as a word; nothing where none could be."""
    words = {
        "hidden": _p("figures", "hidden"),
        "not_yet": _p("figures", "not over yet"),
        "withheld": _p("figures", "withheld"),
    }
    return cell if isinstance(cell, int) else words.get(cell.value, "")


def _number(cell: Shown) -> int:
    return cell if isinstance(cell, int) else 0


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
