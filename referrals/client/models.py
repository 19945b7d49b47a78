"""What the client's own page needs: codes, visits, and what clients said. All of it goes with the content."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class MessageKind(StrEnum):
    """What a client may say on the page."""

    CALL_AGAIN = "call_again"
    BEST_TIME = "best_time"
    NEW_NUMBER = "new_number"
    NO_LONGER_NEEDED = "no_longer_needed"


class ClientCode(Model):
    """The code of one referral. What is stored opens nothing: keyed hashes of the code and of the year."""

    __tablename__ = "client_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    year_hash: Mapped[str] = mapped_column(String(64))
    """Of code and birth year together, so that equal years don't look equal."""
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    """None for a resident's own request."""
    wrong_tries: Mapped[int] = mapped_column(default=0)
    """Wrong years typed with this code; after too many it ends."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When a newer code replaced it, or the client took the permission back."""


class ClientVisit(Model):
    """One visit of a client, kept on the server so that it can be ended from there."""

    __tablename__ = "client_visit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("client_code.id"), index=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ClientMessage(Model):
    """What a client said on the page: a claim, shown beside what is known and never put in its place."""

    __tablename__ = "client_message"
    __table_args__ = (Index("ix_client_message_holder", "referral_id", "controller"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    referral_id: Mapped[uuid.UUID]
    """The referral; no foreign key, for a municipality keeps its own copy of what was said."""
    controller: Mapped[str] = mapped_column(String(40))
    """Whose record it belongs to and whose key seals it: the county while the referral waits, then the municipality."""
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Said (``messages.py``), encrypted; None where the kind says it all."""
    handled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    handled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
