"""Following up: when, what is asked, what is shown, and who may never be asked."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from referrals import handover
from referrals.moves import Outcome, Who
from referrals.municipality import erasing
from referrals.municipality.follow_up import operations, queries
from referrals.municipality.follow_up.due import due_follow_ups
from referrals.municipality.follow_up.models import FollowUp, How, NotMeasured
from referrals.municipality.follow_up.points import Measured, Point, add_months, changes, due_days
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.operations import content_of
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import catchment
from tests.referrals.municipality.casework import fresh, started, taken
from tests.referrals.scenes import user

DAYS = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2090, 12, 31))
DAY = dt.timedelta(days=1)
SAVE = "Kirjaa"


@pytest.fixture
def case(office, now):
    return started(office, now=now, follow_up=True)


def write(case, office, *, point, now, on=None, known=0, **told: Any):
    """Write a point down as the office's adviser."""
    case_id, handler_id = case.id, office.adviser.id
    with transaction():
        row = fresh(case_id)
        operations.write_down(
            row,
            content_of(row),
            point=point,
            known=known,
            told=operations.Told(on=on or clock.helsinki_day(now), **told),
            actor=user(handler_id),
            now=now,
        )


def due(office, today):
    return due_follow_ups(scope_of(user(office.adviser.id)), today=today)


class TestPoints:
    def test_the_last_day_of_a_shorter_month(self):
        assert add_months(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)
        assert add_months(dt.date(2027, 8, 31), 6) == dt.date(2028, 2, 29)
        assert add_months(dt.date(2028, 2, 29), 12) == dt.date(2029, 2, 28)

    @given(DAYS, st.integers(0, 60))
    def test_months_later_is_the_same_day_or_the_month_s_last(self, day, months):
        later = add_months(day, months)
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
        assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)

    @given(DAYS)
    def test_points_come_in_their_order_from_the_start(self, day):
        days = list(due_days(day).values())
        assert days == sorted(set(days))
        assert days[0] == day

    @given(st.dictionaries(st.sampled_from(Point), st.integers(0, 10), min_size=2))
    def test_a_change_is_from_the_first_answer_to_the_latest(self, told):
        answers = {point: Measured(wellbeing=value) for point, value in told.items()}
        (change,) = changes("culture", answers)
        order = [point for point in Point if point in told]
        assert (change.first, change.latest) == (told[order[0]], told[order[-1]])


class TestLayingOut:
    def test_counselling_that_starts_lays_the_points_out(self, case, now):
        assert [row.due_on for row in queries.of_case(case.id)] == list(
            due_days(clock.helsinki_day(now)).values()
        )

    def test_without_the_client_s_yes_there_are_none(self, adviser, office, now):
        case = started(office, now=now, follow_up=False)
        assert queries.of_case(case.id) == []
        assert "Asiakasta ei seurata" in adviser.read(f"/asiakkuudet/{case.id}/seuranta").text
        with pytest.raises(operations.NotFollowedError):
            write(case, office, point=Point.START, now=now, not_measured=NotMeasured.NOT_REACHED)


class TestPage:
    def form(self, adviser, case):
        return adviser.read(f"/asiakkuudet/{case.id}/seuranta").form(SAVE)

    def test_an_answer_is_written_down_sealed_and_shown(self, adviser, case):
        page = adviser.send(
            self.form(adviser, case), how="phone", days="2", minutes="30", strength="0", wellbeing="5"
        )
        assert page.messages == ["Seuranta on kirjattu."]
        row = queries.of_case(case.id)[0]
        assert operations.answer_of(row, municipality_code="286") == Measured(
            days=2, minutes=30, strength=0, wellbeing=5
        )
        assert b"minutes" not in (row.sealed or b"minutes")

    def test_the_change_is_said_in_words(self, adviser, case, day, office, now):
        write(case, office, point=Point.START, now=now, how=How.PHONE, answer=Measured(days=2, wellbeing=7))
        day.shift(dt.timedelta(days=95))
        case_page = people.sign_in(adviser, office.adviser).read(f"/asiakkuudet/{case.id}/seuranta")
        page = adviser.send(case_page.form(SAVE), how="in_person", days="4", wellbeing="6")
        assert "2 → 4, 2 enemmän" in page.text
        assert "7 → 6, 1 vähemmän" in page.text
        assert "2 → 4, 2 enemmän" in adviser.read(f"/asiakkuudet/{case.id}").text

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({}, "Kirjaa ainakin yksi vastaus"),
            ({"days": "8", "how": "phone"}, "väliltä 0–7"),
            ({"minutes": "601", "how": "phone"}, "väliltä 0–600"),
            ({"wellbeing": "paljon", "how": "phone"}, "väliltä 0–10"),
            ({"days": "3"}, "Valitse, miten kysyit"),
            ({"days": "3", "how": "phone", "not_measured": "not_reached"}, "Poista toinen"),
            ({"days": "3", "how": "phone", "measured_on": "2026-12-31"}, "vasta tulossa"),
            ({"days": "3", "how": "phone", "measured_on": "2020-12-31"}, "ei ollut vielä alkanut"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, adviser, case, fields, said):
        page = adviser.send(self.form(adviser, case), status=422, **fields)
        assert said in page.text
        assert all(
            page.form(SAVE).fields.get(name) == value for name, value in fields.items() if name != "how"
        )
        assert queries.of_case(case.id)[0].recorded_at is None

    def test_the_slower_of_two_keeps_what_they_typed(self, adviser, case):
        form = self.form(adviser, case)
        adviser.send(form, how="phone", days="2")
        page = adviser.send(form, how="phone", days="5", status=409)
        assert page.form(SAVE).fields["days"] == "5"
        row = queries.of_case(case.id)[0]
        assert operations.answer_of(row, municipality_code="286") == Measured(days=2)
        adviser.send(page.form(SAVE))
        db.session.expire_all()
        assert operations.answer_of(row, municipality_code="286") == Measured(days=5)

    def test_culture_asks_how_one_is_doing_and_nothing_else(self, new_client, office, now):
        place = catchment(office.unit, kind_code="culture")
        culture = replace(office, place=place)
        case = started(culture, now=now, follow_up=True, reasons=("loneliness",))
        form = (
            people.sign_in(new_client(), office.adviser).read(f"/asiakkuudet/{case.id}/seuranta").form(SAVE)
        )
        assert "wellbeing" in form.names
        assert "days" not in form.names


class TestDue:
    def test_the_start_is_due_at_once_and_the_next_after_three_months(self, case, office, now):
        today = clock.helsinki_day(now)
        assert [(row.point, row.mine, row.name) for row in due(office, today)] == [
            (Point.START, True, "Veikko Tiainen")
        ]
        write(case, office, point=Point.START, now=now, how=How.PHONE, answer=Measured(wellbeing=5))
        months_3 = add_months(today, 3)
        assert due(office, months_3 - DAY) == ()
        assert [row.point for row in due(office, months_3)] == [Point.MONTHS_3]

    def test_who_was_not_asked_at_three_months_is_asked_at_six_and_not_twice(self, case, office, now):
        (row,) = due(office, add_months(clock.helsinki_day(now), 6))
        assert row.point is Point.MONTHS_6

    def test_closing_does_not_end_it_but_death_does(self, case, office, now):
        case_id, handler_id = case.id, office.adviser.id
        for outcome, count in ((Outcome.COMPLETED, 1), (Outcome.DECEASED, 0)):
            with transaction():
                row = fresh(case_id)
                if row.closed_at is None:
                    handover.close(row, outcome=outcome, who=Who.ADVISER, actor=user(handler_id), now=now)
                row.outcome = outcome
            assert len(due(office, clock.helsinki_day(now))) == count

    def test_withdrawal_ends_it(self, case, office, now):
        case_id = case.id
        with transaction():
            row = fresh(case_id)
            handover.hold_cases(row.referral_id)
            handover.withdraw_case(row, who=Who.ADVISER, actor=user(office.adviser.id), now=now)
        assert due(office, clock.helsinki_day(now)) == ()

    def test_no_more_ends_the_later_ones(self, case, office, now):
        write(case, office, point=Point.START, now=now, not_measured=NotMeasured.NO_MORE)
        assert due(office, add_months(clock.helsinki_day(now), 24)) == ()
        assert {row.not_measured for row in queries.of_case(case.id)} == {NotMeasured.NO_MORE}

    def test_a_protected_client_s_is_the_handler_s_alone(self, office, now):
        started(office, now=now, follow_up=True, protected=True)
        today = clock.helsinki_day(now)
        assert len(due(office, today)) == 1
        colleague = people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
        assert due_follow_ups(scope_of(colleague), today=today) == ()

    def test_another_municipality_sees_none(self, case, now):
        other = people.unit(UnitKind.COUNSELLING, name="Muualla", municipality_code="285")
        stranger = people.user(Role.ADVISER, units=[other])
        assert due_follow_ups(scope_of(stranger), today=add_months(clock.helsinki_day(now), 12)) == ()

    def test_the_list_costs_the_same_however_long(self, office, now, query_budget):
        for _each in range(3):
            started(office, now=now, follow_up=True)
        scope = scope_of(user(office.adviser.id))
        with query_budget(2):
            assert len(due_follow_ups(scope, today=clock.helsinki_day(now))) == 3


class TestSeeing:
    def test_the_inbox_says_how_many_are_due_and_leads_to_the_list(self, adviser, case, office, now):
        colleague = people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
        elsewhere = replace(office, adviser=colleague)
        started(elsewhere, now=now, follow_up=True)
        page = adviser.read("/saapuneet")
        listed = adviser.read(page.link("Seurannat 2 (yksi niistä sinun)"))
        (mine,) = listed.table("Omat, 1")
        (other,) = listed.table("Muiden, 1")
        assert "Veikko Tiainen" in mine["Asiakas"]
        assert "Liisa Toinen" in other["Mikä seuranta"]
        assert adviser.read(listed.link("Veikko Tiainen")).path.endswith("/seuranta")

    def test_the_list_is_the_adviser_s_and_its_reading_is_written_down(self, adviser, new_client, case, now):
        adviser.read("/saapuneet/seurannat")
        (row,) = [
            row
            for row in db.session.scalars(select(AuditRow).where(AuditRow.action == Action.INBOX_LISTED))
            if row.object_id == "seurannat"
        ]
        assert subject_key(case.referral_id) in row.detail["subjects"]
        for role in (Role.PROFESSIONAL, Role.ADMINISTRATOR, Role.COORDINATOR):
            stranger = people.sign_in(new_client(), people.user(role))
            assert stranger.get("/saapuneet/seurannat").status_code == 404

    def test_an_invented_client_is_not_among_the_real_ones(self, office, now):
        started(office, now=now, follow_up=True, practice=True)
        assert due(office, clock.helsinki_day(now)) == ()

    def test_nobody_is_due(self, adviser):
        assert "Seurannat" not in [link.text for link in adviser.read("/saapuneet").links]
        assert "Tänään ei ole ketään, jolta kysyä" in adviser.read("/saapuneet/seurannat").text


class TestKeeping:
    def test_the_last_follow_up_counts_for_the_term(self, case, office, now):
        today = clock.helsinki_day(now)
        assert queries.last_follow_up_on(case.id) == add_months(today, 12)
        write(case, office, point=Point.START, now=now, not_measured=NotMeasured.NO_MORE)
        assert queries.last_follow_up_on(case.id) is None

    def test_erasing_erases_the_answers(self, case, office, now):
        write(case, office, point=Point.START, now=now, how=How.PHONE, answer=Measured(wellbeing=5))
        case_id = case.id
        with transaction():
            erasing.erase([fresh(case_id)], now=now)
        assert db.session.query(FollowUp).count() == 0


class TestWalls:
    def test_elsewhere_is_nowhere(self, new_client, case):
        other = people.unit(UnitKind.COUNSELLING, name="Muualla", municipality_code="285")
        stranger = people.sign_in(new_client(), people.user(Role.ADVISER, units=[other]))
        assert stranger.get(f"/asiakkuudet/{case.id}/seuranta").status_code == 404

    def test_before_counselling_it_says_when_it_begins(self, adviser, office, now):
        case = taken(office, now=now, follow_up=True)
        assert "Seuranta alkaa, kun neuvonta alkaa" in adviser.read(f"/asiakkuudet/{case.id}/seuranta").text
