"""Taking feedback in, dealing with it, reminding of it, and erasing what is no longer needed."""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy.exc import IntegrityError

from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import clock, outbox
from servicetray.core.access import Permission
from servicetray.core.db import db, transaction
from servicetray.core.errors import DomainError
from servicetray.core.settings import current_settings
from themes.feedback import queries, sealed
from themes.feedback.deadlines import due_on
from themes.feedback.models import Feedback, FeedbackNote, State, Topic

CONTACT_KEPT: Final = dt.timedelta(days=90)
"""How long a way to answer is kept after the answer."""
BATCH: Final = 100


class NothingToDoError(DomainError):
    """It is in this state already, and no note was written."""


def give(
    *,
    topic: Topic,
    text: str,
    contact: str,
    service_id: uuid.UUID | None,
    language: str,
    form_key: uuid.UUID,
    now: dt.datetime,
) -> Feedback:
    """Take feedback in and tell the editors with the next morning's letter; the same form again changes nothing.

    Args:
        topic: what it is about.
        text: what was written, without identity codes.
        contact: how to answer, or empty.
        service_id: the service it is about, if it is about one.
        language: of the page.
        form_key: the form's own id.
        now: when.
    """
    known = queries.by_form_key(form_key)
    if known is not None:
        return known
    feedback = Feedback(
        id=uuid.uuid4(),
        form_key=form_key,
        topic=topic,
        text=text,
        contact_sealed=None,
        service_id=service_id,
        language=language,
        state=State.NEW,
        due_on=due_on(topic, clock.helsinki_day(now)),
        created_at=now,
        settled_at=None,
        reminded_at=None,
    )
    sealed.seal_contact(feedback, contact)
    try:
        with db.session.begin_nested():
            db.session.add(feedback)
    except IntegrityError:
        # The same form came twice at once; anything else that is wrong stays an error.
        won = queries.by_form_key(form_key)
        if won is None:
            raise
        return won
    record(
        Action.FEEDBACK_GIVEN,
        actor=None,
        object_type="feedback",
        object_id=feedback.id,
        now=now,
        detail={"topic": topic.value},
    )
    _tell(feedback, template="feedback_arrived", now=now, held=True)
    return feedback


def change(feedback: Feedback, *, state: State, note: str, actor: User, now: dt.datetime) -> None:
    """Move feedback on, write a note, or both; give it locked.

    Raises:
        NothingToDoError: if neither the state nor a note is new.
    """
    if state is feedback.state and not note:
        raise NothingToDoError
    if note:
        db.session.add(FeedbackNote(feedback_id=feedback.id, author_id=actor.id, text=note, written_at=now))
    if state is not feedback.state:
        feedback.state = state
        feedback.settled_at = None if state is State.NEW else now
        if state is not State.NEW:
            outbox.cancel(about=_about(feedback))
    db.session.flush()
    record(
        Action.FEEDBACK_CHANGED,
        actor=actor,
        object_type="feedback",
        object_id=feedback.id,
        now=now,
        detail={"state": state.value, "noted": "yes" if note else "no"},
    )


def note_view(feedback: Feedback, *, actor: User, now: dt.datetime) -> None:
    """Write into the log that somebody opened feedback, and whether they saw how to reach whoever gave it."""
    record(
        Action.FEEDBACK_VIEWED,
        actor=actor,
        object_type="feedback",
        object_id=feedback.id,
        now=now,
        detail={"contact": "yes" if feedback.contact_sealed else "no"},
    )


def remind(now: dt.datetime) -> int:
    """Remind the editors, once each, of feedback on accessibility that has waited ten days; return of how many."""
    with transaction() as session:
        late = queries.to_remind(clock.helsinki_day(now))
        for feedback in late:
            feedback.reminded_at = now
            _tell(feedback, template="feedback_due", now=now, held=False)
        session.flush()
    return len(late)


def erase_contacts(now: dt.datetime) -> int:
    """Erase ways to answer whose time is over; return how many."""
    with transaction() as session:
        old = queries.contacts_to_erase(now - CONTACT_KEPT)
        for feedback in old:
            feedback.contact_sealed = None
        session.flush()
    return len(old)


def erase_old(now: dt.datetime) -> int:
    """Delete feedback whose time is over, with the notes on it; return how many pieces.

    What nobody has answered waits: it is late, and stands first in the queue.
    """
    settled_before = clock.months_after(now, -current_settings().feedback_keep_months)
    deleted = 0
    while True:
        with transaction() as session:
            old = queries.to_erase(settled_before, most=BATCH)
            for feedback in old:
                record(
                    Action.CONTENT_ERASED,
                    actor=None,
                    object_type="feedback",
                    object_id=feedback.id,
                    now=now,
                    detail={"why": "term"},
                )
                session.delete(feedback)
            session.flush()
        deleted += len(old)
        if len(old) < BATCH:
            return deleted


def _tell(feedback: Feedback, *, template: str, now: dt.datetime, held: bool) -> None:
    editors = [user for user in accounts.all_users() if user.active and user.may(Permission.CONTENT_EDIT)]
    for editor in editors:
        outbox.enqueue(
            address=editor.email,
            template=template,
            language=editor.language,
            context={
                "path": f"/sisalto/palaute/{feedback.id}",
                "due": f"{feedback.due_on.day}.{feedback.due_on.month}.{feedback.due_on.year}",
            },
            about=_about(feedback),
            now=now,
            held=held,
        )


def _about(feedback: Feedback) -> str:
    return f"feedback:{feedback.id}"
