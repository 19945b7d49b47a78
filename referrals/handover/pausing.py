"""The clock of a referral while a question to its sender is open (C11): it stands still, and then goes on.

The targets of claiming and of the first attempt move by the working days for which the question was open, at
most ten in all. While it is open they stand as far off as that would bring them, so that nothing is late.
"""

import datetime as dt

from referrals.county.models import Referral
from referrals.moves import CaseStatus, MoveCode, due
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from referrals.questions import operations as questions
from referrals.questions import queries as question_queries
from referrals.questions.models import ReferralQuestion
from referrals.target_times.queries import targets_at
from servicetray.core import clock
from servicetray.core.db import db

_LEAVE_THE_TARGET = frozenset({MoveCode.C1, MoveCode.C10, MoveCode.C11})


def contact_by(referral: Referral) -> dt.date:
    """Return the day by which the client of a new case is to be tried, a pause that still runs included."""
    sent_on = clock.helsinki_day(referral.clock_from)
    by = due(
        referral.clock_from,
        days=targets_at(referral.clock_from),
        priority=referral.priority,
        absence_until=municipality_queries.absent_until(referral.catchment_id, on=sent_on),
        paused_days=question_queries.paused_days(referral.id, since=referral.clock_from),
    ).contact_by
    question = question_queries.pausing(referral.id)
    if question is None:
        return by
    question.contact_by = by
    return _put_off(by, question)


def stand_still(referral: Referral, case: Case | None, question: ReferralQuestion) -> None:
    """Put the targets off for as long as a new question may be open."""
    if question.paused_days is not None:
        return
    if question.claim_by is not None:
        referral.claim_due_on = _put_off(question.claim_by, question)
    if case is not None and question.contact_by is not None:
        case.due_on = _put_off(question.contact_by, question)
    db.session.flush()


def go_on(referral: Referral, case: Case | None, *, now: dt.datetime) -> None:
    """Let the clock go on, if it stands still: the targets have moved by the working days until now."""
    question = questions.end_pause(referral.id, now=now)
    if question is None or question.paused_days is None:
        return
    if question.claim_by is not None:
        referral.claim_due_on = clock.add_working_days(question.claim_by, question.paused_days)
    if case is not None and question.contact_by is not None and awaits_first_attempt(case):
        case.due_on = clock.add_working_days(question.contact_by, question.paused_days)
    db.session.flush()


def awaits_first_attempt(case: Case) -> bool:
    """Whether what is due in a case is the target of its first attempt, and no day agreed since."""
    return (
        case.status is CaseStatus.CONTACTING
        and case.first_attempt_at is None
        and case.due_on is not None
        and all(row.move in _LEAVE_THE_TARGET for row in municipality_queries.history_of(case.id))
    )


def _put_off(target: dt.date, question: ReferralQuestion) -> dt.date:
    left = clock.working_days_between(clock.helsinki_day(question.asked_at), question.pause_until)
    return max(clock.add_working_days(target, left), question.pause_until)
