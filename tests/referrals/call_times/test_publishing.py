"""Publishing, changing and taking off: free times follow, and what somebody has stays."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from referrals.call_times import operations, publishing, queries
from referrals.call_times.models import CallBooking, CallException, CallPattern, CallTime
from referrals.call_times.operations import TimeTakenError
from referrals.call_times.publishing import ForeignCatchmentError, HoursMeetError, NoTimesError
from referrals.call_times.slots import Slot, covers, slots_between
from referrals.municipality.queries import MeetingForm
from servicetray.core import jobs
from servicetray.core.db import db, transaction
from tests.factories.referrals import catchment, sent
from tests.referrals.call_times.conftest import MORNING
from tests.referrals.call_times.test_booking import HALF_PAST, NINE, NOW, booked, free
from tests.referrals.scenes import user

MONDAY = dt.date(2026, 11, 23)


def pattern(pattern_id) -> CallPattern:
    return db.session.get_one(CallPattern, pattern_id)


def change(unit, pattern_id, **changes: Any) -> None:
    with transaction():
        row = pattern(pattern_id)
        publishing.change_pattern(row, replace(MORNING, **changes), actor=user(unit.adviser_id), now=NOW)


def take_off(unit, **more: Any):
    with transaction():
        return publishing.add_exception(
            unit.id, **{"first_day": MONDAY, "last_day": MONDAY, **more}, actor=user(unit.adviser_id), now=NOW
        ).id


def test_laying_out_again_changes_nothing(unit):
    unit.publish(now=NOW)
    rows = select(CallTime.id).order_by(CallTime.id)
    before = db.session.scalars(rows).all()
    with transaction():
        publishing.lay_out(unit.id, now=NOW)
    assert db.session.scalars(rows).all() == before
    # Eight weeks of Mondays without holidays among them, two times each.
    assert len(before) == 16


def test_every_night_the_next_day_is_laid_out(app, unit):
    unit.publish(now=NOW)
    last = select(func.max(CallTime.day))
    before = db.session.scalar(last)
    assert before is not None
    job = next(each for each in jobs.jobs() if each.name == publishing.JOB)
    later = NOW + dt.timedelta(weeks=3)
    (period,) = job.due(later)
    with transaction():
        job.work(period, later)
    assert db.session.scalar(last) == before + dt.timedelta(weeks=3)
    earliest = db.session.scalar(select(func.min(CallTime.starts_at)))
    assert earliest is not None
    assert earliest > later - dt.timedelta(days=7)


def test_a_booked_time_survives_a_change_and_nothing_is_published_over_it(unit):
    pattern_id = unit.publish(now=NOW)
    referral_id = booked(unit)
    change(unit, pattern_id, slot_minutes=20)
    found = queries.booked_time(referral_id)
    assert found is not None
    assert (found.starts_at, found.ends_at) == (NINE, HALF_PAST)
    on_monday = [each for each in free(unit) if each < NINE + dt.timedelta(hours=12)]
    assert on_monday == [NINE + dt.timedelta(minutes=40)]
    (conflict,) = queries.conflicts_of([unit.id], now=NOW)
    assert conflict.referral_ids == (referral_id,)
    with transaction():
        operations.release(referral_id, now=NOW)
        publishing.lay_out(unit.id, now=NOW)
    assert free(unit)[:2] == [NINE, NINE + dt.timedelta(minutes=20)]
    assert queries.conflicts_of([unit.id], now=NOW) == ()


def test_more_seats_open_at_once_and_fewer_are_shown_where_more_have_come(unit):
    pattern_id = unit.publish(now=NOW)
    booked(unit)
    change(unit, pattern_id, capacity=2)
    booked(unit, last_name="Toinen")
    assert NINE not in free(unit)
    assert queries.conflicts_of([unit.id], now=NOW) == ()
    change(unit, pattern_id, capacity=1)
    (conflict,) = queries.conflicts_of([unit.id], now=NOW)
    assert (conflict.taken, conflict.capacity) == (2, 1)


def test_a_day_off_is_taken_out_and_put_back(unit):
    unit.publish(now=NOW)
    referral_id = booked(unit)
    exception_id = take_off(unit)
    assert take_off(unit) == exception_id
    assert free(unit, limit=1) == [NINE + dt.timedelta(days=7)]
    assert [each.referral_ids for each in queries.conflicts_of([unit.id], now=NOW)] == [(referral_id,)]
    with transaction():
        row = queries.exception_in(exception_id, unit_ids=[unit.id])
        assert row is not None
        publishing.remove_exception(row, actor=user(unit.adviser_id), now=NOW)
    assert free(unit, limit=1) == [HALF_PAST]
    assert queries.conflicts_of([unit.id], now=NOW) == ()


def test_one_adviser_s_time_off_leaves_the_others_be(unit):
    unit.publish(now=NOW)
    unit.publish(now=NOW, adviser_id=unit.adviser_id)
    assert free(unit)[:2] == [NINE, NINE]
    take_off(unit, adviser_id=unit.adviser_id)
    assert free(unit)[:2] == [NINE, HALF_PAST]


def test_an_ended_pattern_leaves_only_what_somebody_has(unit):
    pattern_id = unit.publish(now=NOW)
    booked(unit)
    with transaction():
        publishing.end_pattern(
            pattern(pattern_id),
            last_day=NOW.date() - dt.timedelta(days=1),
            actor=user(unit.adviser_id),
            now=NOW,
        )
    assert free(unit) == []
    assert db.session.scalar(select(func.count(CallTime.id))) == 1


def test_extra_times_may_be_on_a_saturday_and_weekly_ones_may_not(unit):
    saturday = dt.date(2026, 11, 21)
    unit.publish(now=NOW, weekday=5, valid_from=saturday, valid_until=saturday)
    assert free(unit) == [NINE - dt.timedelta(days=2), HALF_PAST - dt.timedelta(days=2)]
    with pytest.raises(NoTimesError):
        unit.publish(now=NOW, weekday=5)


@pytest.mark.parametrize(
    "changes",
    [
        {"slot_minutes": 90},
        {"weekday": 4, "valid_from": dt.date(2026, 12, 25), "valid_until": dt.date(2026, 12, 25)},
        {"valid_from": dt.date(2026, 11, 24), "valid_until": dt.date(2026, 11, 28)},
    ],
)
def test_hours_without_one_time_are_refused(unit, changes):
    with pytest.raises(NoTimesError):
        unit.publish(now=NOW, **changes)


def test_nobody_stands_in_two_places(unit):
    unit.publish(now=NOW, adviser_id=unit.adviser_id)
    with pytest.raises(HoursMeetError) as caught:
        unit.publish(now=NOW, adviser_id=unit.adviser_id, from_time=dt.time(9, 30), until_time=dt.time(11))
    assert (caught.value.weekday, caught.value.from_time) == (0, dt.time(9))
    unit.publish(now=NOW, adviser_id=unit.adviser_id, from_time=dt.time(10), until_time=dt.time(11))


def test_another_unit_s_catchment_is_refused(unit):
    with pytest.raises(ForeignCatchmentError):
        unit.publish(now=NOW, catchment_id=catchment(kind_code="culture").id)


@pytest.fixture
def clients(unit) -> list[uuid.UUID]:
    return [sent(unit.place, now=NOW, last_name=f"Tiainen {n}").id for n in range(8)]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("book"), st.integers(0, 7)),
        st.tuples(st.just("release"), st.integers(0, 7)),
        st.tuples(st.just("off"), st.integers(0, 14)),
        st.tuples(st.just("minutes"), st.sampled_from([15, 20, 30])),
        st.tuples(st.just("seats"), st.integers(1, 3)),
        st.tuples(st.just("form"), st.sampled_from(list(MeetingForm))),
    ),
    max_size=12,
)


PROFILE = settings.default
assert PROFILE is not None


@settings(
    max_examples=PROFILE.max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_is_done_free_times_are_the_pattern_s_and_seats_are_had_once(unit, clients, steps):
    with transaction():
        for table in (CallBooking, CallTime, CallException, CallPattern):
            db.session.query(table).delete()
    pattern_id = unit.publish(now=NOW)
    told: dict[uuid.UUID, tuple[dt.datetime, dt.datetime, MeetingForm]] = {}
    hours = {"slot_minutes": 30, "capacity": 1, "form": MeetingForm.PHONE}
    for step, value in steps:
        if step == "book":
            _book_first(unit, clients[value], told)
        elif step == "release":
            with transaction():
                operations.release(clients[value], now=NOW)
            told.pop(clients[value], None)
        elif step == "off":
            day = MONDAY + dt.timedelta(days=value)
            take_off(unit, first_day=day, last_day=day)
        else:
            hours[{"minutes": "slot_minutes", "seats": "capacity"}.get(step, step)] = value
            change(unit, pattern_id, **hours)
        _check(unit, pattern_id, told)


def _book_first(unit, referral_id, told) -> None:
    first = queries.free_times(unit.catchment_id, now=NOW, limit=1)
    if not first or referral_id in told:
        return
    try:
        with transaction():
            booking = operations.book(first[0].id, referral_id=referral_id, now=NOW)
    except TimeTakenError:
        raise AssertionError("what is offered can be had") from None
    told[referral_id] = (booking.starts_at, booking.ends_at, booking.form)


def _check(unit, pattern_id, told) -> None:
    row, off = pattern(pattern_id), queries.exceptions_of([unit.id], on=NOW.date())
    possible = {
        each.starts_at for each in slots_between(row, first=NOW.date(), last=NOW.date() + publishing.AHEAD)
    }
    found = queries.free_times(unit.catchment_id, now=NOW)
    held = queries.booked_times(list(told))
    # A client keeps what they were told.
    assert {key: (each.starts_at, each.ends_at, each.form) for key, each in held.items()} == told
    for each in found:
        assert each.starts_at in possible
        slot = Slot(day=each.starts_at.date(), starts_at=each.starts_at, ends_at=each.ends_at)
        assert not any(covers(time_off, slot) for time_off in off)
        over = [
            begins for begins, ends, _form in told.values() if begins < each.ends_at and each.starts_at < ends
        ]
        assert len(over) < row.capacity
