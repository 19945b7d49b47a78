"""The client takes the permission back: hidden at once from both sides, erased after seven days."""

from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from referrals import handover, retention
from referrals.county import operations as county_moves
from referrals.county.models import Consent
from referrals.moves import (
    CaseStatus,
    EventDirection,
    EventName,
    MoveRefused,
    Outcome,
    ReferralStatus,
    Who,
)
from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from referrals.retention import sweeping
from referrals.statistics.models import StatisticsEvent
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState, OutboxMessage, deliver_due
from tests.referrals.scenes import DAY, HOUR, STATES, locked, scene, user, withdrawn

pytestmark = pytest.mark.usefixtures("database")


def open_stock() -> int:
    signs = {EventDirection.IN: 1, EventDirection.OUT: -1, EventDirection.NONE: 0}
    return sum(signs[each] for each in db.session.scalars(select(StatisticsEvent.direction)))


def messages(state: MessageState) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.state == state).order_by(OutboxMessage.id)
    return list(db.session.scalars(statement))


# ------------------------------------------------------------------------------------ the operation


@pytest.mark.parametrize("who", [Who.SENDER, Who.ADVISER])
@pytest.mark.parametrize("state", STATES)
def test_both_records_end_in_one_move(state, who, now):
    it = scene(state, now=now)
    withdrawn(it, who=who, now=now + HOUR)
    row = it.referral()
    assert (row.status, row.erase_after) == (ReferralStatus.CANCELLED, now + HOUR + 7 * DAY)
    assert (row.consent.withdrawn_at, row.consent.withdrawn_by) == (now + HOUR, who.value)
    actions = select(AuditRow.action).where(AuditRow.subject_key == subject_key(it.referral_id))
    assert Action.REFERRAL_MOVED in set(db.session.scalars(actions))
    (event,) = db.session.scalars(
        select(StatisticsEvent).where(StatisticsEvent.name == EventName.WITHDRAWN)
    ).all()
    assert (event.direction, open_stock()) == (EventDirection.OUT, 0)
    if state != "sent":
        case = it.case()
        assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.WITHDRAWN)
        assert (case.withdrawn_at, case.erase_after) == (now + HOUR, now + HOUR + 7 * DAY)
        assert Action.CASE_MOVED in set(db.session.scalars(actions))


def test_unsent_messages_are_cancelled_and_the_other_side_is_told(now):
    it = scene("accepted", now=now, mailbox="neuvonta@example.org")
    assert len(messages(MessageState.WAITING)) == 2
    withdrawn(it, who=Who.SENDER, now=now + HOUR)
    assert len(messages(MessageState.CANCELLED)) == 2
    told = messages(MessageState.WAITING)
    assert {each.address for each in told} == {"neuvonta@example.org", it.adviser.email}
    letters: list[EmailMessage] = []
    assert deliver_due(now=now + HOUR, send=letters.append) == 2
    reference = it.referral().reference
    finnish, swedish = (
        f"Suostumus peruttu: lähete {reference}",
        f"Samtycket har tagits tillbaka: remiss {reference}",
    )
    assert {letter["To"]: letter["Subject"] for letter in letters} == {
        "neuvonta@example.org": f"{finnish} / {swedish}",
        it.adviser.email: finnish,
    }
    for letter in letters:
        assert not {"Veikko", "Tiainen"} & set(letter.get_content().split())


def test_the_sender_is_told_what_the_adviser_wrote_down(now):
    it = scene("accepted", now=now, mailbox="neuvonta@example.org")
    withdrawn(it, who=Who.ADVISER, now=now + HOUR)
    assert [each.address for each in messages(MessageState.WAITING)] == [it.sender.email]


def test_it_is_taken_back_once(now):
    it = scene("sent", now=now)
    withdrawn(it, who=Who.SENDER, now=now)
    with pytest.raises(MoveRefused):
        withdrawn(it, who=Who.SENDER, now=now + HOUR)


@pytest.mark.parametrize("state", ["closed", "returned"])
def test_it_can_be_taken_back_after_the_end_too(state, now):
    it = scene(state, now=now)
    withdrawn(it, who=Who.SENDER, now=now + HOUR)
    row = it.referral()
    assert (row.consent.withdrawn_at, row.erase_after) == (now + HOUR, now + HOUR + 7 * DAY)
    assert row.status.value == state
    assert open_stock() == 0
    if state == "closed":
        assert (it.case().outcome, it.case().withdrawn_at) == (Outcome.COMPLETED, now + HOUR)


# --------------------------------------------------------------------------------------- erasing


def notes_left() -> int:
    columns = (Attempt.sealed_note, CaseHistory.sealed_note, Note.sealed)
    return sum(db.session.scalar(select(func.count()).where(column.is_not(None))) or 0 for column in columns)


def test_why_it_came_back_stays_on_record(now):
    it = scene("returned", now=now)
    withdrawn(it, who=Who.SENDER, now=now + HOUR)
    assert it.referral().returned_reason == "duplicate"


@pytest.mark.parametrize("state", STATES)
def test_content_is_there_for_seven_days_and_then_gone(state, now):
    it = scene(state, now=now)
    withdrawn(it, who=Who.SENDER, now=now)
    assert retention.erase_due(now + 7 * DAY - HOUR) == 0
    assert it.referral().sealed is not None
    assert it.referral().person_index != ""
    if it.case_id:
        assert it.case().sealed is not None
        assert notes_left() == (3 if state == "active" else 2)

    assert retention.erase_due(now + 7 * DAY + HOUR) == (1 if state == "sent" else 2)
    assert (it.referral().sealed, it.referral().person_index) == (None, "")
    assert notes_left() == 0
    if it.case_id:
        assert it.case().sealed is None
        assert db.session.scalar(select(func.count(Note.id))) == 1


def test_the_evidence_stays_and_the_events_no_longer_say_of_whom(now):
    it = scene("active", now=now)
    withdrawn(it, who=Who.ADVISER, now=now)
    events = db.session.scalar(select(func.count(StatisticsEvent.id)))
    retention.erase_due(now + 8 * DAY)
    consent = db.session.scalars(select(Consent).where(Consent.referral_id == it.referral_id)).one()
    assert (consent.given_at, consent.withdrawn_at, consent.withdrawn_by) == (now, now, "adviser")
    assert db.session.scalar(select(func.count(StatisticsEvent.id))) == events
    assert set(db.session.scalars(select(StatisticsEvent.referral_id))) == {None}
    assert open_stock() == 0
    erased = db.session.execute(
        select(AuditRow.object_type, AuditRow.object_id).where(
            AuditRow.action == Action.CONTENT_ERASED,
            AuditRow.subject_key == subject_key(it.referral_id),
        )
    )
    assert {tuple(row) for row in erased} == {
        ("referral", str(it.referral_id)),
        ("case", str(it.case_id)),
    }


def test_erasing_again_finds_nothing_and_batches_leave_nothing(now, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for _ in range(3):
        withdrawn(scene("accepted", now=now), who=Who.SENDER, now=now)
    keeps = scene("accepted", now=now)
    assert retention.erase_due(now + 8 * DAY) == 6
    assert retention.erase_due(now + 8 * DAY) == 0
    assert keeps.referral().sealed is not None
    assert keeps.case().sealed is not None


def test_a_returned_case_goes_after_thirty_days_and_the_sender_keeps_theirs(now):
    it = scene("accepted", now=now)
    case_id, adviser_id = it.case_id, it.adviser.id
    with transaction():
        handover.give_back_case(
            db.session.get_one(Case, case_id),
            reason="duplicate",
            who=Who.ADVISER,
            actor=user(adviser_id),
            now=now,
        )
    retention.erase_due(now + 30 * DAY - HOUR)
    assert it.case().sealed is not None
    retention.erase_due(now + 30 * DAY + HOUR)
    assert it.case().sealed is None
    assert notes_left() == 0
    assert it.referral().sealed is not None


def test_what_the_sender_took_back_goes_after_thirty_days(now):
    it = scene("sent", now=now)
    sender_id = it.sender.id
    with transaction():
        county_moves.cancel(locked(it.referral_id), actor=user(sender_id), reason="not_needed", now=now)
    retention.erase_due(now + 30 * DAY - HOUR)
    assert it.referral().sealed is not None
    retention.erase_due(now + 30 * DAY + HOUR)
    assert it.referral().sealed is None


def test_a_later_move_keeps_nothing_for_longer(now):
    it = scene("returned", now=now)
    withdrawn(it, who=Who.SENDER, now=now)
    sender_id = it.sender.id
    with transaction():
        county_moves.acknowledge_return(locked(it.referral_id), actor=user(sender_id), now=now)
    assert it.referral().erase_after == now + 7 * DAY
