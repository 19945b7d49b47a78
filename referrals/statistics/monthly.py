"""Freezing a finished month: its numbers are counted once and never change; a correction is a new version."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final

from referrals.statistics import queries
from referrals.statistics.counting import FLOWS, Cell, Counts, Measure, count
from referrals.statistics.models import FrozenMonth, FrozenRow
from referrals.statistics.periods import Month, finished_months
from servicetray.core.db import db
from servicetray.core.errors import DomainError
from servicetray.core.jobs import Job, done_periods

JOB_NAME = "figures.month"
SETTLING: Final = dt.timedelta(minutes=5)
"""How long a finished month is left to settle: a move made in its last second may be committed after it,
and an event that a frozen month has not counted would keep every later month from balancing."""


class NotFinishedError(DomainError):
    """The month is not over yet in Helsinki."""


class AlreadyFrozenError(DomainError):
    """The month is frozen; only a correction with its reason makes another version."""


class BalanceError(DomainError):
    """Open at start + in is not out + open at end: events are missing or were added to an older month."""

    def __init__(self, month: Month, place: queries.Place, numbers: dict[Measure, int]) -> None:
        self.month, self.place, self.numbers = month, place, numbers
        super().__init__(f"{month} {place}: {numbers}")


def due(now: dt.datetime) -> Sequence[str]:
    """Return the finished, settled months since the first event that the job has not frozen, oldest first."""
    first = queries.first_event_at()
    if first is None:
        return ()
    done = done_periods(JOB_NAME)
    return tuple(str(month) for month in finished_months(first, now=now - SETTLING) if str(month) not in done)


def freeze(month: Month, *, now: dt.datetime, correction: str | None = None) -> FrozenMonth:
    """Freeze a finished month; with a reason for the correction, freeze it anew as its next version.

    Raises:
        NotFinishedError: if the month is not over.
        AlreadyFrozenError: if it is frozen and no reason is given.
        BalanceError: if the month does not balance with the one before.
    """
    if not month.is_finished(now):
        raise NotFinishedError(str(month))
    known = queries.newest(month)
    if known is not None and not correction:
        raise AlreadyFrozenError(str(month))
    rows = sorted(counted(month).numbers.items())
    frozen = FrozenMonth(
        period=str(month),
        version=known.version + 1 if known else 1,
        frozen_at=now,
        digest=digest(rows),
        correction=correction,
    )
    db.session.add(frozen)
    db.session.flush()
    db.session.add_all(
        FrozenRow(
            month_id=frozen.id,
            measure=cell.measure.value,
            kind_code=cell.kind,
            municipality_code=cell.municipality,
            dimension=cell.dimension.value,
            value=cell.value,
            number=number,
        )
        for cell, number in rows
    )
    db.session.flush()
    return frozen


def counted(month: Month) -> Counts:
    """Count a month from its events.

    Kinds and municipalities that have ever had an event have every number, 0 too: what is missing was not
    in use yet.

    Raises:
        BalanceError: if the month does not balance with the one before.
    """
    start, end = month.bounds
    counts = count(queries.events_between(start, end))
    numbers = dict(counts.numbers)
    before, after = _open_at_start(month), queries.stock_before(end)
    for kind, municipality in sorted(after):
        place = (kind, municipality)
        for measure in FLOWS:
            numbers.setdefault(Cell(measure, kind, municipality), 0)
        stock = {
            Measure.OPEN_AT_START: before.get(place, 0),
            Measure.IN: counts.of(Measure.IN, kind, municipality),
            Measure.OUT: counts.of(Measure.OUT, kind, municipality),
            Measure.OPEN_AT_END: after[place],
        }
        if not _balances(stock):
            raise BalanceError(month, place, stock)
        numbers |= {Cell(measure, kind, municipality): number for measure, number in stock.items()}
    return Counts(numbers)


def digest(rows: Iterable[tuple[Cell, int]]) -> str:
    """Return the SHA-256 of a month's numbers: the same events give the same."""
    listed = [[*map(str, cell), number] for cell, number in rows]
    return hashlib.sha256(json.dumps(listed, ensure_ascii=False).encode()).hexdigest()


def job() -> Job:
    """Return the job that freezes each finished month once."""
    return Job(name=JOB_NAME, due=due, work=_work)


def _work(period: str, now: dt.datetime) -> None:
    month = Month.parse(period)
    # Frozen by hand before: the job only has to note it.
    if queries.newest(month) is None:
        freeze(month, now=now)


def _open_at_start(month: Month) -> dict[queries.Place, int]:
    # What the month before was frozen with, so that an event added to an older month can't pass unseen.
    frozen = queries.newest(month.previous())
    if frozen is None:
        return queries.stock_before(month.bounds[0])
    numbers = queries.frozen_counts(frozen).numbers
    return {
        (cell.kind, cell.municipality): number
        for cell, number in numbers.items()
        if cell.measure is Measure.OPEN_AT_END
    }


def _balances(stock: dict[Measure, int]) -> bool:
    had = stock[Measure.OPEN_AT_START] + stock[Measure.IN]
    return had == stock[Measure.OUT] + stock[Measure.OPEN_AT_END] and min(stock.values()) >= 0
