"""The runs of imports: what came in, and what did not."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column, type_json
from themes.ptv.sources import SourceKind


class Retirement(StrEnum):
    """What a run did about services that the catalogue no longer has."""

    DONE = "done"
    """It saw everything to its end: what was not there is retired, if there was any."""
    PARTIAL = "partial"
    """It asked for one area alone."""
    CUT_SHORT = "cut_short"
    """It did not come to its end."""
    PROBLEMS = "problems"
    """Some services could not be read: they may be there or not."""
    TOO_MANY = "too_many"
    """More would have gone than can be believed."""
    NOTHING_READ = "nothing_read"
    """Not one service came."""


class ImportRun(Model):
    """One run of an import; without ``finished_at`` it is under way, or was cut off."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_kind: Mapped[SourceKind] = mapped_column(enum_column(SourceKind))
    address: Mapped[str] = mapped_column(String(500))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(type_json)
    """``new``, ``changed``, ``unchanged``, ``returned``, ``skipped`` services, ``problems``, ``missing``, ``kept``."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(type_json)
    """``{"kind": "Service", "id": "…", "reason": "…"}``, the first thousand."""
    retirement: Mapped[Retirement | None] = mapped_column(enum_column(Retirement))
    """None of a run that is under way, was killed, or ran before anything was retired."""
    retired: Mapped[list[str]] = mapped_column(type_json, default=list, server_default="[]")
    """Ids of the services that this run retired, the first thousand."""
    returned: Mapped[list[str]] = mapped_column(type_json, default=list, server_default="[]")
    """Ids of those that had been retired and came again, the first thousand."""
    kept: Mapped[list[dict[str, Any]]] = mapped_column(type_json, default=list, server_default="[]")
    """``{"id": "…", "fields": ["summary", …]}``: where a change made here stood against the catalogue, the first
    thousand; the fields are as ``Service.own_fields`` has them."""
