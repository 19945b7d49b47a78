"""Which tools stand beside a theme, and which are offered on the front page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, or_, select

from servicetray.core.db import Localized, db, in_language
from themes.tools.models import Tool, ToolKind

_TRIED_BY_ONESELF = (ToolKind.SELF_ASSESSMENT, ToolKind.SELF_CARE_PROGRAMME)


@dataclass(frozen=True, kw_only=True)
class ToolLink:
    """A link to something outside the tray, in the language of a page."""

    kind: ToolKind
    name: Localized
    provider: Localized
    summary: Localized
    url: str
    minutes: int | None
    """About how long it takes; None if there is nothing to go through."""
    sign_in: bool
    """Whether one has to sign in there before one can begin."""


def tools_of_theme(theme_id: int, *, language: str, municipality: str | None = None) -> Sequence[ToolLink]:
    """Return the tools of a theme, tests first; of a municipality's own only this one's, if it is given."""
    wanted = select(Tool).where(Tool.theme_id == theme_id)
    if municipality is not None:
        wanted = wanted.where(or_(Tool.municipality_code.is_(None), Tool.municipality_code == municipality))
    return _links(wanted, language)


def tests_and_programmes(theme_ids: Collection[int], *, language: str, most: int) -> Sequence[ToolLink]:
    """Return at most so many self-assessments and programmes of these themes, tests first."""
    wanted = select(Tool).where(Tool.theme_id.in_(theme_ids), Tool.kind.in_(_TRIED_BY_ONESELF)).limit(most)
    return _links(wanted, language)


def _links(wanted: Select[Any], language: str) -> Sequence[ToolLink]:
    rank = case({kind: position for position, kind in enumerate(ToolKind)}, value=Tool.kind)
    rows = db.session.scalars(wanted.order_by(rank, Tool.id)).all()
    return tuple(
        ToolLink(
            kind=row.kind,
            name=in_language(row.name, language),
            provider=in_language(row.provider_name, language),
            summary=in_language(row.summary, language),
            url=row.url,
            minutes=row.minutes,
            sign_in=row.sign_in,
        )
        for row in rows
    )
