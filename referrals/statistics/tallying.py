"""Counting in the database: it groups the events, so that a million of them cost no more memory than a few.

What a group means is said by ``counting`` alone. Three groupings are asked for: what happened where (with waits
and outcomes), by age group and service area, and by reasons. A referral may have several reasons; the database
groups them as they stand together, of which there are few, and they are told apart here, alike on both engines.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, case, func, select

from referrals.moves import EventName, Outcome
from referrals.statistics.counting import (
    COUNTY,
    ON_THE_WAY,
    WAITS,
    Cell,
    Counts,
    Dimension,
    Happening,
    Measure,
    Stage,
    referral_step,
    spread_cells,
    steps_of,
)
from referrals.statistics.models import StatisticsEvent as Event
from servicetray.core.db import db
from servicetray.core.periods import Month, Period

COUNT_REFERRALS: Final = tuple(name for name in EventName if referral_step(name))
"""The events by which the count of referrals changes."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which events are counted: those recorded in a half-open time, of one kind and some municipalities or all."""

    start: dt.datetime
    end: dt.datetime
    kind: str | None = None
    municipalities: tuple[str, ...] | None = None

    def grouped(
        self, *columns: SQLColumnExpression[Any], names: Sequence[EventName] | None = None
    ) -> Iterator[Any]:
        """Yield how many events there are by these columns, the number last; of some names or of all."""
        statement = select(*columns, func.count()).where(
            Event.recorded_at >= self.start, Event.recorded_at < self.end
        )
        if self.kind is not None:
            statement = statement.where(Event.kind_code == self.kind)
        if self.municipalities is not None:
            statement = statement.where(Event.municipality_code.in_(self.municipalities))
        if names is not None:
            statement = statement.where(Event.name.in_(names))
        yield from db.session.execute(statement.group_by(*columns))


def tally(span: Span) -> Counts:
    """Return what ``counting.count`` would of the same events."""
    numbers: Counter[Cell] = Counter()
    spreads: dict[Cell, Counter[int]] = defaultdict(Counter)
    for event, times in _happened(span):
        for measure, step in steps_of(event):
            for place in (COUNTY, event.municipality):
                numbers[Cell(measure, event.kind, place)] += step * times
        if event.name is EventName.CLOSED and event.outcome is not None:
            cell = Cell(Measure.CLOSED, event.kind, COUNTY, Dimension.OUTCOME, event.outcome.value)
            numbers[cell] += times
        if event.name in WAITS and event.working_days is not None:
            for place in (COUNTY, event.municipality):
                spreads[Cell(WAITS[event.name], event.kind, place)][event.working_days] += times
    for dimension, kind, value, name, times in _split(span):
        numbers[Cell(Measure.REFERRALS, kind, COUNTY, dimension, value)] += referral_step(name) * times
    return Counts({**numbers, **spread_cells(spreads)})


def referrals_by_month(span: Span, period: Period) -> dict[Month, int]:
    """Return the count of referrals in each month that a period touches, oldest first."""
    months = period.months
    # Months are Helsinki's, which no database is asked to know: their ends are given to it.
    which = case(
        *((Event.recorded_at < month.bounds[1], at) for at, month in enumerate(months)), else_=len(months)
    ).label("which")
    found = dict.fromkeys(months, 0)
    for at, name, times in span.grouped(which, Event.name, names=COUNT_REFERRALS):
        found[months[at]] += referral_step(name) * times
    return found


def way_by(dimension: Dimension, span: Span) -> Mapping[str, Mapping[Stage, int]]:
    """Return how many came to each stage, by reason, age group or service area, in the order of the values.

    Each stage counts what happened in the span; one that was sent before it may be closed within it.
    """
    found: dict[str, Counter[Stage]] = defaultdict(Counter)
    rows = span.grouped(_COLUMNS[dimension], Event.name, Event.outcome, names=tuple(ON_THE_WAY))
    for value, name, outcome, times in rows:
        stage, step = ON_THE_WAY[name]
        if stage is Stage.COMPLETED and outcome is not Outcome.COMPLETED:
            continue
        for each in _values(dimension, value):
            found[each][stage] += step * times
    return {value: {stage: found[value][stage] for stage in Stage} for value in sorted(found)}


_COLUMNS: Final[Mapping[Dimension, Any]] = {
    Dimension.REASON: Event.reasons,
    Dimension.AGE_GROUP: Event.age_group,
    Dimension.SERVICE_AREA: Event.service_area,
}


def _happened(span: Span) -> Iterator[tuple[Happening, int]]:
    # Days matter for waits alone; of other events they would only make more groups.
    days = case((Event.name.in_(tuple(WAITS)), Event.working_days), else_=None).label("days")
    rows = span.grouped(
        Event.kind_code,
        Event.municipality_code,
        Event.name,
        Event.direction,
        Event.outcome,
        Event.sender_told,
        days,
    )
    for kind, place, name, direction, outcome, told, waited, times in rows:
        yield (
            Happening(
                at=span.start,
                name=name,
                direction=direction,
                kind=kind,
                municipality=place,
                service_area="",
                reasons=(),
                age_group="",
                outcome=outcome,
                working_days=waited,
                sender_told=told,
            ),
            times,
        )


def _split(span: Span) -> Iterator[tuple[Dimension, str, str, EventName, int]]:
    rows = span.grouped(
        Event.kind_code, Event.age_group, Event.service_area, Event.name, names=COUNT_REFERRALS
    )
    for kind, age, area, name, times in rows:
        yield Dimension.AGE_GROUP, kind, age, name, times
        yield Dimension.SERVICE_AREA, kind, area, name, times
    rows = span.grouped(Event.kind_code, Event.reasons, Event.name, names=COUNT_REFERRALS)
    for kind, reasons, name, times in rows:
        for reason in _values(Dimension.REASON, reasons):
            yield Dimension.REASON, kind, reason, name, times


def _values(dimension: Dimension, found: Any) -> Iterable[str]:
    # A reason that an event names twice counts once.
    return tuple(dict.fromkeys(found)) if dimension is Dimension.REASON else (found,)
