"""Questions of an adviser to the sender (C11). They go to the county: its record, sealed with its key."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime


class ReferralQuestion(Model):
    """One question and its answer. While it is open the clock stands still."""

    __tablename__ = "referral_question"
    __table_args__ = (
        # One pause at a time; the database decides the race of two.
        Index(
            "uq_referral_question_pausing_referral",
            "referral_id",
            unique=True,
            sqlite_where=text("paused_days IS NULL"),
            postgresql_where=text("paused_days IS NULL"),
        ),
        Index("ix_referral_question_pause", "paused_days", "pause_until"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The question; None once the referral's content is erased."""
    pause_until: Mapped[dt.date]
    """The last Helsinki day for which the clock may stand still."""
    claim_by: Mapped[dt.date | None]
    """The target of claiming as it was without this pause; None where none was running."""
    contact_by: Mapped[dt.date | None]
    """The target of the first attempt as it was without this pause; None where none was running."""
    paused_days: Mapped[int | None]
    """Working days for which the clock stood still; None while it does."""
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)
