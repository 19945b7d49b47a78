"""The county's municipalities: data that every part names by code (Tilastokeskus, ``286``)."""

from collections.abc import Sequence

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, Texts, TextsType, db


class Municipality(Model):
    """One municipality of the county."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[Texts] = mapped_column(TextsType)
    name_in: Mapped[Texts] = mapped_column(TextsType)
    """In which municipality, as said: ``Kouvolassa``, ``i Kouvola``."""
    population: Mapped[int]
    """Inhabitants, about; small ones may be shown as one group in public tables."""


def municipalities() -> Sequence[Municipality]:
    """Return all municipalities by Finnish name."""
    rows = db.session.scalars(select(Municipality).order_by(Municipality.code)).all()
    return sorted(rows, key=lambda row: row.name["fi"])


def municipality(code: str) -> Municipality | None:
    """Return the municipality of a code, or None."""
    return db.session.get(Municipality, code)
