"""Lists of services: which there are, how many, and their cards."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from servicetray.core import clock
from servicetray.core.content import kept_many
from servicetray.core.db import Localized, Texts, db, in_language
from servicetray.core.municipalities import Municipality, municipalities
from servicetray.core.pages import Text
from themes.directory.alphabet import alphabetical
from themes.directory.entries import Counts, counts, entries, shown_ids
from themes.directory.filters import Accessibility, LifeStage
from themes.directory.labels import AREAS, LIFE_STAGES, PRICES, only_in
from themes.directory.models import (
    Area,
    Facet,
    Price,
    Provider,
    Service,
    ServiceFacet,
    ServiceTheme,
    Source,
)
from themes.directory.shown import HIDDEN_MONTHS, STALE_MONTHS, is_stale, is_unconfirmed, months_before, shown
from themes.topics.queries import PublishedTheme, published_themes

__all__ = [
    "HIDDEN_MONTHS",
    "STALE_MONTHS",
    "Counts",
    "ServiceCard",
    "all_providers",
    "cards",
    "counts",
    "entries",
    "facets_of",
    "for_whom",
    "is_stale",
    "months_before",
    "price",
    "provider_names",
    "service_name",
    "short",
    "shown",
    "shown_ids",
    "where",
]

_SHORT = 120
"""Signs of a text that still reads as a fact."""


@dataclass(frozen=True, kw_only=True)
class ServiceCard:
    """A service in a list, in the language of the page. A blank text is a fact that nobody has told."""

    id: uuid.UUID
    name: Localized
    summary: Localized
    for_whom: Localized
    where: Localized
    when: Localized
    price: Localized
    provider: Localized
    checked_on: dt.date | None
    stale: bool
    unconfirmed: bool
    """Stale for so long that the page warns of it."""
    step_free: bool
    by_referral: bool
    demonstration: bool
    only_in: Text | None
    """Says in which language it is, where that isn't the page's."""
    theme: PublishedTheme | None
    """The main one, for colour and icon."""


def cards(
    ids: Sequence[uuid.UUID],
    language: str,
    *,
    today: dt.date | None = None,
    themes: Sequence[PublishedTheme] | None = None,
    places: Sequence[Municipality] | None = None,
) -> list[ServiceCard]:
    """Return the cards of these services, in the order of the ids; what residents don't see is left out.

    Args:
        ids: of services; about a page's worth.
        language: of the page.
        today: the Helsinki day, this one if not given.
        themes: the published ones, if the caller has them.
        places: the municipalities, if the caller has them.
    """
    if not ids:
        return []
    day = today or clock.helsinki_day(clock.now())

    def make(missing: Sequence[uuid.UUID]) -> dict[uuid.UUID, ServiceCard]:
        made = _cards(missing, language, today=day, themes=themes, places=places)
        return {card.id: card for card in made}

    found = kept_many("directory.card", ids, make, language, day)
    return [found[each] for each in ids if each in found]


def _cards(
    ids: Sequence[uuid.UUID],
    language: str,
    *,
    today: dt.date,
    themes: Sequence[PublishedTheme] | None,
    places: Sequence[Municipality] | None,
) -> list[ServiceCard]:
    themes = published_themes(language=language, today=today) if themes is None else themes
    by_id = {theme.id: theme for theme in themes}
    main_theme = (
        select(ServiceTheme.theme_id)
        .where(ServiceTheme.service_id == Service.id, ServiceTheme.theme_id.in_(by_id))
        .order_by(ServiceTheme.position, ServiceTheme.theme_id)
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Service, main_theme)
        .where(Service.id.in_(ids), shown(today))
        .options(
            joinedload(Service.provider),
            defer(Service.description),
            defer(Service.easy),
            defer(Service.keywords),
        )
    )
    found = {service.id: (service, theme_id) for service, theme_id in rows}
    facts = facets_of(found, Facet.MUNICIPALITY, Facet.LIFE_STAGE, Facet.ACCESSIBILITY)
    places = municipalities() if places is None else places
    return [
        _card(*found[service_id], facts.get(service_id, {}), by_id, places, language=language, today=today)
        for service_id in ids
        if service_id in found
    ]


def _card(
    service: Service,
    theme_id: int | None,
    facts: Mapping[Facet, frozenset[str]],
    themes: Mapping[int, PublishedTheme],
    places: Sequence[Municipality],
    *,
    language: str,
    today: dt.date,
) -> ServiceCard:
    name = in_language(service.name, language)
    return ServiceCard(
        id=service.id,
        name=name,
        summary=in_language(service.summary, language),
        for_whom=for_whom(service, facts, language),
        where=where(service, facts, places, language),
        when=in_language(service.whenabouts, language),
        price=price(service, language),
        provider=in_language(service.provider.name if service.provider else {}, language),
        checked_on=service.checked_on,
        stale=is_stale(service.checked_on, today),
        unconfirmed=is_unconfirmed(service.checked_on, today),
        step_free=Accessibility.STEP_FREE in facts.get(Facet.ACCESSIBILITY, ()),
        by_referral=service.referral_kind is not None,
        demonstration=service.source is Source.DEMONSTRATION,
        only_in=only_in(name.lang, language),
        theme=themes.get(theme_id) if theme_id is not None else None,
    )


def provider_names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Texts]:
    """Return the names of these providers by id."""
    rows = db.session.execute(
        select(Provider.id, Provider.name).where(Provider.id.in_(ids)).order_by(Provider.id)
    )
    return {row.id: row.name for row in rows}


def service_names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Texts]:
    """Return the names of these services by id; what residents don't see is left out."""
    rows = db.session.execute(
        select(Service.id, Service.name)
        .where(Service.id.in_(ids), shown(clock.helsinki_day(clock.now())))
        .order_by(Service.id)
    )
    return {row.id: row.name for row in rows}


def all_providers(language: str) -> Sequence[tuple[uuid.UUID, str]]:
    """Return every provider with its name, as the alphabet of a language goes."""
    rows = db.session.execute(select(Provider.id, Provider.name).order_by(Provider.id))
    named = [(row.id, in_language(row.name, language).text) for row in rows]
    return sorted(named, key=lambda pair: (alphabetical(pair[1]), pair[0]))


def service_name(service_id: uuid.UUID) -> Texts | None:
    """Return the name of a service, whatever its state, or None where there is none."""
    return db.session.scalar(select(Service.name).where(Service.id == service_id))


def facets_of(ids: Collection[uuid.UUID], *kinds: Facet) -> dict[uuid.UUID, dict[Facet, frozenset[str]]]:
    """Return the facets of these kinds by service."""
    values: dict[uuid.UUID, dict[Facet, set[str]]] = {}
    for row in db.session.execute(
        select(ServiceFacet.service_id, ServiceFacet.facet, ServiceFacet.value).where(
            ServiceFacet.service_id.in_(ids), ServiceFacet.facet.in_(kinds)
        )
    ):
        values.setdefault(row.service_id, {}).setdefault(row.facet, set()).add(row.value)
    return {
        service_id: {facet: frozenset(some) for facet, some in own.items()}
        for service_id, own in values.items()
    }


def for_whom(service: Service, facts: Mapping[Facet, frozenset[str]], language: str) -> Localized:
    """Return for whom it is in a few words: the service's own, else its stages of life."""
    told = short(service.for_whom, language)
    stages = facts.get(Facet.LIFE_STAGE, frozenset())
    if told or not stages or len(stages) == len(LifeStage):
        return told
    return Localized(", ".join(str(LIFE_STAGES[stage]) for stage in LifeStage if stage in stages), language)


def where(
    service: Service, facts: Mapping[Facet, frozenset[str]], places: Sequence[Municipality], language: str
) -> Localized:
    """Return where it is in a few words: the service's own, else the municipalities that it serves."""
    told = short(service.whereabouts, language)
    if told:
        return told
    if service.area is not Area.LIMITED:
        return Localized(str(AREAS[service.area]), language)
    codes = facts.get(Facet.MUNICIPALITY, frozenset())
    names = [in_language(place.name, language).text for place in places if place.code in codes]
    return Localized(", ".join(names), language)


def price(service: Service, language: str) -> Localized:
    """Return what it costs in a few words: the service's own, else whether it is free."""
    told = short(service.price_details, language)
    if told or service.price is Price.UNKNOWN:
        return told
    return Localized(str(PRICES[service.price]), language)


def short(texts: Texts, language: str) -> Localized:
    """Return the text if it reads as a fact; a long one has its place on the service's own page."""
    told = in_language(texts, language)
    return told if len(told.text) <= _SHORT and "\n" not in told.text.strip() else Localized("", language)
