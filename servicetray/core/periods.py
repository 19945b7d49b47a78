"""Months and periods of Helsinki days: calendar days outside, half-open UTC instants inside."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from servicetray.core import clock
from servicetray.core.errors import DomainError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class NotAMonthError(DomainError):
    """The text is not a month like 2024-12."""


class ReversedPeriodError(DomainError):
    """The period ends before it begins."""


@dataclass(frozen=True, order=True)
class Month:
    """A Helsinki calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2024-12``.

        Raises:
            NotAMonthError: if it is anything else.
        """
        found = _MONTH.fullmatch(text)
        if found is None or int(found[1]) == 0:
            raise NotAMonthError(text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, instant: dt.datetime) -> Self:
        """Return the month in which an instant falls in Helsinki."""
        return cls(*clock.month_of(instant))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """Its first instant, and the first of the next month (UTC)."""
        return clock.month_bounds(self.year, self.month)

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        return self.next().first_day - dt.timedelta(days=1)

    def next(self) -> "Month":
        """Return the month that follows."""
        return Month(*clock.next_month(self.year, self.month))

    def previous(self) -> "Month":
        """Return the month before."""
        return Month.of_day(self.first_day - dt.timedelta(days=1))

    @classmethod
    def of_day(cls, day: dt.date) -> Self:
        """Return the month of a Helsinki day."""
        return cls(day.year, day.month)

    def is_finished(self, now: dt.datetime) -> bool:
        """Whether the whole month lies behind."""
        return self.bounds[1] <= now


@dataclass(frozen=True, order=True)
class Period:
    """Helsinki days from the first to the last, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ReversedPeriodError(f"{self.last} is before {self.first}")

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """Its first instant, and the first one after it (UTC)."""
        return clock.days_bounds(self.first, self.last)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that it touches, oldest first."""
        return tuple(months_between(Month.of_day(self.first), Month.of_day(self.last)))

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The same number of days just before it."""
        day = dt.timedelta(days=1)
        return Period(self.first - day * self.length, self.first - day)

    def days(self) -> Iterator[dt.date]:
        """Yield every day, in order."""
        for number in range(self.length):
            yield self.first + dt.timedelta(days=number)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Yield the months from the first to the last, both included; none where the last comes before."""
    month = first
    while month <= last:
        yield month
        month = month.next()


def finished_months(since: dt.datetime, *, now: dt.datetime) -> Iterator[Month]:
    """Yield the months that are over, from the one of ``since`` on, oldest first."""
    month = Month.of(since)
    while month.is_finished(now):
        yield month
        month = month.next()
