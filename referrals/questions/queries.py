"""What advisers have asked of a sender, and what was answered."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

from referrals.moves import PAUSE_LIMIT
from referrals.questions.models import ReferralQuestion as ReferralQuestion
from servicetray.core import clock, crypto
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question and its answer, readable."""

    id: uuid.UUID
    referral_id: uuid.UUID
    asked_by: uuid.UUID
    asked_at: dt.datetime
    text: str
    """Empty once the referral's content is erased, as the answer is."""
    pause_until: dt.date
    """The last Helsinki day for which the clock may stand still."""
    is_pausing: bool
    """Whether the clock stands still now."""
    answered_by: uuid.UUID | None
    answered_at: dt.datetime | None
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.answered_at is None


def questions_of(referral_id: uuid.UUID) -> Sequence[Question]:
    """Return the questions about a referral, oldest first; the caller has checked who reads."""
    return tuple(readable(row) for row in rows_of(referral_id))


def open_among(referral_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of the referrals that have a question which nobody has answered yet."""
    return frozenset(
        db.session.scalars(
            select(ReferralQuestion.referral_id)
            .where(ReferralQuestion.referral_id.in_(referral_ids), ReferralQuestion.answered_at.is_(None))
            .distinct()
        ).all()
    )


def has_open(referral_id: SQLColumnExpression[uuid.UUID]) -> ColumnElement[bool]:
    """Return, as part of a larger question, whether a referral has a question that nobody has answered yet."""
    return (
        select(ReferralQuestion.id)
        .where(ReferralQuestion.referral_id == referral_id, ReferralQuestion.answered_at.is_(None))
        .exists()
    )


def referral_of(question_id: uuid.UUID) -> uuid.UUID | None:
    """Return about which referral a question is, without loading it: it is locked after the referral."""
    return db.session.scalars(
        select(ReferralQuestion.referral_id).where(ReferralQuestion.id == question_id)
    ).first()


def row(question_id: uuid.UUID, *, lock: bool = False) -> ReferralQuestion | None:
    """Return one question, or None."""
    return db.session.get(ReferralQuestion, question_id, with_for_update=True if lock else None)


def rows_of(referral_id: uuid.UUID) -> Sequence[ReferralQuestion]:
    """Return the questions about a referral as they are stored, oldest first."""
    return db.session.scalars(
        select(ReferralQuestion)
        .where(ReferralQuestion.referral_id == referral_id)
        .order_by(ReferralQuestion.asked_at, ReferralQuestion.id)
    ).all()


def pausing(referral_id: uuid.UUID) -> ReferralQuestion | None:
    """Return the question for which the clock of a referral stands still, or None."""
    return db.session.scalars(
        select(ReferralQuestion).where(
            ReferralQuestion.referral_id == referral_id, ReferralQuestion.paused_days.is_(None)
        )
    ).first()


def paused_days(referral_id: uuid.UUID, *, since: dt.datetime | None = None) -> int:
    """Return the working days for which the clock has stood still, pauses that are over alone.

    Args:
        referral_id: the referral.
        since: count only questions asked from this instant on (the latest start of the clock).
    """
    total = select(func.coalesce(func.sum(ReferralQuestion.paused_days), 0)).where(
        ReferralQuestion.referral_id == referral_id
    )
    if since is not None:
        total = total.where(ReferralQuestion.asked_at >= since)
    return int(db.session.scalar(total) or 0)


def pause_left(referral_id: uuid.UUID) -> int:
    """Return for how many working days a question may still let the clock stand (moves.md, C11)."""
    return max(PAUSE_LIMIT - paused_days(referral_id), 0)


def run_out(*, on: dt.date, limit: int) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Return (question, referral) of pauses that are over on a Helsinki day, oldest first."""
    rows = db.session.execute(
        select(ReferralQuestion.id, ReferralQuestion.referral_id)
        .where(ReferralQuestion.paused_days.is_(None), ReferralQuestion.pause_until < on)
        .order_by(ReferralQuestion.pause_until, ReferralQuestion.id)
        .limit(limit)
    ).all()
    return tuple((each.id, each.referral_id) for each in rows)


def days_open(asked_at: dt.datetime, *, until: dt.datetime, limit: dt.date) -> int:
    """Return the working days from asking until an instant, none of them after the day ``limit``."""
    return clock.working_days_between(clock.helsinki_day(asked_at), min(clock.helsinki_day(until), limit))


def readable(stored: ReferralQuestion) -> Question:
    """Return a question with its texts unsealed."""
    return Question(
        id=stored.id,
        referral_id=stored.referral_id,
        asked_by=stored.asked_by,
        asked_at=stored.asked_at,
        text=_unsealed(stored.sealed, f"question:{stored.id}"),
        pause_until=stored.pause_until,
        is_pausing=stored.paused_days is None,
        answered_by=stored.answered_by,
        answered_at=stored.answered_at,
        answer=_unsealed(stored.sealed_answer, f"answer:{stored.id}"),
    )


def _unsealed(sealed: bytes | None, context: str) -> str:
    return "" if sealed is None else crypto.unseal(crypto.COUNTY, sealed, context).decode()
