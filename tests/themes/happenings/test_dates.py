"""Dates as rows: made ahead, changed one by one, and told to calendars."""

import datetime as dt

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.factories import catalogue, happenings, people
from themes.happenings import operations, queries
from themes.happenings.models import DateState, Occurrence

pytestmark = pytest.mark.usefixtures("foundation")

DAY = dt.timedelta(days=1)
NOW, TODAY = happenings.NOW, happenings.TODAY


@pytest.fixture
def foundation(database):
    with time_machine.travel(NOW, tick=False):
        catalogue.foundation()
        yield


@pytest.fixture
def editor(foundation):
    return people.user(Role.CONTENT_EDITOR)


def days_of(it):
    return [(row.planned_on, row.day, row.state) for row in queries.all_dates_of(it, first=TODAY, most=99)]


def date_of(it, day):
    return db.session.scalars(
        select(Occurrence).where(Occurrence.happening_id == it, Occurrence.planned_on == day)
    ).one()


def calendar(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return Calendar.from_ical(answer.data)


def test_dates_are_made_400_days_ahead_and_no_more_by_a_second_run():
    it = happenings.event(rule=happenings.weekly())
    made = days_of(it)
    assert made[-1][0] <= TODAY + operations.HORIZON < made[-1][0] + 7 * DAY
    assert operations.extend_dates(NOW) == 0
    assert operations.extend_dates(NOW + 30 * DAY) == 1
    assert operations.extend_dates(NOW + 30 * DAY) == 0
    later = days_of(it)
    assert later[: len(made)] == made
    assert len(later) == len(made) + 4


def test_what_was_done_to_one_date_outlives_the_chore_and_a_change_of_texts(editor):
    it = happenings.event(rule=happenings.weekly(last_day=TODAY + 21 * DAY))
    with transaction():
        operations.cancel_date(date_of(it, TODAY + 7 * DAY), reason={"fi": "Sairaana"}, actor=editor, now=NOW)
        operations.leave_out(date_of(it, TODAY + 14 * DAY), actor=editor, now=NOW)
        operations.move_date(
            date_of(it, TODAY + 21 * DAY),
            day=TODAY + 22 * DAY,
            starts=dt.time(12),
            reason={},
            actor=editor,
            now=NOW,
        )
    operations.extend_dates(NOW + DAY)
    assert [state for _, _, state in days_of(it)] == ["planned", "cancelled", "left_out", "moved"]
    assert days_of(it)[3][1] == TODAY + 22 * DAY
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.CONTENT_CHANGED)).all()
    assert [row.detail["what"] for row in rows] == ["cancelled", "left_out", "moved"]
    with transaction():
        operations.restore_date(date_of(it, TODAY + 21 * DAY), actor=editor, now=NOW)
    assert days_of(it)[3][1:] == (TODAY + 21 * DAY, DateState.PLANNED)


def test_a_new_rule_changes_what_is_to_come_and_never_the_past(editor):
    it = happenings.event(rule=happenings.weekly(TODAY - 14 * DAY))
    with transaction():
        held = queries.required(it)
        record = happenings.record_of(held, rule=happenings.weekly(TODAY + DAY, at="18:00"))
        operations.save(record, actor=editor, now=NOW + dt.timedelta(hours=8), happening=held)
    rows = queries.meetings_of(it)
    # Today's has begun at 17.00; it stays.
    assert [row.day for row in rows][:4] == [TODAY - 14 * DAY, TODAY - 7 * DAY, TODAY, TODAY + DAY]
    assert queries.required(it).sequence == 1


def test_what_is_over_is_not_changed(editor):
    it = happenings.event()
    with pytest.raises(operations.OverError), transaction():
        operations.cancel_date(date_of(it, TODAY), reason={}, actor=editor, now=NOW + 12 * DAY)
    with pytest.raises(operations.OverError), transaction():
        operations.move_date(
            date_of(it, TODAY), day=TODAY - DAY, starts=dt.time(9), reason={}, actor=editor, now=NOW
        )


def test_a_calendar_keeps_ids_and_hears_of_what_was_cancelled_or_moved(client, editor):
    it = happenings.event("Kuoro", rule=happenings.weekly(TODAY, last_day=TODAY + 7 * DAY))
    before = calendar(client, f"/tapahtumat/{it}.ics").events
    with transaction():
        operations.cancel_date(date_of(it, TODAY), reason={"fi": "Sali on remontissa"}, actor=editor, now=NOW)
        operations.move_date(
            date_of(it, TODAY + 7 * DAY),
            day=TODAY + 8 * DAY,
            starts=dt.time(9, 30),
            reason={},
            actor=editor,
            now=NOW,
        )
    file = calendar(client, f"/tapahtumat/{it}.ics")
    after = file.events
    assert [entry["uid"] for entry in after] == [entry["uid"] for entry in before]
    assert [int(entry["sequence"]) for entry in after] == [1, 1]
    assert [str(entry["status"]) for entry in after] == ["CANCELLED", "CONFIRMED"]
    assert "remontissa" in str(after[0]["description"])
    assert after[1].start.isoformat() == "2026-03-18T09:30:00+02:00"
    assert [str(zone["tzid"]) for zone in file.timezones] == ["Europe/Helsinki"]


def test_a_feed_is_of_one_theme_and_municipality_90_days_back_and_a_year_ahead(client):
    happenings.event("Vanha", rule=happenings.rule(TODAY - 91 * DAY))
    happenings.event("Äskeinen", rule=happenings.rule(TODAY - 89 * DAY))
    happenings.event("Kotkassa", municipality_code="285")
    happenings.event("Ruokaa", themes=("ravitsemus",))
    happenings.event("Kaukainen", rule=happenings.rule(TODAY + 366 * DAY))
    feed = calendar(client, "/tapahtumat.ics?teema=liikunta&kunta=286")
    assert [str(entry["summary"]) for entry in feed.events] == ["Äskeinen"]
    assert len(calendar(client, "/tapahtumat.ics").events) == 3
    assert client.get("/tapahtumat.ics?teema=ei-ole").status_code == 404
    assert client.get("/tapahtumat.ics?kunta=999").status_code == 404


def test_a_feed_is_sent_again_only_when_something_changed(client, editor):
    it = happenings.event()
    answer = client.get("/tapahtumat.ics")
    assert answer.headers["Cache-Control"].startswith("public")
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/tapahtumat.ics", headers=known).status_code == 304
    with transaction():
        operations.cancel(queries.required(it), reason={"fi": "Ukkonen"}, actor=editor, now=NOW)
    again = client.get("/tapahtumat.ics", headers=known)
    assert again.status_code == 200
    assert b"STATUS:CANCELLED" in again.data


def test_one_date_as_a_file(client):
    it = happenings.event(rule=happenings.weekly())
    assert len(calendar(client, f"/tapahtumat/{it}.ics?paiva=2026-03-17").events) == 1
    assert client.get(f"/tapahtumat/{it}.ics?paiva=2026-03-18").status_code == 404


def test_the_texts_to_index_are_those_that_residents_see():
    it = happenings.event("Avanto", themes=("liikunta", "ravitsemus"))
    happenings.event("Luonnos", state="draft")
    found = queries.texts_to_index()
    assert [(each.id, each.name["fi"], len(each.themes)) for each in found] == [(it, "Avanto", 2)]
