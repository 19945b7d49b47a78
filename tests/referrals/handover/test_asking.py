"""Asking the sender (C11), and the clocks that wait for the answer."""

import datetime as dt

import pytest

from referrals import handover
from referrals.county import erasing
from referrals.moves import MoveCode, MoveRefused, Who
from referrals.municipality import operations, queries
from referrals.municipality.models import Case, MeetingForm
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from tests.referrals.handover.moving import FRIDAY, answer, ask, fresh, held, letters
from tests.referrals.scenes import DAY, HOUR, locked, scene, user

pytestmark = pytest.mark.usefixtures("database")


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
