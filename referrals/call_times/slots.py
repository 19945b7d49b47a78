"""Which times a weekly pattern comes to on a day: pure, in Helsinki wall time, the clocks' changes included."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from servicetray.core import clock

FRIDAY = 4


class Hours(Protocol):
    """What a pattern says of when: a weekday (0 is Monday), wall times, minutes a time, and from when to when."""

    @property
    def weekday(self) -> int: ...
    @property
    def from_time(self) -> dt.time: ...
    @property
    def until_time(self) -> dt.time: ...
    @property
    def slot_minutes(self) -> int: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_until(self) -> dt.date | None: ...


class TimeOff(Protocol):
    """What an exception says of when: days, both included, and wall times or the whole day."""

    @property
    def first_day(self) -> dt.date: ...
    @property
    def last_day(self) -> dt.date: ...
    @property
    def from_time(self) -> dt.time | None: ...
    @property
    def until_time(self) -> dt.time | None: ...


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One time: its Helsinki day, and two instants in UTC."""

    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime


def slots_between(
    hours: Hours, *, first: dt.date, last: dt.date, off: Iterable[TimeOff] = ()
) -> Iterator[Slot]:
    """Yield a pattern's times on the Helsinki days from `first` to `last`, those in a time off left out."""
    off = tuple(off)
    day = max(first, hours.valid_from)
    end = min(last, hours.valid_until or last)
    day += dt.timedelta(days=(hours.weekday - day.weekday()) % 7)
    while day <= end:
        if not is_day_off(day):
            for slot in _slots_on(hours, day):
                if not any(covers(each, slot) for each in off):
                    yield slot
        day += dt.timedelta(days=7)


def is_day_off(day: dt.date) -> bool:
    """Whether a weekday is a public holiday or an eve. A Saturday or Sunday is on only where somebody asked."""
    return day.weekday() <= FRIDAY and not clock.is_working_day(day)


def covers(off: TimeOff, slot: Slot) -> bool:
    """Whether a time off takes any minute of a time."""
    if not off.first_day <= slot.day <= off.last_day:
        return False
    if off.from_time is None or off.until_time is None:
        return True
    begins, ends = clock.helsinki(slot.starts_at).time(), clock.helsinki(slot.ends_at).time()
    # A time that ends at midnight ends after every time off of its day.
    return begins < off.until_time and (ends > off.from_time or ends == dt.time.min)


def hours_meet(one: Hours, other: Hours) -> bool:
    """Whether two patterns ever stand at the same minute of the same day."""
    return (
        one.weekday == other.weekday
        and one.from_time < other.until_time
        and other.from_time < one.until_time
        and (one.valid_until is None or other.valid_from <= one.valid_until)
        and (other.valid_until is None or one.valid_from <= other.valid_until)
    )


def instant(day: dt.date, time: dt.time) -> dt.datetime:
    """Give the instant in UTC at which Helsinki's clocks show a time (of an hour that comes twice: the first)."""
    return dt.datetime.combine(day, time, tzinfo=clock.HELSINKI).astimezone(dt.UTC)


def _slots_on(hours: Hours, day: dt.date) -> Iterator[Slot]:
    length = dt.timedelta(minutes=hours.slot_minutes)
    told, until = dt.datetime.combine(day, hours.from_time), dt.datetime.combine(day, hours.until_time)
    while told + length <= until:
        starts, ends = instant(day, told.time()), instant((told + length).date(), (told + length).time())
        # A time that the clocks tear apart, or skip, is none.
        if ends - starts == length and clock.helsinki(starts).replace(tzinfo=None) == told:
            yield Slot(day=day, starts_at=starts, ends_at=ends)
        told += length
