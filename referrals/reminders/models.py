"""Reminders that were made, so that each is made once."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class ReminderStage(StrEnum):
    """Who is reminded: first who does the work, then who leads it."""

    WORKER = "worker"
    LEAD = "lead"


class Reminder(Model):
    """That something is late was told to those of one stage."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("about", "due_on", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(80))
    """``referral:<id>`` or ``case:<id>``."""
    due_on: Mapped[dt.date]
    """The target day that has passed: a later one, set by a move, is reminded of anew."""
    stage: Mapped[ReminderStage] = mapped_column(enum_column(ReminderStage))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
