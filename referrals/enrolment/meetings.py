"""Telling participants of single meetings: cancelled, moved, or held after all.

Read from the meetings' own rows, so that whoever changes one needs to know nothing of enrolments. What was told of a
meeting is a row with its sequence, written with the letters in one transaction: told once, however often this runs.
Who enrolled afterwards has seen it on the group's page. No letter says which meeting: its day would lead to the group.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select

from referrals.enrolment import letters, queries
from referrals.enrolment.models import CallFor, Enrolment, EnrolmentState, MeetingNotice
from referrals.enrolment.places import locked
from servicetray.core.db import db, transaction
from themes.happenings.queries import DateState, Happening, Kind, Occurrence


def tell(now: dt.datetime) -> int:
    """Tell all participants of meetings that have changed since they were told; return how many were told."""
    told = 0
    for group_id in _changed(now):
        with transaction():
            told += _tell(group_id, now=now)
    with transaction():
        _forget_calls(now)
    return told


def _tell(group_id: uuid.UUID, *, now: dt.datetime) -> int:
    # Asked again behind the lock: another worker may have told of them since.
    group, told = locked(group_id, any_state=True), 0
    changed = _meetings(group_id, now=now)
    for meeting in changed:
        notice = db.session.get(MeetingNotice, meeting.id)
        if notice is None:
            notice = MeetingNotice(occurrence_id=meeting.id)
            db.session.add(notice)
        notice.sequence, notice.told_at = meeting.sequence, now
    if changed and group.cancelled_at is None:
        told = _tell_all(group, now=now)
    db.session.flush()
    return told


def _tell_all(group: Happening, *, now: dt.datetime) -> int:
    """Tell those who have a place, once for all meetings that have changed."""
    rows = [row for row in queries.in_group(group.id) if row.state is EnrolmentState.PLACE]
    to_call = False
    for row in rows:
        who = queries.who_is(row)
        if who is not None and not letters.tell_of_meeting(row, who, now=now) and row.call_for is None:
            row.call_for, to_call = CallFor.MEETING, True
    db.session.flush()
    if to_call:
        letters.tell_leader(group, now=now)
    return len(rows)


def _changed(now: dt.datetime) -> list[uuid.UUID]:
    """Return the groups with a meeting that has changed; those without participants too, who would hear it late."""
    with transaction():
        rows = db.session.scalars(
            select(Occurrence.happening_id)
            .join(Happening, Happening.id == Occurrence.happening_id)
            .outerjoin(MeetingNotice, MeetingNotice.occurrence_id == Occurrence.id)
            .where(Happening.kind == Kind.GROUP, _is_news(now))
            .distinct()
            .order_by(Occurrence.happening_id)
        )
        return list(rows)


def _meetings(group_id: uuid.UUID, *, now: dt.datetime) -> Sequence[Occurrence]:
    return db.session.scalars(
        select(Occurrence)
        .outerjoin(MeetingNotice, MeetingNotice.occurrence_id == Occurrence.id)
        .where(Occurrence.happening_id == group_id, _is_news(now))
        .order_by(Occurrence.starts_at, Occurrence.id)
    ).all()


def _is_news(now: dt.datetime) -> ColumnElement[bool]:
    """Whether participants would come at a wrong time: a change that they have not heard of, or one taken back."""
    heard = func.coalesce(MeetingNotice.sequence, 0)
    return and_(
        Occurrence.ends_at > now,
        Occurrence.sequence > heard,
        or_(Occurrence.state != DateState.PLANNED, MeetingNotice.occurrence_id.is_not(None)),
    )


def _forget_calls(now: dt.datetime) -> None:
    """Let nobody be called of a meeting once all that had changed are over."""
    told = (
        select(Occurrence.happening_id)
        .join(MeetingNotice, MeetingNotice.occurrence_id == Occurrence.id)
        .where(Occurrence.ends_at > now)
    )
    wanted = (
        select(Enrolment)
        .where(Enrolment.call_for == CallFor.MEETING, Enrolment.group_id.not_in(told))
        .order_by(Enrolment.id)
    )
    for row in db.session.scalars(wanted):
        row.call_for = None
    db.session.flush()
