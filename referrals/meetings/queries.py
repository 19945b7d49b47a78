"""Questions about meetings."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from referrals.meetings.models import PLACE_LENGTH as PLACE_LENGTH
from referrals.meetings.models import Meeting as Meeting
from referrals.meetings.models import MeetingNews as MeetingNews
from servicetray.core import clock
from servicetray.core.db import db


def meetings() -> Sequence[Meeting]:
    """Return all meetings, the latest first, cancelled ones too."""
    return db.session.scalars(select(Meeting).order_by(Meeting.at.desc(), Meeting.id)).all()


def meeting(meeting_id: uuid.UUID, *, lock: bool = False) -> Meeting | None:
    """Return a meeting, or None."""
    statement = select(Meeting).where(Meeting.id == meeting_id)
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def before(row: Meeting) -> Meeting | None:
    """Return the meeting that was held before one, or None of the first."""
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.at < row.at, Meeting.cancelled_at.is_(None))
        .order_by(Meeting.at.desc(), Meeting.id)
        .limit(1)
    ).first()


def news_of(meeting_id: uuid.UUID) -> Mapping[str, MeetingNews]:
    """Return what the municipalities tell in a meeting, by their code."""
    rows = db.session.scalars(
        select(MeetingNews)
        .where(MeetingNews.meeting_id == meeting_id)
        .order_by(MeetingNews.municipality_code)
    ).all()
    return {row.municipality_code: row for row in rows}


def is_coming(row: Meeting, *, now: dt.datetime) -> bool:
    """Whether a meeting has not begun, and will."""
    return row.at > now and row.cancelled_at is None


def takes_news(row: Meeting, *, now: dt.datetime) -> bool:
    """Whether municipalities may still write their news: until the Helsinki day of the meeting is over."""
    return clock.helsinki_day(row.at) >= clock.helsinki_day(now) and row.cancelled_at is None
