"""Questions about events and frozen months."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select

from referrals.county.lateness import waiting_by_place
from referrals.moves import EventDirection
from referrals.municipality.lateness import late_by_place
from referrals.statistics.counting import (
    COUNTY,
    WAITS,
    Cell,
    Counts,
    Dimension,
    Happening,
    Measure,
    Stage,
    Waits,
)
from referrals.statistics.models import FrozenMonth, FrozenRow, StatisticsEvent
from referrals.statistics.tallying import Span, referrals_by_month, tally, way_by
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.periods import Month, Period

Place = tuple[str, str]
"""A kind and a municipality (or the whole county)."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The exact numbers of one kind in a period."""

    period: Period
    total: int
    by_month: Mapping[Month, int]
    by_municipality: Mapping[str, int]
    counts: Counts
    waits: Mapping[Measure, Waits | None]
    """How long clients waited to be taken up and to be reached, over all that is counted here; None of nobody."""


@dataclass(frozen=True, kw_only=True)
class LoopHealth:
    """Whether referrals are taken up soon, and whether their senders get to know the end."""

    claims: int
    """Acceptances of the period whose wait is known."""
    claimed_in_week: int
    """Of those, within seven days (five working days)."""
    loops: int
    """Ends of the period that a sender waits to hear of."""
    loops_closed: int
    """Of those, the ones of which the sender knows."""


@dataclass(frozen=True, kw_only=True)
class OpenNow:
    """What is open of a kind in a municipality at this moment, and how much of it is past its target day."""

    kind: str
    municipality: str
    open: int
    waiting: int
    """Nobody has taken it up yet."""
    waiting_late: int
    under_way: int
    under_way_late: int


def first_event_at() -> dt.datetime | None:
    """Return when the first event was recorded, or None where there is none yet."""
    return db.session.scalars(
        select(StatisticsEvent.recorded_at).order_by(StatisticsEvent.recorded_at, StatisticsEvent.id).limit(1)
    ).first()


def events_between(
    start: dt.datetime,
    end: dt.datetime,
    *,
    kind: str | None = None,
    municipalities: Iterable[str] | None = None,
) -> Sequence[Happening]:
    """Return what was recorded in a half-open time, oldest first."""
    statement = select(
        StatisticsEvent.recorded_at,
        StatisticsEvent.name,
        StatisticsEvent.direction,
        StatisticsEvent.kind_code,
        StatisticsEvent.municipality_code,
        StatisticsEvent.service_area,
        StatisticsEvent.reasons,
        StatisticsEvent.age_group,
        StatisticsEvent.outcome,
        StatisticsEvent.working_days,
        StatisticsEvent.sender_told,
    ).where(StatisticsEvent.recorded_at >= start, StatisticsEvent.recorded_at < end)
    if kind is not None:
        statement = statement.where(StatisticsEvent.kind_code == kind)
    if municipalities is not None:
        statement = statement.where(StatisticsEvent.municipality_code.in_(sorted(municipalities)))
    rows = db.session.execute(statement.order_by(StatisticsEvent.recorded_at, StatisticsEvent.id))
    return tuple(
        Happening(at, name, direction, kind_code, place, area, tuple(reasons), age, outcome, days, told)
        for at, name, direction, kind_code, place, area, reasons, age, outcome, days, told in rows
    )


def figures(period: Period, *, kind: str, municipalities: Iterable[str] | None = None) -> Figures:
    """Return the exact figures of a kind in a free period, of all municipalities or of some.

    The database groups the events: a long period takes no more memory than a short one.
    """
    span = _span(period, kind, municipalities)
    counts = tally(span)
    places = sorted({cell.municipality for cell in counts.numbers} - {COUNTY})
    return Figures(
        period=period,
        total=counts.of(Measure.REFERRALS, kind),
        by_month=referrals_by_month(span, period),
        by_municipality={place: counts.of(Measure.REFERRALS, kind, place) for place in places},
        counts=counts,
        waits={measure: counts.waits(measure, kind) for measure in WAITS.values()},
    )


def loop_health(period: Period, *, kind: str, municipalities: Iterable[str] | None = None) -> LoopHealth:
    """Return how the loop from sender to counselling and back held in a free period."""
    counts = tally(_span(period, kind, municipalities))
    return LoopHealth(
        claims=counts.of(Measure.CLAIMS, kind),
        claimed_in_week=counts.of(Measure.CLAIMED_IN_WEEK, kind),
        loops=counts.of(Measure.LOOPS, kind),
        loops_closed=counts.of(Measure.LOOPS_CLOSED, kind),
    )


def funnel_by(
    dimension: Dimension, period: Period, *, kind: str, municipalities: Iterable[str] | None = None
) -> Mapping[str, Mapping[Stage, int]]:
    """Return how many came to each stage in a period, by reason, age group or service area."""
    return way_by(dimension, _span(period, kind, municipalities))


def open_and_late(now: dt.datetime) -> Sequence[OpenNow]:
    """Return what is open now by kind and municipality, in that order; where nothing ever was is not there.

    Open is what the events say; late is what the two records say, in numbers alone.
    """
    today = clock.helsinki_day(now)
    waiting, late = waiting_by_place(today=today), late_by_place(today=today)
    stock = {place: number for place, number in stock_before(now).items() if place[1] != COUNTY}
    found = []
    for kind, municipality in sorted({*stock, *waiting, *late}):
        place = (kind, municipality)
        waits, waits_late = waiting.get(place, (0, 0))
        # A case outlives its referral's stock for no moment, but the two are asked for one after the other.
        open_now = max(stock.get(place, 0), waits)
        found.append(
            OpenNow(
                kind=kind,
                municipality=municipality,
                open=open_now,
                waiting=waits,
                waiting_late=waits_late,
                under_way=open_now - waits,
                under_way_late=min(late.get(place, 0), open_now - waits),
            )
        )
    return tuple(found)


def stock_before(instant: dt.datetime) -> dict[Place, int]:
    """Return how many referrals were open just before an instant, by kind in each municipality and the county."""
    change = case(
        (StatisticsEvent.direction == EventDirection.IN, 1),
        (StatisticsEvent.direction == EventDirection.OUT, -1),
        else_=0,
    )
    rows = db.session.execute(
        select(StatisticsEvent.kind_code, StatisticsEvent.municipality_code, func.sum(change))
        .where(StatisticsEvent.recorded_at < instant)
        .group_by(StatisticsEvent.kind_code, StatisticsEvent.municipality_code)
        .order_by(StatisticsEvent.kind_code, StatisticsEvent.municipality_code)
    )
    stock: dict[Place, int] = defaultdict(int)
    for kind, municipality, open_now in rows:
        stock[kind, municipality] += int(open_now)
        stock[kind, COUNTY] += int(open_now)
    return dict(stock)


def newest(month: Month) -> FrozenMonth | None:
    """Return the latest version of a frozen month, or None while it is not frozen."""
    return db.session.scalars(_newest_versions().where(FrozenMonth.period == str(month))).first()


def frozen_months() -> Sequence[FrozenMonth]:
    """Return the latest version of each month frozen from our own events, oldest month first."""
    return db.session.scalars(
        _newest_versions().where(FrozenMonth.source.is_(None)).order_by(FrozenMonth.period, FrozenMonth.id)
    ).all()


def imported_months() -> Sequence[FrozenMonth]:
    """Return the latest version of each month that was brought in from elsewhere, oldest month first."""
    return db.session.scalars(
        _newest_versions().where(FrozenMonth.source.is_not(None)).order_by(FrozenMonth.period, FrozenMonth.id)
    ).all()


def versions_of(month: Month) -> Sequence[FrozenMonth]:
    """Return every version of a frozen month, the first one first."""
    return db.session.scalars(
        select(FrozenMonth)
        .where(FrozenMonth.period == str(month))
        .order_by(FrozenMonth.version, FrozenMonth.id)
    ).all()


def frozen_counts(frozen: FrozenMonth) -> Counts:
    """Return the numbers of a frozen month."""
    rows = db.session.scalars(
        select(FrozenRow).where(FrozenRow.month_id == frozen.id).order_by(FrozenRow.id)
    ).all()
    return Counts(
        {
            Cell(
                Measure(row.measure),
                row.kind_code,
                row.municipality_code,
                Dimension(row.dimension),
                row.value,
            ): row.number
            for row in rows
        }
    )


def frozen_referrals() -> dict[Month, dict[str, int]]:
    """Return the county's count of referrals by frozen month and kind, oldest month first.

    A kind that was not in use yet in a month is not there; one without any referral has 0. Months that were
    brought in from elsewhere are not there.
    """
    found: dict[Month, dict[str, int]] = {Month.parse(each.period): {} for each in frozen_months()}
    newest_ids = _newest_versions().where(FrozenMonth.source.is_(None)).with_only_columns(FrozenMonth.id)
    rows = db.session.execute(
        select(FrozenMonth.period, FrozenRow.kind_code, FrozenRow.number)
        .join(FrozenRow, FrozenRow.month_id == FrozenMonth.id)
        .where(
            FrozenMonth.id.in_(newest_ids),
            FrozenRow.measure == Measure.REFERRALS.value,
            FrozenRow.municipality_code == COUNTY,
            FrozenRow.dimension == Dimension.NONE.value,
        )
        .order_by(FrozenMonth.period, FrozenRow.kind_code)
    )
    for period, kind, number in rows:
        found[Month.parse(period)][kind] = number
    return found


def _span(period: Period, kind: str, municipalities: Iterable[str] | None) -> Span:
    start, end = period.bounds
    some = None if municipalities is None else tuple(sorted(municipalities))
    return Span(start=start, end=end, kind=kind, municipalities=some)


def _newest_versions() -> Select[FrozenMonth]:
    last = (
        select(FrozenMonth.period, func.max(FrozenMonth.version).label("version"))
        .group_by(FrozenMonth.period)
        .subquery()
    )
    return select(FrozenMonth).join(
        last, (FrozenMonth.period == last.c.period) & (FrozenMonth.version == last.c.version)
    )
