"""Choosing a time and giving it back, with every move of the referral and its case."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.call_times import operations, publishing, queries
from referrals.call_times.models import CallBooking
from referrals.call_times.operations import (
    AlreadyBookedError,
    NotBookableError,
    TimePastError,
    TimeTakenError,
)
from referrals.county import operations as county
from referrals.moves import CaseStatus, EventName, Outcome, Who
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import AttemptResult
from referrals.municipality.queries import MeetingForm
from referrals.statistics.models import StatisticsEvent
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.factories.referrals import absence, catchment, sent
from tests.referrals.scenes import locked, user

# A Thursday; the next Monday is the 23rd.
NOW = dt.datetime(2026, 11, 19, 8, 0, tzinfo=dt.UTC)
NINE = dt.datetime(2026, 11, 23, 7, 0, tzinfo=dt.UTC)
HALF_PAST = NINE + dt.timedelta(minutes=30)
WEEK = dt.timedelta(days=7)


def free(unit, **options: Any) -> list[dt.datetime]:
    return [each.starts_at for each in queries.free_times(unit.catchment_id, now=NOW, **options)]


def at(unit, when: dt.datetime):
    return next(each.id for each in queries.free_times(unit.catchment_id, now=NOW) if each.starts_at == when)


def referral(unit, **options: Any):
    return sent(unit.place, now=NOW, **options).id


def booked(unit, when: dt.datetime = NINE, **options: Any):
    referral_id = referral(unit, **options)
    time_id = at(unit, when)
    with transaction():
        operations.book(time_id, referral_id=referral_id, now=NOW)
    return referral_id


def accepted(unit, referral_id, *, now: dt.datetime = NOW):
    with transaction():
        case = handover.accept(locked(referral_id), who=Who.ADVISER, actor=user(unit.adviser_id), now=now)
        return case.id


def case(unit, case_id, *, lock: bool = True):
    found = municipality_queries.case_in(
        case_id, catchment_ids=[unit.catchment_id], reader_id=unit.adviser_id, lock=lock
    )
    assert found is not None
    return found


def actions() -> list[str]:
    rows = db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    return [row.value for row in rows if row.value.startswith("call_time")]


def test_what_is_published_can_be_chosen_from_a_day_ahead_on(unit):
    unit.publish(now=NOW)
    assert free(unit, days=14)[:4] == [NINE, HALF_PAST, NINE + WEEK, HALF_PAST + WEEK]
    assert free(unit, limit=1) == [NINE]
    sunday = NINE - dt.timedelta(hours=23)
    later = [each.starts_at for each in queries.free_times(unit.catchment_id, now=sunday)]
    assert NINE not in later
    assert HALF_PAST not in later
    time_id, referral_id = at(unit, NINE), referral(unit)
    with pytest.raises(TimePastError), transaction():
        operations.book(time_id, referral_id=referral_id, now=sunday)


def test_a_time_is_had_once_and_is_free_again_once_it_is_given_back(unit):
    unit.publish(now=NOW)
    first, second, time_id = referral(unit), referral(unit, last_name="Toinen"), at(unit, NINE)
    with transaction():
        told = operations.book(time_id, referral_id=first, now=NOW)
    assert (told.starts_at, told.form) == (NINE, MeetingForm.PHONE)
    assert NINE not in free(unit)
    with pytest.raises(TimeTakenError), transaction():
        operations.book(time_id, referral_id=second, now=NOW)
    with transaction():
        assert operations.release(first, now=NOW)
    assert NINE in free(unit)
    with transaction():
        assert not operations.release(first, now=NOW)
    assert actions() == ["call_time_booked", "call_time_released"]


def test_a_referral_has_one_time_and_may_change_it(unit):
    unit.publish(now=NOW)
    referral_id, other = booked(unit), at(unit, HALF_PAST)
    with pytest.raises(AlreadyBookedError), transaction():
        operations.book(other, referral_id=referral_id, now=NOW)
    with transaction():
        operations.rebook(other, referral_id=referral_id, now=NOW)
    assert free(unit, limit=1) == [NINE]
    booking = queries.booked_times([referral_id])[referral_id]
    assert booking.starts_at == HALF_PAST


def test_a_change_to_a_time_that_is_gone_keeps_the_one_it_had(unit):
    unit.publish(now=NOW)
    mine, taken = booked(unit), at(unit, HALF_PAST)
    booked(unit, HALF_PAST, last_name="Toinen")
    with pytest.raises(TimeTakenError), transaction():
        operations.rebook(taken, referral_id=mine, now=NOW)
    found = queries.booked_time(mine)
    assert found is not None
    assert found.starts_at == NINE


def test_a_protected_client_books_nothing(unit):
    unit.publish(now=NOW)
    referral_id, time_id = referral(unit, protected=True), at(unit, NINE)
    with pytest.raises(NotBookableError), transaction():
        operations.book(time_id, referral_id=referral_id, now=NOW)
    with pytest.raises(NotBookableError), transaction():
        handover.book_time(referral_id, time_id=time_id, actor=None, now=NOW)


def test_practice_takes_nobody_s_seat(unit):
    unit.publish(now=NOW)
    referral_id = booked(unit, practice=True)
    assert NINE in free(unit)
    real = booked(unit, last_name="Oikea")
    assert queries.booked_time(referral_id) is not None
    assert queries.booked_time(real) is not None
    assert NINE not in free(unit)


def test_an_absence_gives_no_times_and_someone_who_left_neither(unit):
    unit.publish(now=NOW, adviser_id=unit.adviser_id)
    absence(unit.place, first_day=dt.date(2026, 11, 20), last_day=dt.date(2026, 11, 23))
    assert free(unit, limit=1) == [NINE + WEEK]
    with transaction():
        user(unit.adviser_id).active = False
    assert free(unit) == []


def test_a_time_of_another_catchment_can_t_be_taken(unit):
    unit.publish(now=NOW)
    time_id, elsewhere = at(unit, NINE), sent(catchment(kind_code="culture"), now=NOW).id
    with pytest.raises(TimeTakenError), transaction():
        operations.book(time_id, referral_id=elsewhere, now=NOW)


def test_an_accepted_referral_with_a_time_begins_scheduled_and_nobody_counts_as_reached(unit):
    unit.publish(now=NOW)
    referral_id = booked(unit)
    case_id = accepted(unit, referral_id, now=NOW + dt.timedelta(days=1))
    row = case(unit, case_id, lock=False)
    assert (row.status, row.appointment_at, row.appointment_form) == (
        CaseStatus.SCHEDULED,
        NINE,
        MeetingForm.PHONE,
    )
    assert row.due_on == dt.date(2026, 11, 23)
    assert row.first_contact_at is None
    moves = [each.move.value for each in municipality_queries.history_of(case_id)]
    assert moves == ["C1", "C2"]
    names = set(db.session.scalars(select(StatisticsEvent.name)).all())
    assert EventName.FIRST_CONTACT not in names


def test_a_time_that_passed_before_anybody_took_the_referral_is_no_appointment(unit):
    unit.publish(now=NOW)
    referral_id = booked(unit)
    case_id = accepted(unit, referral_id, now=NINE + dt.timedelta(hours=2))
    assert case(unit, case_id, lock=False).status is CaseStatus.CONTACTING
    assert queries.booked_time(referral_id) is None


def _returned(unit, referral_id) -> None:
    handover.give_back(
        locked(referral_id), reason="duplicate", who=Who.ADVISER, actor=user(unit.adviser_id), now=NOW
    )


def _withdrawn(unit, referral_id) -> None:
    handover.hold_cases(referral_id)
    handover.withdraw(locked(referral_id), who=Who.ADVISER, actor=user(unit.adviser_id), now=NOW)


def _cancelled(unit, referral_id) -> None:
    row = locked(referral_id)
    assert row.sender_id is not None
    county.cancel(row, actor=user(row.sender_id), reason="other", now=NOW)


@pytest.mark.parametrize("leave", [_returned, _withdrawn, _cancelled])
def test_who_is_no_longer_waited_for_gives_the_time_back_at_once(unit, leave):
    unit.publish(now=NOW)
    referral_id = booked(unit)
    with transaction():
        leave(unit, referral_id)
    assert free(unit, limit=1) == [NINE]
    assert actions() == ["call_time_booked", "call_time_released"]


def test_a_closed_case_gives_its_time_back(unit):
    unit.publish(now=NOW)
    case_id = accepted(unit, booked(unit))
    with transaction():
        handover.close(
            case(unit, case_id),
            outcome=Outcome.DID_NOT_WANT,
            who=Who.ADVISER,
            actor=user(unit.adviser_id),
            now=NOW,
        )
    assert NINE in free(unit)


@pytest.mark.parametrize("step", ["missed", "waits", "started"])
def test_the_case_s_own_moves_give_the_time_back(unit, step):
    unit.publish(now=NOW)
    case_id = accepted(unit, booked(unit))
    with transaction():
        row, actor = case(unit, case_id), user(unit.adviser_id)
        if step == "missed":
            municipality.miss_appointment(
                row, result=AttemptResult.CANCELLED, note="", who=Who.ADVISER, actor=actor, now=NOW
            )
        elif step == "waits":
            municipality.wait(
                row,
                reason="client_asked",
                review_on=dt.date(2026, 12, 10),
                who=Who.ADVISER,
                actor=actor,
                now=NOW,
            )
        else:
            municipality.start(row, who=Who.ADVISER, actor=actor, now=NOW)
    assert NINE in free(unit)


def test_a_time_that_an_adviser_agrees_on_takes_its_published_seat(unit):
    unit.publish(now=NOW)
    referral_id = referral(unit)
    case_id = accepted(unit, referral_id)
    with transaction():
        municipality.schedule(
            case(unit, case_id),
            at=NINE,
            form=MeetingForm.PHONE,
            who=Who.ADVISER,
            actor=user(unit.adviser_id),
            now=NOW,
        )
    assert NINE not in free(unit)
    found = queries.booked_time(referral_id)
    assert found is not None
    assert found.starts_at == NINE


def test_the_client_chooses_a_time_for_an_open_case_and_it_is_scheduled(unit):
    unit.publish(now=NOW)
    referral_id = referral(unit)
    case_id, time_id = accepted(unit, referral_id), at(unit, NINE)
    with transaction():
        handover.book_time(referral_id, time_id=time_id, actor=None, now=NOW)
    row = case(unit, case_id, lock=False)
    assert (row.status, row.appointment_at, row.first_contact_at) == (CaseStatus.SCHEDULED, NINE, None)
    later = at(unit, HALF_PAST)
    with pytest.raises(NotBookableError), transaction():
        handover.book_time(referral_id, time_id=later, actor=None, now=NOW)


def test_who_had_which_time_is_erased_after_a_month(unit):
    unit.publish(now=NOW)
    booked(unit)
    for days, kept in ((29, 1), (31, 0)):
        with transaction():
            publishing.forget_past(NINE + dt.timedelta(days=days))
        assert len(db.session.scalars(select(CallBooking.id)).all()) == kept
