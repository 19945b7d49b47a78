"""Questions that only the pages of those in charge ask of the events."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from referrals.moves import EventName
from referrals.statistics import queries
from referrals.statistics.counting import Counts, referral_step
from referrals.statistics.models import StatisticsEvent as Event
from referrals.statistics.tallying import COUNT_REFERRALS, Span, tally
from servicetray.core.db import db
from servicetray.core.periods import Month, Period


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """How many closings had a sender to tell, and how many of their clients allowed it."""

    asked: int
    allowed: int


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A month that was frozen anew, and why."""

    month: Month
    version: int
    reason: str
    frozen_at: dt.datetime


def sent_by_place_and_month(period: Period, *, kind: str) -> Mapping[str, Mapping[Month, int]]:
    """Return the count of a kind's referrals in each municipality and month of a period, oldest month first."""
    months = period.months
    which = case(
        *((Event.recorded_at < month.bounds[1], at) for at, month in enumerate(months)), else_=len(months)
    ).label("which")
    found: dict[str, dict[Month, int]] = defaultdict(lambda: dict.fromkeys(months, 0))
    question = _span(period, kind).grouped(Event.municipality_code, which, Event.name, names=COUNT_REFERRALS)
    for place, at, name, times in question:
        found[place][months[at]] += referral_step(name) * times
    return dict(found)


def sent_by_place_and_reason(period: Period, *, kind: str) -> Mapping[str, Mapping[str, int]]:
    """Return the count of a kind's referrals by reason and municipality; one with two reasons counts under both."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    question = _span(period, kind).grouped(
        Event.municipality_code, Event.reasons, Event.name, names=COUNT_REFERRALS
    )
    for place, reasons, name, times in question:
        for reason in dict.fromkeys(reasons):
            found[reason][place] += referral_step(name) * times
    return {reason: found[reason] for reason in sorted(found)}


def allowed_to_tell(period: Period, *, kind: str, municipalities: Sequence[str] | None = None) -> Allowed:
    """Return how many of the clients of a period's closings allowed the sender to hear of it."""
    start, end = period.bounds
    statement = select(func.count(), func.sum(case((Event.sender_told.is_(True), 1), else_=0))).where(
        Event.recorded_at >= start,
        Event.recorded_at < end,
        Event.kind_code == kind,
        Event.name == EventName.CLOSED,
        Event.sender_told.is_not(None),
    )
    if municipalities is not None:
        statement = statement.where(Event.municipality_code.in_(municipalities))
    asked, allowed = db.session.execute(statement).one()
    return Allowed(asked=asked, allowed=int(allowed or 0))


def counts_between(start: dt.datetime, end: dt.datetime) -> Counts:
    """Return what happened in a half-open time, of all kinds: events never change, so the answer stays the same."""
    return tally(Span(start=start, end=end))


def corrected_months(*, since: Month) -> Sequence[Corrected]:
    """Return the months from ``since`` on that were frozen anew, the newest correction first."""
    found = [
        Corrected(
            month=Month.parse(each.period),
            version=each.version,
            reason=each.correction,
            frozen_at=each.frozen_at,
        )
        for each in queries.frozen_months()
        if each.correction and Month.parse(each.period) >= since
    ]
    return sorted(found, key=lambda each: (each.frozen_at, each.month), reverse=True)


def _span(period: Period, kind: str) -> Span:
    start, end = period.bounds
    return Span(start=start, end=end, kind=kind)
