"""A place that comes free: held for an answer, taken, or passed on to the next who waits."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from referrals.enrolment import keeping, operations
from referrals.enrolment.models import Attended, CallFor, Enrolment, EnrolmentState
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.factories import people
from tests.factories.enrolments import enrol
from tests.referrals.scenes import user
from themes.happenings.queries import meetings_of, required

DAY = dt.timedelta(days=1)
OWN = "/ryhmat/ilmoittautuminen"


def freed(group_id: uuid.UUID, code: str, now: dt.datetime) -> None:
    """Let somebody with a place cancel it."""
    with transaction():
        assert operations.cancel_by_code(code, now=now)


def rows() -> list[Enrolment]:
    """Return the enrolments that are not cancelled, in the order of the list."""
    db.session.expire_all()
    wanted = select(Enrolment).where(Enrolment.state != EnrolmentState.CANCELLED).order_by(Enrolment.number)
    return list(db.session.scalars(wanted))


def templates() -> list[str]:
    return list(
        db.session.scalars(
            select(OutboxMessage.template)
            .where(OutboxMessage.template != "enrolment_confirmed")
            .order_by(OutboxMessage.id)
        )
    )


@pytest.fixture
def offered(make_group, now):
    """A group of one place, which came free for Aune; Eino waits behind her. Returns its id and Aune's code."""
    group_id = make_group(capacity=1)
    first = enrol(group_id, now=now)
    aune = enrol(group_id, now=now, email="aune@example.org")
    enrol(group_id, now=now, email="eino@example.org", first_name="Eino")
    freed(group_id, first.code, now)
    return group_id, aune.code


def test_the_first_in_line_is_told_until_when_it_is_held(offered, now):
    aune, eino = rows()
    assert (aune.state, eino.state) == (EnrolmentState.PLACE, EnrolmentState.WAITING)
    # The end of Friday in Helsinki: Tuesday, and three whole days.
    assert aune.answer_by == clock.day_start(dt.date(2026, 3, 14))
    assert templates() == ["enrolment_place", "enrolment_call"]
    (letter,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "enrolment_place"))
    assert letter.context == {"path": OWN, "due": "13.3.2026"}


def test_it_is_taken_with_the_code_and_stays(client, offered, now):
    _group_id, code = offered
    own = client.send(client.read(OWN).form(), code=code)
    assert "13.3.2026" in own.text
    taken = client.send(own.form("Otan paikan"), button="Otan paikan")
    assert "Sinulla on paikka" in taken.text
    assert keeping.keep(now + 4 * DAY) == 0
    assert [row.state for row in rows()] == [EnrolmentState.PLACE, EnrolmentState.WAITING]
    # The same page sent once more changes nothing.
    client.send(own.form("Otan paikan"), button="Otan paikan")
    assert rows()[0].answer_by is None


def test_without_an_answer_the_next_one_gets_it_and_no_letters_go_back_and_forth(client, offered, now):
    _group_id, code = offered
    end = clock.day_start(dt.date(2026, 3, 14))
    assert keeping.pass_places_on(end - dt.timedelta(seconds=1)) == 0
    assert (keeping.pass_places_on(end), keeping.pass_places_on(end)) == (1, 0)
    eino, aune = rows()
    assert (eino.state, aune.state) == (EnrolmentState.PLACE, EnrolmentState.WAITING)
    assert templates()[2:] == ["enrolment_passed_on", "enrolment_place", "enrolment_call"]
    own = client.send(client.read(OWN).form(), code=code)
    assert "seuraavalle" in own.text
    # Eino is silent too: Aune gets it again, and this time the leader gets in touch.
    assert keeping.pass_places_on(end + 5 * DAY) == 1
    aune, eino = rows()
    assert (aune.state, aune.answer_by, aune.call_for) == (EnrolmentState.PLACE, None, CallFor.PLACE)
    assert keeping.pass_places_on(end + 30 * DAY) == 0
    assert templates()[5:] == ["enrolment_passed_on", "enrolment_call"]


def test_where_nobody_waits_it_stays_held(make_group, now):
    group_id = make_group(capacity=1)
    first = enrol(group_id, now=now)
    enrol(group_id, now=now, email="aune@example.org")
    freed(group_id, first.code, now)
    assert keeping.pass_places_on(now + 30 * DAY) == 0
    (aune,) = rows()
    assert aune.state is EnrolmentState.PLACE


def test_who_gave_no_address_is_called_and_has_no_deadline(make_group, now):
    group_id = make_group(capacity=1)
    first = enrol(group_id, now=now)
    enrol(group_id, now=now)
    freed(group_id, first.code, now)
    (row,) = rows()
    assert (row.answer_by, row.call_for) == (None, CallFor.PLACE)


def test_who_comes_or_answers_the_leader_has_taken_it(client, offered, leader, now):
    group_id, _code = offered
    leader_id = leader.id
    desk = people.sign_in(client, user(leader_id))
    assert "vastaa viimeistään 13.3.2026" in desk.read(f"/ryhmani/{group_id}").text
    aune = rows()[0].id
    page = desk.read(f"/ryhmani/{group_id}/osallistuja/{aune}")
    desk.send(page.form_to("/soitettu"))
    assert rows()[0].answer_by is None
    with transaction():
        db.session.get_one(Enrolment, aune).answer_by = now + DAY
    with transaction():
        operations.note_attendance(
            required(group_id),
            meetings_of(group_id)[0].id,
            {aune: Attended.PRESENT},
            actor=user(leader_id),
            now=now,
        )
    assert rows()[0].answer_by is None
