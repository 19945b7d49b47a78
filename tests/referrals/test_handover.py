"""From one controller's record to the other's: copied once, told back only as the client allowed."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from referrals import handover
from referrals.consent import Contact, Giver
from referrals.county import queries as county
from referrals.county.content import ContactPerson
from referrals.county.models import Referral
from referrals.handover import AlreadyClaimedError, ReturnReason, accepting
from referrals.moves import (
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveRefused,
    Outcome,
    Priority,
    ReferralStatus,
    Who,
)
from referrals.municipality import operations
from referrals.municipality import queries as municipality
from referrals.municipality.models import AttemptResult, Case
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core import clock, crypto
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.factories import people
from tests.factories.referrals import absence, catchment, sent

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def adviser() -> User:
    return people.user(
        Role.ADVISER,
        units=[people.unit(UnitKind.COUNSELLING, name="Testilän neuvonta")],
        name="Mikko Neuvoja",
    )


def accepted(referral: Referral, adviser: User, *, now: dt.datetime) -> Case:
    referral_id, adviser_id = referral.id, adviser.id
    with transaction():
        row, actor = county.referral(referral_id, lock=True), accounts.user(adviser_id)
        assert row is not None
        assert actor is not None
        case_id = handover.accept(row, who=Who.ADVISER, actor=actor, now=now).id
    return reread(case_id)


def reread(case_id: uuid.UUID) -> Case:
    case = db.session.get(Case, case_id)
    assert case is not None
    return case


def closed(case: Case, adviser: User, *, outcome: Outcome, now: dt.datetime) -> None:
    case_id, adviser_id = case.id, adviser.id
    with transaction():
        actor, row = accounts.user(adviser_id), reread(case_id)
        assert actor is not None
        handover.close(row, outcome=outcome, who=Who.ADVISER, actor=actor, now=now)


def started(case: Case, adviser: User, *, now: dt.datetime) -> None:
    case_id, adviser_id = case.id, adviser.id
    with transaction():
        actor, row = accounts.user(adviser_id), reread(case_id)
        assert actor is not None
        operations.start(row, who=Who.ADVISER, actor=actor, now=now)
        handover.tell_started(row, now=now)


def tried(case: Case, adviser: User, *, result: AttemptResult, now: dt.datetime) -> None:
    case_id, adviser_id = case.id, adviser.id
    with transaction():
        actor, row = accounts.user(adviser_id), reread(case_id)
        assert actor is not None
        operations.log_attempt(
            row, channel=ContactChannel.PHONE, result=result, note="", actor=actor, now=now
        )


def given_back(case: Case, adviser: User, *, now: dt.datetime) -> None:
    case_id, adviser_id = case.id, adviser.id
    with transaction():
        actor, row = accounts.user(adviser_id), reread(case_id)
        assert actor is not None
        handover.give_back_case(
            row, reason=ReturnReason.DUPLICATE.value, who=Who.ADVISER, actor=actor, now=now
        )


def events(name: EventName | None = None) -> list[StatisticsEvent]:
    statement = select(StatisticsEvent).order_by(StatisticsEvent.id)
    if name is not None:
        statement = statement.where(StatisticsEvent.name == name)
    return list(db.session.scalars(statement))


def open_stock() -> int:
    signs = {EventDirection.IN: 1, EventDirection.OUT: -1, EventDirection.NONE: 0}
    return sum(signs[event.direction] for event in events())


def in_stock() -> int:
    statuses = [ReferralStatus.SENT, ReferralStatus.ACCEPTED]
    statement = select(func.count(Referral.id)).where(
        Referral.status.in_(statuses), Referral.practice.is_(False)
    )
    return int(db.session.scalar(statement) or 0)


def news() -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.template == "referral_news")
    return list(db.session.scalars(statement.order_by(OutboxMessage.id)))


def test_accepting_copies_what_counselling_needs(adviser, now):
    referral = sent(
        catchment(),
        now=now,
        own_wish="Kuntosali kiinnostaa",
        what_to_heed="Puhu selkeästi",
        contact_person=ContactPerson(name="Anna", relation="tytär", phone="040 1"),
        channels=[ContactChannel.PHONE, ContactChannel.CONTACT_PERSON],
        giver=Giver.REPRESENTATIVE,
        contact=Contact.REPRESENTATIVE,
    )
    case = accepted(referral, adviser, now=now)
    copy = operations.content_of(case)
    assert copy is not None
    assert (copy.name, copy.birth_year, copy.phone) == ("Veikko Tiainen", 1948, "040 000 0174")
    assert (copy.own_wish, copy.what_to_heed) == ("Kuntosali kiinnostaa", "Puhu selkeästi")
    assert copy.contact_person == "Anna (tytär), 040 1"
    assert set(copy.channels) == {ContactChannel.PHONE, ContactChannel.CONTACT_PERSON}
    assert (copy.consent_giver, copy.contact_first) == (Giver.REPRESENTATIVE, Contact.REPRESENTATIVE)
    assert copy.consent_given_on == dt.date(2026, 3, 10)
    assert (case.status, case.handler_id) == (CaseStatus.CONTACTING, adviser.id)


def test_the_copy_is_sealed_with_the_municipality_s_own_key(adviser, now):
    case = accepted(sent(catchment(), now=now), adviser, now=now)
    assert case.sealed is not None
    key = db.session.get(crypto.DataKey, crypto.key_id_of(case.sealed))
    assert key is not None
    assert key.controller == "municipality:286"
    assert b"Veikko" not in case.sealed


def test_the_contact_target_counts_from_sending(adviser, now):
    case = accepted(sent(catchment(), now=now), adviser, now=now + dt.timedelta(days=2))
    assert case.due_on == dt.date(2026, 3, 24)
    soon = accepted(sent(catchment(), now=now, priority=Priority.SOON), adviser, now=now)
    assert soon.due_on == dt.date(2026, 3, 13)


def test_an_absence_moves_the_contact_target_too(adviser, now):
    place = catchment()
    absence(place, first_day=dt.date(2026, 3, 9), last_day=dt.date(2026, 3, 22))
    case = accepted(sent(place, now=now), adviser, now=now)
    assert case.due_on == clock.add_working_days(dt.date(2026, 3, 22), 10)


def test_a_second_acceptance_is_refused(adviser, now):
    referral = sent(catchment(), now=now)
    accepted(referral, adviser, now=now)
    with pytest.raises(MoveRefused):
        accepted(referral, adviser, now=now)
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_the_database_refuses_a_second_open_case(adviser, now, monkeypatch):
    """Even where two claims have both passed the checks."""
    referral = sent(catchment(), now=now)
    accepted(referral, adviser, now=now)
    monkeypatch.setattr(accepting, "check_referral_move", lambda *_args, **_more: None)
    with pytest.raises(AlreadyClaimedError):
        accepted(referral, adviser, now=now)


def test_without_consent_nothing_is_handed_over(adviser, now):
    referral = sent(catchment(), now=now)
    with transaction() as session:
        session.add(referral)
        referral.consent.withdrawn_at = now
    with pytest.raises(MoveRefused):
        accepted(referral, adviser, now=now)


def test_acceptance_leaves_an_event_and_its_audit_rows(adviser, now):
    referral = sent(catchment(), now=now - dt.timedelta(days=7))
    accepted(referral, adviser, now=now)
    (event,) = events(EventName.ACCEPTED)
    assert (event.working_days, event.direction) == (5, EventDirection.NONE)
    rows = db.session.scalars(select(AuditRow.action).where(AuditRow.subject_key == subject_key(referral.id)))
    assert {Action.REFERRAL_SENT, Action.CASE_OPENED, Action.DISCLOSED, Action.REFERRAL_MOVED} <= set(rows)


@pytest.mark.parametrize("feedback", [True, False])
def test_the_sender_hears_only_what_the_client_allowed(adviser, now, feedback):
    referral = sent(catchment(), now=now, feedback=feedback)
    case = accepted(referral, adviser, now=now)
    started(case, adviser, now=now)
    closed(case, adviser, outcome=Outcome.COMPLETED, now=now)
    told = county.referral(referral.id)
    assert told is not None
    assert told.status is ReferralStatus.CLOSED
    assert told.outcome is (Outcome.COMPLETED if feedback else None)
    assert told.counselling_started is feedback
    assert len(news()) == (3 if feedback else 0)
    assert all("Tiainen" not in str(letter.context) for letter in news())


def test_closing_closes_both_records(adviser, now):
    referral = sent(catchment(), now=now)
    case = accepted(referral, adviser, now=now)
    closed(case, adviser, outcome=Outcome.DID_NOT_WANT, now=now)
    case = reread(case.id)
    assert (case.status, case.outcome, case.due_on) == (CaseStatus.CLOSED, Outcome.DID_NOT_WANT, None)
    (event,) = events(EventName.CLOSED)
    assert (event.outcome, event.direction) == (Outcome.DID_NOT_WANT, EventDirection.OUT)


def test_counselling_that_never_started_is_not_completed(adviser, now):
    case = accepted(sent(catchment(), now=now), adviser, now=now)
    with pytest.raises(MoveRefused):
        closed(case, adviser, outcome=Outcome.COMPLETED, now=now)
    assert reread(case.id).status is CaseStatus.CONTACTING


def test_what_waits_goes_back_with_its_reason(adviser, now):
    referral = sent(catchment(), now=now)
    referral_id, adviser_id = referral.id, adviser.id
    with transaction():
        row, actor = county.referral(referral_id, lock=True), accounts.user(adviser_id)
        assert row is not None
        assert actor is not None
        handover.give_back(
            row, reason=ReturnReason.WRONG_MUNICIPALITY.value, who=Who.ADVISER, actor=actor, now=now
        )
    told = county.referral(referral_id)
    assert told is not None
    assert (told.status, told.returned_reason) == (ReferralStatus.RETURNED, "wrong_municipality")
    assert open_stock() == in_stock() == 0
    assert len(news()) == 1


def test_an_accepted_one_goes_back_only_before_the_client_is_reached(adviser, now):
    unreached = accepted(sent(catchment(), now=now), adviser, now=now)
    reached = accepted(sent(catchment(), now=now), adviser, now=now)
    tried(reached, adviser, result=AttemptResult.REACHED, now=now)
    assert handover.may_be_given_back(reread(unreached.id), who=Who.ADVISER)
    assert not handover.may_be_given_back(reread(reached.id), who=Who.ADVISER)
    given_back(unreached, adviser, now=now)
    with pytest.raises(MoveRefused):
        given_back(reached, adviser, now=now)
    back = reread(unreached.id)
    assert (back.status, back.outcome) == (CaseStatus.CLOSED, Outcome.RETURNED)
    hidden = municipality.case_in(back.id, catchment_ids=[back.catchment_id], reader_id=adviser.id)
    assert hidden is None


def test_the_books_balance_after_every_way_out(adviser, now):
    place = catchment()
    for outcome in (Outcome.COMPLETED, Outcome.DID_NOT_WANT, None):
        case = accepted(sent(place, now=now), adviser, now=now)
        if outcome is Outcome.COMPLETED:
            started(case, adviser, now=now)
        if outcome is not None:
            closed(case, adviser, outcome=outcome, now=now)
        assert open_stock() == in_stock()
    sent(place, now=now)
    assert open_stock() == in_stock() == 2


def test_practice_is_never_counted(adviser, now):
    case = accepted(sent(catchment(), now=now, practice=True), adviser, now=now)
    started(case, adviser, now=now)
    closed(case, adviser, outcome=Outcome.COMPLETED, now=now)
    assert case.practice
    assert events() == []
