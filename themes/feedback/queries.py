"""Questions about feedback: what waits, and one of it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from themes.feedback.deadlines import given_before
from themes.feedback.models import Feedback as Feedback
from themes.feedback.models import FeedbackNote as FeedbackNote
from themes.feedback.models import State as State
from themes.feedback.models import Topic as Topic


def waiting() -> Sequence[Feedback]:
    """Return what nobody has answered, the most urgent first."""
    return db.session.scalars(
        select(Feedback)
        .where(Feedback.state == State.NEW)
        .order_by(Feedback.due_on, Feedback.created_at, Feedback.id)
    ).all()


def settled(*, limit: int, offset: int = 0) -> Sequence[Feedback]:
    """Return what was answered or closed, the newest first."""
    return db.session.scalars(
        select(Feedback)
        .where(Feedback.state != State.NEW)
        .order_by(Feedback.settled_at.desc(), Feedback.id)
        .limit(limit)
        .offset(offset)
    ).all()


def settled_count() -> int:
    """Return how much was answered or closed."""
    return int(
        db.session.scalar(select(func.count()).select_from(Feedback).where(Feedback.state != State.NEW)) or 0
    )


def required(feedback_id: uuid.UUID, *, lock: bool = False) -> Feedback:
    """Return a piece of feedback; raise NotFoundError where there is none."""
    found = db.session.get(Feedback, feedback_id, with_for_update=lock or None)
    if found is None:
        raise NotFoundError(str(feedback_id))
    return found


def notes_of(feedback_id: uuid.UUID) -> Sequence[FeedbackNote]:
    """Return the notes on it, the oldest first."""
    return db.session.scalars(
        select(FeedbackNote)
        .where(FeedbackNote.feedback_id == feedback_id)
        .order_by(FeedbackNote.written_at, FeedbackNote.id)
    ).all()


def by_form_key(form_key: uuid.UUID) -> Feedback | None:
    """Return what was sent by this form already."""
    return db.session.scalars(select(Feedback).where(Feedback.form_key == form_key)).first()


def to_remind(today: dt.date) -> Sequence[Feedback]:
    """Return, locked, feedback on accessibility whose answer is due soon and that nobody was reminded of."""
    return db.session.scalars(
        select(Feedback)
        .where(
            Feedback.state == State.NEW,
            Feedback.topic == Topic.ACCESSIBILITY,
            Feedback.reminded_at.is_(None),
            Feedback.created_at < given_before(today),
        )
        .order_by(Feedback.created_at, Feedback.id)
        .with_for_update()
    ).all()


def to_erase(settled_before: dt.datetime, *, most: int) -> Sequence[Feedback]:
    """Return, locked, feedback that was settled before an instant."""
    return db.session.scalars(
        select(Feedback)
        .where(Feedback.state != State.NEW, Feedback.settled_at < settled_before)
        .order_by(Feedback.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def contacts_to_erase(settled_before: dt.datetime) -> Sequence[Feedback]:
    """Return, locked, what was settled before an instant and still has a way to answer."""
    return db.session.scalars(
        select(Feedback)
        .where(
            Feedback.state != State.NEW,
            Feedback.settled_at < settled_before,
            Feedback.contact_sealed.is_not(None),
        )
        .order_by(Feedback.id)
        .with_for_update()
    ).all()
