"""Time: Helsinki days and months as UTC instants, and working days."""

import datetime as dt
from datetime import date

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from servicetray.core import clock

ANY_DAY = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))

ANY_INSTANT = st.datetimes(
    min_value=dt.datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=dt.datetime(2060, 1, 1),  # noqa: DTZ001 - hypothesis puts the zone in
    timezones=st.just(dt.UTC),
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)


@time_machine.travel(utc(2026, 11, 21, 22, 30), tick=False)
def test_now_is_an_aware_utc_instant():
    assert clock.now() == utc(2026, 11, 21, 22, 30)
    assert clock.now().utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (utc(2026, 1, 31, 21, 59), date(2026, 1, 31)),
        (utc(2026, 1, 31, 22, 0), date(2026, 2, 1)),
        (utc(2026, 6, 30, 20, 59), date(2026, 6, 30)),
        (utc(2026, 6, 30, 21, 0), date(2026, 7, 1)),
        (utc(2026, 12, 31, 22, 0), date(2027, 1, 1)),
    ],
)
def test_the_day_is_the_one_on_the_wall_in_helsinki(instant: dt.datetime, day: date):
    assert clock.helsinki_day(instant) == day


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        clock.helsinki_day(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - one without a zone is what is refused


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2030, 3, 31), 23),
        (date(2027, 10, 31), 25),
        (date(2028, 2, 29), 24),
        (date(2026, 12, 31), 24),
    ],
)
def test_a_day_is_as_long_as_the_clock_change_makes_it(day: date, hours: int):
    start, end = clock.days_bounds(day, day)
    assert end - start == dt.timedelta(hours=hours)
    assert start.tzinfo is dt.UTC


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        clock.days_bounds(date(2026, 1, 2), date(2026, 1, 1))


def test_month_bounds_follow_the_helsinki_calendar():
    assert clock.month_bounds(2030, 3) == (utc(2030, 2, 28, 22), utc(2030, 3, 31, 21))
    assert clock.month_bounds(2026, 12) == (utc(2026, 11, 30, 22), utc(2026, 12, 31, 22))


@given(ANY_INSTANT)
def test_every_instant_is_in_exactly_the_month_that_it_is_counted_in(instant: dt.datetime):
    year, month = clock.month_of(instant)
    start, end = clock.month_bounds(year, month)
    assert start <= instant < end
    assert clock.month_bounds(*clock.next_month(year, month))[0] == end


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 6, 19),
        date(2024, 12, 6),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ],
    ids=str,
)
def test_holidays_eves_and_weekends_are_not_working_days(day: date):
    assert not clock.is_working_day(day)


@pytest.mark.parametrize(
    "day", [date(2026, 4, 2), date(2026, 4, 30), date(2026, 12, 23), date(2026, 12, 31)], ids=str
)
def test_the_day_before_a_holiday_is_a_working_day(day: date):
    assert clock.is_working_day(day)


@given(st.integers(min_value=1990, max_value=2060))
def test_both_eves_are_free_every_year(year: int):
    midsummer_eves = [
        date(year, 6, number) for number in range(19, 26) if date(year, 6, number).weekday() == 4
    ]
    assert len(midsummer_eves) == 1
    assert not clock.is_working_day(midsummer_eves[0])
    assert not clock.is_working_day(date(year, 12, 24))


def test_working_days_skip_christmas():
    assert clock.add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert clock.add_working_days(date(2026, 12, 28), -1) == date(2026, 12, 23)
    assert clock.add_working_days(date(2026, 12, 25), 0) == date(2026, 12, 25)


def test_the_next_working_day_may_be_the_day_itself():
    assert clock.next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)
    assert clock.next_working_day(date(2026, 12, 28)) == date(2026, 12, 28)


def test_no_working_days_lie_between_a_day_and_an_earlier_one():
    assert clock.working_days_between(date(2026, 12, 28), date(2026, 12, 23)) == 0
    assert clock.working_days_between(date(2026, 12, 28), date(2026, 12, 28)) == 0


@given(ANY_DAY, st.integers(min_value=0, max_value=40))
def test_counting_working_days_undoes_adding_them(day: date, count: int):
    later = clock.add_working_days(day, count)
    assert clock.working_days_between(day, later) == count
    assert count == 0 or clock.is_working_day(later)
