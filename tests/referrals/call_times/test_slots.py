"""Times of a pattern: Helsinki wall time, whatever the clocks do."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.call_times.slots import covers, hours_meet, slots_between
from servicetray.core import clock


@dataclass(frozen=True, kw_only=True)
class Hours:
    weekday: int
    from_time: dt.time = dt.time(9)
    until_time: dt.time = dt.time(10)
    slot_minutes: int = 30
    valid_from: dt.date = dt.date(2026, 1, 1)
    valid_until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Off:
    first_day: dt.date
    last_day: dt.date
    from_time: dt.time | None = None
    until_time: dt.time | None = None


def starts(hours: Hours, first: dt.date, last: dt.date, off: tuple[Off, ...] = ()) -> list[str]:
    return [
        each.starts_at.strftime("%d.%m. %H.%MZ")
        for each in slots_between(hours, first=first, last=last, off=off)
    ]


def test_nine_o_clock_is_nine_o_clock_on_both_sides_of_the_end_of_summer_time():
    friday, monday = Hours(weekday=4), Hours(weekday=0)
    week = dt.date(2027, 10, 29), dt.date(2027, 11, 1)
    assert starts(friday, *week) == ["29.10. 06.00Z", "29.10. 06.30Z"]
    assert starts(monday, *week) == ["01.11. 07.00Z", "01.11. 07.30Z"]


def test_nine_o_clock_is_nine_o_clock_on_both_sides_of_the_beginning_of_summer_time():
    friday, monday = Hours(weekday=4), Hours(weekday=0)
    week = dt.date(2030, 3, 29), dt.date(2030, 4, 1)
    assert starts(friday, *week) == ["29.03. 07.00Z", "29.03. 07.30Z"]
    assert starts(monday, *week) == ["01.04. 06.00Z", "01.04. 06.30Z"]


@pytest.mark.parametrize(
    ("night", "expected"),
    [
        # 3.00 comes twice: what would last an hour and a half on the wall is no half-hour.
        (dt.date(2027, 10, 31), ["2.00", "2.30", "3.00", "4.00", "4.30"]),
        # 3.00 to 4.00 is skipped.
        (dt.date(2030, 3, 31), ["2.00", "2.30", "4.00", "4.30"]),
        (dt.date(2027, 10, 24), ["2.00", "2.30", "3.00", "3.30", "4.00", "4.30"]),
    ],
)
def test_a_time_that_the_clocks_tear_apart_is_none(night, expected):
    hours = Hours(weekday=6, from_time=dt.time(2), until_time=dt.time(5), valid_from=night, valid_until=night)
    found = list(slots_between(hours, first=night, last=night))
    assert [f"{clock.helsinki(each.starts_at):%-H.%M}" for each in found] == expected
    assert all(each.ends_at - each.starts_at == dt.timedelta(minutes=30) for each in found)


def test_holidays_and_their_eves_give_no_times():
    # 25.12.2026 is a Friday, 24.12. its eve, 6.1.2027 a Wednesday.
    assert starts(Hours(weekday=4), dt.date(2026, 12, 25), dt.date(2026, 12, 25)) == []
    assert starts(Hours(weekday=3), dt.date(2026, 12, 24), dt.date(2026, 12, 24)) == []
    assert starts(Hours(weekday=2), dt.date(2027, 1, 6), dt.date(2027, 1, 6)) == []


def test_a_time_off_takes_every_time_that_it_touches():
    monday = dt.date(2026, 11, 23)
    part = Off(first_day=monday, last_day=monday, from_time=dt.time(9, 15), until_time=dt.time(9, 30))
    assert starts(Hours(weekday=0), monday, monday, (part,)) == ["23.11. 07.30Z"]
    whole = Off(first_day=monday, last_day=monday)
    assert starts(Hours(weekday=0), monday, monday, (whole,)) == []


DAYS = st.dates(dt.date(2026, 11, 1), dt.date(2028, 11, 1))
CLOCK = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@st.composite
def patterns(draw) -> Hours:
    begins, ends = sorted([draw(CLOCK), draw(CLOCK)])
    first = draw(DAYS)
    return Hours(
        weekday=draw(st.integers(0, 4)),
        from_time=begins,
        until_time=ends,
        slot_minutes=draw(st.sampled_from([10, 15, 30, 45, 60])),
        valid_from=first,
        valid_until=draw(st.none() | st.just(first + dt.timedelta(days=draw(st.integers(0, 90))))),
    )


@st.composite
def times_off(draw) -> Off:
    first = draw(DAYS)
    hours = sorted([draw(CLOCK), draw(CLOCK)]) if draw(st.booleans()) else (None, None)
    return Off(
        first_day=first,
        last_day=first + dt.timedelta(days=draw(st.integers(0, 10))),
        from_time=hours[0],
        until_time=hours[1],
    )


@given(hours=patterns(), off=st.lists(times_off(), max_size=4), start=DAYS)
def test_every_time_lies_in_its_pattern_and_in_no_time_off(hours, off, start):
    last = start + dt.timedelta(weeks=8)
    found = list(slots_between(hours, first=start, last=last, off=off))
    for slot in found:
        begins, ends = clock.helsinki(slot.starts_at), clock.helsinki(slot.ends_at)
        assert begins.date() == ends.date() == slot.day
        assert start <= slot.day <= last
        assert slot.day.weekday() == hours.weekday
        assert clock.is_working_day(slot.day)
        assert hours.from_time <= begins.time() < ends.time() <= hours.until_time
        assert hours.valid_from <= slot.day <= (hours.valid_until or slot.day)
        assert not any(covers(each, slot) for each in off)
        assert slot.ends_at - slot.starts_at == dt.timedelta(minutes=hours.slot_minutes)
    assert all(one.ends_at <= next_.starts_at for one, next_ in pairwise(found))


@given(one=patterns(), other=patterns())
def test_patterns_that_never_meet_share_no_minute(one, other):
    if hours_meet(one, other):
        return
    first, last = dt.date(2026, 11, 1), dt.date(2027, 3, 1)
    theirs = list(slots_between(other, first=first, last=last))
    for slot in slots_between(one, first=first, last=last):
        assert not any(slot.starts_at < each.ends_at and each.starts_at < slot.ends_at for each in theirs)
