"""The search page in words."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from werkzeug.datastructures import MultiDict

from servicetray.core.content import kept
from servicetray.core.db import in_language
from servicetray.core.pages import Page, Text
from themes.directory.choices import Offer
from themes.directory.filters import Filters, Group, Narrowing, Order, page_number
from themes.directory.labels import value_label
from themes.directory.listing import PAGE_SIZE, Listing, Making, Stretch
from themes.finding.named import NamedChoice
from themes.finding.narrowing import MOST, FoundNarrowing
from themes.finding.queries import FEW, Finding
from themes.guided_paths.queries import Fitting, fitting
from themes.happenings.cards import DateCard
from themes.happenings.queries import next_days_by_service

LITERAL = "sanatarkasti"
"""Name of the parameter that says to look for the words as they are."""
_MOST_ALSO = 5


@dataclass(frozen=True, kw_only=True)
class WordRead:
    """How a word was understood."""

    word: str
    also: str
    """Official words that were looked for too."""


@dataclass(frozen=True, kw_only=True)
class ChoiceRead:
    """A choice that was read from the words, and the address of the search without it."""

    word: str
    label: Text
    url: str


@dataclass(frozen=True, kw_only=True)
class Mended:
    """Words that were spelt otherwise than as typed."""

    words: str
    """The query as it was read, or may have been meant."""
    url: str
    """Of the search for the words as typed, or as they may have been meant."""


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """What was found, or ways on."""

    template: ClassVar[str] = "themes/search/search.html"
    query: str
    places: Sequence[Any]
    """Code, name, language of the name and whether it is chosen, for the form."""
    chosen_place: str | None
    """Code of the one that is chosen, if there is such a place."""
    asked: bool
    """Whether there were any words to look for."""
    heading: str
    note: str
    """On what the answer lacks; may be empty."""
    mended: Mended | None
    meant: Mended | None
    choices_read: Sequence[ChoiceRead]
    loosened: str
    """Names of the choices that would have left nothing; empty if there are none."""
    also: Sequence[WordRead]
    listing: Listing | None
    complete: Sequence[uuid.UUID]
    """The services of this page that have all of the words, or those that have some where none has all."""
    loose: Sequence[uuid.UUID]
    """Those that have only some of the words, after the others."""
    coming: Sequence[DateCard]
    paths: Sequence[tuple[Fitting, str]]
    """Guided paths that fit the words, with their addresses; on the first page alone."""
    kept: Sequence[tuple[str, str]]
    """What the form of the choices carries on."""
    ways_on: Sequence[tuple[str, str, str]]
    """Label, address, and what stands beside them."""
    examples: Sequence[tuple[str, str]]
    """Words to try, and the addresses of their searches."""

    @property
    def slugs_of_paths(self) -> Sequence[str]:
        """Name the guided paths."""
        return tuple(path.slug for path, _ in self.paths)


@dataclass(frozen=True, kw_only=True)
class _Results(Making):
    """The services found, narrowed by the choices in the address; the municipality stands in the form above."""

    finding: Finding

    def _narrowing(self, filters: Filters) -> FoundNarrowing:
        found = self.finding
        return FoundNarrowing(found.answer, found.facets, found.by_id, filters)

    def _stretch(self, narrowing: Narrowing, order: Order, asked: str | None) -> Stretch:
        if order is not Order.GIVEN or not isinstance(narrowing, FoundNarrowing):
            return super()._stretch(narrowing, order, asked)
        total = narrowing.total
        page, last = page_number(asked, total=min(total, MOST), size=PAGE_SIZE)
        ids = narrowing.stretch((page - 1) * PAGE_SIZE, min(page * PAGE_SIZE, MOST))
        return Stretch(total=total, page=page, last=last, ids=ids)

    def _orders(self) -> Sequence[Order]:
        return super()._orders() if self.finding.answer.total > 1 else ()

    def _counselling(self, filters: Filters) -> list[uuid.UUID]:
        here = {Group.MUNICIPALITY: (filters.municipality,)} if filters.municipality else {}
        near = self._narrowing(Filters(here)).results
        return [entry.id for entry in near if entry.referral_kind is not None][:1]

    def _known(self) -> dict[Group, Sequence[str]]:
        return kept(("finding.choices", self.language, self.today), super()._known)

    def _offers(self, narrowing: Narrowing, known: Mapping[Group, Sequence[str]]) -> Sequence[Offer]:
        others: dict[Group, Sequence[str]] = dict(known)
        others.pop(Group.MUNICIPALITY, None)
        return super()._offers(narrowing, others)


def search_page(
    finding: Finding, arguments: MultiDict[str, str], *, language: str, today: dt.date
) -> SearchPage:
    """Put a finding into words, in the language of the page, narrowed by the choices of the address."""
    answer = finding.answer
    query = finding.asked.query
    literal = "1" if finding.asked.literal else None
    listing = _listing(finding, arguments, language=language, today=today) if answer.total else None
    ids = listing.ids if listing else ()
    has_both = 0 < answer.complete < answer.total
    complete = _complete(finding, ids) if has_both else ids
    chosen = listing.municipality if listing else arguments.get(Group.MUNICIPALITY.value)
    here = next((place.code for place in finding.places if place.code == chosen), None)
    return SearchPage(
        title=_("Search: %(words)s", words=query) if query else pgettext("page", "Search"),
        query=query,
        places=kept(
            ("finding.places_of_form", language, here),
            lambda: [_place(place, here, language) for place in finding.places],
        ),
        chosen_place=here,
        asked=bool(answer.wanted),
        heading=_heading(finding, listing, language),
        note=_("No service has all of your words. These have some of them.") if answer.used_any else "",
        mended=_mended(query, answer.corrected, literal=True),
        meant=_mended(query, answer.suggested, literal=False),
        choices_read=_choices_read(finding, language),
        loosened=", ".join(str(value_label(one.group, one.value)).lower() for one in finding.loosened),
        also=[
            WordRead(word=one.read_for or one.word, also=", ".join(one.also[:_MOST_ALSO]))
            for one in answer.wanted
            if one.also
        ],
        listing=listing,
        complete=complete,
        loose=[each for each in ids if each not in complete] if has_both else (),
        coming=finding.coming,
        paths=_paths(finding, language) if listing is None or listing.page == 1 else (),
        kept=[
            (name, value)
            for name, value in (("q", query), (LITERAL, literal), (Group.MUNICIPALITY.value, chosen))
            if value
        ],
        ways_on=_everywhere(finding, listing) if ids else _ways_on(finding, listing, language),
        examples=() if answer.wanted else _examples(),
    )


def _complete(finding: Finding, ids: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Return which of the services have all of the words."""
    known = finding.answer.catalogue
    if known is None:
        return ()
    numbers, complete = known.numbers, finding.answer.with_all_words
    return [each for each in ids if complete >> numbers[each] & 1]


def _listing(finding: Finding, arguments: MultiDict[str, str], *, language: str, today: dt.date) -> Listing:
    literal = "1" if finding.asked.literal else None

    def address(parameters: dict[str, Any]) -> str:
        return _url(finding.asked.query, {LITERAL: literal, **parameters})

    return _Results(
        finding=finding,
        entries=finding.entries,
        places=finding.places,
        arguments=arguments,
        address=address,
        language=language,
        today=today,
        themes=finding.themes,
        by_relevance=True,
        nearest=lambda: next_days_by_service(today),
    ).listing()


def _paths(finding: Finding, language: str) -> Sequence[tuple[Fitting, str]]:
    # Also where no word tells of a service: "iltaisin yksin" does tell of a need.
    found = fitting(finding.asked.query, language) if finding.asked.query else ()
    return [(path, _path_url(path.slug)) for path in found]


def _path_url(slug: str) -> str:
    key = ("finding.path", request.script_root, slug)
    return kept(key, lambda: url_for("guided_paths.start", slug=slug))


def _place(place: Any, chosen: str | None, language: str) -> dict[str, Any]:
    name = in_language(place.name, language)
    return {"code": place.code, "name": name.text, "lang": name.lang, "chosen": place.code == chosen}


def _mended(query: str, words: Any, *, literal: bool) -> Mended | None:
    """Return the query with its misspelt words mended; ``literal`` leads to the words as typed."""
    if not words:
        return None
    said = " ".join(_replaced(word, words) for word in query.split())
    url = _url(query, {LITERAL: "1"}) if literal else _url(said)
    return Mended(words=said, url=url)


def _replaced(word: str, words: Any) -> str:
    bare = word.strip(".,;:!?\"'()")
    mended: str = words.get(bare.lower(), bare)
    return word.replace(bare, mended) if bare else word


def _heading(finding: Finding, listing: Listing | None, language: str) -> str:
    answer = finding.answer
    if listing is None:
        return _("We didn't find a service. Try these.") if answer.wanted else _("Write in your own words")
    total = listing.total
    if not total:
        return _("No service was left with these choices")
    narrowed = total < answer.total
    count = total if narrowed else answer.complete or answer.total
    code = listing.municipality or (finding.place.code if finding.place else None)
    place = next((one for one in finding.places if one.code == code), None)
    if place:
        where = in_language(place.name_in, language).text
        return ngettext(
            "%(num)s service found %(where)s", "%(num)s services found %(where)s", count, where=where
        )
    return ngettext("%(num)s service found", "%(num)s services found", count)


def _choices_read(finding: Finding, language: str) -> Sequence[ChoiceRead]:
    found: list[ChoiceRead] = []
    if finding.named and finding.place:
        label = _("Where: %(place)s", place=in_language(finding.place.name, language).text)
        url = _url(finding.named.other_words)
        found.append(ChoiceRead(word=finding.named.word, label=label, url=url))
    found += (_choice_read(one) for one in finding.choices)
    return found


def _choice_read(one: NamedChoice) -> ChoiceRead:
    url = _url(one.other_words)
    return ChoiceRead(word=one.word, label=value_label(one.group, one.value), url=url)


def _url(words: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Return the address of a search; a parameter that is None is left out."""
    here = kept(("finding.address", request.script_root), lambda: url_for("search.search"))
    told = {"q": words or None, **(parameters or {})}
    query = urlencode({name: value for name, value in told.items() if value is not None}, doseq=True)
    return f"{here}?{query}" if query else here


def _everywhere(finding: Finding, listing: Listing | None) -> tuple[tuple[str, str, str], ...]:
    if listing is not None and listing.municipality and listing.total < min(FEW, finding.answer.total):
        label = _("The same words in the whole region")
        return ((label, _url(finding.asked.query), _count(finding.answer.total)),)
    if not finding.elsewhere:
        return ()
    # The place leaves the words too, else it would be read from them again.
    words = finding.named.other_words if finding.named else finding.asked.query
    url = _url(words)
    return ((_("The same words in the whole region"), url, _count(finding.elsewhere)),)


def _ways_on(finding: Finding, listing: Listing | None, language: str) -> Sequence[tuple[str, str, str]]:
    ways = list(_everywhere(finding, listing))
    if listing is not None:
        ways += ((way.label, way.url, way.more) for way in listing.ways_on)
    words = finding.asked.query.split()
    if len(words) > 1 and not finding.answer.total:
        longest = max(words, key=lambda word: (len(word), word))
        label = _("Only the word “%(word)s”", word=longest)
        ways.append((label, _url(longest), ""))
    place = finding.place
    if place:
        where = in_language(place.name_in, language).text
        label, url = _("All services %(where)s", where=where), url_for("directory.services", kunta=place.code)
    else:
        label, url = _("All services"), url_for("directory.services")
    ways.append((label, url, _count(finding.services)))
    themes = ngettext("%(num)s theme", "%(num)s themes", len(finding.themes))
    ways.append((_("Look by theme"), url_for("topics.front"), themes))
    return ways


def _count(services: int) -> str:
    return ngettext("%(num)s service", "%(num)s services", services)


def _examples() -> Sequence[tuple[str, str]]:
    words = (_("gentle exercise"), _("sleep"), _("loneliness"), _("choir"), _("memory"))
    return tuple((word, _url(word)) for word in words)
