"""A narrowed list of services as its page shows it: the cards, the choices, and the ways on."""

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from servicetray.core.content import kept
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import Municipality
from servicetray.core.pages import Text
from servicetray.core.settings import current_settings
from themes.directory import queries
from themes.directory.choices import Choice, ChoiceGroup, Offer
from themes.directory.filters import (
    ORDER,
    PAGE,
    WORDS,
    Entries,
    Entry,
    Filters,
    Group,
    Narrowing,
    Order,
    in_order,
    page_number,
)
from themes.directory.labels import BEST_MATCH, GROUPS, ORDERS, value_label
from themes.directory.queries import ServiceCard
from themes.topics.queries import PublishedTheme

PAGE_SIZE = 20
_FIRST_LANGUAGES = ("fi", "sv", "en")
_WAYS_ON = 3

Address = Callable[[dict[str, Any]], str]
"""Makes the address of this list with these parameters, each a list of words."""


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
class OrderChoice:
    """One order that the list may have."""

    word: str
    label: Text
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Everything that the template of a list needs."""

    total: int
    ids: Sequence[uuid.UUID]
    """The services of this page."""
    offers: Sequence[Offer]
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
    orders: Sequence[OrderChoice] = ()
    today: dt.date
    key: Hashable = None
    """Names the choices made, their order and their counts: two lists of one key have the same form."""

    in_words: Callable[[Sequence[Offer]], Sequence[ChoiceGroup]]
    """Puts the offers into words: only a form that isn't kept yet asks for them."""
    say_total: Callable[[], str]
    read_cards: Callable[[], Sequence[ServiceCard]]
    """Brings their cards: only a page that lacks one which is kept asks for them."""

    @cached_property
    def _cards(self) -> Mapping[uuid.UUID, ServiceCard]:
        return {card.id: card for card in self.read_cards()}

    def card(self, service_id: uuid.UUID) -> ServiceCard | None:
        """Return the card of a service of this page; None if it has gone meanwhile."""
        return self._cards.get(service_id)

    @property
    def heading(self) -> str:
        """How many there are, in words."""
        return self.say_total()

    @property
    def groups(self) -> Sequence[ChoiceGroup]:
        """The groups of choices, as the form has them."""
        return self.in_words(self.offers)

    @property
    def shape(self) -> Hashable:
        """Names all that the form shows but the counts, and the address of the list."""
        offered = tuple((offer.group, offer.values, offer.chosen) for offer in self.offers)
        return (offered, tuple((each.word, each.chosen) for each in self.orders), bool(self.chips))

    @property
    def counts(self) -> list[int]:
        """The counts beside the choices, in the order of the form."""
        return [count for offer in self.offers for count in offer.counts]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What one page of a list shows."""

    total: int
    """Services of the whole list."""
    page: int
    last: int
    ids: Sequence[uuid.UUID]


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
    fixed: frozenset[Group] = frozenset()
    """What the page itself has chosen already, and so does not offer."""
    by_relevance: bool = False
    """Whether the entries stand in the order of how well they answer."""
    nearest: Callable[[], Mapping[uuid.UUID, dt.date]] | None = None
    """Asks for the next day on which something of a service takes place."""

    def listing(self) -> Listing:
        """Narrow the entries by the address, and bring the cards of one page."""
        known = self._known()
        filters = Filters.read(self.arguments, known)
        orders = self._orders()
        asked, order = self.arguments.get(PAGE), self._order(orders)
        if self.by_relevance:
            # What was typed is kept nowhere, and each query has a list of its own.
            return self._made(filters, orders, order, asked, known)
        page, _last = page_number(asked, total=len(self.entries), size=PAGE_SIZE)
        chosen = tuple(filters.chosen.items())
        key = ("directory.listing", self.address({}), self.language, self.today, chosen, order, page)
        return kept(key, lambda: self._made(filters, orders, order, asked, known))

    def _made(
        self,
        filters: Filters,
        orders: Sequence[Order],
        order: Order,
        asked: str | None,
        known: Mapping[Group, Sequence[str]],
    ) -> Listing:
        narrowing = self._narrowing(filters)
        shown = self._stretch(narrowing, order, asked)
        total, page, last = shown.total, shown.page, shown.last
        here = self.address({})
        bring = partial(
            queries.cards, language=self.language, today=self.today, themes=self.themes, places=self.places
        )
        return Listing(
            total=total,
            say_total=lambda: self._heading(total, filters),
            ids=shown.ids,
            read_cards=lambda: bring(shown.ids),
            offers=self._offers(narrowing, known),
            in_words=self._in_words,
            chips=[self._chip(group, value, filters, order) for group, value in filters.pairs()],
            ways_on=() if total else self._ways_on(narrowing, order),
            counselling=() if total else bring(self._counselling(filters)),
            page=page,
            last=last,
            previous_url=self._to(filters, order, page - 1) if page > 1 else None,
            next_url=self._to(filters, order, page + 1) if page < last else None,
            action=here,
            municipality=filters.municipality,
            today=self.today,
            key=(here, tuple(filters.chosen.items()), order, self.today),
            orders=[
                OrderChoice(
                    word=each.value,
                    label=BEST_MATCH if self.by_relevance and each is Order.GIVEN else ORDERS[each],
                    chosen=each is order,
                )
                for each in orders
            ],
        )

    def _narrowing(self, filters: Filters) -> Narrowing:
        return Narrowing(self.entries, filters)

    def _stretch(self, narrowing: Narrowing, order: Order, asked: str | None) -> Stretch:
        """Return the services of the page that is asked for."""
        results = in_order(narrowing.results, order, nearest=self._next_days(order))
        page, last = page_number(asked, total=len(results), size=PAGE_SIZE)
        wanted = results[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return Stretch(total=len(results), page=page, last=last, ids=[entry.id for entry in wanted])

    def _next_days(self, order: Order) -> Mapping[uuid.UUID, dt.date]:
        return self.nearest() if self.nearest and order is Order.NEAREST else {}

    def _orders(self) -> Sequence[Order]:
        if len(self.entries) <= 1:
            return ()
        offered = {
            Order.GIVEN: True,
            Order.NAME: self.by_relevance,
            Order.NEAREST: self.nearest is not None,
            Order.CHECKED: True,
        }
        return [order for order, is_offered in offered.items() if is_offered]

    def _order(self, orders: Sequence[Order]) -> Order:
        asked = self.arguments.get(ORDER)
        return (
            next((order for order in orders if order.value == asked), Order.GIVEN) if asked else Order.GIVEN
        )

    def _to(self, filters: Filters, order: Order, page: int = 1) -> str:
        """Return the address of these choices in this order."""
        parameters: dict[str, Any] = filters.parameters()
        if order is not Order.GIVEN:
            parameters[ORDER] = order.value
        if page > 1:
            parameters[PAGE] = str(page)
        return self.address(parameters)

    def _known(self) -> dict[Group, Sequence[str]]:
        others = sorted(_languages(self.entries) - set(_FIRST_LANGUAGES))
        known: dict[Group, Sequence[str]] = {group: tuple(words) for group, words in WORDS.items()}
        known[Group.MUNICIPALITY] = tuple(place.code for place in self.places)
        known[Group.LANGUAGE] = (*_FIRST_LANGUAGES, *others)
        known[Group.THEME] = tuple(theme.slug for theme in self.themes or ())
        return {group: known[group] for group in Group if group in known and group not in self.fixed}

    def _offers(self, narrowing: Narrowing, known: Mapping[Group, Sequence[str]]) -> Sequence[Offer]:
        """Return the groups that offer anything, each with what its choices would find."""
        made = (self._offer(group, narrowing, values) for group, values in known.items() if values)
        return [offer for offer in made if offer.values]

    def _offer(self, group: Group, narrowing: Narrowing, known: Sequence[str]) -> Offer:
        filters = narrowing.filters
        offered = narrowing.offered(group, known)
        if group is Group.MUNICIPALITY:
            offered.insert(0, ("", narrowing.count(filters.choosing(group, None))))
        values, counts = zip(*offered, strict=True) if offered else ((), ())
        return Offer(group=group, values=values, chosen=filters.values(group), counts=counts)

    def _in_words(self, offers: Sequence[Offer]) -> Sequence[ChoiceGroup]:
        return [
            ChoiceGroup(
                parameter=offer.group.value,
                legend=GROUPS[offer.group],
                single=offer.group is Group.MUNICIPALITY,
                choices=[
                    self._choice(offer.group, value, count, offer.chosen)
                    for value, count in zip(offer.values, offer.counts, strict=True)
                ],
            )
            for offer in offers
        ]

    def _choice(self, group: Group, value: str, count: int, chosen: tuple[str, ...]) -> Choice:
        label, lang = self._label(group, value) if value else (whole_county(), None)
        return Choice(
            word=WORDS.get(group, {}).get(value, value),
            label=label,
            lang=lang,
            count=count,
            chosen=value in chosen if value else not chosen,
        )

    def _label(self, group: Group, value: str) -> tuple[Text, str | None]:
        if group is Group.MUNICIPALITY:
            place = next(place for place in self.places if place.code == value)
            return in_language(place.name, self.language).text, None
        if group is Group.THEME:
            name = next(theme.name for theme in self.themes or () if theme.slug == value)
            return name.text, name.lang if name.lang != self.language else None
        lang = value if group is Group.LANGUAGE and value != self.language else None
        return value_label(group, value), lang

    def _chip(self, group: Group, value: str, filters: Filters, order: Order) -> Chip:
        label, lang = self._label(group, value)
        return Chip(label=label, lang=lang, url=self._to(filters.dropping(group, value), order))

    def _heading(self, total: int, filters: Filters) -> str:
        if total == 0:
            return _("No service was left with these choices") if filters else _("No services here yet")
        here = next((place for place in self.places if place.code == filters.municipality), None)
        if here is None:
            return ngettext("%(num)s service", "%(num)s services", total)
        where = in_language(here.name_in, self.language).text
        return ngettext("%(num)s service %(where)s", "%(num)s services %(where)s", total, where=where)

    def _ways_on(self, narrowing: Narrowing, order: Order) -> Sequence[WayOn]:
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
                url=self._to(other, order),
                more=ngettext("%(num)s service", "%(num)s services", count),
            )
            for count, other, label in found
            if count and other != filters
        ][:_WAYS_ON]

    def _counselling(self, filters: Filters) -> list[uuid.UUID]:
        everywhere = Filters({Group.MUNICIPALITY: (filters.municipality,)} if filters.municipality else {})
        near = Narrowing(self.entries, everywhere).results
        return [entry.id for entry in near if entry.referral_kind is not None][:1]


def _languages(entries: Sequence[Entry]) -> set[str]:
    if isinstance(entries, Entries):
        return entries.languages
    return {code for entry in entries for code in entry.values.get(Group.LANGUAGE, ())}


def whole_county() -> str:
    """Return what stands for no choice of municipality."""
    return _("All of %(region)s", region=in_language(current_settings().county_region, current_language()))
