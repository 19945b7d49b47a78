"""What happens to the record of a question; ``handover.asking`` makes the move and moves the targets."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from referrals.questions import queries
from referrals.questions.models import ReferralQuestion
from servicetray.accounts.queries import User
from servicetray.core import clock, crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError
from servicetray.core.identity_codes import contains_code

LONGEST = 1000
"""Characters of a question, and of an answer."""


class AlreadyAskedError(ConflictError):
    """The clock stands still for another question already: it is answered first."""


class AlreadyAnsweredError(ConflictError):
    """Somebody else answered first."""


class TextRefusedError(DomainError):
    """A text is empty, longer than 1000 characters, or holds a personal identity code."""

    def __init__(self, *, empty: bool = False, too_long: bool = False, identity_code: bool = False) -> None:
        super().__init__()
        self.empty = empty
        self.too_long = too_long
        self.identity_code = identity_code


def open_question(
    referral_id: uuid.UUID,
    *,
    text: str,
    claim_by: dt.date | None,
    contact_by: dt.date | None,
    actor: User,
    now: dt.datetime,
) -> ReferralQuestion:
    """Write a question down; the clock stands still from now on, for what is left of its ten working days.

    Raises:
        TextRefusedError: if the text can't be taken.
        AlreadyAskedError: if the clock stands still for another question.
    """
    text = checked(text)
    left = queries.pause_left(referral_id)
    question_id = uuid.uuid4()
    row = ReferralQuestion(
        id=question_id,
        referral_id=referral_id,
        asked_by=actor.id,
        asked_at=now,
        sealed=crypto.seal(crypto.COUNTY, text.encode(), f"question:{question_id}"),
        pause_until=clock.add_working_days(clock.helsinki_day(now), left),
        claim_by=claim_by,
        contact_by=contact_by,
        paused_days=None if left else 0,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AlreadyAskedError from error
    return row


def write_answer(row: ReferralQuestion, *, text: str, actor: User, now: dt.datetime) -> None:
    """Write an answer down.

    Raises:
        TextRefusedError: if the text can't be taken.
        AlreadyAnsweredError: if it has one.
    """
    text = checked(text)
    if row.answered_at is not None:
        raise AlreadyAnsweredError
    row.answered_at, row.answered_by = now, actor.id
    row.sealed_answer = crypto.seal(crypto.COUNTY, text.encode(), f"answer:{row.id}")
    db.session.flush()


def end_pause(referral_id: uuid.UUID, *, now: dt.datetime) -> ReferralQuestion | None:
    """Let the clock of a referral go on, and return the question it stood still for, if it did."""
    row = queries.pausing(referral_id)
    if row is not None:
        row.paused_days = queries.days_open(row.asked_at, until=now, limit=row.pause_until)
        db.session.flush()
    return row


def erase_of_referrals(referral_ids: Sequence[uuid.UUID]) -> None:
    """Erase the texts of questions and answers together with their referrals' content."""
    db.session.execute(
        update(ReferralQuestion)
        .where(ReferralQuestion.referral_id.in_(referral_ids))
        .values(sealed=None, sealed_answer=None)
    )


def checked(text: str) -> str:
    """Return a text as it is kept.

    Raises:
        TextRefusedError: if it is empty, too long, or holds a personal identity code.
    """
    text = text.strip()
    refused = TextRefusedError(
        empty=not text, too_long=len(text) > LONGEST, identity_code=contains_code(text)
    )
    if refused.empty or refused.too_long or refused.identity_code:
        raise refused
    return text
