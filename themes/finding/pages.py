"""The search page in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.pages import Page
from themes.directory.queries import ServiceCard
from themes.finding.queries import Finding
from themes.search.queries import ReadAs


@dataclass(frozen=True, kw_only=True)
class PlaceChoice:
    """A municipality in the form."""

    code: str
    name: str
    lang: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class PlaceRead:
    """A place that was read from the words, and the address of the search without it."""

    word: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """What was found, or ways on."""

    template: ClassVar[str] = "themes/search/search.html"
    query: str
    places: Sequence[PlaceChoice]
    asked: bool
    """Whether there were any words to look for."""
    heading: str
    note: str
    """On what the answer lacks; may be empty."""
    place_read: PlaceRead | None
    also: Sequence[ReadAs]
    """Words that were looked for by other words too."""
    cards: Sequence[ServiceCard]
    page: int
    last: int
    previous_url: str | None
    next_url: str | None
    ways_on: Sequence[tuple[str, str, str]]
    """Label, address, and what stands beside them."""
    examples: Sequence[tuple[str, str]]
    """Words to try, and the addresses of their searches."""


def search_page(finding: Finding) -> SearchPage:
    """Put a finding into words, in the language of the page."""
    language = current_language()
    chosen = None if finding.named else finding.municipality
    return SearchPage(
        title=_("Search: %(words)s", words=finding.query) if finding.query else pgettext("page", "Search"),
        query=finding.query,
        places=tuple(
            PlaceChoice(
                code=place.code,
                name=(name := in_language(place.name, language)).text,
                lang=name.lang,
                chosen=chosen is not None and place.code == chosen.code,
            )
            for place in finding.places
        ),
        asked=bool(finding.read_as),
        heading=_heading(finding, language),
        note=_("No service has all of your words. These have some of them.") if finding.used_any else "",
        place_read=_place_read(finding, language),
        also=tuple(one for one in finding.read_as if one.also),
        cards=finding.cards,
        page=finding.page,
        last=finding.last,
        previous_url=_page_url(finding, finding.page - 1) if finding.page > 1 else None,
        next_url=_page_url(finding, finding.page + 1) if finding.page < finding.last else None,
        ways_on=_everywhere(finding) if finding.total else _ways_on(finding, language),
        examples=() if finding.total else _examples(),
    )


def _heading(finding: Finding, language: str) -> str:
    if not finding.total:
        return _("We didn't find a service. Try these.") if finding.read_as else _("Write in your own words")
    if finding.municipality:
        where = in_language(finding.municipality.name_in, language).text
        return ngettext(
            "%(num)s service found %(where)s",
            "%(num)s services found %(where)s",
            finding.total,
            where=where,
        )
    return ngettext("%(num)s service found", "%(num)s services found", finding.total)


def _place_read(finding: Finding, language: str) -> PlaceRead | None:
    if finding.named is None or finding.municipality is None:
        return None
    return PlaceRead(
        word=finding.named.word,
        name=in_language(finding.municipality.name, language).text,
        url=url_for("search.search", q=finding.named.other_words or None),
    )


def _page_url(finding: Finding, page: int) -> str:
    place = finding.municipality.code if finding.municipality and not finding.named else None
    return url_for("search.search", q=finding.query, kunta=place, sivu=page if page > 1 else None)


def _everywhere(finding: Finding) -> tuple[tuple[str, str, str], ...]:
    if not finding.elsewhere:
        return ()
    # The place leaves the words too, else it would be read from them again.
    words = finding.named.other_words if finding.named else finding.query
    url = url_for("search.search", q=words)
    return ((_("The same words in the whole region"), url, _count(finding.elsewhere)),)


def _ways_on(finding: Finding, language: str) -> Sequence[tuple[str, str, str]]:
    ways = list(_everywhere(finding))
    place = finding.municipality
    if place:
        where = in_language(place.name_in, language).text
        ways.append(
            (
                _("All services %(where)s", where=where),
                url_for("directory.services", kunta=place.code),
                _count(finding.services),
            )
        )
    else:
        ways.append((_("All services"), url_for("directory.services"), _count(finding.services)))
    ways.append(
        (
            _("Look by theme"),
            url_for("topics.front"),
            ngettext("%(num)s theme", "%(num)s themes", finding.themes),
        )
    )
    return tuple(ways)


def _count(services: int) -> str:
    return ngettext("%(num)s service", "%(num)s services", services)


def _examples() -> Sequence[tuple[str, str]]:
    words = (_("gentle exercise"), _("sleep"), _("loneliness"), _("choir"), _("memory"))
    return tuple((word, url_for("search.search", q=word)) for word in words)
