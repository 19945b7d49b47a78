"""What takes place: events and groups, and the dates of both.

An event and a group are told alike; a group has more on how one joins it. Every date is a row, so that a list
by day is one indexed question; changes of a single date stand on its row.
"""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, Texts, TextsType, UtcDateTime, enum_column, type_json
from themes.directory.operations import Price, Source
from themes.happenings.recurrence import Every


class Kind(StrEnum):
    """What it is."""

    EVENT = "event"
    GROUP = "group"


class State(StrEnum):
    """Whether residents see it."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Joining(StrEnum):
    """How one comes along."""

    DROP_IN = "drop_in"
    """Without enrolling."""
    TERM = "term"
    """Enrolling from one day to another, before the group begins."""
    CONTINUOUS = "continuous"
    """Enrolling at any time, also when the group has begun."""


class DateState(StrEnum):
    """What has become of one date."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    """Shown, with a line through it."""
    LEFT_OUT = "left_out"
    """Never meant to be: the week of a holiday. Not shown."""


class Happening(Model):
    """An event (tapahtuma) or a group (ryhmä)."""

    __tablename__ = "happening"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        Index("ix_happening_kind_state", "kind", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    source: Mapped[Source] = mapped_column(enum_column(Source))
    state: Mapped[State] = mapped_column(enum_column(State))
    provider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("service.id", ondelete="SET NULL"), index=True
    )
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    """None where it is for the whole county, as remote groups are."""
    name: Mapped[Texts] = mapped_column(TextsType)
    summary: Mapped[Texts] = mapped_column(TextsType)
    description: Mapped[Texts] = mapped_column(TextsType)
    instructions: Mapped[Texts] = mapped_column(TextsType)
    """How to join."""
    place: Mapped[Texts] = mapped_column(TextsType)
    street: Mapped[Texts] = mapped_column(TextsType)
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    price: Mapped[Price] = mapped_column(enum_column(Price))
    price_details: Mapped[Texts] = mapped_column(TextsType)
    kaikukortti: Mapped[bool] = mapped_column(default=False)
    life_stages: Mapped[list[str]] = mapped_column(type_json)
    forms: Mapped[list[str]] = mapped_column(type_json)
    accessibility: Mapped[list[str]] = mapped_column(type_json)
    languages: Mapped[list[str]] = mapped_column(type_json)
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    first_day: Mapped[dt.date]
    starts: Mapped[dt.time]
    """On a Helsinki wall clock."""
    minutes: Mapped[int]
    every: Mapped[Every] = mapped_column(enum_column(Every))
    weekdays: Mapped[list[int]] = mapped_column(type_json)
    last_day: Mapped[dt.date | None]
    dates_until: Mapped[dt.date]
    """The day up to which its dates are rows."""
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    cancelled_reason: Mapped[Texts] = mapped_column(TextsType)
    sequence: Mapped[int] = mapped_column(default=0)
    """Grows with every change that a calendar has to hear of (iCalendar SEQUENCE)."""
    joining: Mapped[Joining] = mapped_column(enum_column(Joining))
    opens_on: Mapped[dt.date | None]
    """First day of enrolling."""
    closes_on: Mapped[dt.date | None]
    """Last day of enrolling."""
    capacity: Mapped[int | None]
    """Places; None where there is no limit."""
    leader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class HappeningTheme(Model):
    """It belongs to a theme."""

    __tablename__ = "happening_theme"
    __table_args__ = (Index("ix_happening_theme_theme_happening", "theme_id", "happening_id"),)

    happening_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("happening.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    """0 is its main theme."""


class Occurrence(Model):
    """One date: of an event, or a meeting of a group."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("happening_id", "planned_on"),
        Index("ix_occurrence_day_starts_at", "day", "starts_at"),
        Index("ix_occurrence_happening_id_day", "happening_id", "day"),
        CheckConstraint("ends_at > starts_at", name="order"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made from the happening and ``planned_on``, so that a calendar knows it again."""
    happening_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("happening.id", ondelete="CASCADE"))
    planned_on: Mapped[dt.date]
    """The day that the rule gave it; stays when it is moved."""
    day: Mapped[dt.date]
    """The Helsinki day on which it begins."""
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[DateState] = mapped_column(enum_column(DateState))
    reason: Mapped[Texts] = mapped_column(TextsType)
    """Why it was cancelled or moved."""
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
