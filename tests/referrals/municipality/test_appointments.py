"""Appointments: what is agreed and what becomes of it, moving one, and the file for the adviser's calendar."""

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select

from referrals.moves import Who
from referrals.municipality import erasing, operations
from referrals.municipality.appointments import operations as appointments
from referrals.municipality.appointments import queries
from referrals.municipality.appointments.calendar import Entry, calendar_file
from referrals.municipality.appointments.models import Appointment, AppointmentState
from referrals.municipality.models import AttemptResult
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.referrals.municipality.casework import fresh, scheduled, taken
from tests.referrals.scenes import user

DAY = dt.timedelta(days=1)
SAVE = "Tallenna tapaaminen"


def meeting(day: int = 31, month: int = 3, hour: int = 10) -> dt.datetime:
    """Give a Helsinki time of 2026 as an instant; summer time begins on 29 March."""
    return dt.datetime(2026, month, day, hour, tzinfo=clock.HELSINKI).astimezone(dt.UTC)


@pytest.fixture
def case(office, now):
    return scheduled(office, at=meeting(), now=now)


def event_of(data: bytes) -> Any:
    """Read the one event of a calendar file."""
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    return event


def standing(case) -> Appointment:
    found = queries.standing(case.id)
    assert found is not None
    return found


class TestWhatBecomesOfIt:
    def test_what_is_agreed_stands_on_the_case_and_in_its_own_row(self, case):
        row = standing(case)
        assert (row.at, row.minutes, row.sequence) == (meeting(), 60, 0)
        assert (case.appointment_at, case.appointment_form) == (row.at, row.form)

    @pytest.mark.parametrize(
        ("result", "state"),
        [
            (AttemptResult.NO_SHOW, AppointmentState.MISSED),
            (AttemptResult.CANCELLED, AppointmentState.CANCELLED),
        ],
    )
    def test_a_missed_one_is_written_down(self, case, office, now, result, state):
        case_id, handler_id = case.id, office.adviser.id
        with transaction():
            operations.miss_appointment(
                fresh(case_id),
                result=result,
                note="",
                who=Who.ADVISER,
                actor=user(handler_id),
                now=now + DAY,
            )
        assert queries.standing(case_id) is None
        assert [row.state for row in queries.of_case(case_id)] == [state]

    def test_one_that_was_held(self, case, office, now):
        case_id, handler_id = case.id, office.adviser.id
        with transaction():
            operations.start(fresh(case_id), who=Who.ADVISER, actor=user(handler_id), now=now + DAY)
        assert [row.state for row in queries.of_case(case_id)] == [AppointmentState.HELD]

    def test_the_place_goes_with_the_content_and_the_course_stays(self, case, now):
        case_id = case.id
        with transaction():
            row = standing(case)
            row.sealed_place = appointments._sealed(fresh(case_id), row.id, "Uimahalli")
        with transaction():
            erasing.erase([fresh(case_id)], now=now)
        row = db.session.scalars(select(Appointment)).one()
        assert (row.sealed_place, row.at) == (None, meeting())


class TestMoving:
    def test_to_another_time_keeps_what_calendars_know_it_by(self, adviser, case):
        before = standing(case).uid
        form = adviser.read(f"/asiakkuudet/{case.id}/tapaamiset").form(SAVE)
        page = adviser.send(form, day="2026-04-02", time="12:30", minutes="45", meeting_place="Uimahalli")
        row = standing(case)
        assert (row.uid, row.sequence, row.minutes) == (before, 1, 45)
        assert fresh(case.id).appointment_at == row.at == dt.datetime(2026, 4, 2, 9, 30, tzinfo=dt.UTC)
        assert fresh(case.id).due_on == dt.date(2026, 4, 2)
        assert [each.state for each in queries.of_case(case.id)][-1] is AppointmentState.MOVED
        assert "Uimahalli" in page.text
        assert b"Uimahalli" not in (row.sealed_place or b"Uimahalli")

    def test_a_new_place_is_a_change_that_calendars_take(self, adviser, case):
        form = adviser.read(f"/asiakkuudet/{case.id}/tapaamiset").form(SAVE)
        version = fresh(case.id).version
        adviser.send(form, meeting_place="Kirjasto")
        assert (standing(case).sequence, standing(case).at) == (1, meeting())
        assert fresh(case.id).version > version

    def test_the_slower_of_two_keeps_what_they_typed(self, adviser, case):
        form = adviser.read(f"/asiakkuudet/{case.id}/tapaamiset").form(SAVE)
        adviser.send(form, meeting_place="Kirjasto")
        page = adviser.send(form, meeting_place="Uimahalli", status=409)
        assert "Joku ehti hetken ennen sinua" in page.headings(2)
        assert page.form(SAVE).fields["meeting_place"] == "Uimahalli"
        assert standing(case).sequence == 1
        # Sent again from the page that shows how it stands now, it goes through.
        adviser.send(page.form(SAVE))
        assert standing(case).sequence == 2

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"day": "2026-03-01"}, "Tämä aika on jo mennyt"),
            ({"day": "2026-03-29", "time": "03:30"}, "Kellot siirtyvä"),
            ({"minutes": "4"}, "5–480"),
            ({"meeting_place": "120464-126J"}, "henkilötunnus"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, adviser, case, fields, said):
        form = adviser.read(f"/asiakkuudet/{case.id}/tapaamiset").form(SAVE)
        page = adviser.send(form, status=422, **fields)
        assert said in page.text
        assert standing(case).sequence == 0


class TestCalendarFile:
    def file(self, adviser, case, status: int = 200):
        path = f"/asiakkuudet/{case.id}/tapaamiset/{standing(case).id}.ics"
        response = adviser.get(path)
        assert response.status_code == status
        return response

    def test_says_when_and_where_and_nothing_of_the_client(self, adviser, case):
        response = self.file(adviser, case)
        event = event_of(response.data)
        assert str(event["summary"]) == f"Asiakastapaaminen {case.reference}"
        assert event["dtstart"].dt == meeting()
        assert event["dtend"].dt - event["dtstart"].dt == dt.timedelta(minutes=60)
        assert b"METHOD" not in response.data
        assert b"ATTENDEE" not in response.data
        for told in (b"Veikko", b"Tiainen", b"0174", b"DESCRIPTION"):
            assert told not in response.data

    def test_ten_o_clock_is_ten_o_clock_in_summer_time(self, adviser, case):
        # Agreed on in winter time; on 31 March Helsinki is three hours ahead.
        assert b"DTSTART:20260331T070000Z" in self.file(adviser, case).data

    def test_leaves_an_audit_row(self, adviser, case):
        self.file(adviser, case)
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.CALENDAR_FILE_MADE)).all()
        assert len(rows) == 1

    def test_of_a_protected_client_there_is_none(self, adviser, office, now):
        case = scheduled(office, at=meeting(), now=now, protected=True)
        self.file(adviser, case, status=404)
        page = adviser.read(f"/asiakkuudet/{case.id}/tapaamiset")
        assert "Suojatusta asiakkaasta ei tehdä kalenteritiedostoa." in page.text
        assert not [link for link in page.links if "kalenteri" in link.text]

    def test_one_that_is_off_takes_itself_off(self, adviser, case, office, now):
        made, case_id, handler_id = standing(case), case.id, office.adviser.id
        with transaction():
            operations.miss_appointment(
                fresh(case_id),
                result=AttemptResult.CANCELLED,
                note="",
                who=Who.ADVISER,
                actor=user(handler_id),
                now=now + DAY,
            )
        data = adviser.get(f"/asiakkuudet/{case_id}/tapaamiset/{made.id}.ics").data
        assert b"STATUS:CANCELLED" in data
        assert b"SEQUENCE:1" in data

    @given(
        at=st.datetimes(min_value=dt.datetime(2026, 1, 1), max_value=dt.datetime(2031, 1, 1)),  # noqa: DTZ001 - hypothesis puts the zone in
        minutes=st.integers(5, 480),
        place=st.text(st.characters(exclude_categories=["C"]), max_size=200),
    )
    def test_whatever_is_written_is_read_back(self, at, minutes, place):
        starts = at.replace(tzinfo=dt.UTC, microsecond=0)
        made = calendar_file(
            Entry(
                uid=uuid.UUID(int=7),
                sequence=2,
                title="Asiakastapaaminen LIK-123",
                place=place,
                starts_at=starts,
                minutes=minutes,
                changed_at=starts,
                cancelled=False,
            )
        )
        event = event_of(made)
        assert event["dtstart"].dt == starts
        assert event["dtend"].dt == starts + dt.timedelta(minutes=minutes)
        assert str(event.get("location", "")) == place


class TestWalls:
    def test_elsewhere_is_nowhere(self, new_client, case):
        other = people.unit(UnitKind.COUNSELLING, name="Muualla", municipality_code="285")
        stranger = people.sign_in(new_client(), people.user(Role.ADVISER, units=[other]))
        appointment_id = standing(case).id
        for path in ("tapaamiset", f"tapaamiset/{appointment_id}.ics"):
            assert stranger.get(f"/asiakkuudet/{case.id}/{path}").status_code == 404

    def test_the_file_of_another_case_is_not_found(self, adviser, case, office, now):
        other = taken(office, now=now)
        assert adviser.get(f"/asiakkuudet/{other.id}/tapaamiset/{standing(case).id}.ics").status_code == 404
