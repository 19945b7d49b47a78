"""Versions of paths that editors have written. A path without one is as the product ships it."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class VersionState(StrEnum):
    """What a version is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """Shown, until a later one is published or the path is withdrawn."""
    WITHDRAWN = "withdrawn"
    """From here on the path isn't shown."""


class PathVersion(Model):
    """One version of one path; a published one is never changed."""

    __tablename__ = "path_version"
    __table_args__ = (
        UniqueConstraint("slug", "number"),
        Index(
            "uq_path_version_draft",
            "slug",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    slug: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_column(VersionState))
    source: Mapped[str] = mapped_column(Text)
    """TOML, as the editor wrote it."""
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
