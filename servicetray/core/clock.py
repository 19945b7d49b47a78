"""Time as this service means it: instants in UTC, calendar days in Helsinki, targets in working days.

Instants are aware UTC datetimes everywhere. A *day* is always a Helsinki calendar day: the day that people
write in letters and that the monthly figures are counted by. A *working day* is Monday to Friday without
Finnish public holidays, Christmas Eve and Midsummer Eve.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

__all__ = [
    "HELSINKI",
    "add_working_days",
    "day_start",
    "days_bounds",
    "helsinki",
    "helsinki_day",
    "is_working_day",
    "month_bounds",
    "month_of",
    "months_after",
    "next_month",
    "next_working_day",
    "now",
    "working_days_between",
]

HELSINKI = ZoneInfo("Europe/Helsinki")

_ONE_DAY = timedelta(days=1)
_DECEMBER = 12
_FRIDAY, _SATURDAY = 4, 5


def now() -> datetime:
    """Give this instant as an aware UTC datetime."""
    return datetime.now(UTC)


def helsinki(instant: datetime) -> datetime:
    """Give the instant on a Helsinki wall clock; raise ValueError for a datetime without a zone."""
    if instant.tzinfo is None:
        # astimezone() would silently take it for the server's local time.
        message = "a datetime without a zone is not an instant"
        raise ValueError(message)
    return instant.astimezone(HELSINKI)


def helsinki_day(instant: datetime) -> date:
    """Give the Helsinki calendar day in which the instant falls."""
    return helsinki(instant).date()


def day_start(day: date) -> datetime:
    """Give the UTC instant at which the Helsinki calendar day begins."""
    return datetime.combine(day, time.min, tzinfo=HELSINKI).astimezone(UTC)


def days_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Give the half-open UTC interval of the Helsinki days from `first` to `last`, both included.

    Raises:
        ValueError: `last` is before `first`.
    """
    if last < first:
        message = f"the period ends ({last}) before it begins ({first})"
        raise ValueError(message)
    return day_start(first), day_start(last + _ONE_DAY)


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """Give the half-open UTC interval [start, start of the next month) of a Helsinki calendar month."""
    return day_start(date(year, month, 1)), day_start(date(*next_month(year, month), 1))


def month_of(instant: datetime) -> tuple[int, int]:
    """Give the (year, month) of the Helsinki calendar month in which the instant falls."""
    day = helsinki_day(instant)
    return day.year, day.month


def next_month(year: int, month: int) -> tuple[int, int]:
    """Give the (year, month) that follows."""
    return (year + 1, 1) if month == _DECEMBER else (year, month + 1)


def months_after(start: datetime, months: int) -> datetime:
    """Give the instant so many calendar months later (before, if negative) on the Helsinki clock.

    Six months after 31.8. is the last of February.
    """
    told = helsinki(start)
    year, month = divmod(told.year * _DECEMBER + told.month - 1 + months, _DECEMBER)
    day = min(told.day, monthrange(year, month + 1)[1])
    return told.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Tell whether people are expected at work on this Helsinki day."""
    return day.weekday() < _SATURDAY and day not in _days_off(day.year)


def next_working_day(day: date) -> date:
    """Give the day itself if it is a working day, otherwise the first working day after it."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """Give the day that is `count` working days after `day` (before it, if negative).

    The day itself is never counted, so five working days from any moment of a Monday is the next Monday, and
    one working day from a Saturday is the Monday. A count of 0 gives the day itself, working day or not.
    """
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`; 0 if `end` is not after `start`.

    For a working day `end` this is the inverse of `add_working_days(start, n)`.
    """
    length = (end - start).days
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, length + 1))


@lru_cache(maxsize=256)
def _days_off(year: int) -> frozenset[date]:
    """Give the public holidays of Finland and the two eves of a year (cached: the library's own is slow)."""
    eves = {date(year, _DECEMBER, 24), _midsummer_eve(year)}
    return frozenset(holidays.country_holidays("FI", years=year).keys() | eves)


def _midsummer_eve(year: int) -> date:
    """Give the Friday of 19-25 June: the day before Midsummer Day, the Saturday of 20-26 June."""
    first = date(year, 6, 19)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7)
