"""What search engines are told: which pages there are, when each changed, and where they need not look."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request, url_for
from sqlalchemy import func, select

from servicetray.core import access, caching, clock
from servicetray.core.content import kept
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import DEFAULT, LANGUAGES
from servicetray.core.municipalities import municipalities
from servicetray.core.settings import current_settings
from themes.directory.easy import has_easy
from themes.directory.models import Service
from themes.directory.providers import listed_providers
from themes.directory.shown import shown
from themes.topics.queries import published_themes

blueprint = Blueprint("crawling", __name__)

MOST = 50_000
"""Addresses in one file (sitemaps.org)."""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Every narrowing of a list has an address of its own; the list itself leads to everything.
_PASSED_OVER = (
    "/haku",
    "/kirjaudu",
    "/oma$",
    "/oma/",
    "/lahetteet",
    "/hallinta",
    "/sisalto/",
    "/ulos/",
    "/*?*sivu=",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page for the sitemap; its path has no language before it."""

    path: str
    changed: dt.date | None = None


@blueprint.get("/robots.txt")
@access.public
def robots() -> Response:
    """Tell machines where they need not look, and where the sitemap is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{path}" for prefix in ("", "/sv", "/en") for path in _PASSED_OVER),
        f"Sitemap: {current_settings().public_url}/sitemap.xml",
    ]
    return _public("\n".join(lines) + "\n", "text/plain")


@blueprint.get("/sitemap.xml")
@access.public
def index() -> Response:
    """Name the sitemap of each language."""
    newest = _newest()
    rows = "".join(
        f"<sitemap><loc>{escape(current_settings().public_url)}/sitemap-{code}.xml</loc>{_changed(newest)}</sitemap>\n"
        for code in LANGUAGES
    )
    return _public(f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{rows}</sitemapindex>\n", "application/xml")


@blueprint.get("/sitemap-<code>.xml")
@access.public
def sitemap(code: str) -> Response:
    """List every page of the tray in one language, each with the day of its last change."""
    if code not in LANGUAGES:
        raise NotFoundError(code)
    host = current_settings().public_url
    prefix = "" if code == DEFAULT else f"/{code}"
    places = kept(("crawling.places", _today()), lambda: tuple(_places())[:MOST])
    rows = "".join(
        f"<url><loc>{escape(host + prefix + place.path)}</loc>{_changed(place.changed)}</url>\n"
        for place in places
    )
    return _public(f"{_HEAD}<urlset {_NAMESPACE}>\n{rows}</urlset>\n", "application/xml")


def _places() -> Iterator[Place]:
    newest = _newest()
    yield Place(path="/", changed=newest)
    yield from (
        Place(path=_path("topics.theme", slug=theme.slug), changed=newest)
        for theme in published_themes(language=DEFAULT, today=_today())
    )
    yield from (
        Place(path=_path("directory.municipality", slug=place.slug), changed=newest)
        for place in municipalities()
    )
    yield Place(path=_path("easy.start"), changed=newest)
    yield Place(path=_path("directory.services"), changed=newest)
    yield Place(path=_path("directory.providers"), changed=newest)
    yield Place(path=_path("happenings.events"))
    yield Place(path=_path("happenings.groups"))
    yield from (
        Place(path=_path("directory.provider", provider_id=each.id))
        for each in listed_providers(language=DEFAULT, today=_today())
    )
    rows = db.session.execute(
        select(Service.id, Service.updated_at, has_easy()).where(shown(_today())).order_by(Service.id)
    )
    for service_id, updated_at, is_easy in rows:
        day = clock.helsinki_day(updated_at)
        yield Place(path=_path("directory.service", service_id=service_id), changed=day)
        if is_easy:
            yield Place(path=_path("easy.service", service_id=service_id), changed=day)


def _newest() -> dt.date | None:
    found = db.session.scalar(select(func.max(Service.updated_at)).where(shown(_today())))
    return clock.helsinki_day(found) if found else None


def _path(endpoint: str, **values: object) -> str:
    return url_for(endpoint, **values).removeprefix(request.script_root)  # type: ignore[arg-type]  # it takes anything


def _changed(day: dt.date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())


def _public(body: str, kind: str) -> Response:
    response = Response(body, mimetype=kind)
    response.headers["Cache-Control"] = caching.SHARED
    return response
