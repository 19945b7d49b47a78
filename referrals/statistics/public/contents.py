"""The tables of one release as people read them: one shape for the page, its charts and every format."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import pgettext as _p

from referrals.statistics.public import labels
from referrals.statistics.public.names import Names
from referrals.statistics.publication.tables import COUNTY_ROW, GROUP, PublicNumbers, PublicTable, Release
from referrals.statistics.suppression import Mark, Shown, sum_of
from referrals.statistics.tables import Row, Table, month_label
from servicetray.core.pages import Text
from servicetray.core.periods import Month
from servicetray.core.tables import Heading

ALL: Final = "all"
TOTAL: Final = "total"
OWN: Final = "own"
"""Source of the months that the service counted itself."""
YEARS: Final = "vuodet"
"""The table of the totals of all years: made of what the releases of each show."""
SUMMED: Final = frozenset({PublicTable.MONTHS, PublicTable.PLACES, PublicTable.AGES, PublicTable.OUTCOMES})
"""Tables whose rows mean the same for every kind, so that their sum over the kinds says something."""

NOTES: Final[Mapping[PublicTable, Text]] = {
    PublicTable.REASONS: _l(
        "A referral may have several reasons, so the numbers add up to more than the referrals."
    ),
    PublicTable.FUNNEL: _l(
        "Each step counts what happened in the year. A referral sent late in the year is still on its way."
    ),
    PublicTable.LOOP: _l("Shares are rounded to whole percents, and shown from ten referrals on."),
}
"""What a reader must know of a table; most need nothing."""
TOTALS: Final[Mapping[PublicTable, Text]] = {
    PublicTable.REASONS: _lp("figures", "Referrals in all"),
}
"""Where the total is not the sum of the rows."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Everything that is shown of a release."""

    release: Release
    tables: Mapping[PublicTable, Table]
    """Those that have rows, in the order of the closed list."""
    years: Table
    kinds: Sequence[str]
    """Codes of the kinds that have numbers, in their order."""

    @property
    def listed(self) -> Sequence[Table]:
        """All tables, that of the years first."""
        return (self.years, *self.tables.values())

    def named(self, name: str) -> Table | None:
        """Return the table of this name, or None."""
        return next((table for table in self.listed if table.name == name), None)

    def has(self, mark: Mark) -> bool:
        """Return whether a mark stands in any table."""
        return any(table.has(mark) for table in self.listed)


def contents(release: Release, earlier: Iterable[Release], names: Names) -> Contents:
    """Return the tables of a release in the language of the request.

    Args:
        release: what was published of a year.
        earlier: the releases of the years before, as they were when this one was published.
        names: what the codes are called.
    """
    releases = [*earlier, release]
    kinds = list(
        dict.fromkeys(kind for each in reversed(releases) for kind in each.tables[PublicTable.MONTHS].kinds)
    )
    return Contents(
        release=release,
        tables={
            which: _table(release, numbers, kinds, names)
            for which in PublicTable
            if (numbers := release.tables[which]).rows
        },
        years=_years(releases, kinds, names),
        kinds=kinds,
    )


def _table(release: Release, numbers: PublicNumbers, kinds: Sequence[str], names: Names) -> Table:
    which = numbers.table
    summed = which in SUMMED and len(kinds) > 1
    apart = which is PublicTable.MONTHS and bool(release.sources)
    year = Heading(code=str(release.year), label=str(release.year))
    label = _row_labels(which, kinds, names)

    def row(code: str) -> Row:
        cells = [numbers.cells.get((code, kind), Mark.NOT_IN_USE) for kind in kinds]
        period, parted, value = code.partition("/")
        if parted:
            group = Heading(code=period, label=quarter_label(period))
        elif apart:
            source = release.sources.get(code)
            group = Heading(code=source or OWN, label=source or _("This service"))
        else:
            group = None
        return Row(
            label=label(value or code), code=value or code, cells=_with_sum(cells, summed=summed), group=group
        )

    totals = [numbers.total.get(kind, Mark.NOT_IN_USE) for kind in kinds]
    has_total = any(total is not Mark.NOT_IN_USE for total in totals)
    return Table(
        name=labels.SLUGS[which],
        caption=str(labels.CAPTIONS[which]) % {"year": release.year},
        head=[str(labels.ROW_HEADS[which]), *_columns(kinds, names, summed=summed)],
        rows=[row(code) for code in numbers.rows],
        foot=Row(
            label=str(TOTALS.get(which, "")) or _p("figures", "Total"),
            code=TOTAL,
            cells=_with_sum(totals, summed=summed),
            group=year if which is PublicTable.PLACES else None,
        )
        if has_total
        else None,
        note=_note(release, which, names),
        group_head=_head_of_groups(which, apart=apart),
        codes=[*kinds, *([ALL] if summed else [])],
        dimensions=labels.DIMENSIONS[which],
    )


def _columns(kinds: Sequence[str], names: Names, *, summed: bool) -> list[str]:
    return [
        *(names.kind_names.get(kind, kind) for kind in kinds),
        *([_p("figures", "All")] if summed else []),
    ]


def _head_of_groups(which: PublicTable, *, apart: bool) -> str:
    if which is PublicTable.PLACES:
        return _p("figures", "Quarter")
    return _p("figures", "Source") if apart else ""


def _note(release: Release, which: PublicTable, names: Names) -> str:
    if which is PublicTable.MONTHS and release.sources:
        return _(
            "Months of an earlier system are shown apart; where their numbers come from is said with them."
        )
    if which is PublicTable.PLACES and release.grouped:
        towns = [names.places.get(code, code) for code in release.grouped]
        return _("Small municipalities are always shown together: %(towns)s.", towns=", ".join(towns))
    return str(NOTES.get(which, ""))


def _with_sum(cells: Sequence[Shown], *, summed: bool) -> list[Shown]:
    return [*cells, *([sum_of(cells)] if summed else [])]


def _row_labels(which: PublicTable, kinds: Sequence[str], names: Names) -> Callable[[str], str]:
    if which is PublicTable.MONTHS:
        return lambda code: month_label(Month.parse(code))
    if which is PublicTable.PLACES:
        known: Mapping[str, str] = {
            **names.places,
            GROUP: _("Small municipalities together"),
            COUNTY_ROW: _("The whole county"),
        }
        return lambda code: known.get(code, code)
    if which is PublicTable.REASONS:
        return lambda code: names.reason(code, kinds)
    if which is PublicTable.AGES:
        return lambda code: code.replace("-", "\N{EN DASH}")
    rows = labels.ROWS[which]
    return lambda code: str(rows.get(code, code))


def quarter_label(code: str) -> str:
    """Return a quarter as people write it: ``2024-Q1`` is 1–3/2024."""
    year, _parted, quarter = code.partition("-Q")
    last = 3 * int(quarter)
    return f"{last - 2}\N{EN DASH}{last}/{year}"


def _years(releases: Sequence[Release], kinds: Sequence[str], names: Names) -> Table:
    rows = []
    for release in releases:
        total = release.tables[PublicTable.MONTHS].total
        cells = [total.get(kind, Mark.NOT_IN_USE) for kind in kinds]
        rows.append(
            Row(
                label=str(release.year),
                code=str(release.year),
                cells=_with_sum(cells, summed=len(kinds) > 1),
            )
        )
    foot = [sum_of(row.cells[place] for row in rows) for place in range(len(rows[0].cells))]
    return Table(
        name=YEARS,
        caption=_("Referrals sent, by year"),
        head=[_p("figures", "Year"), *_columns(kinds, names, summed=len(kinds) > 1)],
        rows=rows,
        foot=Row(label=_p("figures", "Total"), code=TOTAL, cells=foot) if len(rows) > 1 else None,
        codes=[*kinds, *([ALL] if len(kinds) > 1 else [])],
        dimensions=("year",),
    )
