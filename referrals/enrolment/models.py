"""Enrolments to groups of the tray, who came, and how many began.

Whoever runs a group is its municipality (the county where it is for all): that is the controller, and its key
seals what somebody told of themselves. What is cancelled keeps its number and its times, and nothing of a person.
"""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class EnrolmentState(StrEnum):
    """What somebody has in a group."""

    PLACE = "place"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class CallFor(StrEnum):
    """Why the leader has to call somebody: they gave no e-mail address to be told by, or did not answer a letter."""

    PLACE = "place"
    """A place came free, and is theirs."""
    GROUP_CANCELLED = "group_cancelled"
    MEETING = "meeting"
    """A meeting was cancelled or moved, or is held after all."""


class Attended(StrEnum):
    """Whether somebody came to a meeting."""

    PRESENT = "present"
    ABSENT = "absent"
    CANCELLED = "cancelled"
    """They had said that they would not come."""


class Enrolment(Model):
    """One person in one group."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        # A NULL is like no other: what was cancelled stands in nobody's way.
        UniqueConstraint("group_id", "person_index"),
        Index("ix_enrolment_group_state", "group_id", "state", "number"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("happening.id"))
    number: Mapped[int]
    """The how-manieth of the group; the waiting list goes by it."""
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    """Whose record it is; None: the county's."""
    state: Mapped[EnrolmentState] = mapped_column(enum_column(EnrolmentState))
    form_key: Mapped[uuid.UUID] = mapped_column(unique=True)
    """Of the form that was sent: sent twice, it is the same enrolment."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """``Participant`` (``content.py``), encrypted with the controller's key; None once erased."""
    person_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of phone or e-mail and first name: nobody is in a group twice."""
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    email_index: Mapped[str | None] = mapped_column(String(64), index=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the code by which the person sees and cancels it; keyed, so it opens nothing."""
    language: Mapped[str] = mapped_column(String(5))
    """In which language letters are written."""
    permission_version: Mapped[str] = mapped_column(String(20))
    permission_language: Mapped[str] = mapped_column(String(5))
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """Who wrote it down for somebody who was heard; None where they sent the form themselves."""
    enrolled_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    placed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """Until when a place from the waiting list is held for an answer; None once it is taken, or was never asked."""
    lapsed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When a place went to the next one because nobody had answered; the next time the leader calls."""
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    call_for: Mapped[CallFor | None] = mapped_column(enum_column(CallFor))
    """None where nobody has to call."""
    told_cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When they were told, or put down to be called, that the group is cancelled."""
    first_attended_on: Mapped[dt.date | None]
    """The Helsinki day of the first meeting that they came to."""


class Attendance(Model):
    """Whether somebody came to one meeting."""

    __tablename__ = "attendance"

    enrolment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True
    )
    occurrence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occurrence.id"), primary_key=True)
    attended: Mapped[Attended] = mapped_column(enum_column(Attended))
    noted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))


class CaseEnrolment(Model):
    """An enrolment that an adviser made for a client: known from the case alone, never from the group."""

    __tablename__ = "case_enrolment"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"), primary_key=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, unique=True
    )
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))


class MeetingNotice(Model):
    """What the participants were last told of a meeting: that they were, not who. A row for each, so once each."""

    __tablename__ = "meeting_notice"

    occurrence_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int]
    """Of the meeting as it was told."""
    told_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class GroupUptake(Model):
    """How many people enrolled in a group and came for the first time, by month, theme and municipality.

    Tells of nobody.
    """

    __tablename__ = "group_uptake"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """``2026-03`` in Helsinki: of enrolling, or of the first meeting that they came to."""
    theme_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The group's main theme; 0 where it has none. No foreign key: the count outlives the theme."""
    municipality_code: Mapped[str] = mapped_column(String(3), primary_key=True)
    """Empty for a group of the whole county."""
    participants: Mapped[int]
    """Who came for the first time."""
    enrolled: Mapped[int] = mapped_column(default=0)
    """Who enrolled, for a place or for the waiting list; cancelled later or not."""
