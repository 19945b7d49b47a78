"""Stretches of Helsinki days."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Period:
    """From one Helsinki day to another, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period can't end before it begins")

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

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
