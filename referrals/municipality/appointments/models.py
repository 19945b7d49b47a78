"""Appointments of a case. What is agreed now stands on the case too, where lists read it."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from referrals.municipality.models import MeetingForm
from servicetray.core.db import Model, UtcDateTime, enum_column

SHORTEST, LONGEST = 5, 480


class AppointmentState(StrEnum):
    """What became of it."""

    AGREED = "agreed"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"
    MOVED = "moved"
    """Another time was agreed in its place: the next one has the same ``uid``."""


class Appointment(Model):
    """One time that was agreed with a client."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(f"minutes BETWEEN {SHORTEST} AND {LONGEST}", name="minutes"),
        Index(
            "uq_appointment_agreed",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'agreed'"),
            postgresql_where=text("state = 'agreed'"),
        ),
        Index("ix_appointment_case", "case_id", "agreed_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"))
    uid: Mapped[uuid.UUID]
    """Names it in calendars; it stays when the time is moved."""
    sequence: Mapped[int] = mapped_column(default=0)
    """How often it has changed, for calendars (RFC 5545, SEQUENCE)."""
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    form: Mapped[MeetingForm] = mapped_column(enum_column(MeetingForm))
    sealed_place: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Where to meet, encrypted with the municipality's key; None where it needs none, or is erased."""
    agreed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[AppointmentState] = mapped_column(enum_column(AppointmentState))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
