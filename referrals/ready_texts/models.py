"""The ready texts of a counselling unit, in each language; never anything of a client."""

import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, Texts, TextsType, enum_column


class Use(StrEnum):
    """Where a text is used."""

    TEXT_MESSAGE = "text_message"
    """By the adviser's own phone."""
    LETTER = "letter"
    NOTE = "note"
    QUESTION = "question"
    """To the sender of a referral."""


class ReadyText(Model):
    """One text of a unit."""

    __tablename__ = "ready_text"
    __table_args__ = (
        Index("ix_ready_text_unit", "unit_id", "use", "position", "id"),
        # A unit takes the shared texts over once: the database decides between two leads at the same moment.
        UniqueConstraint("unit_id", "adopted", name="uq_ready_text_adopted"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"))
    kind_code: Mapped[str | None] = mapped_column(ForeignKey("referral_kind.code"))
    """For one kind of counselling alone; None for all."""
    use: Mapped[Use] = mapped_column(enum_column(Use, name="text_use"))
    title: Mapped[Texts] = mapped_column(TextsType)
    body: Mapped[Texts] = mapped_column(TextsType)
    """May hold ``{unit_phone}``, ``{adviser}`` and ``{date}``."""
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    adopted: Mapped[int | None]
    """Which of the shared texts it began as; None of the unit's own."""
