"""On which days something takes place, and at which instants. Pure.

A rule is told in Helsinki wall time: what begins at ten begins at ten in summer and in winter.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servicetray.core import clock

_WEEK = dt.timedelta(days=7)
_FEBRUARY = 4
"""Full weeks that every month has: a fifth Tuesday does not come each month."""


class Every(StrEnum):
    """How often it comes again."""

    ONCE = "once"
    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    """On the same weekday of the month as the first time: the second Tuesday, the last Friday."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When something takes place, without exceptions."""

    first_day: dt.date
    starts: dt.time
    """On a Helsinki wall clock."""
    minutes: int
    every: Every = Every.ONCE
    weekdays: Sequence[int] = ()
    """1 Monday … 7 Sunday, for weekly rules; none means that of the first day."""
    last_day: dt.date | None = None
    """The last day that may be one; None is without an end."""


def days(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the days of a rule from ``first`` to ``last``, both included, in order."""
    first = max(first, rule.first_day)
    last = last if rule.last_day is None else min(last, rule.last_day)
    for day in _endless(rule, first, last):
        if day > last:
            return
        if day >= first:
            yield day


def instants(day: dt.date, starts: dt.time, minutes: int) -> tuple[dt.datetime, dt.datetime]:
    """Return when a time of a Helsinki day begins and ends, in UTC.

    An hour that the clock's change leaves out is told by the clock before it; of one that comes twice the first
    is meant.
    """
    begins = dt.datetime.combine(day, starts, tzinfo=clock.HELSINKI).astimezone(dt.UTC)
    return begins, begins + dt.timedelta(minutes=minutes)


def _endless(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    if rule.every is Every.ONCE:
        yield rule.first_day
    elif rule.every is Every.MONTH:
        yield from _monthly(rule.first_day, first, last)
    else:
        yield from _weekly(rule, first, last)


def _weekly(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    step = _WEEK if rule.every is Every.WEEK else 2 * _WEEK
    wanted = sorted(set(rule.weekdays) or {rule.first_day.isoweekday()})
    monday = rule.first_day - dt.timedelta(days=rule.first_day.weekday())
    # Whole steps are skipped at once: a rule may be years old.
    monday += max(0, (first - monday) // step) * step
    while monday <= last:
        for weekday in wanted:
            yield monday + dt.timedelta(days=weekday - 1)
        monday += step


def _monthly(begun: dt.date, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    nth = (begun.day - 1) // 7
    year, month = max((begun.year, begun.month), (first.year, first.month))
    while (year, month) <= (last.year, last.month):
        start = dt.date(year, month, 1)
        day = start + dt.timedelta(days=(begun.weekday() - start.weekday()) % 7)
        # The fifth of one month is the last of all others.
        weeks = min(nth, _FEBRUARY)
        day += weeks * _WEEK
        yield day if (day.year, day.month) == (year, month) else day - _WEEK
        year, month = clock.next_month(year, month)
