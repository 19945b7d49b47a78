"""A small chart as geometry: columns by day, or by month where the period is long."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from servicetray.core.periods import Period

WIDTH: Final = 600
HEIGHT: Final = 120
BASE: Final = 98
"""Where the columns stand; below are the days."""
MOST_DAYS: Final = 92
_ROOM: Final = 0.8
_TOP: Final = 14


@dataclass(frozen=True, kw_only=True)
class Column:
    """One day or month."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Everything to draw, in the units of the view box."""

    columns: Sequence[Column]
    first: str
    last: str
    most: int
    """The number of the highest column."""


def steps(period: Period, numbers: Mapping[dt.date, int]) -> Sequence[tuple[str, int]]:
    """Return label and number of each day; of each month where there are more than ``MOST_DAYS`` days."""
    if period.length <= MOST_DAYS:
        return tuple((f"{day.day}.{day.month}.", numbers.get(day, 0)) for day in period.days())
    months: dict[tuple[int, int], int] = {}
    for day in period.days():
        months[day.year, day.month] = months.get((day.year, day.month), 0) + numbers.get(day, 0)
    return tuple((f"{month}/{year}", number) for (year, month), number in months.items())


def columns(rows: Sequence[tuple[str, int]]) -> Columns:
    """Return the chart of labelled numbers."""
    most = max((number for _label, number in rows), default=0)
    room = WIDTH / max(1, len(rows))
    return Columns(
        columns=[
            Column(
                x=round(at * room, 1),
                y=round(BASE - _high(number, most), 1),
                width=round(room * _ROOM, 1),
                height=round(_high(number, most), 1),
            )
            for at, (_label, number) in enumerate(rows)
            if number
        ],
        first=rows[0][0] if rows else "",
        last=rows[-1][0] if rows else "",
        most=most,
    )


def _high(number: int, most: int) -> float:
    return (BASE - _TOP) * number / most if most else 0.0
