"""Addresses of services that have ended: they say so, and where to go on (410)."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import select

from servicetray.core import clock
from servicetray.core.db import Localized, Texts, db, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Page, render
from themes.directory.models import Facet, Service, ServiceFacet, ServiceStatus, ServiceTheme
from themes.directory.shown import shown
from themes.topics.queries import PublishedTheme, published_themes

GONE: Final = 410


class EndedError(NotFoundError):
    """A service that residents could see once, and that its source no longer has."""

    def __init__(self, service_id: uuid.UUID, name: Texts, provider_id: uuid.UUID | None) -> None:
        super().__init__(str(service_id))
        self.service_id = service_id
        self.name = name
        self.provider_id = provider_id


@dataclass(frozen=True, kw_only=True)
class Place:
    """A municipality that the service was for."""

    name: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class EndedPage(Page):
    """A service has ended, and where to go on."""

    template: ClassVar[str] = "themes/directory/ended.html"
    name: Localized
    themes: tuple[PublishedTheme, ...]
    places: tuple[Place, ...]
    provider_id: uuid.UUID | None
    """Its provider, where that has something to see still."""


def not_shown(service_id: uuid.UUID) -> NotFoundError:
    """Return the error of a service that residents don't see: EndedError for one that is retired."""
    row = db.session.execute(
        select(Service.name, Service.provider_id).where(
            Service.id == service_id, Service.status == ServiceStatus.RETIRED
        )
    ).one_or_none()
    return EndedError(service_id, row.name, row.provider_id) if row else NotFoundError(str(service_id))


def answer(error: EndedError) -> Response:
    """Return the page of a service that has ended."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    name = in_language(error.name, language)
    response = render(
        EndedPage(
            title=_("“%(name)s” has ended", name=name.text),
            name=name,
            themes=_themes(error.service_id, language, today),
            places=_places(error.service_id, language),
            provider_id=_seen(error.provider_id, today),
        ),
        status=GONE,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _themes(service_id: uuid.UUID, language: str, today: dt.date) -> tuple[PublishedTheme, ...]:
    ids = set(db.session.scalars(select(ServiceTheme.theme_id).where(ServiceTheme.service_id == service_id)))
    return tuple(theme for theme in published_themes(language=language, today=today) if theme.id in ids)


def _places(service_id: uuid.UUID, language: str) -> tuple[Place, ...]:
    codes = set(
        db.session.scalars(
            select(ServiceFacet.value).where(
                ServiceFacet.service_id == service_id, ServiceFacet.facet == Facet.MUNICIPALITY
            )
        )
    )
    return tuple(
        Place(name=in_language(place.name, language).text, slug=place.slug)
        for place in municipalities()
        if place.code in codes
    )


def _seen(provider_id: uuid.UUID | None, today: dt.date) -> uuid.UUID | None:
    has_more = select(Service.id).where(Service.provider_id == provider_id, shown(today)).limit(1)
    return provider_id if provider_id and db.session.scalar(has_more) else None
