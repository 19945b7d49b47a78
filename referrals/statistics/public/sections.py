"""The parts of the page: each table with its pictures and its files."""

from collections.abc import Sequence

from flask_babel import pgettext as _p

from referrals.statistics.charts import Chart, Panel, Series, funnel, small_multiples, stacked_bars
from referrals.statistics.public import files, labels
from referrals.statistics.public.contents import YEARS, Contents
from referrals.statistics.public.names import Names
from referrals.statistics.public.pages import Section, Way
from referrals.statistics.publication.tables import COUNTY_ROW, PublicTable
from referrals.statistics.suppression import Shown
from referrals.statistics.tables import Table


def sections(shown: Contents, names: Names, *, version: int | None) -> list[Section]:
    """Return the sections in their order: the tables of the year, then the totals of all years.

    Args:
        shown: the tables.
        names: what the codes are called.
        version: the version whose files are linked, or None for those of the newest one.
    """
    series = _series(shown, names)
    made = [
        Section(
            heading=str(labels.HEADINGS[which]),
            table=table,
            files=files.links(shown.release, table.name, version=version),
            chart=_months(table, series) if which is PublicTable.MONTHS else None,
            panels=_places(table, series) if which is PublicTable.PLACES else (),
            ways=_ways(table, series) if which is PublicTable.FUNNEL else (),
        )
        for which, table in shown.tables.items()
    ]
    years = Section(
        heading=_p("figures", "By year"),
        table=shown.years,
        files=files.links(shown.release, YEARS, version=version),
    )
    return [*made, years]


def _series(shown: Contents, names: Names) -> list[Series]:
    """Return how each kind is drawn: neighbours differ in lightness too."""
    colours = {kind.code: kind.colour for kind in names.kinds}
    return [
        Series(
            name=names.kind_names.get(kind, kind), colour=colours.get(kind, "accent"), fill="ab"[place % 2]
        )
        for place, kind in enumerate(shown.kinds)
    ]


def _months(table: Table, series: Sequence[Series]) -> Chart:
    return stacked_bars([(row.label, row.cells[: len(series)]) for row in table.rows], series)


def _places(table: Table, series: Sequence[Series]) -> list[Panel]:
    """Return a picture for each municipality, by quarter."""
    places: dict[str, tuple[str, list[tuple[str, Sequence[Shown]]]]] = {}
    for row in table.rows:
        if row.group is not None and row.code != COUNTY_ROW:
            quarters = places.setdefault(row.code, (row.label, []))[1]
            quarters.append((row.group.label.partition("/")[0], row.cells[: len(series)]))
    return small_multiples(list(places.values()), series)


def _ways(table: Table, series: Sequence[Series]) -> list[Way]:
    ways = []
    for place, one in enumerate(series):
        stages = funnel([(row.label, row.cells[place]) for row in table.rows])
        # One bar alone, such as of a year that another system has counted, tells nothing of a way.
        if sum(isinstance(stage.number, int) for stage in stages) > 1:
            ways.append(Way(name=one.name, colour=one.colour, stages=stages))
    return ways
