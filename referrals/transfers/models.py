"""Offers to hand a referral to another municipality (R12 to R14)."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class OfferEnd(StrEnum):
    """How an offer came to its end."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    DROPPED = "dropped"
    """The referral itself was returned, withdrawn, cancelled, closed or voided meanwhile."""


class TransferOffer(Model):
    """One offer: what the target may know before it accepts, and never of whom."""

    __tablename__ = "transfer_offer"
    __table_args__ = (
        # moves.md, R12: one open offer at a time. The database decides the race of two.
        Index(
            "uq_transfer_offer_open_referral",
            "referral_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_transfer_offer_open", "to_catchment_id", "ended_at", "offered_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """The county's record; no foreign key crosses between controllers."""
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    age_group: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    """The client's, for as long as the offer is open; empty afterwards."""
    from_catchment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("catchment.id"), index=True)
    to_catchment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("catchment.id"))
    offered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    offered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    end: Mapped[OfferEnd | None] = mapped_column(enum_column(OfferEnd))
    became_id: Mapped[uuid.UUID | None]
    """The referral that it became in the target municipality."""
