"""The monthly reports that were made."""

import datetime as dt
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, type_json


class MonthlyReport(Model):
    """The report of one version of a frozen month; never changed. A correction of the month makes another."""

    __tablename__ = "monthly_report"
    __table_args__ = (UniqueConstraint("period", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(7))
    """``2024-12``."""
    version: Mapped[int]
    """That of the frozen month of which it tells."""
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the numbers."""
    correction: Mapped[str | None] = mapped_column(String(300))
    """Why the month was frozen anew."""
    numbers: Mapped[dict[str, Any]] = mapped_column(type_json)
    """Every number that it uses (``numbers.Numbers``)."""
