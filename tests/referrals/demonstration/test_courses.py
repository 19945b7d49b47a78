"""Every invented course is one that the table of moves allows."""

import datetime as dt
import itertools
from collections import Counter

import pytest

from referrals.demonstration.course import CaseCourse, Course
from referrals.demonstration.paths import Stop, go, office_time
from referrals.demonstration.planning import START, Slot, slots_of
from referrals.moves import (
    CASE_MOVES,
    OPEN_CASE,
    REFERRAL_MOVES,
    STOCK,
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveCode,
    MoveRefused,
    Outcome,
    ReferralStatus,
    TargetDays,
    Who,
)
from servicetray.core import clock

UNTIL = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)
SLOTS = [slot for n in range(400) for slot in slots_of(START + dt.timedelta(days=n))]


def course_of(slot: Slot, *, until: dt.datetime = UNTIL, stop: Stop = Stop.NOWHERE) -> Course:
    """Let a referral go its way."""
    rng = slot.rng
    course = Course(
        sent_at=office_time(slot.day, rng),
        until=until,
        channels=frozenset({ContactChannel.PHONE, ContactChannel.EMAIL}),
        targets=TargetDays(),
    )
    go(course, rng, wait=slot.window.usual_wait_days, stop=stop)
    return course


@pytest.fixture(scope="module")
def courses() -> list[Course]:
    """Over a year of referrals, each at its end."""
    return [course_of(slot) for slot in SLOTS]


def test_each_referral_went_by_rows_of_the_table(courses):
    for course in courses:
        status: ReferralStatus | None = None
        for step in course.steps:
            row = REFERRAL_MOVES[step.move]
            assert step.before == status
            assert status in row.from_
            assert step.who in row.who
            status = row.target(status)
            assert step.after == status
        assert course.status is status


def test_each_case_went_by_rows_of_the_table(courses):
    for case in itertools.chain.from_iterable(course.cases for course in courses):
        status: CaseStatus | None = None
        active = False
        for step in case.steps:
            row = CASE_MOVES[step.move]
            assert step.before == status
            assert status in row.from_
            status = row.target(status, ever_active=active)
            assert step.after == status
            active = active or step.move is MoveCode.C5
        assert case.status is status


def test_events_tell_what_went_in_and_out_of_stock(courses):
    for course in courses:
        directions = Counter(event.direction for event in course.events)
        is_open = directions[EventDirection.IN] - directions[EventDirection.OUT]
        assert is_open == (course.status in STOCK)
        names = Counter(event.name for event in course.events)
        assert names[EventName.SENT] == 1
        assert names[EventName.FIRST_CONTACT] <= 1
        assert names[EventName.STARTED] <= 1
        assert [event.at for event in course.events] == sorted(event.at for event in course.events)


def test_a_referral_has_at_most_one_open_case(courses):
    for course in courses:
        is_open = [case for case in course.cases if case.status in OPEN_CASE]
        assert len(is_open) == (course.status is ReferralStatus.ACCEPTED)


def test_who_was_not_reached_was_tried_often_enough(courses):
    unreached = [case for course in courses for case in course.cases if case.outcome is Outcome.NOT_REACHED]
    assert unreached
    for case in unreached:
        days = [clock.helsinki_day(attempt.at) for attempt in case.attempts]
        assert len(days) >= 3
        assert case.closed_at is not None
        assert clock.helsinki_day(case.closed_at) - days[0] >= dt.timedelta(days=10)


def test_people_work_in_working_hours(courses):
    for course in courses:
        for step in course.steps:
            if step.who is not Who.SYSTEM:
                wall = clock.helsinki(step.at)
                assert 8 <= wall.hour <= 18
                assert clock.is_working_day(wall.date())


def test_most_are_reached_and_many_finish(courses):
    share = Counter(name for course in courses for name in {event.name for event in course.events})
    assert 0.95 < share[EventName.ACCEPTED] / len(courses) < 1
    assert 0.82 < share[EventName.FIRST_CONTACT] / len(courses) < 0.95
    assert 0.6 < share[EventName.STARTED] / len(courses) < 0.8
    completed = sum(case.outcome is Outcome.COMPLETED for course in courses for case in course.cases)
    assert 0.5 < completed / len(courses) < 0.7


def test_what_would_come_later_has_not_happened_yet():
    slot = SLOTS[200]
    whole = course_of(slot)
    cut = course_of(slot, until=whole.steps[1].at)
    assert [step.move for step in cut.steps] == [MoveCode.R1]
    assert cut.status is ReferralStatus.SENT


@pytest.mark.parametrize(
    ("stop", "status"),
    [
        (Stop.CLAIMED, CaseStatus.CONTACTING),
        (Stop.TRIED, CaseStatus.CONTACTING),
        (Stop.SCHEDULED, CaseStatus.SCHEDULED),
    ],
)
def test_a_course_that_is_to_be_shown_stands_where_it_should(stop, status):
    for slot in SLOTS[:60]:
        assert _only_case(course_of(slot, stop=stop)).status is status


def test_an_unlawful_step_is_refused():
    course = course_of(SLOTS[0], stop=Stop.UNCLAIMED)
    with pytest.raises(MoveRefused):
        course.acknowledge(course.now + dt.timedelta(hours=1))


def _only_case(course: Course) -> CaseCourse:
    (case,) = course.cases
    return case
