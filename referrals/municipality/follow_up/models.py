"""Follow-ups of a case: one row a point, laid out when counselling starts."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referrals.municipality.follow_up.points import Point
from servicetray.core.db import Model, UtcDateTime, enum_column


class How(StrEnum):
    """How it was asked."""

    PHONE = "phone"
    IN_PERSON = "in_person"


class NotMeasured(StrEnum):
    """Why there is no answer."""

    NOT_REACHED = "not_reached"
    DID_NOT_WANT = "did_not_want"
    NO_MORE = "no_more"
    """The client wants no follow-up any more: the later points are off, too."""


class FollowUp(Model):
    """One point, and what was answered."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("case_id", "point"),
        CheckConstraint("how IS NULL OR not_measured IS NULL", name="answered_or_not"),
        Index("ix_follow_up_due", "recorded_at", "due_on", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"))
    point: Mapped[Point] = mapped_column(enum_column(Point))
    due_on: Mapped[dt.date]
    measured_on: Mapped[dt.date | None]
    """The day of the answer, or of the try."""
    how: Mapped[How | None] = mapped_column(enum_column(How))
    not_measured: Mapped[NotMeasured | None] = mapped_column(enum_column(NotMeasured))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """``Measured``, encrypted with the municipality's key."""
    recorded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """None while it is still to be asked."""
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name and shape
