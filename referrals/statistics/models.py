"""What the figures are made of: events, and the months frozen from them."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referrals.moves import EventDirection, EventName, Outcome
from servicetray.core.db import Model, UtcDateTime, enum_column, type_json


class StatisticsEvent(Model):
    """One thing that happened to a referral, written in its move's transaction and never changed.

    The database holds to it: a row may only lose its link to the referral, and none can be deleted.
    """

    __tablename__ = "statistics_event"
    __table_args__ = (
        Index("ix_statistics_event_period", "recorded_at", "kind_code", "name"),
        # The open stock is summed over all of history: from the index alone.
        Index("ix_statistics_event_stock", "kind_code", "municipality_code", "direction", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """It counts in the Helsinki month of this instant, paper and late entries too."""
    name: Mapped[EventName] = mapped_column(enum_column(EventName))
    direction: Mapped[EventDirection] = mapped_column(enum_column(EventDirection))
    """Whether the open stock grew or shrank by it."""
    kind_code: Mapped[str] = mapped_column(String(20))
    municipality_code: Mapped[str] = mapped_column(String(3))
    service_area: Mapped[str] = mapped_column(String(60))
    reasons: Mapped[list[str]] = mapped_column(type_json)
    age_group: Mapped[str] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    working_days: Mapped[int | None]
    """From ``sent`` to this event, for ``accepted`` and ``first_contact``."""
    sender_told: Mapped[bool | None]
    """Of ``closed``: whether the sender was told of it; None where there is nobody to tell."""
    referral_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """Cut when the referral's content is erased, at the latest 13 months after the month was frozen."""


class FrozenMonth(Model):
    """A finished month, counted once; a correction is a new version with its reason. Only added to."""

    __tablename__ = "frozen_month"
    __table_args__ = (UniqueConstraint("period", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(7), index=True)
    """``2024-12``."""
    version: Mapped[int]
    frozen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rows: a re-run gives the same."""
    correction: Mapped[str | None] = mapped_column(String(300))
    """Why this version was made, where it is not the first."""
    source: Mapped[str | None] = mapped_column(String(200))
    """Where the numbers come from, if not from our own events: a system from before this one."""


class FrozenRow(Model):
    """One number of a frozen month. Only added to."""

    __tablename__ = "frozen_row"
    __table_args__ = (
        UniqueConstraint("month_id", "measure", "kind_code", "municipality_code", "dimension", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month_id: Mapped[int] = mapped_column(ForeignKey("frozen_month.id"))
    measure: Mapped[str] = mapped_column(String(40))
    """``referrals``, ``accepted``, ``closed``, ``open_at_start``, ``in``, ``out``, ``open_at_end`` …"""
    kind_code: Mapped[str] = mapped_column(String(20))
    municipality_code: Mapped[str] = mapped_column(String(3))
    """Empty for the whole county."""
    dimension: Mapped[str] = mapped_column(String(20))
    """Empty, or ``reason``, ``age_group``, ``outcome``, ``service_area``, ``spread``."""
    value: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
