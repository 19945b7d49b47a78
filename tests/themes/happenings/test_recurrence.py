"""On which days something takes place, across months, years and changes of the clock."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.happenings.recurrence import Every, Rule, days, instants

FAR = dt.date(2028, 1, 1)


def rule(first: str, every: Every, **more: object) -> Rule:
    values = {"starts": dt.time(10), "minutes": 60, **more}
    return Rule(first_day=dt.date.fromisoformat(first), every=every, **values)  # type: ignore[arg-type]  # any field, by its name


def listed(of: Rule, first: str = "2026-01-01", last: str = "2027-12-31") -> list[str]:
    return [day.isoformat() for day in days(of, dt.date.fromisoformat(first), dt.date.fromisoformat(last))]


def test_once():
    assert listed(rule("2026-03-10", Every.ONCE)) == ["2026-03-10"]
    assert listed(rule("2026-03-10", Every.ONCE), "2026-03-11") == []


def test_every_other_week_keeps_its_weeks_whatever_is_asked_for():
    of = rule("2026-03-10", Every.TWO_WEEKS, last_day=dt.date(2026, 4, 30))
    assert listed(of) == ["2026-03-10", "2026-03-24", "2026-04-07", "2026-04-21"]
    assert listed(of, "2026-03-11", "2026-04-07") == ["2026-03-24", "2026-04-07"]


def test_several_weekdays_begin_with_the_first_day():
    of = rule("2026-03-11", Every.WEEK, weekdays=(1, 3, 5), last_day=dt.date(2026, 3, 18))
    assert listed(of) == ["2026-03-11", "2026-03-13", "2026-03-16", "2026-03-18"]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-01-13", ["2026-01-13", "2026-02-10", "2026-03-10", "2026-04-14"]),
        ("2026-01-30", ["2026-01-30", "2026-02-27", "2026-03-27", "2026-04-24"]),
    ],
    ids=["second Tuesday", "last Friday"],
)
def test_every_month_on_the_same_weekday(first, expected):
    assert listed(rule(first, Every.MONTH), last="2026-04-30") == expected


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31)),
    st.sampled_from(Every),
    st.lists(st.integers(1, 7), unique=True, max_size=4),
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31)),
    st.integers(0, 500),
)
def test_a_part_of_a_rule_is_a_part_of_the_whole(first_day, every, weekdays, start, length):
    of = Rule(first_day=first_day, starts=dt.time(9), minutes=30, every=every, weekdays=weekdays)
    end = start + dt.timedelta(days=length)
    part, whole = list(days(of, start, end)), list(days(of, dt.date(2020, 1, 1), FAR))
    assert part == [day for day in whole if start <= day <= end]
    assert part == sorted(set(part))
    assert all(day >= first_day for day in part)
    if every is not Every.MONTH and not weekdays:
        assert not whole or whole[0] == first_day


def test_ten_is_ten_in_summer_and_in_winter():
    of = rule("2026-03-22", Every.WEEK, last_day=dt.date(2026, 4, 5))
    assert [instants(day, of.starts, 60)[0].hour for day in days(of, of.first_day, FAR)] == [8, 7, 7]


def test_the_night_in_which_the_clock_changes():
    # 03.30 does not exist on 29.3.2026; 03.30 comes twice on 25.10.2026.
    begins, ends = instants(dt.date(2026, 3, 29), dt.time(3, 30), 60)
    assert (begins.isoformat(), ends - begins) == ("2026-03-29T01:30:00+00:00", dt.timedelta(hours=1))
    assert instants(dt.date(2026, 10, 25), dt.time(3, 30), 60)[0].isoformat() == "2026-10-25T00:30:00+00:00"
