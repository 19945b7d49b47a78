"""Is a place open now? From its hours, their exceptions, and the public holidays of Finland. Pure.

A row with a last day, or of one day alone, is an exception: on its days it counts instead of the ordinary
hours. On a public holiday ordinary hours are not relied upon: the answer is that one should ask.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import holidays

from servicetray.core import clock

LOOK_AHEAD = 14
"""Days within which the next opening is told."""
MIDNIGHT = dt.time(0, 0)
_DAY = dt.timedelta(days=1)
_PAIR = 2


class Openness(StrEnum):
    """What can be said of this moment."""

    OPEN = "open"
    CLOSED = "closed"
    UNSURE = "unsure"
    """A public holiday for which no hours were told."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Whether it is open, and when that changes (UTC); None where nothing is known of it."""

    now: Openness
    until: dt.datetime | None = None
    """When it closes, of one that is open."""
    opens_at: dt.datetime | None = None
    """When it opens next, of one that is not."""


@dataclass(frozen=True, kw_only=True)
class _Row:
    first: int
    last: int
    opens: dt.time | None
    closes: dt.time | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    closed: bool

    def holds(self, day: dt.date) -> bool:
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        weekday = day.isoweekday()
        if self.first <= self.last:
            return self.first <= weekday <= self.last
        return weekday >= self.first or weekday <= self.last


def state(hours: Sequence[Mapping[str, Any]], at: dt.datetime) -> Opening | None:
    """Return whether a channel with these hours is open at an instant.

    Args:
        hours: as a channel keeps them: ``{"days": [1, 5], "from": "08:00", "to": "16:00", "valid_from",
            "valid_to", "closed", "by_reservation"}``; rows in words alone are passed over.
        at: the instant, aware.

    Returns:
        None where no row tells times, or where one comes by appointment alone.
    """
    ordinary, exceptions = _read(hours)
    if not any(not row.closed for row in ordinary):
        return None
    here = clock.helsinki(at)
    spans = [
        span
        for offset in range(-1, LOOK_AHEAD + 1)
        for span in _spans(here.date() + offset * _DAY, ordinary, exceptions)
    ]
    spans = _joined(sorted(spans))
    for begins, ends in spans:
        if begins <= at < ends:
            return Opening(now=Openness.OPEN, until=ends)
    following = next((begins for begins, _ in spans if begins > at), None)
    unsure = is_holiday(here.date()) and not _told(here.date(), exceptions)
    return Opening(now=Openness.UNSURE if unsure else Openness.CLOSED, opens_at=following)


def is_holiday(day: dt.date) -> bool:
    """Whether a day is a public holiday in Finland, or the eve of Christmas or Midsummer: few places are open."""
    return day in _holidays(day.year)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[dt.date]:
    days = holidays.country_holidays("FI", years=year)
    # Sundays and Saturdays that are holidays as such are among them; ordinary ones are not.
    eve = next(day for day in (dt.date(year, 6, number) for number in range(19, 26)) if day.isoweekday() == 5)  # noqa: PLR2004 - Friday
    return frozenset({*days.keys(), dt.date(year, 12, 24), eve})


def _read(hours: Sequence[Mapping[str, Any]]) -> tuple[list[_Row], list[_Row]]:
    ordinary: list[_Row] = []
    exceptions: list[_Row] = []
    for told in hours:
        if told.get("by_reservation"):
            continue
        days = told.get("days")
        whole = isinstance(days, list | tuple) and len(days) == _PAIR
        row = _Row(
            first=int(days[0]) if whole and days else 1,
            last=int(days[1]) if whole and days else 7,
            opens=_time(told.get("from")),
            closes=_time(told.get("to")),
            valid_from=_date(told.get("valid_from")),
            valid_to=_date(told.get("valid_to")),
            closed=bool(told.get("closed")),
        )
        if not row.closed and (row.opens is None or row.closes is None):
            continue
        (exceptions if row.valid_to is not None else ordinary).append(row)
    return ordinary, exceptions


def _told(day: dt.date, exceptions: Sequence[_Row]) -> list[_Row]:
    return [row for row in exceptions if row.holds(day)]


def _spans(
    day: dt.date, ordinary: Sequence[_Row], exceptions: Sequence[_Row]
) -> list[tuple[dt.datetime, dt.datetime]]:
    special = _told(day, exceptions)
    rows = special or ([] if is_holiday(day) else [row for row in ordinary if row.holds(day)])
    if any(row.closed for row in rows):
        return []
    return [
        _span(day, row.opens, row.closes) for row in rows if row.opens is not None and row.closes is not None
    ]


def _span(day: dt.date, opens: dt.time, closes: dt.time) -> tuple[dt.datetime, dt.datetime]:
    # What closes at or before it opens closes on the next day: 18–02, and 00–00 is the whole day.
    end_day = day if closes > opens else day + _DAY
    return (_instant(day, opens), _instant(end_day, closes))


def _instant(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=clock.HELSINKI).astimezone(dt.UTC)


def _joined(spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> list[tuple[dt.datetime, dt.datetime]]:
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for begins, ends in spans:
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return found


def _time(text: object) -> dt.time | None:
    try:
        return (
            dt.time.fromisoformat(str(text)[:5])
            if text and str(text)[:5] != "24:00"
            else (MIDNIGHT if text else None)
        )
    except ValueError:
        return None


def _date(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
