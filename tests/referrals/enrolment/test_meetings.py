"""Single meetings that are cancelled, moved, or held after all: whom it is told, how often, and where it stands."""

import datetime as dt
import uuid

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from referrals.enrolment import keeping, meetings, queries
from referrals.enrolment.models import CallFor, Enrolment
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.committed import all_at_once, committed_app
from tests.factories import catalogue, happenings, people
from tests.factories.enrolments import enrol
from tests.referrals.scenes import user
from themes.happenings import operations
from themes.happenings.models import Joining, Occurrence
from themes.happenings.queries import meetings_of

DAY = dt.timedelta(days=1)
TOLD = "enrolment_meeting"


def coming(group_id: uuid.UUID, now: dt.datetime) -> list[Occurrence]:
    return [each for each in meetings_of(group_id) if each.starts_at > now]


def change(group_id: uuid.UUID, number: int, what: str, *, actor_id: uuid.UUID, now: dt.datetime) -> None:
    """Cancel, leave out, move or restore the so-manieth of the meetings to come, as they were planned."""
    with transaction():
        rows = sorted(
            db.session.scalars(select(Occurrence).where(Occurrence.happening_id == group_id)),
            key=lambda each: each.planned_on,
        )
        date = [each for each in rows if each.planned_on >= clock.helsinki_day(now)][number]
        actor = user(actor_id)
        if what == "cancel":
            operations.cancel_date(date, reason={"fi": "Ohjaaja on kipeä."}, actor=actor, now=now)
        elif what == "leave out":
            operations.leave_out(date, actor=actor, now=now)
        elif what == "restore":
            operations.restore_date(date, actor=actor, now=now)
        else:
            day = date.planned_on + DAY
            operations.move_date(date, day=day, starts=dt.time(12), reason={}, actor=actor, now=now)


def letters() -> list[tuple[str, str]]:
    """Return to whom it was told that a meeting has changed, and in which language."""
    db.session.expire_all()
    wanted = select(OutboxMessage).where(OutboxMessage.template == TOLD).order_by(OutboxMessage.id)
    return [(row.address, row.language) for row in db.session.scalars(wanted)]


def calls() -> list[CallFor | None]:
    db.session.expire_all()
    return list(db.session.scalars(select(Enrolment.call_for).order_by(Enrolment.number)))


@pytest.mark.parametrize("what", ["cancel", "leave out", "move"])
def test_all_who_have_a_place_are_told_once(make_group, editor, now, what):
    group_id, editor_id = make_group(capacity=2), editor.id
    enrol(group_id, now=now, email="a@example.org")
    enrol(group_id, now=now)
    enrol(group_id, now=now, email="waits@example.org")
    change(group_id, 1, what, actor_id=editor_id, now=now)
    assert meetings.tell(now) == 2
    assert (meetings.tell(now), keeping.keep(now + DAY)) == (0, 0)
    assert letters() == [("a@example.org", "fi")]
    assert calls() == [None, CallFor.MEETING, None]
    (letter,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == TOLD))
    assert letter.context == {"path": "/ryhmat/ilmoittautuminen"}


def test_what_is_held_after_all_is_told_and_what_nobody_heard_of_is_not(make_group, editor, now):
    group_id, editor_id = make_group(), editor.id
    enrol(group_id, now=now, email="a@example.org")
    change(group_id, 1, "cancel", actor_id=editor_id, now=now)
    change(group_id, 1, "restore", actor_id=editor_id, now=now)
    assert meetings.tell(now) == 0
    change(group_id, 1, "cancel", actor_id=editor_id, now=now)
    assert meetings.tell(now) == 1
    change(group_id, 1, "restore", actor_id=editor_id, now=now)
    assert (meetings.tell(now), meetings.tell(now)) == (1, 0)
    assert len(letters()) == 2


def test_several_changes_are_one_letter_and_who_comes_later_knows(make_group, editor, now):
    group_id, editor_id = make_group(capacity=5), editor.id
    enrol(group_id, now=now, email="a@example.org")
    change(group_id, 1, "cancel", actor_id=editor_id, now=now)
    change(group_id, 2, "move", actor_id=editor_id, now=now)
    assert meetings.tell(now) == 1
    empty = make_group()
    change(empty, 1, "cancel", actor_id=editor_id, now=now)
    assert meetings.tell(now) == 0
    for each in (group_id, empty):
        enrol(each, now=now, email="later@example.org")
    assert meetings.tell(now) == 0
    assert letters() == [("a@example.org", "fi")]


def test_nobody_is_called_of_a_meeting_that_is_over(make_group, editor, now):
    group_id, editor_id = make_group(), editor.id
    enrol(group_id, now=now)
    change(group_id, 1, "cancel", actor_id=editor_id, now=now)
    meetings.tell(now)
    assert calls() == [CallFor.MEETING]
    meetings.tell(now + 5 * DAY)
    assert calls() == [CallFor.MEETING]
    meetings.tell(now + 20 * DAY)
    assert calls() == [None]


def test_the_group_its_calendar_and_the_own_page_say_so(client, make_group, leader, editor, now):
    group_id, editor_id, leader_id = make_group(), editor.id, leader.id
    told = enrol(group_id, now=now, email="a@example.org")
    before = Calendar.from_ical(client.get(f"/ryhmat/{group_id}.ics").data).events
    change(group_id, 1, "cancel", actor_id=editor_id, now=now)
    change(group_id, 2, "move", actor_id=editor_id, now=now)
    meetings.tell(now)
    after = Calendar.from_ical(client.get(f"/ryhmat/{group_id}.ics").data).events
    assert [entry["uid"] for entry in after] == [entry["uid"] for entry in before]
    changed = [str(entry["status"]) for entry in after if str(entry["sequence"]) != "0"]
    assert changed == ["CANCELLED", "CONFIRMED"]
    own = client.send(client.read("/ryhmat/ilmoittautuminen").form(), code=told.code)
    for page in (client.read(f"/ryhmat/{group_id}"), own):
        assert "Peruttu Ohjaaja on kipeä." in page.text
        assert "Siirretty, oli ti 24.3." in page.text
    desk = people.sign_in(client, user(leader_id)).read(f"/ryhmani/{group_id}")
    assert "Peruttu" in desk.text
    assert "Uusi aika" in desk.text


@pytest.fixture
def shared(engine_name, request, tmp_path):
    """An application on a database that really commits."""
    with committed_app(engine_name, request, tmp_path) as app:
        yield app


@pytest.mark.both_engines
def test_many_workers_at_once_tell_once(shared: Flask):
    now = clock.now()
    with shared.app_context():
        catalogue.foundation()
        unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta")
        leader_id = people.user(Role.ADVISER, units=[unit]).id
        rule = happenings.weekly(clock.helsinki_day(now))
        group_id = happenings.group(joining=Joining.CONTINUOUS, leader_id=leader_id, capacity=3, rule=rule)
        for number in range(2):
            enrol(group_id, now=now, email=f"a{number}@example.org")
        change(group_id, 1, "cancel", actor_id=leader_id, now=now)
    assert sum(all_at_once(shared, 4, lambda: meetings.tell(now))) == 2
    with shared.app_context():
        assert [address for address, _ in letters()] == ["a0@example.org", "a1@example.org"]
        assert len(queries.in_group(group_id)) == 2
