"""What of a report may be told to everybody: numbers of the stored releases alone, hidden as they are there."""

from collections.abc import Mapping
from typing import Final

from referrals.statistics.publication import queries as publication
from referrals.statistics.publication.tables import PublicTable, Release
from referrals.statistics.report.numbers import PublishedMonths
from referrals.statistics.suppression import Shown
from servicetray.core.periods import Month

SHOWN_MONTHS: Final = 13
"""A year and the month that it is compared with."""


def published_months(month: Month) -> PublishedMonths | None:
    """Return what is published of a month and of the twelve before it; None where the month is not published.

    Months of an earlier system are left out: they are shown apart, on the page of public figures.
    """
    releases = {year: publication.release(year) for year in (month.year - 1, month.year)}
    own = releases[month.year]
    if own is None or not _of(own, month):
        return None
    first = Month(month.year - 1, month.month)
    months = {
        each: shown
        for release in releases.values()
        if release is not None
        for each in _months(release)
        if first <= each <= month and (shown := _of(release, each))
    }
    return PublishedMonths(
        releases=[
            (release.year, release.version, release.digest)
            for release in releases.values()
            if release is not None
        ],
        months=dict(sorted(months.items())),
        year=dict(own.tables[PublicTable.MONTHS].total) if month == Month(month.year, 12) else {},
    )


def _months(release: Release) -> list[Month]:
    found = release.tables.get(PublicTable.MONTHS)
    rows = found.rows if found else ()
    return [Month.parse(row) for row in rows if row not in release.sources]


def _of(release: Release, month: Month) -> Mapping[str, Shown]:
    found = release.tables.get(PublicTable.MONTHS)
    if found is None or str(month) not in found.rows or str(month) in release.sources:
        return {}
    return {kind: found.cells[str(month), kind] for kind in found.kinds}
