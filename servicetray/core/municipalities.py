"""The county's municipalities: data that every part names by code (Tilastokeskus, ``286``)."""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.content import kept
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

    @property
    def slug(self) -> str:
        """Its Finnish name as it stands in addresses: ``pyhtaa``."""
        plain = unicodedata.normalize("NFD", self.name["fi"].lower()).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def municipalities() -> Sequence[Municipality]:
    """Return all municipalities by Finnish name: for reading, they hang on no session."""
    return kept("municipalities", _read)


def municipality_by_slug(slug: str) -> Municipality | None:
    """Return the municipality of a name as it stands in an address (``pyhtaa``), or None."""
    return next((each for each in municipalities() if each.slug == slug), None)


def _read() -> Sequence[Municipality]:
    rows = db.session.execute(
        select(Municipality.code, Municipality.name, Municipality.name_in, Municipality.population).order_by(
            Municipality.code
        )
    )
    return sorted((Municipality(**row._mapping) for row in rows), key=lambda row: row.name["fi"])  # noqa: SLF001 - public in spite of its name


def municipality(code: str) -> Municipality | None:
    """Return the municipality of a code, or None."""
    return db.session.get(Municipality, code)
