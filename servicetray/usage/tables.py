"""The tables of usage, with a number for each column."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from servicetray.core import tables
from servicetray.core.periods import Period
from servicetray.usage import outbound, queries
from servicetray.usage.charts import steps
from servicetray.usage.counting import CountedPage, pages
from servicetray.usage.labels import USES
from servicetray.usage.queries import Counted, Use

SHOWN: Final = 20
"""Rows on the page; a file has all of them."""


Row: TypeAlias = tables.Row[int]
Table: TypeAlias = tables.Table[int]


def all_tables(period: Period, language: str, *, limit: int | None = SHOWN) -> Sequence[Table]:
    """Return every table that has rows, in the order of the page."""
    found = [
        _kinds_of_pages(period),
        *(_of_pages(period, page, language, limit) for page in pages() if page.by and page.use is Use.VIEW),
        _searches(period, found=True, limit=limit),
        _searches(period, found=False, limit=limit),
        _paths(period, language, limit),
        _outbound(period, language, limit),
    ]
    return tuple(table for table in found if table.rows)


def days_table(period: Period) -> Table:
    """Return the table of days (or months), with a column for each use."""
    days = queries.by_day(period)
    rows = {use: steps(period, {day: uses.get(use, 0) for day, uses in days.items()}) for use in Use}
    return Table(
        name="paivat",
        caption=_("Day by day"),
        head=[_p("usage", "Day"), *(str(USES[use]) for use in Use)],
        rows=[
            Row(label=label, cells=[rows[use][at][1] for use in Use])
            for at, (label, _number) in enumerate(rows[Use.VIEW])
        ],
    )


def as_csv(table: Table) -> str:
    """Return a table as CSV for spreadsheets."""
    return tables.as_csv(table, in_words=int)


def _kinds_of_pages(period: Period) -> Table:
    counted: dict[str, int] = {}
    for each in queries.most(period, Use.VIEW, limit=None):
        kind = each.key.partition(":")[0]
        counted[kind] = counted.get(kind, 0) + each.count
    known = {page.page: page for page in pages() if page.use is Use.VIEW}
    return Table(
        name="sivut",
        caption=_("What was read"),
        head=[_p("usage", "Pages"), _p("usage", "Times")],
        rows=[
            Row(
                label=str(known[kind].label) if kind in known else kind,
                cells=[count],
                url=url_for(known[kind].endpoint) if kind in known and not known[kind].by else "",
            )
            for kind, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
    )


def _of_pages(period: Period, page: CountedPage, language: str, limit: int | None) -> Table:
    counted = queries.most(period, Use.VIEW, page=page.page, limit=limit)
    return Table(
        name=page.page,
        caption=_("Read most: %(what)s", what=str(page.label).lower()),
        head=[str(page.label), _p("usage", "Times")],
        rows=_named(counted, page, language),
    )


def _paths(period: Period, language: str, limit: int | None) -> Table:
    page = next((page for page in pages() if page.use is Use.PATH), None)
    counted = queries.most(period, Use.PATH, limit=limit)
    return Table(
        name="polut",
        caption=str(USES[Use.PATH]),
        head=[_p("usage", "Path"), _p("usage", "Times")],
        rows=_named(counted, page, language)
        if page
        else [Row(label=each.key, cells=[each.count]) for each in counted],
    )


def _outbound(period: Period, language: str, limit: int | None) -> Table:
    counted = queries.most(period, Use.OUTBOUND, limit=limit)
    by_page: dict[str, list[Counted]] = {}
    for each in counted:
        page, _colon, public_id = each.key.partition(":")
        by_page.setdefault(page, []).append(Counted(key=public_id, count=each.count))
    gone = _p("usage", "No longer there")
    rows = []
    for page, some in by_page.items():
        names = outbound.names_of(page, [each.key for each in some], language)
        rows += [Row(label=names.get(each.key, gone), cells=[each.count]) for each in some]
    return Table(
        name="linkit",
        caption=str(USES[Use.OUTBOUND]),
        head=[_p("usage", "From the page of"), _p("usage", "Times")],
        rows=sorted(rows, key=lambda row: (-row.cells[0], row.label)),
    )


def _searches(period: Period, *, found: bool, limit: int | None) -> Table:
    return Table(
        name="haut" if found else "turhat-haut",
        caption=_("Looked for and found") if found else _("Looked for in vain"),
        head=[_p("usage", "Words"), _p("usage", "Times")],
        rows=[
            Row(label=each.key, cells=[each.count], url=_search_url(each.key))
            for each in queries.searches(period, found=found, limit=limit)
        ],
        note=_(
            "Words are kept only where all of them are words of our services, or where many have looked for "
            "the same: five times on three days."
        ),
    )


def _search_url(text: str) -> str:
    page = next((page for page in pages() if page.page == "search"), None)
    return url_for(page.endpoint, q=text) if page else ""


def _named(counted: Sequence[Counted], page: CountedPage, language: str) -> list[Row]:
    names: Mapping[str, str] = (
        page.names([each.key for each in counted], language) if page.names and counted else {}
    )

    def address(public_id: str) -> str:
        argument: dict[str, Any] = {page.by: public_id}
        return url_for(page.endpoint, **argument)

    return [
        Row(
            label=names.get(each.key) or _p("usage", "No longer there"),
            cells=[each.count],
            url=address(each.key) if each.key in names else "",
        )
        if page.names
        else Row(label=each.key, cells=[each.count])
        for each in counted
    ]
