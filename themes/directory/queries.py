"""Lists of services: which there are, how many, and their cards."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import defer, joinedload

from servicetray.core import clock
from servicetray.core.db import Localized, Texts, db, in_language
from servicetray.core.municipalities import Municipality, municipalities
from servicetray.core.pages import Text
from themes.directory.alphabet import alphabetical
from themes.directory.filters import FACETS, FREE, Accessibility, Entry, Group, LifeStage
from themes.directory.labels import AREAS, LIFE_STAGES, PRICES, only_in
from themes.directory.models import (
    Area,
    Facet,
    Price,
    Service,
    ServiceFacet,
    ServiceStatus,
    ServiceTheme,
    Source,
)
from themes.topics.queries import PublishedTheme, published_themes

STALE_MONTHS = 6
"""Unconfirmed for longer than this: the page says so."""
HIDDEN_MONTHS = 18
"""Unconfirmed for this long: no longer shown."""
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
    step_free: bool
    by_referral: bool
    demonstration: bool
    only_in: Text | None
    """Says in which language it is, where that isn't the page's."""
    theme: PublishedTheme | None
    """The main one, for colour and icon."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many services there are to see."""

    by_theme: Mapping[int, int]
    total: int


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the day so many calendar months earlier (the month's last, where there is no such day)."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def is_stale(checked_on: dt.date | None, today: dt.date) -> bool:
    """Whether nobody has confirmed the content for over six months."""
    return checked_on is not None and checked_on < months_before(today, STALE_MONTHS)


def shown(today: dt.date) -> ColumnElement[bool]:
    """Return the condition that residents see a service on this Helsinki day."""
    unconfirmed = Service.checked_on <= months_before(today, HIDDEN_MONTHS)
    return (Service.status == ServiceStatus.PUBLISHED) & or_(Service.checked_on.is_(None), ~unconfirmed)


def entries(*, language: str, today: dt.date, theme_id: int | None = None) -> Sequence[Entry]:
    """Return every service to see, of one theme or of all, ready to be narrowed.

    Those whose main theme it is come first; then by name, as the alphabet of the page's language goes.
    """
    wanted: Select[*tuple[Any, ...]] = select(
        Service.id, Service.name, Service.price, Service.area, Service.referral_kind
    ).where(shown(today))
    facets: Select[*tuple[Any, ...]] = select(
        ServiceFacet.service_id, ServiceFacet.facet, ServiceFacet.value
    ).where(ServiceFacet.facet.in_(FACETS))
    if theme_id is None:
        wanted = wanted.add_columns(literal(0))
    else:
        of_theme = ServiceTheme.theme_id == theme_id
        wanted = wanted.join(ServiceTheme, ServiceTheme.service_id == Service.id).where(of_theme)
        wanted = wanted.add_columns(ServiceTheme.position)
        facets = facets.join(ServiceTheme, ServiceTheme.service_id == ServiceFacet.service_id).where(of_theme)
    values: dict[uuid.UUID, dict[Group, set[str]]] = {}
    for service_id, facet, value in db.session.execute(facets):
        values.setdefault(service_id, {}).setdefault(FACETS[facet], set()).add(value)
    found: list[tuple[tuple[Any, ...], Entry]] = []
    for service_id, names, price, area, referral_kind, position in db.session.execute(wanted):
        own = values.get(service_id, {})
        if price is Price.FREE:
            own[Group.PRICE] = {FREE}
        name = in_language(names, language).text
        entry = Entry(
            id=service_id,
            name=name,
            values={group: frozenset(some) for group, some in own.items()},
            everywhere=area is not Area.LIMITED,
            referral_kind=referral_kind,
        )
        found.append(((position > 0, alphabetical(name), service_id), entry))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def counts(*, today: dt.date, municipality: str | None = None) -> Counts:
    """Return how many services there are to see, by theme and in all; those that serve a municipality only."""
    wanted = shown(today)
    if municipality is not None:
        here = select(ServiceFacet.service_id).where(
            ServiceFacet.facet == Facet.MUNICIPALITY, ServiceFacet.value == municipality
        )
        wanted &= (Service.area != Area.LIMITED) | Service.id.in_(here)
    total = db.session.scalar(select(func.count(Service.id)).where(wanted))
    by_theme = db.session.execute(
        select(ServiceTheme.theme_id, func.count(Service.id).label("services"))
        .join(Service, Service.id == ServiceTheme.service_id)
        .where(wanted)
        .group_by(ServiceTheme.theme_id)
    )
    return Counts(by_theme={row.theme_id: row.services for row in by_theme}, total=total or 0)


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
    today = today or clock.helsinki_day(clock.now())
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
        .options(joinedload(Service.provider), defer(Service.description), defer(Service.keywords))
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
        step_free=Accessibility.STEP_FREE in facts.get(Facet.ACCESSIBILITY, ()),
        by_referral=service.referral_kind is not None,
        demonstration=service.source is Source.DEMONSTRATION,
        only_in=only_in(name.lang, language),
        theme=themes.get(theme_id) if theme_id is not None else None,
    )


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
