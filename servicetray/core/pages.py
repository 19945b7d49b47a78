"""Typed pages: a frozen dataclass for each template, and what every layout needs.

A template gets its page as ``page`` and nothing else of a view's. An undefined name is an error.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_babel import format_date, format_datetime, format_decimal
from flask_babel.speaklater import LazyString
from flask_login import current_user
from jinja2 import StrictUndefined
from markupsafe import Markup

from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.i18n import current_language, same_page
from servicetray.core.settings import current_settings

Text = str | LazyString

_PARTED_BADLY: Final = re.compile(r"(?<=\d)–(?=\d)|(?<=\s)-(?=\w)|(?<=\d) (?=€)")
_PARTS: Final = re.compile(r"(?:(?<=[/@])|(?<=\.)(?=.*@))(?!$)")
_JOINED: Final = {"–": "\u2060–\u2060", "-": "-\u2060", " ": "\u00a0"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template shows. Subclasses name the template and add typed fields."""

    template: ClassVar[str]
    title: Text
    description: Text = ""
    """One or two sentences for search engines and for whoever is sent the link; public pages alone."""
    linked: Any = None
    """The same facts for machines: JSON-LD, as ``json.dumps`` takes it; public pages alone."""


def render(page: Page, *, status: int = 200) -> Response:
    """Make the answer for a page."""
    return make_response(render_template(page.template, page=page), status)


@dataclass(frozen=True, kw_only=True)
class NavArea:
    """Several places of the staff navigation under one name: it leads to the first, and they stand on their pages."""

    name: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """A place in the staff navigation, shown to those who may go there."""

    endpoint: str
    label: Text
    permissions: frozenset[Permission]
    position: int
    under: str = ""
    """Blueprint (or endpoint prefix) whose pages count as this place."""
    told: tuple[str, str] | None = None
    """Of those pages the ones whose address has this argument with this value, where one blueprint has two places."""
    area: NavArea | None = None


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One link of the navigation of this page."""

    label: Text
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who is at the keyboard, as the staff layout says it."""

    name: str
    title: str
    unit_name: str


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """This page in one language."""

    code: str
    url: str
    is_current: bool


_NAVIGATION = "servicetray.navigation"
_LINKS = "servicetray.language_links"


def add_navigation(app: Flask, *entries: NavEntry) -> None:
    """Let a feature put its places into the staff navigation."""
    known: list[NavEntry] = app.extensions.setdefault(_NAVIGATION, [])
    known.extend(entries)
    known.sort(key=lambda entry: entry.position)


def navigation() -> Sequence[NavItem]:
    """Return the staff navigation for this person, in order; an area stands where its first place would."""
    items: dict[str, NavItem] = {}
    for entry in _own_entries():
        name = entry.area.name if entry.area else entry.endpoint
        first = items.get(name)
        items[name] = NavItem(
            label=entry.area.label if entry.area else entry.label,
            url=first.url if first else url_for(entry.endpoint),
            current=_is_here(entry) or bool(first and first.current),
        )
    return tuple(items.values())


def area_places() -> Sequence[NavItem]:
    """Return the places of the area in which this page is, in order; none where it is in no area."""
    entries = _own_entries()
    here = next((entry for entry in entries if request.endpoint == entry.endpoint), None)
    # A page of two places belongs to the first, unless it is the very page of one.
    here = here or next((entry for entry in entries if _is_here(entry)), None)
    if here is None or here.area is None:
        return ()
    return tuple(
        NavItem(label=entry.label, url=url_for(entry.endpoint), current=entry is here)
        for entry in entries
        if entry.area == here.area
    )


def _own_entries() -> Sequence[NavEntry]:
    if access.is_public(request.endpoint) or not current_user.is_authenticated:
        return ()
    entries: list[NavEntry] = current_app.extensions.get(_NAVIGATION, [])
    return [entry for entry in entries if any(current_user.may(each) for each in entry.permissions)]


def _is_here(entry: NavEntry) -> bool:
    here = request.endpoint or ""
    if here == entry.endpoint:
        return True
    beneath = bool(entry.under and here.startswith(entry.under))
    return beneath and (entry.told is None or entry.told in (request.view_args or {}).items())


def signed_in() -> SignedIn | None:
    """Return who is signed in; public pages never ask, so that they are the same for everyone."""
    if access.is_public(request.endpoint) or not current_user.is_authenticated:
        return None
    return SignedIn(name=current_user.name, title=current_user.title, unit_name=current_user.unit_name)


def language_links() -> Sequence[LanguageLink]:
    """Return this page in each language, its place and query kept."""
    environ = request.environ
    known: Sequence[LanguageLink] | None = environ.get(_LINKS)
    if known is None:
        here = current_language()
        known = environ[_LINKS] = tuple(
            LanguageLink(code=code, url=url, is_current=code == here) for code, url in same_page().items()
        )
    return known


def language_urls() -> list[str]:
    """Return the addresses of this page in each language, in the order of ``language_links``."""
    return [link.url for link in language_links()]


def _day(value: Any) -> str:
    return format_date(_local(value), "d.M.yyyy")


def _moment(value: Any) -> str:
    pattern = "d.M.yyyy HH:mm" if current_language() == "en" else "d.M.yyyy 'kl.' H.mm"
    if current_language() == "fi":
        pattern = "d.M.yyyy 'klo' H.mm"
    return format_datetime(clock.helsinki(value), pattern, rebase=False)


def _weekday(value: Any) -> str:
    return format_date(_local(value), "EEE d.M.")


def _unbroken(value: Any) -> Any:
    """Keep together what no line may part: 12–18, 35 €, and the hyphen of "Taito -ryhmä" with its word."""
    if not isinstance(value, str):
        return value
    joined = _PARTED_BADLY.sub(lambda found: _JOINED[found[0]], value)
    return Markup(joined) if isinstance(value, Markup) else joined  # noqa: S704 - as safe as it came


def _parted(address: str) -> Markup:
    """Let a line part an address of the web after its slashes, one of mail after its dots and its @."""
    return Markup("<wbr>").join(_PARTS.split(address))


def _local(value: Any) -> Any:
    return clock.helsinki(value).date() if hasattr(value, "hour") else value


def init_app(app: Flask) -> None:
    """Make templates strict and give layouts what they need."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=_day, moment=_moment, weekday=_weekday, number=format_decimal, unbroken=_unbroken, parted=_parted
    )
    shared: dict[str, Callable[..., Any]] = {
        "navigation": navigation,
        "area_places": area_places,
        "signed_in": signed_in,
        "language_links": language_links,
        "language_urls": language_urls,
        "current_language": current_language,
        "settings": current_settings,
    }
    app.jinja_env.globals.update(shared)
