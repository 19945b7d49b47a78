"""Which texts the index holds. Their terms stand in the database's own kind of index (``tables``).

``service_id`` is no foreign key: the index is made from the services and can be rebuilt at any
time, and search knows nothing of the catalogue above it.
"""

import datetime as dt
import uuid

from sqlalchemy import Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime


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


class KnownWord(Model):
    """A word of the catalogue, for mending misspelt ones and for suggestions. Nothing of it is ever shown alone.

    Filled while texts are indexed and emptied when the index is made anew; a word that no text has any more
    costs nothing, since a correction that finds nothing is not used.
    """

    __tablename__ = "search_word"

    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    word: Mapped[str] = mapped_column(String(64), primary_key=True)
    weight: Mapped[int]
    """3 of a name, 2 of keywords, 1 of the rest."""
    typed: Mapped[bool] = mapped_column(default=False)
    """Whether names or keywords have it, and this is a form in which somebody would type it: it is suggested."""


class EditedSynonym(Model):
    """What editors changed of the word lists that come with the software: a pair more, or one less."""

    __tablename__ = "search_synonym"
    __table_args__ = (UniqueConstraint("language", "everyday", "official"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    everyday: Mapped[str] = mapped_column(String(64))
    official: Mapped[str] = mapped_column(String(100))
    removed: Mapped[bool]
    """Whether the pair of the software's own lists is taken away."""
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
