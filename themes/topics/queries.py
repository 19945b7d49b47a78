"""What is known of themes."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from servicetray.core.content import kept
from servicetray.core.db import Localized, Texts, db, in_language
from themes.topics.models import Theme


@dataclass(frozen=True, kw_only=True)
class PublishedTheme:
    """A theme that residents see, in the language of a page."""

    id: int
    slug: str
    name: Localized
    summary: Localized
    lead: Localized
    colour: str
    icon: str


def published_themes(*, language: str, today: dt.date) -> Sequence[PublishedTheme]:
    """Return the themes that have a name and whose day has come, in their order.

    Args:
        language: of the page.
        today: the Helsinki day.
    """
    return kept(("topics.published", language, today), lambda: _published_themes(language, today))


def _published_themes(language: str, today: dt.date) -> Sequence[PublishedTheme]:
    rows = db.session.scalars(
        select(Theme).where(Theme.published_from <= today).order_by(Theme.position, Theme.id)
    ).all()
    return tuple(_published(row, language) for row in rows if any(row.name.values()))


def theme_ids(slugs: Collection[str] | None = None) -> dict[str, int]:
    """Return ids by slug, of all themes or of those of these slugs that exist; published or not."""
    wanted = select(Theme.slug, Theme.id)
    if slugs is not None:
        if not slugs:
            return {}
        wanted = wanted.where(Theme.slug.in_(slugs))
    return {row.slug: row.id for row in db.session.execute(wanted.order_by(Theme.id))}


def theme_names(ids: Collection[int]) -> dict[int, Texts]:
    """Return the names of these themes by id; an unnamed one has no texts."""
    rows = db.session.execute(select(Theme.id, Theme.name).where(Theme.id.in_(ids)).order_by(Theme.id))
    return {row.id: row.name for row in rows}


def _published(row: Theme, language: str) -> PublishedTheme:
    return PublishedTheme(
        id=row.id,
        slug=row.slug,
        name=in_language(row.name, language),
        summary=in_language(row.summary, language),
        lead=in_language(row.lead, language),
        colour=row.colour,
        icon=row.icon,
    )
