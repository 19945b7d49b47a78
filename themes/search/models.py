"""Which texts the index holds. Their terms stand in the database's own kind of index (``tables``).

``service_id`` is no foreign key: the index is made from the services and can be rebuilt at any
time, and search knows nothing of the catalogue above it.
"""

import uuid

from sqlalchemy import Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model


class IndexedText(Model):
    """One service in one language."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("service_id", "language"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    language: Mapped[str] = mapped_column(String(2), index=True)
    name_length: Mapped[int]
    """Words in the name: of two names with the word, the shorter is more about it."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of the texts and of the rules that read them: an unchanged text isn't analysed again."""
