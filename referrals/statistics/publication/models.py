"""Releases: what was published, number by number. Only ever added to; the database refuses the rest."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referrals.statistics.publication.tables import PublicTable, WithheldReason
from referrals.statistics.suppression import Mark
from servicetray.core.db import Model, UtcDateTime, enum_column, type_json


class PublicRelease(Model):
    """A version of a year's public tables."""

    __tablename__ = "public_release"
    __table_args__ = (UniqueConstraint("year", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    version: Mapped[int]
    published_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until: Mapped[str] = mapped_column(String(7))
    """The last month that it knows: ``2024-12``."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of all that is published, and of the versions of months that it rests on."""
    threshold: Mapped[int]
    """Counts below it are hidden; the same in all releases of a year."""
    grouped: Mapped[list[str]] = mapped_column(type_json)
    """Municipalities shown as one group; the same in all releases of a year."""


class PublicReleaseMonth(Model):
    """A frozen month that a release knows, and on which of its versions each kind's numbers rest."""

    __tablename__ = "public_release_month"
    __table_args__ = (UniqueConstraint("release_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("public_release.id"))
    period: Mapped[str] = mapped_column(String(7), index=True)
    frozen_version: Mapped[int]
    """The newest version when the release was made."""
    basis: Mapped[dict[str, int]] = mapped_column(type_json)
    """Versions by kind. An older one than the newest: its correction is withheld. None: the month is."""


class PublicNumber(Model):
    """One published cell: a number, or the mark in its place. An empty row code is the table's total."""

    __tablename__ = "public_number"
    __table_args__ = (
        UniqueConstraint("release_id", "table_code", "kind_code", "row_code"),
        CheckConstraint("(number IS NULL) <> (mark IS NULL)", name="number_or_mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("public_release.id"))
    table_code: Mapped[PublicTable] = mapped_column(enum_column(PublicTable))
    kind_code: Mapped[str] = mapped_column(String(20))
    row_code: Mapped[str] = mapped_column(String(60))
    number: Mapped[int | None]
    mark: Mapped[Mark | None] = mapped_column(enum_column(Mark))


class PublicWithheld(Model):
    """Something that a release says it does not publish."""

    __tablename__ = "public_withheld"
    __table_args__ = (UniqueConstraint("release_id", "table_code", "kind_code", "period", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("public_release.id"))
    table_code: Mapped[PublicTable] = mapped_column(enum_column(PublicTable))
    kind_code: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(7))
    reason: Mapped[WithheldReason] = mapped_column(enum_column(WithheldReason))
