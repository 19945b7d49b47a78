"""Whoever runs a group, an adviser with a client, and the data protection officer."""

import pytest
from sqlalchemy import select

from referrals.enrolment import queries
from referrals.enrolment.models import Enrolment, EnrolmentState
from referrals.municipality import erasing
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow, AuditRowSubject
from servicetray.audit.operations import subject_key
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.enrolments import enrol
from tests.factories.referrals import catchment
from tests.referrals.municipality.casework import fresh, started
from tests.referrals.municipality.conftest import Office
from themes.happenings.queries import meetings_of


@pytest.fixture
def desk(client, leader):
    """The leader, signed in."""
    return people.sign_in(client, leader)


@pytest.fixture
def case(leader, now):
    """A client of the leader's own unit."""
    unit = leader.unit
    office = Office(unit=unit, place=catchment(unit), adviser=leader)
    return started(office, now=now)


def row_of(enrolment_id) -> Enrolment:
    db.session.expire_all()
    return db.session.get_one(Enrolment, enrolment_id)


def test_leader_sees_notes_and_cancels(desk, make_group, now):
    group_id = make_group(capacity=1)
    told = enrol(group_id, now=now, heed="Tarvitsee tuolin")
    waiting = enrol(group_id, now=now, first_name="Eino")
    assert told.enrolment_id is not None
    assert waiting.enrolment_id is not None
    assert "Juttupiiri" in desk.read("/ryhmani").text
    page = desk.read(f"/ryhmani/{group_id}")
    assert "Aune Asukas" in page.text
    assert "Eino Asukas" in page.text
    listed = select(AuditRowSubject.subject_key)
    assert {subject_key(told.enrolment_id), subject_key(waiting.enrolment_id)} <= set(
        db.session.scalars(listed)
    )
    address = f"/ryhmani/{group_id}/osallistuja/{told.enrolment_id}"
    assert "Tarvitsee tuolin" in desk.read(address).text
    meeting = meetings_of(group_id)[0]
    form = desk.read(f"/ryhmani/{group_id}/kokoontuminen/{meeting.id}").form()
    desk.send(form, **{str(told.enrolment_id): "present"})
    assert row_of(told.enrolment_id).first_attended_on == meeting.day
    assert "Aune Asukas" in desk.read(f"/ryhmani/{group_id}/lista").text
    desk.send(desk.read(address).form_to("/peru"))
    assert row_of(told.enrolment_id).sealed is None
    assert row_of(waiting.enrolment_id).state is EnrolmentState.PLACE
    page = desk.read(f"/ryhmani/{group_id}")
    desk.send(page.form_to("/soitettu"))
    assert row_of(waiting.enrolment_id).call_for is None
    actions = set(db.session.scalars(select(AuditRow.action)))
    assert {Action.GROUP_LISTED, Action.ENROLMENT_VIEWED, Action.ATTENDANCE_NOTED} <= actions


def test_somebody_who_called_is_written_down(desk, make_group, leader):
    group_id = make_group()
    form = desk.read(f"/ryhmani/{group_id}/uusi").form()
    desk.send(form, first_name="Aune", last_name="Asukas", phone="040 111 2222", agreed="y")
    (row,) = queries.in_group(group_id)
    assert row.recorded_by == leader.id
    desk.send(desk.read(f"/ryhmani/{group_id}/uusi").form(), first_name="Aune", status=422)


def test_others_meet_nothing(client, make_group, now):
    group_id = make_group()
    told = enrol(group_id, now=now)
    elsewhere = people.unit(UnitKind.COUNSELLING, name="Toinen", municipality_code="285")
    meeting = meetings_of(group_id)[0]
    for person in (people.user(Role.ADVISER, units=[elsewhere]), people.user(Role.CONTENT_EDITOR)):
        other = people.sign_in(client, person)
        for end in (
            "",
            "/lista",
            "/uusi",
            f"/osallistuja/{told.enrolment_id}",
            f"/kokoontuminen/{meeting.id}",
        ):
            other.read(f"/ryhmani/{group_id}{end}", status=404)
        assert "Juttupiiri" not in other.read("/ryhmani").text


def test_adviser_enrols_a_client_and_the_group_learns_nothing_of_the_case(desk, case, make_group, now):
    group_id, case_id = make_group(capacity=1), case.id
    assert "Juttupiiri" in desk.read(f"/asiakkuudet/{case_id}/ryhma").text
    address = f"/asiakkuudet/{case_id}/ryhma/{group_id}"
    form = desk.read(address).form()
    desk.send(form, status=422)
    done = desk.send(form, agreed="y")
    assert done.main.xpath(".//dd[@class='code']")
    (row,) = queries.in_group(group_id)
    about = queries.who_is(row)
    assert about is not None
    assert about.name == "Veikko Tiainen"
    assert "Juttupiiri" in desk.read(f"/asiakkuudet/{case_id}").text
    page = desk.read(f"/ryhmani/{group_id}/osallistuja/{row.id}")
    assert case.reference not in page.frame_text
    with transaction():
        erasing.erase([fresh(case_id)], now=now)
    assert list(queries.of_cases([case_id])) == []
    assert row_of(row.id).sealed is not None


def test_officer_finds_copies_and_erases(client, make_group, now):
    told = enrol(make_group(), now=now, phone="040 123 4567", first_name="Osma")
    office = people.unit(UnitKind.OFFICE, name="Kaupungintalo", municipality_code="286")
    far = people.unit(UnitKind.OFFICE, name="Toinen", municipality_code="285")
    stranger = people.sign_in(client, people.user(Role.DATA_PROTECTION_OFFICER, units=[far]))
    at = "/tietosuoja/ilmoittautumiset"
    assert "Osma" not in stranger.send(stranger.read(at).form(), phone="+358 40 1234567").text
    officer = people.sign_in(client, people.user(Role.DATA_PROTECTION_OFFICER, units=[office]))
    found = officer.send(officer.read(at).form(), phone="+358 40 1234567")
    assert "Osma" in found.text
    copied = found.form_to("/jaljennos.json")
    answer = officer.post(copied.action, data=copied.data())
    assert answer.get_json()["participant"]["first_name"] == "Osma"
    officer.send(found.form_to("/poisto"))
    assert row_of(told.enrolment_id).sealed is None
