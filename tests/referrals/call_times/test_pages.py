"""The page of the call times: what stands on it, publishing, and who may see it."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import func, select

from referrals.call_times import operations, queries
from referrals.call_times.models import CallException, CallPattern
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people
from tests.factories.referrals import professional
from tests.referrals.call_times.conftest import make_unit
from tests.referrals.call_times.test_booking import NINE, NOW, accepted, at, booked, free, referral
from tests.referrals.scenes import locked, user

PAGES = ("/ajat", "/ajat/viikoittain", "/ajat/lisaajat", "/ajat/vapaat")


@pytest.fixture
def adviser(unit, client: Client) -> Iterator[Client]:
    """The unit's adviser, signed in on the Thursday."""
    with time_machine.travel(NOW, tick=False):
        yield people.sign_in(client, user(unit.adviser_id))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_in_every_language(adviser, path):
    for prefix in ("", "/sv", "/en"):
        assert adviser.read(prefix + path).h1


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ADMINISTRATOR, Role.COORDINATOR])
def test_nobody_else_finds_the_pages(unit, client, role):
    with time_machine.travel(NOW, tick=False):
        person = professional() if role is Role.PROFESSIONAL else people.user(role)
        outsider = people.sign_in(client, person)
        for path in PAGES:
            assert outsider.get(path).status_code == 404
        assert outsider.get("/ajat/viikoittain/" + str(unit.publish(now=NOW))).status_code == 404


def test_an_empty_page_says_what_times_are_for(adviser):
    page = adviser.read("/en/ajat")
    assert "No times are published yet" in page.text


def test_weekly_times_are_published_and_stand_in_their_week(adviser, unit):
    form = adviser.read("/en/ajat/viikoittain").form("Publish the times")
    page = adviser.send(form, from_time="9.00", until_time="10.00", weekday="0")
    assert "Published." in page.messages[0]
    assert free(unit, limit=1) == [NINE]
    week = adviser.read("/en/ajat?viikko=2026-11-23")
    assert "0 taken, 2 free" in week.text
    assert "09:00–09:30" in week.text


def test_what_is_missing_or_impossible_is_said_and_kept(adviser):
    form = adviser.read("/en/ajat/viikoittain").form("Publish the times")
    page = adviser.send(form, status=422, from_time="9", until_time="8.00", how="in_person", capacity="900")
    assert set(page.errors) == {"from_time", "place", "capacity"}
    page = adviser.send(page.form("Publish the times"), status=422, from_time="9.00")
    assert page.errors["until_time"] == "The times would end before they begin."
    far = adviser.send(
        page.form("Publish the times"),
        status=422,
        until_time="10.00",
        place="Talo",
        capacity="1",
        valid_from="1.1.9999",
    )
    assert "within three years" in far.errors["valid_from"]


def test_hours_that_meet_others_name_them(adviser, unit):
    unit.publish(now=NOW, adviser_id=unit.adviser_id)
    form = adviser.read("/en/ajat/viikoittain").form("Publish the times")
    page = adviser.send(form, status=422, from_time="9.30", until_time="10.30", weekday="0")
    assert "Monday 09:00–10:00" in page.errors["from_time"]


def test_extra_times_stand_on_one_day(adviser, unit):
    form = adviser.read("/en/ajat/lisaajat").form("Publish the times")
    adviser.send(form, from_time="9.00", until_time="9.30", day="21.11.2026")
    assert free(unit) == [NINE - dt.timedelta(days=2)]


def test_weekly_times_are_changed_and_ended(adviser, unit):
    pattern_id = unit.publish(now=NOW)
    form = adviser.read(f"/en/ajat/viikoittain/{pattern_id}").form("Save the changes")
    assert form.fields["from_time"] == "09:00"
    adviser.send(form, until_time="11.00")
    assert len([each for each in free(unit) if each < NINE + dt.timedelta(days=1)]) == 4
    page = adviser.read("/en/ajat")
    adviser.send(page.form("End"))
    assert free(unit) == []
    assert adviser.get(f"/ajat/viikoittain/{pattern_id}").status_code == 404


def test_today_is_taken_off_with_one_press_and_put_back_with_another(adviser, unit):
    thursday = NOW.date()
    unit.publish(now=NOW, weekday=3, from_time=dt.time(13), until_time=dt.time(14), valid_from=thursday)
    adviser.send(adviser.read("/en/ajat").form("Take the times of this day off"))
    assert db.session.scalars(select(CallException.first_day)).all() == [thursday]
    page = adviser.read("/en/ajat")
    assert "No times" in page.text
    adviser.send(page.form("Put back"))
    assert db.session.scalar(select(func.count(CallException.id))) == 0


def test_only_one_s_own_times_are_taken_off_where_they_are_one_s_own(adviser, unit):
    unit.publish(now=NOW)
    unit.publish(now=NOW, adviser_id=unit.adviser_id)
    adviser.send(adviser.read("/en/ajat?viikko=2026-11-23").form("Take my times of this day off"))
    assert db.session.scalars(select(CallException.adviser_id)).all() == [unit.adviser_id]
    assert free(unit, limit=1) == [NINE]


def test_hours_of_a_day_are_taken_off(adviser, unit):
    unit.publish(now=NOW)
    form = adviser.read("/en/ajat/vapaat").form("Take times off")
    page = adviser.send(form, status=422, first_day="23.11.2026", from_time="9.00", whose="everybody")
    assert page.errors["until_time"] == "Say both hours, or neither for whole days."
    adviser.send(page.form("Take times off"), until_time="9.30")
    assert free(unit, limit=1) == [NINE + dt.timedelta(minutes=30)]


def test_who_has_a_time_is_a_link_to_where_they_are(adviser, unit):
    unit.publish(now=NOW)
    waiting = booked(unit)
    reference = locked(waiting).reference
    week = adviser.read("/en/ajat?viikko=2026-11-23")
    assert week.link(reference).endswith(f"/saapuneet/{waiting}")
    case_id = accepted(unit, waiting)
    week = adviser.read("/en/ajat?viikko=2026-11-23")
    assert week.link(reference).endswith(f"/asiakkuudet/{case_id}")


def test_another_unit_s_times_are_nobody_s(adviser, unit):
    other = make_unit()
    pattern_id = other.publish(now=NOW)
    assert adviser.get(f"/ajat/viikoittain/{pattern_id}").status_code == 404
    assert "09:00" not in adviser.read("/en/ajat?viikko=2026-11-23").text
    form = adviser.read("/en/ajat/viikoittain").form("Publish the times")
    token = {"csrf_token": form.data()["csrf_token"]}
    assert adviser.post(f"/ajat/viikoittain/{pattern_id}/paata", data=token).status_code == 404
    with transaction():
        assert queries.pattern_in(pattern_id, unit_ids=[other.id], on=NOW.date()) is not None


def test_a_booked_time_that_is_off_is_shown(adviser, unit):
    unit.publish(now=NOW)
    booked(unit)
    adviser.send(adviser.read("/en/ajat?viikko=2026-11-23").form("Take the times of this day off"))
    assert "Somebody has these times, although they are off" in adviser.read("/en/ajat").text


def test_a_full_week_asks_no_more_than_an_empty_one(adviser, unit, query_budget):
    unit.publish(now=NOW, capacity=5)
    time_id = at(unit, NINE)
    for number in range(5):
        referral_id = referral(unit, last_name=f"Tiainen {number}")
        with transaction():
            operations.book(time_id, referral_id=referral_id, now=NOW)
    with query_budget(32):
        adviser.read("/ajat?viikko=2026-11-23")


def test_no_pattern_is_left_by_a_refused_form(adviser):
    form = adviser.read("/en/ajat/viikoittain").form("Publish the times")
    adviser.send(form, status=422)
    assert db.session.scalar(select(func.count(CallPattern.id))) == 0
