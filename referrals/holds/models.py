"""What must not be erased although its time is over."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime


class LegalHold(Model):
    """One hold of one controller on its own record of a client; it outlives the content."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        # One at a time: lifting it lets the erasing go on, whoever set it first.
        Index(
            "uq_legal_hold_in_force",
            "referral_id",
            "controller",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    controller: Mapped[str] = mapped_column(String(40))
    """Whose record is held, and whose key seals the reason: ``county`` or ``municipality:286``."""
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """The referral, or the one that a municipality's cases came from; no foreign key crosses controllers."""
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)
    set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
