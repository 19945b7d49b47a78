"""When advisers can be reached: weekly patterns, times off, the times laid out, and who has chosen one.

Patterns are Helsinki wall times. A time (``CallTime``) is a row, so that the database decides the race of two
bookings. A booking tells of a client that they have a time, and nothing else: no name, no text.
"""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referrals.municipality.queries import MeetingForm
from servicetray.core.db import Model, UtcDateTime, enum_column


class CallPattern(Model):
    """Times that come every week, or on one day alone where its first and last day are the same."""

    __tablename__ = "call_pattern"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("until_time > from_time", name="hours"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),
        CheckConstraint("capacity BETWEEN 1 AND 50", name="capacity"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    catchment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("catchment.id"))
    """For whose referrals; None for all that the unit receives."""
    adviser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """Who answers; None where it is whoever of the unit is on duty."""
    weekday: Mapped[int]
    """0 is Monday."""
    from_time: Mapped[dt.time]
    until_time: Mapped[dt.time]
    slot_minutes: Mapped[int]
    capacity: Mapped[int]
    """Clients at the same time."""
    form: Mapped[MeetingForm] = mapped_column(enum_column(MeetingForm))
    place: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]

    @property
    def once(self) -> bool:
        """Whether it stands on one day alone."""
        return self.valid_until == self.valid_from


class CallException(Model):
    """A time off: days, both included, whole or from one wall time to another."""

    __tablename__ = "call_exception"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("(from_time IS NULL) = (until_time IS NULL)", name="whole_or_part"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    adviser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """Whose times it takes; None takes everybody's."""
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    from_time: Mapped[dt.time | None]
    until_time: Mapped[dt.time | None]


class CallTime(Model):
    """One time that can be chosen. Only what nobody has chosen is ever changed or taken away."""

    __tablename__ = "call_time"
    __table_args__ = (
        UniqueConstraint("pattern_id", "starts_at"),
        Index("ix_call_time_unit", "unit_id", "starts_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    pattern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call_pattern.id"))
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"))
    catchment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("catchment.id"))
    adviser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    day: Mapped[dt.date]
    """The Helsinki day of its beginning."""
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    form: Mapped[MeetingForm] = mapped_column(enum_column(MeetingForm))
    place: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[int]
    offered: Mapped[bool] = mapped_column(default=True)
    """False once its pattern has gone on without it, while somebody still holds it."""


class CallBooking(Model):
    """That a referral has a time. It goes when it is released; the audit log tells of it."""

    __tablename__ = "call_booking"
    __table_args__ = (
        # A seat is taken once, a referral has one time: the database decides every race. A practice booking has
        # no seat, and nulls are never equal.
        UniqueConstraint("call_time_id", "seat"),
        UniqueConstraint("referral_id"),
        CheckConstraint("seat >= 1", name="seat"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_time_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call_time.id"))
    seat: Mapped[int | None]
    referral_id: Mapped[uuid.UUID]
    """The county's record; no foreign key crosses between controllers."""
    booked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    booked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """None where the client chose it."""
