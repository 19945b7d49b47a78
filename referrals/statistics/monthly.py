"""Freezing a finished month: its numbers are counted once and never change; a correction is a new version."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from referrals.statistics import queries
from referrals.statistics.counting import FLOWS, Cell, Counts, Measure
from referrals.statistics.models import FrozenMonth, FrozenRow
from referrals.statistics.publication import operations as publication
from referrals.statistics.tallying import Span, tally
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import identity_codes
from servicetray.core.db import db
from servicetray.core.errors import DomainError
from servicetray.core.jobs import Job, done_periods
from servicetray.core.periods import Month, finished_months
from servicetray.core.settings import current_settings

JOB_NAME = "figures.month"
SETTLING: Final = dt.timedelta(minutes=5)
"""How long a finished month is left to settle: a move made in its last second may be committed after it,
and an event that a frozen month has not counted would keep every later month from balancing."""
OVERDUE_AFTER: Final = dt.timedelta(hours=1)
"""A worker freezes a month within a minute; after this long something is amiss."""
LONGEST_REASON: Final = 300


class NotFinishedError(DomainError):
    """The month is not over yet in Helsinki."""


class AlreadyFrozenError(DomainError):
    """The month is frozen; only a correction with its reason makes another version."""


class NotFrozenError(DomainError):
    """There is no frozen month of our own events to correct."""


class UnfitReasonError(DomainError):
    """A correction's reason is missing, too long, or holds a personal identity code: it is shown to everyone."""


class NothingToCorrectError(DomainError):
    """The month counts as it was frozen."""


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


def overdue(now: dt.datetime) -> Sequence[Month]:
    """Return the months that could have been frozen an hour ago and are not, oldest first."""
    late = (Month.parse(period) for period in due(now - OVERDUE_AFTER))
    return tuple(month for month in late if queries.newest(month) is None)


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
    return store(
        month, counted(month), version=known.version + 1 if known else 1, now=now, correction=correction
    )


def correct(month: Month, *, reason: str, actor: User | None, now: dt.datetime) -> Sequence[FrozenMonth]:
    """Count a frozen month anew as its next version, and those after it that change by it; return what was made.

    What was frozen before stays. Each new version carries the reason, which is shown wherever the numbers are.

    Raises:
        UnfitReasonError: if the reason can't be shown.
        NotFrozenError: if the month is not frozen, or was brought in from elsewhere.
        NothingToCorrectError: if it counts as it was frozen.
        BalanceError: if a month does not balance even so.
    """
    reason = fit_reason(reason)
    later = [each for each in queries.frozen_months() if each.period >= str(month)]
    if not later or later[0].period != str(month):
        raise NotFrozenError(str(month))
    made: list[FrozenMonth] = []
    for known in later:
        counts = counted(Month.parse(known.period))
        if not _differs(queries.frozen_counts(known), counts):
            if not made:
                raise NothingToCorrectError(str(month))
            continue
        frozen = store(
            Month.parse(known.period), counts, version=known.version + 1, now=now, correction=reason
        )
        note_correction(frozen, before=known, actor=actor, now=now)
        made.append(frozen)
    return made


def fit_reason(reason: str) -> str:
    """Return a correction's reason without blanks around it.

    Raises:
        UnfitReasonError: if it is empty, too long, or holds a personal identity code.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON or identity_codes.contains_code(reason):
        raise UnfitReasonError
    return reason


def note_correction(
    frozen: FrozenMonth, *, before: FrozenMonth, actor: User | None, now: dt.datetime
) -> None:
    """Write into the log that a month has another version; its reason stands in the month itself."""
    record(
        Action.FIGURES_CORRECTED,
        actor=actor,
        object_type="month",
        object_id=frozen.period,
        now=now,
        detail={"version": str(frozen.version), "digest": frozen.digest, "digest_before": before.digest},
    )


def store(
    month: Month,
    counts: Counts,
    *,
    version: int,
    now: dt.datetime,
    correction: str | None = None,
    source: str | None = None,
) -> FrozenMonth:
    """Write a version of a frozen month with its numbers."""
    rows = sorted(counts.numbers.items())
    frozen = FrozenMonth(
        period=str(month),
        version=version,
        frozen_at=now,
        digest=digest(rows),
        correction=correction,
        source=source,
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
    counts = tally(Span(start=start, end=end))
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
    # Published in the same transaction; with it whatever was frozen while nothing was published yet.
    publication.catch_up(now=now, threshold=current_settings().small_number)


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


def _differs(frozen: Counts, counts: Counts) -> bool:
    """Whether a month counts otherwise, by what was counted when it was frozen: measures may have been added since."""
    known = {(cell.measure, cell.dimension) for cell in frozen.numbers}

    def of(numbers: Mapping[Cell, int]) -> dict[Cell, int]:
        return {
            cell: number
            for cell, number in numbers.items()
            if (cell.measure, cell.dimension) in known and number
        }

    return of(frozen.numbers) != of(counts.numbers)


def _balances(stock: dict[Measure, int]) -> bool:
    had = stock[Measure.OPEN_AT_START] + stock[Measure.IN]
    return had == stock[Measure.OUT] + stock[Measure.OPEN_AT_END] and min(stock.values()) >= 0
