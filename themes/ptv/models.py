"""The runs of imports: what came in, and what did not."""

import datetime as dt
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column, type_json
from themes.ptv.sources import SourceKind


class ImportRun(Model):
    """One run of an import; without ``finished_at`` it is under way, or was cut off."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_kind: Mapped[SourceKind] = mapped_column(enum_column(SourceKind))
    address: Mapped[str] = mapped_column(String(500))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(type_json)
    """``new``, ``changed``, ``unchanged``, ``skipped`` services, and ``problems``."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(type_json)
    """``{"kind": "Service", "id": "…", "reason": "…"}``, the first thousand."""
