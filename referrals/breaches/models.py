"""What the controllers have to keep of a breach of personal data, and who released what for erasure."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referrals.moves import Side, VoidReason
from servicetray.core.db import Model, UtcDateTime, enum_column


class BreachRisk(StrEnum):
    """What a breach means for the client, as assessed (GDPR, articles 33(1) and 34(1))."""

    NONE = "none"
    """Unlikely to result in a risk: the authority need not be told."""
    RISK = "risk"
    """The authority is told."""
    HIGH = "high"
    """The client is told too."""


class Breach(Model):
    """One breach: somebody may have seen what was not for them. The record outlives the content."""

    __tablename__ = "breach"
    __table_args__ = (Index("ix_breach_open", "closed_at", "notify_by", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    """Its subject key (``audit.subject_key``) finds everything in the log."""
    reference: Mapped[str] = mapped_column(String(20))
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    """Of the municipality that received it; the county is the other controller."""
    reason: Mapped[VoidReason] = mapped_column(enum_column(VoidReason))
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """When it came to light: the 72 hours count from here."""
    opened_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    notify_by: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    risk: Mapped[BreachRisk | None] = mapped_column(enum_column(BreachRisk))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What happened, its effects, what was done (article 33(5)): sealed with the county's key."""
    assessed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    assessed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    notified_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the supervisory authority was told."""
    client_told_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name and shape


class ErasureRelease(Model):
    """One controller's word that the content of a voided referral may be erased."""

    __tablename__ = "erasure_release"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(enum_column(Side), primary_key=True)
    released_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
