"""Corrections of the data protection officers: what stood there before, for a while."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, type_json


class Rectification(Model):
    """One correction of one record (GDPR, article 16). That it was made stays; what it was goes after a term."""

    __tablename__ = "rectification"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    controller: Mapped[str] = mapped_column(String(40))
    """Whose record it is, and whose key seals it."""
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    case_id: Mapped[uuid.UUID | None]
    """The case that was corrected; None for the county's referral. No foreign key crosses controllers."""
    fields: Mapped[list[str]] = mapped_column(type_json)
    """Which fields were corrected, by their names."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The reason and the values before (``Before``), encrypted; None once erased."""
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    erase_after: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    """When the values before are erased, at the latest."""
