"""The numbers of a meeting: exact ones for those whose they are, published ones for everybody.

Exact ones are counted from the events recorded up to the meeting's beginning (up to now, while it is coming), so
they are the same whenever they are read. Published ones are those of the releases that were out by then: what a
network partner sees here, anybody has seen on the page of public figures, so a meeting gives nothing away.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.kinds import queries as kinds
from referrals.meetings import queries
from referrals.meetings.queries import Meeting
from referrals.statistics import labels
from referrals.statistics import queries as statistics
from referrals.statistics.counting import Measure
from referrals.statistics.publication import queries as publication
from referrals.statistics.publication.tables import (
    COUNTY_ROW,
    GROUP,
    PublicNumbers,
    PublicTable,
    Release,
    ReleaseHead,
)
from referrals.statistics.staff import queries as staff
from referrals.statistics.suppression import Mark, Shown
from referrals.statistics.tables import Row, Table, month_label
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.periods import Month

FIRST_LOOKS_BACK = dt.timedelta(days=91)
"""So far the first meeting of all looks back: there is none before it to begin from."""
SHOWN = (Measure.REFERRALS, Measure.ACCEPTED, Measure.STARTED, Measure.CLOSED)
FEWEST_MONTHS, MOST_MONTHS = 3, 12


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The tables of a meeting."""

    since: dt.datetime
    until: dt.datetime
    exact: Sequence[Table]
    """A table for each kind, of the municipalities whose exact numbers the reader may see; none for partners."""
    published: Sequence[Table]


def numbers_of(row: Meeting, *, exact_for: Sequence[str], language: str, now: dt.datetime) -> Numbers:
    """Return the numbers of a meeting as they stood when it began, or stand now while it is coming.

    Args:
        row: the meeting.
        exact_for: codes of the municipalities whose exact numbers are wanted, in their order.
        language: of the names.
        now: this instant.
    """
    before = queries.before(row)
    until = min(row.at, now)
    since = min(before.at if before else row.at - FIRST_LOOKS_BACK, until)
    names = {each.code: in_language(each.name, language).text for each in kinds.kinds()}
    places = {each.code: in_language(each.name, language).text for each in municipalities()}
    return Numbers(
        since=since,
        until=until,
        exact=_exact(since, until, names, {code: places[code] for code in exact_for if code in places}),
        published=_published(since, until, names, places),
    )


def _exact(
    since: dt.datetime, until: dt.datetime, names: Mapping[str, str], places: Mapping[str, str]
) -> Sequence[Table]:
    if not places:
        return ()
    counts, stock = staff.counts_between(since, until), statistics.stock_before(until)
    made = []
    for kind, name in names.items():
        rows = [
            Row(
                label=place,
                cells=[*(counts.of(measure, kind, code) for measure in SHOWN), stock.get((kind, code), 0)],
            )
            for code, place in places.items()
        ]
        totals = [
            sum(cell for cell in column if isinstance(cell, int))
            for column in zip(*_cells(rows), strict=True)
        ]
        made.append(
            Table(
                name=f"tarkat-{kind}",
                caption=name,
                head=[
                    _p("figures", "Municipality"),
                    *(str(labels.MEASURES[measure]) for measure in SHOWN),
                    _p("meeting", "Open then"),
                ],
                rows=rows,
                foot=Row(label=_p("figures", "Total"), cells=totals) if len(rows) > 1 else None,
            )
        )
    return made


def _cells(rows: Sequence[Row]) -> list[Sequence[Shown]]:
    return [row.cells for row in rows]


def _published(
    since: dt.datetime, until: dt.datetime, names: Mapping[str, str], places: Mapping[str, str]
) -> Sequence[Table]:
    then = _releases(until)
    months = _months(then)
    known = {month for month, _cells in _months(_releases(since))}
    new = [each for each in months if each[0] not in known] or months[-1:]
    fewest = max(len(new), FEWEST_MONTHS)
    made = [
        Table(
            name="kuukaudet",
            caption=_("The county's referrals by month"),
            head=[_p("figures", "Month"), *names.values()],
            rows=[
                Row(label=month_label(month), cells=[cells.get(kind, Mark.NOT_IN_USE) for kind in names])
                for month, cells in months[-min(fewest, MOST_MONTHS) :]
            ],
        )
    ]
    quarters = _quarters(then)
    if quarters:
        quarter, numbers = quarters[-1]
        made.append(_quarter_table(quarter, numbers, names, places))
    return [table for table in made if table.rows]


def _releases(at: dt.datetime) -> Sequence[Release]:
    """Return the release of each of the last two years that counts at an instant, oldest year first."""
    found = []
    for year in sorted(each for each in publication.years() if each <= Month.of(at).year)[-2:]:
        version = _version_at(publication.versions(year), at)
        release = publication.release(year, version) if version is not None else None
        if release is not None:
            found.append(release)
    return found


def _version_at(heads: Sequence[ReleaseHead], at: dt.datetime) -> int | None:
    """Return the newest version that was out at an instant.

    Where months were published long after they were over (a service that began to publish later), none was out:
    then it is the first version that holds all months that were over. Either way the answer stays the same.
    """
    out = [head.version for head in heads if head.published_at <= at]
    if out:
        return max(out)
    over = [(head.until, -head.version) for head in heads if head.until.is_finished(at)]
    return -max(over)[1] if over else None


def _months(releases: Sequence[Release]) -> list[tuple[Month, Mapping[str, Shown]]]:
    return [
        (Month.parse(code), {kind: table.cells[code, kind] for kind in table.kinds})
        for release in releases
        if (table := release.tables.get(PublicTable.MONTHS))
        for code in table.rows
    ]


def _quarters(releases: Sequence[Release]) -> list[tuple[str, PublicNumbers]]:
    """Return the published quarters, oldest first, each with the table that holds it."""
    found: dict[str, PublicNumbers] = {}
    for release in releases:
        table = release.tables.get(PublicTable.PLACES)
        for code in table.rows if table else ():
            assert table is not None
            found[code.partition("/")[0]] = table
    return sorted(found.items())


def _quarter_table(
    quarter: str, table: PublicNumbers, names: Mapping[str, str], places: Mapping[str, str]
) -> Table:
    said = {**places, GROUP: _("Under 10,000 inhabitants"), COUNTY_ROW: _("The whole county")}
    codes = [code for code in table.rows if code.startswith(f"{quarter}/")]
    year, _dash, number = quarter.partition("-Q")
    rows = []
    for code in codes:
        place = code.partition("/")[2]
        cells = [table.cells[code, kind] if kind in table.kinds else Mark.NOT_IN_USE for kind in names]
        rows.append(Row(label=said.get(place, place), cells=cells))
    return Table(
        name="kunnat",
        caption=_("Referrals by municipality, quarter %(number)s of %(year)s", number=number, year=year),
        head=[_p("figures", "Municipality"), *names.values()],
        rows=rows,
    )
