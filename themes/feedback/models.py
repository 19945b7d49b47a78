"""What people tell us of a service or of the site, and what editors did about it."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class Topic(StrEnum):
    """What it is about."""

    SERVICE = "service"
    """Something is wrong or missing in what we tell of a service."""
    ACCESSIBILITY = "accessibility"
    """The site can't be used: answered within 14 days by law (Act 306/2019)."""
    IDEA = "idea"
    OTHER = "other"


class State(StrEnum):
    """Where it is."""

    NEW = "new"
    ANSWERED = "answered"
    CLOSED = "closed"


class Feedback(Model):
    """One piece of feedback. Who gave it is not known, unless they left a way to answer."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_state_due_on", "state", "due_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    form_key: Mapped[uuid.UUID] = mapped_column(unique=True)
    """A form that is sent twice is one piece of feedback."""
    topic: Mapped[Topic] = mapped_column(enum_column(Topic))
    text: Mapped[str] = mapped_column(String(1000))
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """How to answer, under the county's key; erased 90 days after it was settled."""
    service_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("service.id", ondelete="SET NULL"), index=True
    )
    language: Mapped[str] = mapped_column(String(5))
    """Of the page it was written on."""
    state: Mapped[State] = mapped_column(enum_column(State))
    due_on: Mapped[dt.date]
    """The Helsinki day by which it should be answered."""
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it was last answered or closed; None while it waits."""
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class FeedbackNote(Model):
    """What an editor wrote down about it."""

    __tablename__ = "feedback_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    text: Mapped[str] = mapped_column(String(1000))
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
