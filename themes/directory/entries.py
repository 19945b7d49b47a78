"""Every service to see, as far as narrowing, ordering and counting need it; kept in memory while no content changes."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, column, func, literal, select, table

from servicetray.core.content import kept
from servicetray.core.db import db, in_language
from themes.directory.alphabet import alphabetical
from themes.directory.filters import FACETS, FREE, TAKEN, WRITTEN, Entries, Entry, Group
from themes.directory.models import Area, Facet, Price, Service, ServiceFacet, ServiceTheme
from themes.directory.shown import shown

_Values = Mapping[Group, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many services there are to see."""

    by_theme: Mapping[int, int]
    total: int


def entries(*, language: str, today: dt.date, theme_id: int | None = None) -> Entries:
    """Return every service to see, of one theme or of all, ready to be narrowed.

    Those whose main theme it is come first; then by name, as the alphabet of the page's language goes.
    """
    key = ("directory.entries", language, today, theme_id)
    return kept(key, lambda: _entries(language=language, today=today, theme_id=theme_id))


def entries_of(provider_id: uuid.UUID, *, language: str, today: dt.date) -> Entries:
    """Return the services to see of one provider."""
    ids = frozenset(db.session.scalars(select(Service.id).where(Service.provider_id == provider_id)))
    return Entries(entry for entry in entries(language=language, today=today) if entry.id in ids)


def entries_in(municipality: str, *, language: str, today: dt.date) -> Entries:
    """Return the services to see that serve a municipality."""

    def make() -> Entries:
        everything = entries(language=language, today=today)
        return Entries(entry for entry in everything if entry.has(Group.MUNICIPALITY, municipality))

    return kept(("directory.entries_in", language, today, municipality), make)


def shown_ids(*, today: dt.date, municipality: str | None = None) -> frozenset[uuid.UUID]:
    """Return the services to see, or those of them that serve a municipality."""

    def make() -> frozenset[uuid.UUID]:
        wanted = shown(today)
        if municipality is not None:
            here = select(ServiceFacet.service_id).where(
                ServiceFacet.facet == Facet.MUNICIPALITY, ServiceFacet.value == municipality
            )
            wanted &= (Service.area != Area.LIMITED) | Service.id.in_(here)
        return frozenset(db.session.scalars(select(Service.id).where(wanted)))

    return kept(("directory.shown_ids", today, municipality), make)


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


class _Alike:
    """Gives the same object for the same value: thousands of services share a few combinations."""

    def __init__(self) -> None:
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._values: dict[tuple[tuple[Group, frozenset[str]], ...], _Values] = {}

    def values(self, own: Mapping[Group, Iterable[str]]) -> _Values:
        key = tuple((group, self._one(frozenset(own[group]))) for group in Group if group in own)
        return self._values.setdefault(key, dict(key))

    def _one(self, some: frozenset[str]) -> frozenset[str]:
        return self._sets.setdefault(some, some)


def _entries(*, language: str, today: dt.date, theme_id: int | None) -> Entries:
    wanted: Select[*tuple[Any, ...]] = select(
        Service.id,
        Service.name,
        Service.price,
        Service.area,
        Service.referral_kind,
        Service.kaikukortti,
        Service.easy,
        Service.checked_on,
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
    if theme_id is None:
        _add_themes(values)
    alike = _Alike()
    found: list[tuple[tuple[Any, ...], Entry]] = []
    for row in db.session.execute(wanted):
        service_id, names, price, area, referral_kind, kaikukortti, easy, checked_on, position = row
        own = values.get(service_id, {})
        if price is Price.FREE:
            own[Group.PRICE] = {FREE}
        if kaikukortti:
            own[Group.KAIKUKORTTI] = {TAKEN}
        if easy.get(language):
            own[Group.EASY] = {WRITTEN}
        name = in_language(names, language).text
        entry = Entry(
            id=service_id,
            name=name,
            values=alike.values(own),
            everywhere=area is not Area.LIMITED,
            referral_kind=referral_kind,
            checked_on=checked_on,
        )
        found.append(((position > 0, alphabetical(name), service_id), entry))
    return Entries(entry for _, entry in sorted(found, key=lambda pair: pair[0]))


def _add_themes(values: dict[uuid.UUID, dict[Group, set[str]]]) -> None:
    # The models of themes are their own: only the two columns that an address needs.
    theme = table("theme", column("id"), column("slug"))
    rows = db.session.execute(
        select(ServiceTheme.service_id, theme.c.slug).join(theme, theme.c.id == ServiceTheme.theme_id)
    )
    for service_id, slug in rows:
        values.setdefault(service_id, {}).setdefault(Group.THEME, set()).add(slug)
