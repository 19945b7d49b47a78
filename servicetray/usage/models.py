"""How often, on which day: numbers and nothing of anybody. Neither cookie, identifier nor address is in any row."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, enum_column


class Use(StrEnum):
    """What is counted."""

    VIEW = "view"
    """A page was read; its key is ``page`` or ``page:public id``."""
    SEARCH = "search"
    """Something was looked for; no key."""
    EMPTY_SEARCH = "empty_search"
    """The same, and nothing was found."""
    CARD = "card"
    """A wellbeing card was opened."""
    PATH = "path"
    """A guided path was begun; its key is the path's slug."""
    OUTBOUND = "outbound"
    """A link of the directory was followed; its key is what had the link, as ``service:id``."""


class UsageDay(Model):
    """How often something was used on one Helsinki day."""

    __tablename__ = "usage_day"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    use: Mapped[Use] = mapped_column(enum_column(Use), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    """Public ids alone; empty where there is nothing more to say."""
    count: Mapped[int]


class SearchedText(Model):
    """What was looked for, where its words may be kept (``texts``)."""

    __tablename__ = "usage_search_text"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(100), primary_key=True)
    found: Mapped[bool] = mapped_column(primary_key=True)
    """Whether anything was found."""
    count: Mapped[int]


class SearchedHash(Model):
    """A keyed fingerprint of words that are not ours, to see whether they come again; forgotten in time."""

    __tablename__ = "usage_search_hash"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
