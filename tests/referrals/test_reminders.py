"""What is late is reminded of: who works first, who leads after three working days, each once."""

import datetime as dt
import uuid
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from sqlalchemy import delete, func, select

from referrals import handover
from referrals.moves import Who
from referrals.municipality.models import Absence, Case, Catchment
from referrals.reminders import JOB_NAME
from referrals.reminders.models import Reminder, ReminderStage
from referrals.reminders.operations import remind
from referrals.reminders.stages import stage_of
from servicetray.accounts.models import UnitKind
from servicetray.accounts.operations import deactivate
from servicetray.accounts.permissions import Role
from servicetray.core import digest, outbox
from servicetray.core.db import db, transaction
from servicetray.core.jobs import jobs
from servicetray.core.letters import BOTH
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.factories import people, referrals
from tests.referrals.scenes import locked, user

pytestmark = pytest.mark.usefixtures("database")

BOX, ADVISER, LEAD = "neuvonta@example.org", "mikko@example.org", "leena@example.org"
FRIDAY = dt.date(2026, 3, 13)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A referral that waits until Friday 13.3., and who could take it."""

    referral_id: uuid.UUID
    catchment_id: uuid.UUID
    adviser_id: uuid.UUID


def waiting(now: dt.datetime, *, practice: bool = False, protected: bool = False) -> Waiting:
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox=BOX)
    adviser_id = people.user(Role.ADVISER, units=[unit], email=ADVISER, language="sv").id
    people.user(Role.MUNICIPAL_LEAD, units=[unit], email=LEAD)
    place = referrals.catchment(unit)
    place_id = place.id
    referral_id = referrals.sent(place, now=now, practice=practice, protected=protected).id
    with transaction():
        locked(referral_id).claim_due_on = FRIDAY
        db.session.execute(delete(OutboxMessage))
    return Waiting(referral_id=referral_id, catchment_id=place_id, adviser_id=adviser_id)


def on(day: int, month: int = 3) -> dt.datetime:
    """Return six in the morning of a day of March 2026 in Helsinki."""
    return dt.datetime(2026, month, day, 4, 5, tzinfo=dt.UTC)


def reminded(day: int) -> set[str]:
    """Make the reminders of a day and return who hears."""
    before = db.session.scalar(select(func.coalesce(func.max(OutboxMessage.id), 0))) or 0
    with transaction():
        remind(now=on(day))
    return set(db.session.scalars(select(OutboxMessage.address).where(OutboxMessage.id > before)).all())


def accepted(it: Waiting, now: dt.datetime, *, due_on: dt.date = FRIDAY) -> uuid.UUID:
    """Let the adviser accept, with the first attempt due on a day."""
    with transaction():
        case = handover.accept(locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser_id), now=now)
        case.due_on = due_on
        db.session.execute(delete(OutboxMessage))
        return case.id


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (FRIDAY, None),
        (dt.date(2026, 3, 15), None),  # a Sunday
        (dt.date(2026, 3, 16), ReminderStage.WORKER),
        (dt.date(2026, 3, 18), ReminderStage.WORKER),
        (dt.date(2026, 3, 19), ReminderStage.LEAD),
        (dt.date(2026, 6, 1), ReminderStage.LEAD),
    ],
)
def test_the_first_working_day_is_the_workers_and_the_third_after_it_the_leads(today, stage):
    assert stage_of(FRIDAY, today=today) is stage


def test_box_and_advisers_hear_first_then_the_lead_each_once(now):
    waiting(now)
    assert reminded(13) == set()
    assert reminded(16) == {BOX, ADVISER}
    assert [reminded(day) for day in (16, 17, 18)] == [set()] * 3
    assert reminded(19) == {LEAD}
    assert [reminded(day) for day in (20, 23, 31)] == [set()] * 3


def test_after_downtime_the_stage_of_today_alone_is_told(now):
    waiting(now)
    assert reminded(31) == {LEAD}
    assert db.session.scalars(select(Reminder.stage)).all() == [ReminderStage.LEAD]


def test_however_much_is_late_it_is_one_letter(now):
    it = waiting(now)
    for _another in range(3):
        another = referrals.sent(db.session.get_one(Catchment, it.catchment_id), now=now).id
        with transaction():
            locked(another).claim_due_on = FRIDAY
            db.session.execute(delete(OutboxMessage))
    reminded(16)
    with transaction():
        assert digest.gather(dt.date(2026, 3, 16), now=on(16)) == 2
    letters: list[EmailMessage] = []
    outbox.deliver_due(now=on(16), send=letters.append)
    subjects = {letter["To"]: letter["Subject"] for letter in letters}
    assert subjects == {
        BOX: "4 asiaa odottaa sinua / 4 ärenden väntar på dig",
        ADVISER: "4 ärenden väntar på dig",
    }


def test_what_was_taken_or_mended_is_not_reminded_of(now):
    it = waiting(now)
    reminded(16)
    accepted(it, now, due_on=dt.date(2026, 3, 27))
    assert reminded(19) == set()


def test_new_target_day_is_reminded_of_anew(now):
    it = waiting(now)
    reminded(16)
    with transaction():
        locked(it.referral_id).claim_due_on = dt.date(2026, 3, 20)
    assert reminded(20) == set()
    assert reminded(23) == {BOX, ADVISER}


def test_practice_is_not_reminded_of(now):
    waiting(now, practice=True)
    assert reminded(31) == set()


def test_nothing_while_a_question_to_the_sender_lets_the_clock_stand(now):
    it = waiting(now)
    with transaction():
        handover.ask(locked(it.referral_id), question="Mihin aikaan?", actor=user(it.adviser_id), now=on(13))
        locked(it.referral_id).claim_due_on = FRIDAY
        db.session.execute(delete(OutboxMessage))
    assert reminded(16) == set()


def test_who_stands_in_hears_too(now):
    it = waiting(now)
    deputy_id = people.user(Role.ADVISER, email="sijainen@example.org").id
    with transaction() as session:
        session.add(
            Absence(
                catchment_id=it.catchment_id,
                first_day=dt.date(2026, 3, 16),
                last_day=dt.date(2026, 3, 31),
                substitute_id=deputy_id,
            )
        )
    assert reminded(16) == {BOX, ADVISER, "sijainen@example.org"}
    assert reminded(19) == {LEAD, "sijainen@example.org"}


def test_case_reminds_its_handler_then_the_lead(now):
    it = waiting(now)
    accepted(it, now)
    assert reminded(16) == {ADVISER}
    assert reminded(19) == {LEAD}


def test_case_of_somebody_who_has_left_reminds_the_lead_at_once(now):
    it = waiting(now)
    accepted(it, now)
    with transaction():
        deactivate(user(it.adviser_id), now=now)
    assert reminded(16) == {LEAD}


def test_protected_client_is_for_the_handler_alone(now):
    it = waiting(now, protected=True)
    accepted(it, now)
    assert [reminded(16), reminded(19)] == [{ADVISER}, {ADVISER}]


def test_withdrawal_cancels_the_reminder(now):
    it = waiting(now)
    reminded(16)
    with transaction():
        handover.hold_cases(it.referral_id)
        handover.withdraw(locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser_id), now=now)
    states = db.session.scalars(
        select(OutboxMessage.state).where(OutboxMessage.template == "referral_late")
    ).all()
    assert set(states) == {MessageState.CANCELLED}


def test_reminder_speaks_the_language_of_its_reader(now):
    waiting(now)
    reminded(16)
    rows = db.session.execute(select(OutboxMessage.address, OutboxMessage.language)).all()
    assert {tuple(row) for row in rows} == {(BOX, BOTH), (ADVISER, "sv")}


def test_the_worker_makes_reminders_before_the_letters_that_carry_them(app):
    names = [job.name for job in jobs()]
    assert names.index(JOB_NAME) < names.index(digest.JOB_NAME)
    assert app.name


def test_closed_case_is_not_late(now):
    it = waiting(now)
    case_id = accepted(it, now)
    with transaction():
        handover.give_back_case(
            db.session.get_one(Case, case_id),
            reason="duplicate",
            who=Who.ADVISER,
            actor=user(it.adviser_id),
            now=now,
        )
    assert reminded(31) == set()
