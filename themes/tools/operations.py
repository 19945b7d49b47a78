"""Adding tools."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from servicetray.core.db import Texts, db
from themes.tools.models import Tool, ToolKind

__all__ = ["ToolKind", "ToolRecord", "add_tools", "has_tools"]


@dataclass(frozen=True, kw_only=True)
class ToolRecord:
    """A tool as its source tells of it."""

    slug: str
    kind: ToolKind
    name: Texts
    provider_name: Texts
    summary: Texts
    url: str
    theme_id: int
    municipality_code: str | None = None
    minutes: int | None = None
    sign_in: bool = False
    languages: Sequence[str] = ("fi",)


def has_tools() -> bool:
    """Whether there is any tool."""
    return bool(db.session.scalar(select(exists().where(Tool.id.is_not(None)))))


def add_tools(records: Sequence[ToolRecord]) -> int:
    """Add these tools; return how many there were."""
    db.session.add_all([Tool(**{**vars(record), "languages": list(record.languages)}) for record in records])
    db.session.flush()
    return len(records)
