"""Asking the sender (C11), from the inbox or from a case, and answering."""

import datetime as dt
import uuid
from typing import Final

from referrals import notifications
from referrals.county import queries as county_queries
from referrals.county.models import Referral
from referrals.handover.pausing import awaits_first_attempt, go_on, stand_still
from referrals.handover.withdrawing import hold_cases
from referrals.moves import STOCK, CaseFacts, MoveCode, MoveRefused, Refusal, Who, check_case_move
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.questions import operations as questions
from referrals.questions import queries as question_queries
from referrals.questions.operations import AlreadyAnsweredError, AlreadyAskedError, TextRefusedError
from referrals.questions.queries import Question, questions_of
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.errors import ConflictError, NotFoundError

__all__ = [
    "AlreadyAnsweredError",
    "AlreadyAskedError",
    "Question",
    "QuestionOverError",
    "TextRefusedError",
    "answer",
    "ask",
    "end_old_pauses",
    "questions_of",
]

BATCH: Final = 100


class QuestionOverError(ConflictError):
    """The referral is no longer open: nobody waits for the answer any more."""


def ask(referral: Referral, *, question: str, actor: User, now: dt.datetime) -> Question:
    """Ask the sender something (C11); the clock stands still, at most ten working days in all.

    Works on a referral that waits and on one with an open case; the caller holds both (``hold_cases``).

    Raises:
        MoveRefused: if the referral is no longer open, or its sender has no account to answer with.
        TextRefusedError: if the text is empty, too long, or holds a personal identity code.
        AlreadyAskedError: if the clock stands still for another question.
    """
    case = municipality_queries.open_case_of(referral.id)
    facts = (
        municipality.facts_of(case, actor=actor, now=now)
        if case is not None
        else CaseFacts(today=clock.helsinki_day(now), sender=referral.sender_kind)
    )
    if referral.status not in STOCK:
        raise MoveRefused(MoveCode.C11, Refusal.WRONG_STATUS, facts)
    move = check_case_move(MoveCode.C11, status=case.status if case else None, who=Who.ADVISER, facts=facts)
    contact = case.due_on if case is not None and awaits_first_attempt(case) else None
    row = questions.open_question(
        referral.id,
        text=question,
        claim_by=referral.claim_due_on,
        contact_by=contact,
        actor=actor,
        now=now,
    )
    stand_still(referral, case, row)
    if case is not None:
        municipality.apply(case, move, to=case.status, actor=actor, now=now)
    record(
        Action.QUESTION_ASKED,
        actor=actor,
        object_type="question",
        object_id=row.id,
        subject=subject_key(referral.id),
        now=now,
    )
    notifications.tell_sender_of_question(referral, now=now)
    return question_queries.readable(row)


def answer(question_id: uuid.UUID, *, text: str, actor: User, now: dt.datetime) -> Question:
    """Answer a question as its referral's sender, or as their unit where it shares its list.

    Raises:
        NotFoundError: if there is no such question, or it is not theirs to answer.
        QuestionOverError: if the referral is no longer open.
        AlreadyAnsweredError: if a colleague was first.
        TextRefusedError: if the text is empty, too long, or holds a personal identity code.
    """
    referral_id = question_queries.referral_of(question_id)
    if referral_id is None:
        raise NotFoundError
    hold_cases(referral_id)
    referral = county_queries.referral_of_sender(referral_id, sender=actor, lock=True)
    if referral is None or (referral.protected and referral.sender_id != actor.id):
        raise NotFoundError
    if referral.status not in STOCK:
        raise QuestionOverError
    row = question_queries.row(question_id, lock=True)
    if row is None:
        raise NotFoundError
    case = municipality_queries.open_case_of(referral_id)
    questions.write_answer(row, text=text, actor=actor, now=now)
    if row.paused_days is None:
        go_on(referral, case, now=now)
    record(
        Action.QUESTION_ANSWERED,
        actor=actor,
        object_type="question",
        object_id=row.id,
        subject=subject_key(referral_id),
        now=now,
    )
    adviser_id = case.handler_id if case is not None and case.handler_id is not None else row.asked_by
    notifications.tell_adviser_of_answer(
        referral, adviser_id=adviser_id, case_id=case.id if case else None, now=now
    )
    return question_queries.readable(row)


def end_old_pauses(now: dt.datetime) -> int:
    """Let clocks go on whose ten working days are over without an answer; return how many."""
    done = 0
    today = clock.helsinki_day(now)
    while found := question_queries.run_out(on=today, limit=BATCH):
        for question_id, referral_id in found:
            with transaction():
                hold_cases(referral_id)
                referral = county_queries.referral(referral_id, lock=True)
                row = question_queries.row(question_id, lock=True)
                if referral is not None and row is not None and row.paused_days is None:
                    go_on(referral, municipality_queries.open_case_of(referral_id), now=now)
                    done += 1
    return done
