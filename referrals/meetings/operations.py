"""Calling meetings, writing news and minutes. Who may is the caller's to check; each change is in the audit log.

A writer says which version was on the screen; an older one is refused, and nobody's words are written over.
"""

import datetime as dt
import uuid

from referrals.meetings import queries
from referrals.meetings.models import Meeting, MeetingNews
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, NotFoundError


class ChangedMeanwhileError(ConflictError):
    """Somebody has written since the form was shown."""


class MeetingClosedError(ConflictError):
    """The meeting has begun, is over or was cancelled: this can't be changed any more."""


def call(*, at: dt.datetime, place: str, agenda: str, actor: Actor, now: dt.datetime) -> Meeting:
    """Call a meeting.

    Raises:
        MeetingClosedError: if it would have begun already.
    """
    if at <= now:
        raise MeetingClosedError
    made = Meeting(
        id=uuid.uuid4(), at=at, place=place, agenda=agenda, minutes="", minutes_version=0, version=1
    )
    db.session.add(made)
    db.session.flush()
    _record(made.id, "called", made.version, actor=actor, now=now)
    return made


def change(
    meeting_id: uuid.UUID,
    *,
    seen: int,
    at: dt.datetime,
    place: str,
    agenda: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Change time, place and agenda of a meeting that has not begun.

    Raises:
        NotFoundError: if there is no such meeting.
        MeetingClosedError: if it has begun, was cancelled, or would have begun already.
        ChangedMeanwhileError: if ``seen`` is not its version.
    """
    row = _held(meeting_id)
    if not queries.is_coming(row, now=now) or at <= now:
        raise MeetingClosedError
    _check(seen, row.version)
    row.at, row.place, row.agenda, row.version = at, place, agenda, row.version + 1
    db.session.flush()
    _record(row.id, "changed", row.version, actor=actor, now=now)


def cancel(meeting_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Cancel a meeting that has not begun; a second time changes nothing.

    Raises:
        NotFoundError: if there is no such meeting.
        MeetingClosedError: if it has begun.
    """
    row = _held(meeting_id)
    if row.cancelled_at is not None:
        return
    if not queries.is_coming(row, now=now):
        raise MeetingClosedError
    row.cancelled_at, row.version = now, row.version + 1
    db.session.flush()
    _record(row.id, "cancelled", row.version, actor=actor, now=now)


def write_minutes(meeting_id: uuid.UUID, *, seen: int, text: str, actor: Actor, now: dt.datetime) -> None:
    """Write the minutes of a meeting; they may be mended for as long as they are kept.

    Raises:
        NotFoundError: if there is no such meeting.
        MeetingClosedError: if it was cancelled.
        ChangedMeanwhileError: if ``seen`` is not their version.
    """
    row = _held(meeting_id)
    if row.cancelled_at is not None:
        raise MeetingClosedError
    _check(seen, row.minutes_version)
    row.minutes, row.minutes_version = text, row.minutes_version + 1
    row.minutes_at, row.minutes_by = now, actor.id
    db.session.flush()
    _record(row.id, "minutes", row.minutes_version, actor=actor, now=now)


def write_news(
    meeting_id: uuid.UUID, *, municipality_code: str, seen: int, text: str, actor: Actor, now: dt.datetime
) -> None:
    """Write what a municipality tells; possible until the day of the meeting is over.

    Raises:
        NotFoundError: if there is no such meeting.
        MeetingClosedError: if its day is over or it was cancelled.
        ChangedMeanwhileError: if ``seen`` is not their version (0 where there are none yet).
    """
    meeting = _held(meeting_id)
    if not queries.takes_news(meeting, now=now):
        raise MeetingClosedError
    row = db.session.get(MeetingNews, (meeting_id, municipality_code))
    _check(seen, row.version if row else 0)
    if row is None:
        row = MeetingNews(
            meeting_id=meeting_id,
            municipality_code=municipality_code,
            text=text,
            version=1,
            changed_at=now,
            changed_by=actor.id,
        )
        db.session.add(row)
    else:
        row.text, row.version, row.changed_at, row.changed_by = text, row.version + 1, now, actor.id
    db.session.flush()
    _record(meeting_id, f"news of {municipality_code}", row.version, actor=actor, now=now)


def _held(meeting_id: uuid.UUID) -> Meeting:
    # Whoever writes anything of a meeting holds its row, so the first news of a place are written once, too.
    row = queries.meeting(meeting_id, lock=True)
    if row is None:
        raise NotFoundError
    return row


def _check(seen: int, version: int) -> None:
    if seen != version:
        raise ChangedMeanwhileError


def _record(meeting_id: uuid.UUID, what: str, version: int, *, actor: Actor, now: dt.datetime) -> None:
    record(
        Action.MEETING_CHANGED,
        actor=actor,
        object_type="meeting",
        object_id=meeting_id,
        now=now,
        detail={"what": what, "version": str(version)},
    )
