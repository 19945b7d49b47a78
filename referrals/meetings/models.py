"""The network's meetings, what the municipalities tell in them, and their minutes; nothing of a client."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime

PLACE_LENGTH = 200


class Meeting(Model):
    """One meeting of the county, its municipalities and its partners.

    It keeps no numbers: those of a meeting are counted from the events up to its beginning, and from what was
    published by then. Neither ever changes, so a past meeting shows what it showed.
    """

    __tablename__ = "network_meeting"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    """When it begins; fixed once it has begun."""
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    agenda: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    """Of time, place and agenda: two people's changes never mix."""
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    minutes: Mapped[str] = mapped_column(Text, default="")
    minutes_version: Mapped[int] = mapped_column(default=0)
    minutes_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    minutes_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))


class MeetingNews(Model):
    """What one municipality tells in a meeting."""

    __tablename__ = "meeting_news"

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("network_meeting.id"), primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
