"""Services in easy language (selkokieli, lättläst, easy read): which have such a text, by theme."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, String, cast, select

from servicetray.core.db import Localized, db, in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text
from themes.directory import queries
from themes.directory.alphabet import alphabetical
from themes.directory.labels import only_in
from themes.directory.models import Facet, Service, ServiceTheme
from themes.directory.shown import shown
from themes.topics.queries import PublishedTheme, published_themes

LONGEST: Final = 2000
"""Characters of an easy text, in one language: what stands on a sheet of paper in large type."""


@dataclass(frozen=True, kw_only=True)
class EasyService:
    """A service with an easy text."""

    id: uuid.UUID
    name: Localized
    where: Localized
    only_in: Text | None
    """Says in which language the easy text is, where there is none in the page's."""


@dataclass(frozen=True, kw_only=True)
class EasyTheme:
    """The services of one main theme; those without a published one have None, and come last."""

    theme: PublishedTheme | None
    services: Sequence[EasyService]


def has_easy() -> ColumnElement[bool]:
    """Return the condition that a service has an easy text in some language."""
    return cast(Service.easy, String) != "{}"


def easy_themes(*, language: str, today: dt.date) -> Sequence[EasyTheme]:
    """Return the services to see that have an easy text, each under its main theme, in the order of themes.

    Within a theme those in the page's language come first; then by name, as its alphabet goes.
    """
    themes = published_themes(language=language, today=today)
    services = db.session.scalars(select(Service).where(shown(today), has_easy()).order_by(Service.id)).all()
    ids = [service.id for service in services]
    main = _main_themes(ids, {theme.id for theme in themes})
    facts = queries.facets_of(ids, Facet.MUNICIPALITY)
    places = municipalities()
    found: dict[int | None, list[EasyService]] = {}
    for service in services:
        easy = EasyService(
            id=service.id,
            name=in_language(service.name, language),
            where=queries.where(service, facts.get(service.id, {}), places, language),
            only_in=only_in(in_language(service.easy, language).lang, language),
        )
        found.setdefault(main.get(service.id), []).append(easy)
    return [
        EasyTheme(theme=theme, services=sorted(found[key], key=_order))
        for key, theme in (*((theme.id, theme) for theme in themes), (None, None))
        if key in found
    ]


def _main_themes(ids: Sequence[uuid.UUID], published: set[int]) -> dict[uuid.UUID, int]:
    rows = db.session.execute(
        select(ServiceTheme.service_id, ServiceTheme.theme_id)
        .where(ServiceTheme.service_id.in_(ids), ServiceTheme.theme_id.in_(published))
        .order_by(ServiceTheme.position.desc(), ServiceTheme.theme_id.desc())
    )
    # The last one said is kept: that is the first of the service's own.
    return {row.service_id: row.theme_id for row in rows}


def _order(service: EasyService) -> tuple[object, ...]:
    return (service.only_in is not None, alphabetical(service.name.text), service.id)
