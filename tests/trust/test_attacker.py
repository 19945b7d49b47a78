"""Nobody can reckon back what is hidden in the public tables, whatever they have kept and know."""

import time

import pytest
from sqlalchemy import select

from referrals import seed
from referrals.statistics.publication import frozen, queries
from referrals.statistics.publication.models import PublicRelease
from referrals.statistics.publication.tables import PublicTable, Release
from servicetray.core.db import db
from servicetray.core.periods import Month
from tests.factories.catalogue import foundation
from tests.figures import Figure
from tests.referrals.statistics.publication.attacker import Attacker
from tests.referrals.statistics.publication.simulated import IN_USE, Simulation, years_of

pytestmark = pytest.mark.trust

THRESHOLD = 5
MONTHS, LONG_MONTHS = 22, 70
SECONDS = 60


@pytest.mark.usefixtures("database")
def test_all_that_was_ever_published_pins_no_hidden_cell(now, long: bool, figure: Figure):
    """Integer programming over every table and version finds at least two numbers for each hidden cell."""
    foundation()
    seed.load()
    simulation = Simulation(months=LONG_MONTHS if long else MONTHS, seed=2026, threshold=THRESHOLD, now=now)
    simulation.run()
    begun = time.monotonic()
    hidden, narrow, lost, shown = 0, [], 0, 0
    for year in years_of(simulation.months):
        releases = _releases(year)
        for kind in IN_USE:
            attacker = Attacker(threshold=THRESHOLD)
            for release, basis in releases:
                if kind in release.tables[PublicTable.MONTHS].kinds:
                    _keep(attacker, release, kind, basis[kind])
            ranges = attacker.ranges()
            hidden += len(ranges)
            narrow += [end - start + 1 for start, end in ranges.values()]
            assert all(start <= attacker.truth[name] <= end for name, (start, end) in ranges.items())
            lost += sum(attacker.truth[name] >= THRESHOLD for name in ranges)
            shown += len(attacker.bounds) - len(ranges)
    took = time.monotonic() - begun
    figure("months simulated", len(simulation.months))
    figure("corrections", simulation.corrections)
    figure("numbers published, all versions", shown)
    figure("cells hidden", hidden)
    figure("cells recoverable", sum(values < 2 for values in narrow))
    figure("fewest possible values of a hidden cell", min(narrow))
    figure("cells lost to protection (not small themselves)", f"{100 * lost / (shown + hidden):.1f}", "%")
    figure("seconds", f"{took:.1f}")
    assert min(narrow) >= 2
    assert took <= SECONDS


def _releases(year: int) -> list[tuple[Release, dict[str, dict[str, int]]]]:
    """Return every version of a year, and on which versions of its months each kind rests."""
    found = []
    for row in db.session.scalars(
        select(PublicRelease).where(PublicRelease.year == year).order_by(PublicRelease.version)
    ):
        release = queries.release(year, row.version)
        assert release is not None
        basis: dict[str, dict[str, int]] = {}
        for month in queries.months_of(row.id):
            for kind, version in month.basis.items():
                basis.setdefault(kind, {})[month.period] = version
        found.append((release, basis))
    return found


def _keep(attacker: Attacker, release: Release, kind: str, basis: dict[str, int]) -> None:
    versions = frozen.versions_until(release.year, release.until)
    numbers = frozen.numbers_of(row for rows in versions.values() for row in rows)
    months = {
        Month.parse(period): numbers[Month.parse(period), version][kind] for period, version in basis.items()
    }
    exact = frozen.year_of(
        kind, months, year=release.year, until=release.until, shown=frozen.places(), own=False
    )
    cells = {
        (table, row): cell
        for table, numbers_ in release.tables.items()
        for (row, of), cell in numbers_.cells.items()
        if of == kind
    }
    totals = {table: each.total[kind] for table, each in release.tables.items() if kind in each.total}
    attacker.keep(cells, totals, exact, basis)
