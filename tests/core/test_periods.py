"""Months are Helsinki's, whatever the clock of the server says."""

import datetime as dt

import pytest

from servicetray.core.periods import (
    Month,
    NotAMonthError,
    Period,
    ReversedPeriodError,
    finished_months,
)
from tests.factories.events import helsinki


@pytest.mark.parametrize(
    ("wall", "month"),
    [
        ("2024-12-31 23:59", "2024-12"),
        ("2025-01-01 00:00", "2025-01"),
        ("2030-03-31 02:59", "2030-03"),
        ("2030-03-31 23:59", "2030-03"),
        ("2027-10-31 23:59", "2027-10"),
        ("2027-11-01 00:00", "2027-11"),
        ("2028-02-29 23:59", "2028-02"),
        ("2028-03-01 00:00", "2028-03"),
    ],
)
def test_an_instant_is_in_its_helsinki_month(wall, month):
    assert str(Month.of(helsinki(wall))) == month
    start, end = Month.parse(month).bounds
    assert start <= helsinki(wall) < end


def test_new_year_in_helsinki_comes_before_new_year_in_utc():
    assert Month.of(dt.datetime(2024, 12, 31, 22, 0, tzinfo=dt.UTC)) == Month(2025, 1)


@pytest.mark.parametrize(("month", "hours"), [("2030-03", 31 * 24 - 1), ("2027-10", 31 * 24 + 1)])
def test_a_month_in_which_clocks_change_has_another_hour(month, hours):
    start, end = Month.parse(month).bounds
    assert (end - start) == dt.timedelta(hours=hours)


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024-1", "202412", "", "0000-01", "2024-12-01"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(NotAMonthError):
        Month.parse(text)


def test_months_follow_each_other_over_new_year():
    assert Month(2024, 12).next() == Month(2025, 1)
    assert Month(2025, 1).previous() == Month(2024, 12)
    assert Month(2028, 2).last_day == dt.date(2028, 2, 29)


def test_a_period_holds_its_last_day():
    start, end = Period(dt.date(2024, 12, 1), dt.date(2024, 12, 31)).bounds
    assert start <= helsinki("2024-12-31 23:59") < end
    assert end == helsinki("2025-01-01 00:00")
    with pytest.raises(ReversedPeriodError):
        Period(dt.date(2024, 4, 2), dt.date(2024, 4, 1))


def test_a_month_is_finished_with_its_last_moment():
    since = helsinki("2024-11-15 12:00")
    before = finished_months(since, now=helsinki("2024-12-31 23:59"))
    after = finished_months(since, now=helsinki("2025-01-01 00:00"))
    assert [str(month) for month in before] == ["2024-11"]
    assert [str(month) for month in after] == ["2024-11", "2024-12"]
