"""The municipality's moves through the real operations: what each row of the table does, and refuses."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from referrals import handover
from referrals.county import erasing
from referrals.county import operations as county_operations
from referrals.county import queries as county
from referrals.county.models import ReferralHistory
from referrals.moves import (
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveCode,
    MoveRefused,
    Outcome,
    ReferralStatus,
    Refusal,
    Who,
)
from referrals.municipality import operations, queries
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.models import Absence, AttemptResult, Case, CaseHistory, MeetingForm
from referrals.municipality.operations import ChannelNotAllowedError, NotAWorkerError
from referrals.statistics.models import StatisticsEvent
from referrals.transfers import queries as transfers
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.outbox import OutboxMessage
from tests.factories import people
from tests.factories.referrals import OPENED, absence, catchment
from tests.referrals.scenes import DAY, HOUR, Scene, locked, scene, user

pytestmark = pytest.mark.usefixtures("database")

FRIDAY = dt.datetime(2026, 3, 13, 12, 0, tzinfo=dt.UTC)


def held(it: Scene) -> Case:
    assert it.case_id is not None
    return db.session.get_one(Case, it.case_id, with_for_update=True)


def fresh(now: dt.datetime, *, code: str = "286") -> Scene:
    """Bring a referral as far as an acceptance that nobody has done anything with."""
    it = scene("sent", now=now, code=code)
    with transaction():
        case_id = handover.accept(
            locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser.id), now=now
        ).id
    return Scene(
        referral_id=it.referral_id, case_id=case_id, sender=it.sender, adviser=it.adviser, unit=it.unit
    )


def events(name: EventName) -> list[StatisticsEvent]:
    return list(
        db.session.scalars(
            select(StatisticsEvent).where(StatisticsEvent.name == name).order_by(StatisticsEvent.id)
        )
    )


def letters(template: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)))


def histories() -> tuple[int, int]:
    return (
        int(db.session.scalar(select(func.count(ReferralHistory.id))) or 0),
        int(db.session.scalar(select(func.count(CaseHistory.id))) or 0),
    )


# ------------------------------------------------------------------------------------ R10, reversed


def reverse(it: Scene, *, now: dt.datetime, who: Who = Who.ADVISER) -> None:
    with transaction():
        handover.reverse_acceptance(held(it), who=who, actor=user(it.adviser.id), now=now)


def test_an_acceptance_is_reversed_and_its_copy_goes(now):
    it = fresh(now)
    claim_by = it.referral().claim_due_on
    reverse(it, now=FRIDAY - DAY * 2)
    case, referral = it.case(), it.referral()
    assert (case.status, case.sealed, case.due_on) == (CaseStatus.ENTERED_IN_ERROR, None, None)
    assert (referral.status, referral.claim_due_on) == (ReferralStatus.SENT, claim_by)
    assert queries.case_in(case.id, catchment_ids=[case.catchment_id], reader_id=it.adviser.id) is None
    (event,) = events(EventName.ACCEPT_REVERSED)
    assert event.direction is EventDirection.NONE
    assert [row.move for row in queries.history_of(case.id)][-1] is MoveCode.C9
    assert county.history_of(referral.id)[-1].move is MoveCode.R10
    with transaction():
        again = handover.accept(
            locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser.id), now=FRIDAY
        )
        assert again.status is CaseStatus.CONTACTING


@pytest.mark.parametrize("hindrance", ["too_late", "attempt", "counselled", "client"])
def test_an_acceptance_is_not_reversed_once_it_is_more_than_a_slip(now, hindrance):
    it = fresh(now)
    with transaction():
        case, actor = held(it), user(it.adviser.id)
        if hindrance == "attempt":
            operations.log_attempt(
                case,
                channel=ContactChannel.PHONE,
                result=AttemptResult.NO_ANSWER,
                note="",
                actor=actor,
                now=now,
            )
        if hindrance == "counselled":
            operations.start(case, who=Who.ADVISER, actor=actor, now=now)
    before = histories()
    at = now + DAY * 2 if hindrance == "too_late" else now
    with pytest.raises(MoveRefused):
        reverse(it, now=at, who=Who.CLIENT if hindrance == "client" else Who.ADVISER)
    assert histories() == before
    assert it.referral().status is ReferralStatus.ACCEPTED


# ------------------------------------------------------------------------- R12 to R14, transferred


def offered(now: dt.datetime, *, state: str = "sent", transfer: bool = True) -> tuple[Scene, User, uuid.UUID]:
    """Bring a referral of Kouvola so far that Kotka is offered it; return who may accept there."""
    it = fresh(now) if state == "accepted" else scene("sent", now=now)
    with transaction():
        locked(it.referral_id).consent.transfer = transfer
    unit = people.unit(
        UnitKind.COUNSELLING, name="Kotkan neuvonta", municipality_code="285", mailbox="k@x.fi"
    )
    taker = people.user(Role.ADVISER, units=[unit], name="Kalle Kotkalainen")
    place = catchment(unit, municipality_code="285")
    return it, taker, offer(it, place.id, now=now)


def offer(it: Scene, to: uuid.UUID, *, now: dt.datetime, who: Who = Who.ADVISER) -> uuid.UUID:
    with transaction():
        handover.hold_cases(it.referral_id)
        return handover.offer_transfer(
            locked(it.referral_id), to_catchment_id=to, who=who, actor=user(it.adviser.id), now=now
        ).id


def take(offer_id: uuid.UUID, taker: User, *, now: dt.datetime) -> uuid.UUID:
    taker_id = taker.id
    with transaction():
        return handover.accept_offer(offer_id, who=Who.ADVISER, actor=user(taker_id), now=now).id


def test_an_offer_tells_no_more_than_kind_age_group_and_language(now):
    it, _, offer_id = offered(now)
    (place,) = handover.transfer_targets("exercise", but="286", on=now.date())
    (row,) = handover.offers_to([place.catchment_id])
    assert (row.id, row.kind_code, row.age_group, row.language) == (offer_id, "exercise", "75+", "fi")
    assert it.referral().status is ReferralStatus.SENT
    assert it.referral().status_changed_at == it.referral().sent_at
    (letter,) = letters("transfer_offered")
    assert it.referral().reference not in str(letter.context)


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_an_accepted_offer_begins_anew_in_the_other_municipality(now, state):
    it, taker, offer_id = offered(now, state=state)
    new_case = db.session.get_one(Case, take(offer_id, taker, now=now + HOUR))
    old, new = it.referral(), county.referral(new_case.referral_id)
    assert new is not None
    assert (old.status, new.status) == (ReferralStatus.TRANSFERRED, ReferralStatus.ACCEPTED)
    assert (new.municipality_code, new_case.municipality_code) == ("285", "285")
    assert (new.sender_id, new.origin, new.sent_at) == (old.sender_id, old.origin, old.sent_at)
    assert new.reference != old.reference
    assert county.content_of(new) == county.content_of(old)
    assert (new.consent.recipient, new.consent.transfer) == ("Kotkan neuvonta", True)
    assert new.consent.given_at == old.consent.given_at
    copy = operations.content_of(new_case)
    assert copy is not None
    assert copy.name == "Veikko Tiainen"
    assert new_case.handler_id == taker.id
    (out,), (into,) = events(EventName.TRANSFERRED_OUT), events(EventName.TRANSFERRED_IN)
    assert (out.direction, out.municipality_code) == (EventDirection.OUT, "286")
    assert (into.direction, into.municipality_code) == (EventDirection.IN, "285")
    assert handover.offers_to([new_case.catchment_id]) == ()
    if state == "accepted":
        case = it.case()
        assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.TRANSFERRED)
        assert case.erase_after == now + HOUR + DAY * 30
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now + HOUR)


@pytest.mark.parametrize("hindrance", ["no_consent", "own", "closed", "other_kind", "age", "second"])
def test_an_offer_needs_consent_and_an_open_target_elsewhere(now, hindrance):
    it = scene("sent", now=now)
    with transaction():
        locked(it.referral_id).consent.transfer = hindrance != "no_consent"
    code = "286" if hindrance == "own" else "285"
    place = catchment(
        municipality_code=code,
        kind_code="culture" if hindrance == "other_kind" else "exercise",
        closes_on=OPENED + DAY if hindrance == "closed" else None,
    )
    place_id = place.id
    if hindrance == "age":
        with transaction():
            found = queries.catchment(place_id)
            assert found is not None
            found.max_age = 17
    if hindrance == "second":
        offer(it, place_id, now=now)
    before = histories()
    with pytest.raises(MoveRefused) as refused:
        offer(it, place_id, now=now)
    assert refused.value.reason is Refusal.NEED_NOT_MET
    assert histories() == before


def test_an_offer_is_nobody_else_s_to_take(now):
    it, _, offer_id = offered(now)
    with pytest.raises(NotFoundError):
        take(offer_id, it.adviser, now=now)
    with pytest.raises(NotFoundError), transaction():
        handover.decline_offer(offer_id, who=Who.ADVISER, actor=user(it.adviser.id), now=now)


def test_a_declined_offer_is_told_and_may_be_made_again(now):
    it, taker, offer_id = offered(now)
    lead = people.user(Role.MUNICIPAL_LEAD, units=[it.unit], name="Liisa Lähijohtaja")
    with transaction():
        handover.decline_offer(offer_id, who=Who.ADVISER, actor=user(taker.id), now=now)
    assert {letter.address for letter in letters("transfer_not_taken")} == {lead.email, it.adviser.email}
    assert it.referral().status is ReferralStatus.SENT
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now)
    (place,) = handover.transfer_targets("exercise", but="286", on=now.date())
    offer(it, place.catchment_id, now=now)


def test_an_offer_that_nobody_takes_ends_after_five_working_days(now):
    it, taker, offer_id = offered(now)
    assert handover.end_old_offers(now + DAY * 6) == 0
    assert handover.end_old_offers(now + DAY * 7) == 1
    assert handover.end_old_offers(now + DAY * 7) == 0
    assert county.history_of(it.referral_id)[-1].move is MoveCode.R14
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now + DAY * 7)


@pytest.mark.parametrize("way", ["returned", "withdrawn", "cancelled", "closed"])
def test_an_offer_ends_with_what_it_offers(now, way):
    it, taker, offer_id = offered(now, state="accepted" if way == "closed" else "sent")
    with transaction():
        handover.hold_cases(it.referral_id)
        actor, sender = user(it.adviser.id), user(it.sender.id)
        if way == "returned":
            handover.give_back(
                locked(it.referral_id), reason="duplicate", who=Who.ADVISER, actor=actor, now=now
            )
        elif way == "withdrawn":
            handover.withdraw(locked(it.referral_id), who=Who.SENDER, actor=sender, now=now)
        elif way == "cancelled":
            county_operations.cancel(locked(it.referral_id), actor=sender, reason="duplicate", now=now)
        else:
            handover.close(held(it), outcome=Outcome.MOVED, who=Who.ADVISER, actor=actor, now=now)
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now)
    (row,) = transfers.offers_of(it.referral_id)
    assert (row.end, row.language) == (transfers.OfferEnd.DROPPED, "")


# ------------------------------------------------------------------------------------ C8, reopened


def reopen(it: Scene, *, now: dt.datetime, reason: str = "came_back", who: Who = Who.ADVISER) -> None:
    with transaction():
        handover.reopen(held(it), reason=reason, who=who, actor=user(it.adviser.id), now=now)


def test_a_closed_case_is_opened_again_with_its_referral(now):
    it = scene("closed", now=now)
    assert it.referral().outcome is Outcome.COMPLETED
    with transaction():
        held(it).erase_after = now + DAY * 300
        locked(it.referral_id).erase_after = now + DAY * 300
    reopen(it, now=now + DAY * 30)
    case, referral = it.case(), it.referral()
    assert (case.status, case.outcome, case.closed_at) == (CaseStatus.ACTIVE, None, None)
    assert (case.erase_after, referral.erase_after) == (None, None)
    assert (referral.status, referral.outcome) == (ReferralStatus.ACCEPTED, None)
    assert case.handler_id == it.adviser.id
    (event,) = events(EventName.REOPENED)
    assert event.direction is EventDirection.IN


def test_who_was_never_counselled_is_to_be_called_again(now):
    it = fresh(now)
    with transaction():
        actor = user(it.adviser.id)
        handover.close(held(it), outcome=Outcome.DID_NOT_WANT, who=Who.ADVISER, actor=actor, now=now)
    reopen(it, now=FRIDAY)
    assert (it.case().status, it.case().due_on) == (CaseStatus.CONTACTING, FRIDAY.date())


@pytest.mark.parametrize("hindrance", ["too_late", "no_reason", "open", "deceased", "withdrawn"])
def test_a_case_stays_closed(now, hindrance):
    it = scene("active" if hindrance in {"open", "deceased"} else "closed", now=now)
    with transaction():
        handover.hold_cases(it.referral_id)
        if hindrance == "deceased":
            handover.close(
                held(it), outcome=Outcome.DECEASED, who=Who.ADVISER, actor=user(it.adviser.id), now=now
            )
        if hindrance == "withdrawn":
            handover.withdraw(locked(it.referral_id), who=Who.CLIENT, actor=user(it.adviser.id), now=now)
    before = histories()
    with pytest.raises(MoveRefused):
        reopen(
            it,
            now=now + DAY * (31 if hindrance == "too_late" else 1),
            reason="" if hindrance == "no_reason" else "came_back",
        )
    assert histories() == before


# ----------------------------------------------------------------------------------- C10, assigned


def test_a_case_is_handed_over_and_its_history_says_from_whom(now):
    it = fresh(now)
    other_id = people.user(Role.ADVISER, units=[it.unit], name="Oona Ohjaaja").id
    with transaction():
        operations.assign(held(it), to=user(other_id), who=Who.ADVISER, actor=user(it.adviser.id), now=now)
    row = queries.history_of(it.case().id)[-1]
    assert (row.move, row.from_handler_id, row.to_handler_id) == (MoveCode.C10, it.adviser.id, other_id)
    assert it.case().handler_id == other_id
    assert [letter.address for letter in letters("case_handed_over")] == [user(other_id).email]
    with pytest.raises(MoveRefused), transaction():
        # No longer their own.
        operations.assign(
            held(it), to=user(it.adviser.id), who=Who.ADVISER, actor=user(it.adviser.id), now=now
        )


@pytest.mark.parametrize("whom", ["elsewhere", "left", "no_adviser"])
def test_a_case_goes_to_somebody_who_works_there(now, whom):
    it = fresh(now)
    unit = people.unit(UnitKind.COUNSELLING, name="Muu neuvonta") if whom == "elsewhere" else it.unit
    role = Role.PROFESSIONAL if whom == "no_adviser" else Role.ADVISER
    other_id = people.user(role, units=[unit]).id
    with transaction():
        user(other_id).active = whom != "left"
    with pytest.raises(NotAWorkerError), transaction():
        operations.assign(held(it), to=user(other_id), who=Who.LEAD, actor=user(it.adviser.id), now=now)


def test_a_protected_case_is_its_new_adviser_s_alone(now):
    it = fresh(now)
    with transaction():
        held(it).protected = True
    other_id = people.user(Role.ADVISER, units=[it.unit]).id
    lead_id = people.user(Role.MUNICIPAL_LEAD, units=[it.unit]).id
    places = [it.case().catchment_id]
    assert it.case_id is not None
    assert queries.case_in(it.case_id, catchment_ids=places, reader_id=lead_id) is None
    with transaction():
        case = queries.case_to_assign(it.case_id, catchment_ids=places, lock=True)
        assert case is not None
        operations.assign(case, to=user(other_id), who=Who.LEAD, actor=user(lead_id), now=now)
    assert queries.case_in(it.case_id, catchment_ids=places, reader_id=other_id) is not None
    assert queries.case_in(it.case_id, catchment_ids=places, reader_id=it.adviser.id) is None


def test_a_lead_accepts_for_somebody_of_the_unit(now):
    it = scene("sent", now=now)
    other_id = people.user(Role.ADVISER, units=[it.unit], name="Oona Ohjaaja").id
    lead_id = people.user(Role.MUNICIPAL_LEAD, units=[it.unit]).id
    with pytest.raises(MoveRefused), transaction():
        handover.accept(
            locked(it.referral_id),
            who=Who.ADVISER,
            actor=user(it.adviser.id),
            handler=user(other_id),
            now=now,
        )
    with transaction():
        case = handover.accept(
            locked(it.referral_id), who=Who.LEAD, actor=user(lead_id), handler=user(other_id), now=now
        )
        assert case.handler_id == other_id
    assert len(letters("case_handed_over")) == 1


def test_a_substitute_works_where_they_stand_in(now):
    place = catchment()
    other_id = people.user(Role.ADVISER, units=[people.unit(UnitKind.COUNSELLING, name="Muu neuvonta")]).id
    row_id, place_id = absence(place, first_day=now.date(), last_day=now.date()).id, place.id
    with transaction() as session:
        session.get_one(Absence, row_id).substitute_id = other_id
    assert queries.deputised(other_id, on=now.date()) == {place_id}
    assert queries.works_in(user(other_id), place_id, on=now.date())
    assert not queries.works_in(user(other_id), place_id, on=now.date() + DAY)


# ------------------------------------------------------------------------------- C11, asked and told


def ask(it: Scene, *, now: dt.datetime, text: str = "Mikä on uusi puhelinnumero?") -> uuid.UUID:
    with transaction():
        handover.hold_cases(it.referral_id)
        return handover.ask(locked(it.referral_id), question=text, actor=user(it.adviser.id), now=now).id


def answer(it: Scene, question_id: uuid.UUID, *, now: dt.datetime, text: str = "Sama kuin ennen") -> None:
    with transaction():
        handover.answer(question_id, text=text, actor=user(it.sender.id), now=now)


def test_a_question_lets_the_clock_of_claiming_stand_still(now):
    it = scene("sent", now=now)
    assert it.referral().claim_due_on == dt.date(2026, 3, 17)
    question_id = ask(it, now=now)
    assert it.referral().claim_due_on == dt.date(2026, 3, 31)
    (asked,) = handover.questions_of(it.referral_id)
    assert (asked.text, asked.is_open, asked.is_pausing) == ("Mikä on uusi puhelinnumero?", True, True)
    assert [letter.address for letter in letters("question_asked")] == [it.sender.email]
    answer(it, question_id, now=FRIDAY)
    assert it.referral().claim_due_on == dt.date(2026, 3, 20)
    (told,) = handover.questions_of(it.referral_id)
    assert (told.answer, told.is_open, told.is_pausing) == ("Sama kuin ennen", False, False)
    assert [letter.address for letter in letters("question_answered")] == [it.adviser.email]
    with pytest.raises(handover.AlreadyAnsweredError):
        answer(it, question_id, now=FRIDAY)


def test_a_question_of_a_case_moves_the_first_attempt(now):
    it = fresh(now)
    due_on = it.case().due_on
    assert due_on == dt.date(2026, 3, 24)
    question_id = ask(it, now=now)
    assert it.case().due_on == dt.date(2026, 4, 9)
    assert queries.history_of(it.case().id)[-1].move is MoveCode.C11
    answer(it, question_id, now=now + DAY)
    assert it.case().due_on == dt.date(2026, 3, 25)


def test_a_pause_goes_along_when_the_referral_is_accepted(now):
    it = scene("sent", now=now)
    question_id = ask(it, now=now)
    with transaction():
        case = handover.accept(locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser.id), now=now)
        assert case.due_on == dt.date(2026, 4, 9)
        case_id = case.id
    answer(it, question_id, now=FRIDAY)
    assert db.session.get_one(Case, case_id).due_on == dt.date(2026, 3, 27)


def test_what_was_late_is_not_while_the_sender_is_asked(now):
    it = scene("sent", now=now)
    late = dt.datetime(2026, 3, 24, 9, tzinfo=dt.UTC)
    question_id = ask(it, now=late)
    assert it.referral().claim_due_on == dt.date(2026, 4, 9)
    answer(it, question_id, now=late + DAY)
    assert it.referral().claim_due_on == dt.date(2026, 3, 18)


def test_questions_pause_ten_working_days_in_all(now):
    it = scene("sent", now=now)
    ask(it, now=now)
    with pytest.raises(handover.AlreadyAskedError):
        ask(it, now=now + HOUR)
    assert handover.end_old_pauses(now + DAY * 14) == 0
    assert handover.end_old_pauses(now + DAY * 15) == 1
    assert handover.end_old_pauses(now + DAY * 15) == 0
    assert it.referral().claim_due_on == dt.date(2026, 3, 31)
    second = ask(it, now=now + DAY * 15)
    assert it.referral().claim_due_on == dt.date(2026, 3, 31)
    assert not handover.questions_of(it.referral_id)[-1].is_pausing
    answer(it, second, now=now + DAY * 16)
    assert it.referral().claim_due_on == dt.date(2026, 3, 31)


def test_an_appointment_that_was_agreed_meanwhile_stays(now):
    it = fresh(now)
    question_id = ask(it, now=now)
    at = now + DAY * 3
    with transaction():
        operations.schedule(
            held(it), at=at, form=MeetingForm.PHONE, who=Who.ADVISER, actor=user(it.adviser.id), now=now
        )
    answer(it, question_id, now=now + DAY)
    assert it.case().due_on == at.date()


@pytest.mark.parametrize("text", ["", "   ", "Asiakas 131052-308T", "x" * 1001])
def test_a_text_that_can_t_be_taken_is_refused(now, text):
    it = scene("sent", now=now)
    with pytest.raises(handover.TextRefusedError):
        ask(it, now=now, text=text)
    question_id = ask(it, now=now)
    with pytest.raises(handover.TextRefusedError):
        answer(it, question_id, now=now, text=text)


@pytest.mark.parametrize("state", ["closed", "returned"])
def test_nobody_is_asked_about_what_is_over(now, state):
    it = scene(state, now=now)
    with pytest.raises(MoveRefused):
        ask(it, now=now)


def test_an_answer_is_the_sender_s_and_in_time(now):
    it = scene("sent", now=now)
    question_id = ask(it, now=now)
    with pytest.raises(NotFoundError), transaction():
        handover.answer(question_id, text="Hei", actor=user(it.adviser.id), now=now)
    with transaction():
        handover.give_back(
            locked(it.referral_id), reason="duplicate", who=Who.ADVISER, actor=user(it.adviser.id), now=now
        )
    assert not handover.questions_of(it.referral_id)[0].is_pausing
    with pytest.raises(handover.QuestionOverError):
        answer(it, question_id, now=now)


def test_an_attempt_goes_only_the_ways_that_the_client_allowed(now):
    it = fresh(now)
    with pytest.raises(ChannelNotAllowedError), transaction():
        operations.log_attempt(
            held(it),
            channel=ContactChannel.LETTER,
            result=AttemptResult.NO_ANSWER,
            note="",
            actor=user(it.adviser.id),
            now=now,
        )
    assert queries.attempts_of(it.case().id) == []


def test_an_erased_referral_keeps_no_question(now):
    it = scene("sent", now=now)
    question_id = ask(it, now=now)
    answer(it, question_id, now=now)
    with transaction():
        locked(it.referral_id).erase_after = now
    with transaction():
        assert erasing.erase_some(now=now, limit=10) == 1
    (row,) = handover.questions_of(it.referral_id)
    assert (row.text, row.answer) == ("", "")


def test_a_substitute_finds_the_referrals_where_they_stand_in():
    place = catchment()
    other_id = people.user(Role.ADVISER, units=[people.unit(UnitKind.COUNSELLING, name="Muu neuvonta")]).id
    today = clock.helsinki_day(clock.now())
    row_id, place_id = absence(place, first_day=today, last_day=today).id, place.id
    assert place_id not in scope_of(user(other_id)).catchment_ids
    with transaction() as session:
        session.get_one(Absence, row_id).substitute_id = other_id
    found = scope_of(user(other_id))
    assert place_id in found.catchment_ids
    assert place_id not in found.led
