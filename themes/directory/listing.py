"""A narrowed list of services as its page shows it: the cards, the choices, and the ways on."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import Municipality
from servicetray.core.pages import Text
from servicetray.core.settings import current_settings
from themes.directory import queries
from themes.directory.filters import PAGE, WORDS, Entry, Filters, Group, Narrowing, page_number
from themes.directory.labels import GROUPS, value_label
from themes.directory.queries import ServiceCard
from themes.topics.queries import PublishedTheme

PAGE_SIZE = 20
_FIRST_LANGUAGES = ("fi", "sv", "en")
_WAYS_ON = 3

Address = Callable[[dict[str, Any]], str]
"""Makes the address of this list with these parameters, each a list of words."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value that may be chosen."""

    word: str
    """As it stands in the address; empty for no choice."""
    label: Text
    count: int
    """How many services there are after choosing it."""
    chosen: bool
    lang: str | None = None
    """Of the label, where it isn't the page's."""


@dataclass(frozen=True, kw_only=True)
class ChoiceGroup:
    """A group of choices: one of them (radio buttons) or any (checkboxes)."""

    parameter: str
    legend: Text
    single: bool
    choices: Sequence[Choice]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A choice made, and the address without it."""

    label: Text
    url: str
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class WayOn:
    """Where to look when nothing is left."""

    label: str
    url: str
    more: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Everything that the template of a list needs."""

    total: int
    heading: str
    cards: Sequence[ServiceCard]
    groups: Sequence[ChoiceGroup]
    chips: Sequence[Chip]
    ways_on: Sequence[WayOn]
    counselling: Sequence[ServiceCard]
    """Where nothing is left: the counselling that would know more."""
    page: int
    last: int
    previous_url: str | None
    next_url: str | None
    action: str
    municipality: str | None


@dataclass(frozen=True, kw_only=True)
class Making:
    """What a list is made from."""

    entries: Sequence[Entry]
    places: Sequence[Municipality]
    arguments: MultiDict[str, str]
    address: Address
    language: str
    today: dt.date
    themes: Sequence[PublishedTheme] | None = None

    def listing(self) -> Listing:
        """Narrow the entries by the address, and bring the cards of one page."""
        filters = Filters.read(self.arguments, self._known())
        narrowing = Narrowing(self.entries, filters)
        results = narrowing.results
        page, last = page_number(self.arguments.get(PAGE), total=len(results), size=PAGE_SIZE)
        wanted = [entry.id for entry in results[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
        helpers = [] if results else self._counselling(filters)
        cards = queries.cards(
            wanted or helpers,
            self.language,
            today=self.today,
            themes=self.themes,
            places=self.places,
        )
        return Listing(
            total=len(results),
            heading=self._heading(len(results), filters),
            cards=cards if results else (),
            groups=[group for group in (self._group(group, narrowing) for group in Group) if group.choices],
            chips=[self._chip(group, value, filters) for group in Group for value in filters.values(group)],
            ways_on=() if results else self._ways_on(narrowing),
            counselling=() if results else cards,
            page=page,
            last=last,
            previous_url=self._page_url(filters, page - 1) if page > 1 else None,
            next_url=self._page_url(filters, page + 1) if page < last else None,
            action=self.address({}),
            municipality=filters.municipality,
        )

    def _known(self) -> dict[Group, Sequence[str]]:
        spoken = {code for entry in self.entries for code in entry.values.get(Group.LANGUAGE, ())}
        others = sorted(spoken - set(_FIRST_LANGUAGES))
        known: dict[Group, Sequence[str]] = {group: tuple(words) for group, words in WORDS.items()}
        known[Group.MUNICIPALITY] = tuple(place.code for place in self.places)
        known[Group.LANGUAGE] = (*_FIRST_LANGUAGES, *others)
        return known

    def _group(self, group: Group, narrowing: Narrowing) -> ChoiceGroup:
        filters = narrowing.filters
        choices: list[Choice] = []
        if group is Group.MUNICIPALITY:
            everywhere = filters.choosing(group, None)
            choices.append(
                Choice(
                    word="",
                    label=whole_county(),
                    count=narrowing.count(everywhere),
                    chosen=filters.municipality is None,
                )
            )
        for value in self._known()[group]:
            chosen = value in filters.values(group)
            # A value that no service has leads nowhere; a municipality is still looked for in its place.
            if chosen or group is Group.MUNICIPALITY or narrowing.known(group, value):
                label, lang = self._label(group, value)
                choices.append(
                    Choice(
                        word=WORDS.get(group, {}).get(value, value),
                        label=label,
                        count=narrowing.count(filters.choosing(group, value)),
                        chosen=chosen,
                        lang=lang,
                    )
                )
        return ChoiceGroup(
            parameter=group.value,
            legend=GROUPS[group],
            single=group is Group.MUNICIPALITY,
            choices=choices,
        )

    def _label(self, group: Group, value: str) -> tuple[Text, str | None]:
        if group is Group.MUNICIPALITY:
            place = next(place for place in self.places if place.code == value)
            return in_language(place.name, self.language).text, None
        lang = value if group is Group.LANGUAGE and value != self.language else None
        return value_label(group, value), lang

    def _chip(self, group: Group, value: str, filters: Filters) -> Chip:
        label, lang = self._label(group, value)
        return Chip(label=label, lang=lang, url=self.address(filters.dropping(group, value).parameters()))

    def _heading(self, total: int, filters: Filters) -> str:
        if total == 0:
            return _("No service was left with these choices") if filters else _("No services here yet")
        here = next((place for place in self.places if place.code == filters.municipality), None)
        if here is None:
            return ngettext("%(num)s service", "%(num)s services", total)
        where = in_language(here.name_in, self.language).text
        return ngettext("%(num)s service %(where)s", "%(num)s services %(where)s", total, where=where)

    def _ways_on(self, narrowing: Narrowing) -> Sequence[WayOn]:
        filters = narrowing.filters
        ways: list[tuple[Filters, str]] = []
        for group in Group:
            if group is not Group.MUNICIPALITY:
                for value in filters.values(group):
                    label = str(self._label(group, value)[0])
                    ways.append(
                        (filters.dropping(group, value), _("Leave out the choice %(name)s", name=label))
                    )
        if filters.municipality is not None:
            ways.append(
                (filters.choosing(Group.MUNICIPALITY, None), _("Look in %(area)s", area=whole_county()))
            )
            for place in self.places:
                if place.code != filters.municipality:
                    name = in_language(place.name, self.language).text
                    ways.append(
                        (filters.choosing(Group.MUNICIPALITY, place.code), _("Look in %(area)s", area=name))
                    )
        here = Filters(
            {Group.MUNICIPALITY: filters.values(Group.MUNICIPALITY)} if filters.municipality else {}
        )
        ways.append(
            (here, _("Leave out all choices but the municipality") if here else _("Clear the choices"))
        )
        found = [(narrowing.count(other), other, label) for other, label in ways]
        return [
            WayOn(
                label=label,
                url=self.address(other.parameters()),
                more=ngettext("%(num)s service", "%(num)s services", count),
            )
            for count, other, label in found
            if count and other != filters
        ][:_WAYS_ON]

    def _counselling(self, filters: Filters) -> list[uuid.UUID]:
        everywhere = Filters({Group.MUNICIPALITY: (filters.municipality,)} if filters.municipality else {})
        near = Narrowing(self.entries, everywhere).results
        return [entry.id for entry in near if entry.referral_kind is not None][:1]

    def _page_url(self, filters: Filters, page: int) -> str:
        parameters = filters.parameters()
        return self.address({**parameters, PAGE: [str(page)]} if page > 1 else parameters)


def whole_county() -> str:
    """Return what stands for no choice of municipality."""
    return _("All of %(region)s", region=in_language(current_settings().county_region, current_language()))
