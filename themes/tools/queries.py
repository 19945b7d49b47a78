"""Which tools stand beside a theme, and which are offered on the front page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, case, or_, select

from servicetray.core.db import Localized, db, in_language
from servicetray.core.i18n import LANGUAGES
from servicetray.core.settings import current_settings
from themes.self_care.queries import Programme, programmes
from themes.tools.models import Tool, ToolKind
from themes.topics.queries import theme_ids

__all__ = [
    "ToolKind",
    "ToolLink",
    "tests_and_programmes",
    "tool_slugs",
    "tools_by_slug",
    "tools_by_theme",
    "tools_of_theme",
]

_TRIED_BY_ONESELF = (ToolKind.SELF_ASSESSMENT, ToolKind.SELF_CARE_PROGRAMME)
_ORDER = tuple(ToolKind)


@dataclass(frozen=True, kw_only=True)
class ToolLink:
    """A test, a programme or another link beside a theme, in the language of a page."""

    slug: str
    kind: ToolKind
    name: Localized
    provider: Localized
    summary: Localized
    url: str
    minutes: int | None
    """About how long it takes, or each of its steps; None if there is nothing to go through."""
    sign_in: bool
    """Whether one has to sign in there before one can begin."""
    languages: Sequence[str]
    """Codes of the languages that it is kept in."""
    steps: int | None = None
    """Of a programme of our own."""

    @property
    def own(self) -> bool:
        """Whether it is a programme of our own, read here."""
        return self.steps is not None


def tools_of_theme(theme_id: int, *, language: str, municipality: str | None = None) -> Sequence[ToolLink]:
    """Return the tools of a theme, tests first, our own programmes before those of others.

    Args:
        theme_id: the theme.
        language: of the page.
        municipality: of tools that belong to a municipality, only this one's, if it is given.
    """
    return tools_by_theme([theme_id], language=language, municipality=municipality).get(theme_id, ())


def tools_by_theme(
    ids: Collection[int], *, language: str, municipality: str | None = None
) -> Mapping[int, Sequence[ToolLink]]:
    """Return the tools of these themes as ``tools_of_theme`` does, by theme; one without tools is left out."""
    wanted = select(Tool).where(Tool.theme_id.in_(ids))
    if municipality is not None:
        wanted = wanted.where(or_(Tool.municipality_code.is_(None), Tool.municipality_code == municipality))
    found: dict[int, list[ToolLink]] = {}
    slugs = theme_ids({each.theme for each in programmes()})
    for each in programmes():
        if slugs.get(each.theme) in ids:
            found.setdefault(slugs[each.theme], []).append(_own(each, language))
    for row in _rows(wanted):
        found.setdefault(row.theme_id, []).append(_link(row, language))
    return {
        theme_id: tuple(sorted(links, key=lambda link: _ORDER.index(link.kind)))
        for theme_id, links in found.items()
    }


def tests_and_programmes(ids: Collection[int], *, language: str, most: int) -> Sequence[ToolLink]:
    """Return at most so many self-assessments and programmes of these themes, tests first."""
    wanted = select(Tool).where(Tool.theme_id.in_(ids), Tool.kind.in_(_TRIED_BY_ONESELF)).limit(most)
    return tuple(_link(row, language) for row in _rows(wanted))


def tools_by_slug(slugs: Collection[str], *, language: str) -> Mapping[str, ToolLink]:
    """Return the tools of these slugs that there are."""
    return {row.slug: _link(row, language) for row in _rows(select(Tool).where(Tool.slug.in_(slugs)))}


def tool_slugs() -> frozenset[str]:
    """Return the slugs of all tools."""
    return frozenset(db.session.scalars(select(Tool.slug)))


def _rows(wanted: Select[Any]) -> Sequence[Tool]:
    rank = case({kind: position for position, kind in enumerate(ToolKind)}, value=Tool.kind)
    return db.session.scalars(wanted.order_by(rank, Tool.id)).all()


def _link(row: Tool, language: str) -> ToolLink:
    return ToolLink(
        slug=row.slug,
        kind=row.kind,
        name=in_language(row.name, language),
        provider=in_language(row.provider_name, language),
        summary=in_language(row.summary, language),
        url=row.url,
        minutes=row.minutes,
        sign_in=row.sign_in,
        languages=tuple(row.languages),
    )


def _own(programme: Programme, language: str) -> ToolLink:
    return ToolLink(
        slug=programme.slug,
        kind=ToolKind.SELF_CARE_PROGRAMME,
        name=in_language(programme.name, language),
        provider=in_language(current_settings().county_name, language),
        summary=in_language(programme.summary, language),
        url=url_for("self_care.one", slug=programme.slug),
        minutes=programme.minutes,
        sign_in=False,
        languages=LANGUAGES,
        steps=len(programme.steps),
    )
