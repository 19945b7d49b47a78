"""Feedback: given without an account, answered in time, and forgotten."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import anonymous, clock
from servicetray.core.db import db
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.client import Client
from tests.factories import catalogue, people
from tests.reading import Reading
from themes.feedback import operations, sealed
from themes.feedback.deadlines import due_on
from themes.feedback.models import Feedback, FeedbackNote, State, Topic

NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ANSWERS = {
    "topic": "accessibility",
    "text": "Valikko ei avaudu näppäimistöllä.",
    "contact": "aune@example.org",
}


@pytest.fixture(autouse=True)
def foundation(database, monkeypatch):
    """Nobody in these tests needs three seconds to type."""
    monkeypatch.setattr(anonymous.problem_of, "__kwdefaults__", {"fastest": dt.timedelta(0)})
    with time_machine.travel(NOW, tick=False):
        catalogue.foundation()
        yield


def give(client: Client, path: str = "/palaute", *, status: int = 200, **changes: str) -> Reading:
    answers: dict[str, Any] = {**ANSWERS, **changes}
    return client.send(client.read(path).form("Lähetä palaute"), status=status, **answers)


def all_feedback() -> list[Feedback]:
    db.session.expire_all()
    return list(db.session.scalars(select(Feedback).order_by(Feedback.created_at)))


def actions() -> list[Action]:
    return list(db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def test_what_is_given_arrives_and_one_is_told_what_happens(client):
    page = give(client)
    assert page.h1 == "Kiitos palautteestasi"
    assert "14 päivän kuluessa" in page.text
    assert "aune" not in page.path
    (kept,) = all_feedback()
    assert (kept.topic, kept.state, kept.due_on) == (Topic.ACCESSIBILITY, State.NEW, dt.date(2026, 3, 24))
    assert b"aune" not in (kept.contact_sealed or b"")
    assert sealed.contact_of(kept) == "aune@example.org"
    assert Action.FEEDBACK_GIVEN in actions()
    assert "aune" not in str([row.detail for row in db.session.scalars(select(AuditRow))])


def test_without_a_way_to_answer_none_is_promised(client):
    page = give(client, topic="idea", contact="")
    assert "emme voi vastata" in page.text
    assert all_feedback()[0].contact_sealed is None


def test_feedback_on_a_service_knows_which(client):
    service = catalogue.service("Tuolijumppa")
    assert f"/palaute?palvelu={service}" in client.get(f"/palvelut/{service}").get_data(as_text=True)
    form = client.read(f"/palaute?palvelu={service}")
    assert "Tuolijumppa" in form.text
    page = client.send(form.form("Lähetä palaute"), text="Aika on väärin.", contact="")
    assert page.h1 == "Kiitos palautteestasi"
    (kept,) = all_feedback()
    assert (kept.service_id, kept.topic) == (service, Topic.SERVICE)
    assert client.read("/palaute?palvelu=roskaa").h1 == "Anna palautetta"


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "Olen 131052-308T."},
        {"contact": "131052-308T"},
        {"text": "x" * 1001},
    ],
)
def test_what_has_to_be_mended_is_shown_again_and_kept_nowhere(client, wrong):
    page = give(client, status=422, **wrong)
    assert page.errors
    assert page.form("Lähetä palaute").fields["contact"] == wrong.get("contact", "aune@example.org")
    assert all_feedback() == []


def test_the_same_form_twice_is_one_piece(client):
    form = client.read("/palaute").form("Lähetä palaute")
    client.send(form, **ANSWERS)
    client.send(form, **ANSWERS)
    assert len(all_feedback()) == 1


def test_machines_and_floods_are_stopped(client):
    assert "kentän" in give(client, status=422, homepage="https://spam.example").text
    for _number in range(10):
        give(client)
    give(client, status=429)
    assert len(all_feedback()) == 10


def test_editors_deal_with_it_and_others_find_nothing(client, new_client):
    editor = people.user(Role.CONTENT_EDITOR, name="Eeva Editori")
    give(client)
    (kept,) = all_feedback()
    desk = people.sign_in(new_client(), editor)
    queue = desk.read("/sisalto/palaute")
    assert "Valikko ei avaudu" in queue.text
    page = desk.read(f"/sisalto/palaute/{kept.id}")
    assert "aune@example.org" in page.text
    assert actions()[-1] is Action.FEEDBACK_VIEWED
    assert desk.send(page.form("Tallenna"), status=422, state="new", note="").h1
    done = desk.send(page.form("Tallenna"), state="answered", note="Korjattu ja vastattu.")
    assert done.h1 == "Palaute"
    assert "Mitään ei odota" in done.text
    (kept,) = all_feedback()
    assert (kept.state, kept.settled_at) == (State.ANSWERED, NOW)
    assert actions()[-1] is Action.FEEDBACK_CHANGED
    again = desk.read(f"/sisalto/palaute/{kept.id}")
    assert "Korjattu ja vastattu." in again.text
    assert "Eeva Editori" in again.text
    desk.send(again.form("Tallenna"), state="new", note="Avataan uudestaan.")
    assert all_feedback()[0].settled_at is None
    for role in (Role.PROVIDER_EDITOR, Role.ADVISER, Role.ADMINISTRATOR):
        other = people.sign_in(new_client(), people.user(role))
        assert other.get("/sisalto/palaute").status_code == 404
        assert other.get(f"/sisalto/palaute/{kept.id}").status_code == 404


def messages() -> list[tuple[str, MessageState]]:
    db.session.expire_all()
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.template, row.state) for row in rows]


def test_editors_are_told_in_the_morning_and_reminded_once_on_the_tenth_day(client):
    people.user(Role.CONTENT_EDITOR)
    people.user(Role.ADVISER)
    give(client)
    give(client, topic="idea")
    arrived = [("feedback_arrived", MessageState.HELD)] * 2
    assert messages() == arrived
    evening = clock.day_start(dt.date(2026, 3, 20)) - dt.timedelta(seconds=1)
    assert operations.remind(evening) == 0
    assert operations.remind(evening + dt.timedelta(seconds=1)) == 1
    assert operations.remind(NOW + 11 * DAY) == 0
    assert messages() == [*arrived, ("feedback_due", MessageState.WAITING)]


def test_what_was_answered_is_not_reminded_of(client, new_client):
    desk = people.sign_in(new_client(), people.user(Role.CONTENT_EDITOR))
    give(client)
    page = desk.read(f"/sisalto/palaute/{all_feedback()[0].id}")
    desk.send(page.form("Tallenna"), state="closed", note="")
    assert operations.remind(NOW + 12 * DAY) == 0
    assert messages() == [("feedback_arrived", MessageState.CANCELLED)]


def test_contacts_are_erased_ninety_days_after(client, new_client):
    desk = people.sign_in(new_client(), people.user(Role.CONTENT_EDITOR))
    give(client)
    give(client, text="Tämä odottaa vielä.")
    page = desk.read(f"/sisalto/palaute/{all_feedback()[0].id}")
    desk.send(page.form("Tallenna"), state="closed", note="")
    assert operations.erase_contacts(NOW + 90 * DAY) == 0
    assert operations.erase_contacts(NOW + 90 * DAY + dt.timedelta(seconds=1)) == 1
    assert sorted(row.contact_sealed is None for row in all_feedback()) == [False, True]


def test_feedback_is_deleted_two_years_after_the_answer_with_its_notes(client, new_client):
    desk = people.sign_in(new_client(), people.user(Role.CONTENT_EDITOR))
    give(client)
    give(client, text="Tämä odottaa vielä.")
    settled, waiting = (row.id for row in all_feedback())
    page = desk.read(f"/sisalto/palaute/{settled}")
    desk.send(page.form("Tallenna"), state="answered", note="Vastattu puhelimessa.")
    end = NOW.replace(year=2028)
    assert operations.erase_old(end) == 0
    later = end + dt.timedelta(seconds=1)
    assert (operations.erase_old(later), operations.erase_old(later)) == (1, 0)
    assert [row.id for row in all_feedback()] == [waiting]
    assert db.session.scalar(select(func.count()).select_from(FeedbackNote)) == 0
    erased = select(AuditRow).where(AuditRow.action == Action.CONTENT_ERASED)
    assert [(row.object_type, row.detail) for row in db.session.scalars(erased)] == [
        ("feedback", {"why": "term"})
    ]


def test_days_of_answering():
    friday = dt.date(2026, 3, 13)
    assert due_on(Topic.ACCESSIBILITY, friday) == dt.date(2026, 3, 27)
    assert due_on(Topic.SERVICE, friday) == dt.date(2026, 3, 20)
