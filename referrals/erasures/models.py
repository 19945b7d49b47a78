"""What was erased, what was withdrawn, and whether the file outside the database knows."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class Erased(StrEnum):
    """What a line of the log tells of."""

    REFERRAL = "referral"
    """The county's content of a referral was erased."""
    CASE = "case"
    """A municipality's content and notes of a case were erased."""
    ENROLMENT = "enrolment"
    """What somebody told of themselves who enrolled in a group was erased."""
    WITHDRAWN = "withdrawn"
    """The client took the permission back."""
    RESTORED = "restored"
    """A withdrawal that was never meant was mended (R9c)."""


class Erasure(Model):
    """One line of the erasure log. It tells of ids alone."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index(
            "ix_erasure_unwritten",
            "id",
            sqlite_where=text("written_at IS NULL"),
            postgresql_where=text("written_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[Erased] = mapped_column(enum_column(Erased))
    object_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """The referral, or the case."""
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(20), default="")
    """Of a withdrawal: in what part somebody wrote it down."""
    written_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When it was appended to the file."""
