"""Places under races, what the worker does, and what stays when everything is erased."""

import datetime as dt
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals.enrolment import keeping, operations, queries
from referrals.enrolment.models import Attendance, Attended, CallFor, Enrolment, EnrolmentState
from referrals.erasures.models import Erased, Erasure
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage, deliver_due
from tests.committed import all_at_once, committed_app
from tests.factories import catalogue, happenings, people
from tests.factories.enrolments import enrol
from tests.referrals.scenes import user
from themes.happenings.models import Joining
from themes.happenings.queries import meetings_of, required

AT_ONCE = 20
DAY = dt.timedelta(days=1)


def states(group_id: uuid.UUID) -> list[EnrolmentState]:
    db.session.expire_all()
    wanted = select(Enrolment.state).where(Enrolment.group_id == group_id).order_by(Enrolment.number)
    return list(db.session.scalars(wanted))


def change(group_id: uuid.UUID, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(required(group_id), name, value)


@pytest.fixture
def shared(engine_name: str, request: pytest.FixtureRequest, tmp_path):
    """An application on a database that really commits."""
    with committed_app(engine_name, request, tmp_path) as app:
        yield app


@pytest.mark.both_engines
def test_last_place_is_given_once_and_a_double_click_is_one(shared: Flask):
    now, key = clock.now(), uuid.uuid4()
    with shared.app_context():
        catalogue.foundation()
        unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta")
        leader_id = people.user(Role.ADVISER, units=[unit]).id
        rule = happenings.weekly(clock.helsinki_day(now))
        group_id = happenings.group(joining=Joining.CONTINUOUS, leader_id=leader_id, capacity=3, rule=rule)
        # Keys of a controller are made by the first value that is sealed.
        for _ in range(2):
            enrol(group_id, now=now)
    told = all_at_once(shared, AT_ONCE, lambda: enrol(group_id, now=now).state)
    assert sorted(told).count(EnrolmentState.PLACE) == 1
    doubled = all_at_once(
        shared, 4, lambda: enrol(group_id, now=now, form_key=key, phone="040 1").enrolment_id
    )
    assert len(set(doubled)) == 1
    with shared.app_context():
        assert states(group_id).count(EnrolmentState.PLACE) == 3
        numbers = list(db.session.scalars(select(Enrolment.number).order_by(Enrolment.number)))
        assert numbers == list(range(1, 2 + AT_ONCE + 1 + 1))


def test_more_capacity_gives_places_in_the_order_of_the_list(make_group, now):
    group_id = make_group(capacity=1)
    for number in range(4):
        enrol(group_id, now=now, email=f"a{number}@example.org" if number == 1 else "")
    change(group_id, capacity=3)
    assert keeping.keep(now) == 2
    assert states(group_id) == [*[EnrolmentState.PLACE] * 3, EnrolmentState.WAITING]
    calls = list(db.session.scalars(select(Enrolment.call_for).order_by(Enrolment.number)))
    assert calls == [None, None, CallFor.PLACE, None]
    assert keeping.keep(now) == 0


def test_everybody_of_a_cancelled_group_is_told_once(make_group, now):
    group_id = make_group(capacity=2)
    enrol(group_id, now=now, email="a@example.org")
    enrol(group_id, now=now)
    change(group_id, cancelled_at=now)
    assert (keeping.keep(now), keeping.keep(now)) == (2, 0)
    assert list(db.session.scalars(select(Enrolment.call_for).order_by(Enrolment.number))) == [
        None,
        CallFor.GROUP_CANCELLED,
    ]
    change(group_id, cancelled_at=None)
    keeping.keep(now)
    assert set(db.session.scalars(select(Enrolment.call_for))) == {None}


def test_address_is_forgotten_once_the_letter_has_left(make_group, now):
    enrol(make_group(), now=now, email="aune@example.org")
    sent: list[object] = []
    deliver_due(now=now, send=sent.append)
    assert len(sent) == 1
    keeping.keep(now)
    assert list(db.session.scalars(select(OutboxMessage.address))) == [""]


def test_first_attendance_is_counted_moved_and_outlives_the_person(make_group, leader, now):
    group_id = make_group(capacity=5, weeks=2)
    first, second = (enrol(group_id, now=now).enrolment_id for _ in range(2))
    meetings = meetings_of(group_id)
    leader_id = leader.id

    def note(meeting, marks, at) -> None:
        with transaction():
            group = required(group_id)
            operations.note_attendance(group, meeting.id, marks, actor=user(leader_id), now=at)

    note(meetings[0], {first: Attended.PRESENT, second: Attended.ABSENT}, now)
    assert [(each.month, each.participants) for each in queries.uptake("2026-01", "2026-12")] == [
        ("2026-03", 1)
    ]
    note(meetings[0], {first: Attended.ABSENT}, now)
    assert [(each.enrolled, each.participants) for each in queries.uptake("2026-01", "2026-12")] == [(2, 0)]
    note(meetings[0], {first: Attended.PRESENT, second: Attended.PRESENT}, now)
    (counted,) = queries.uptake("2026-01", "2026-12")
    assert (counted.participants, counted.municipality_code) == (2, "286")
    with pytest.raises(operations.MeetingAheadError):
        note(meetings[-1], {first: Attended.PRESENT}, now)
    # The last meeting is on 24.3.; its day and 90 more.
    last = meetings[-1].ends_at
    assert keeping.erase_old(last + 90 * DAY) == 0
    assert keeping.erase_old(last + 91 * DAY) == 2
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0
    assert db.session.scalar(select(func.count()).select_from(Attendance)) == 0
    assert queries.uptake("2026-01", "2026-12")[0].participants == 2
    assert {row.what for row in db.session.scalars(select(Erasure))} == {Erased.ENROLMENT}


def test_erasing_is_done_again_after_a_restore(make_group, now):
    told = enrol(make_group(), now=now)
    assert told.enrolment_id is not None
    with transaction():
        assert keeping.erase_again([told.enrolment_id], now=now) == 1
    with transaction():
        assert keeping.erase_again([told.enrolment_id], now=now) == 0
    assert operations.by_code(told.code) is None
