"""Questions about events and frozen months."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select

from referrals.moves import EventDirection
from referrals.statistics.counting import (
    COUNTY,
    Cell,
    Counts,
    Dimension,
    Happening,
    Measure,
    count,
    counted_as_referral,
)
from referrals.statistics.models import FrozenMonth, FrozenRow, StatisticsEvent
from referrals.statistics.periods import Month, Period
from servicetray.core.db import db

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
    ).where(StatisticsEvent.recorded_at >= start, StatisticsEvent.recorded_at < end)
    if kind is not None:
        statement = statement.where(StatisticsEvent.kind_code == kind)
    if municipalities is not None:
        statement = statement.where(StatisticsEvent.municipality_code.in_(sorted(municipalities)))
    rows = db.session.execute(statement.order_by(StatisticsEvent.recorded_at, StatisticsEvent.id))
    return tuple(
        Happening(at, name, direction, kind_code, place, area, tuple(reasons), age, outcome, days)
        for at, name, direction, kind_code, place, area, reasons, age, outcome, days in rows
    )


def figures(period: Period, *, kind: str, municipalities: Iterable[str] | None = None) -> Figures:
    """Return the exact figures of a kind in a free period, of all municipalities or of some."""
    events = events_between(*period.bounds, kind=kind, municipalities=municipalities)
    counts = count(events)
    by_month = dict.fromkeys(period.months, 0)
    for event in events:
        by_month[Month.of(event.at)] += counted_as_referral(event)
    places = sorted({event.municipality for event in events})
    return Figures(
        period=period,
        total=counts.of(Measure.REFERRALS, kind),
        by_month=by_month,
        by_municipality={place: counts.of(Measure.REFERRALS, kind, place) for place in places},
        counts=counts,
    )


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
    """Return the latest version of each frozen month, oldest month first."""
    return db.session.scalars(_newest_versions().order_by(FrozenMonth.period, FrozenMonth.id)).all()


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

    A kind that was not in use yet in a month is not there; one without any referral has 0.
    """
    found: dict[Month, dict[str, int]] = {Month.parse(each.period): {} for each in frozen_months()}
    newest_ids = _newest_versions().with_only_columns(FrozenMonth.id)
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


def _newest_versions() -> Select[FrozenMonth]:
    last = (
        select(FrozenMonth.period, func.max(FrozenMonth.version).label("version"))
        .group_by(FrozenMonth.period)
        .subquery()
    )
    return select(FrozenMonth).join(
        last, (FrozenMonth.period == last.c.period) & (FrozenMonth.version == last.c.version)
    )
