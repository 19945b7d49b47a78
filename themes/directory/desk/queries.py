"""Services as those who keep them see them: in every state, found by name or address."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicetray.core.db import Texts, db, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.municipalities import municipalities
from themes.directory.alphabet import alphabetical
from themes.directory.desk.hindrances import Facts
from themes.directory.desk.scope import Scope
from themes.directory.models import Facet, Service, ServiceFacet, ServiceStatus, ServiceTheme, Source
from themes.directory.queries import is_stale
from themes.directory.shown import HIDDEN_MONTHS, months_before
from themes.topics.queries import published_themes

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


class Pile(StrEnum):
    """Which services a list shows, by the word of the address."""

    ALL = ""
    TO_CHECK = "tarkista"
    """Nobody has confirmed them for over six months; residents still see them."""
    UNCHECKED = "tarkistamatta"
    """Nobody has for so long that residents no longer see them."""
    HIDDEN = "piilossa"
    RETIRED = "poistuneet"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A service in a list of those who keep it."""

    id: uuid.UUID
    name: Texts
    provider_id: uuid.UUID | None
    status: ServiceStatus
    source: Source
    checked_on: dt.date | None


def kept_services(scope: Scope) -> Sequence[Kept]:
    """Return every service that somebody keeps, by id."""
    wanted = select(
        Service.id, Service.name, Service.provider_id, Service.status, Service.source, Service.checked_on
    )
    if scope.providers is not None:
        wanted = wanted.where(Service.provider_id.in_(scope.providers))
    return [
        Kept(
            id=row.id,
            name=row.name,
            provider_id=row.provider_id,
            status=row.status,
            source=row.source,
            checked_on=row.checked_on,
        )
        for row in db.session.execute(wanted.order_by(Service.id))
    ]


def pile_of(service: Kept, today: dt.date) -> Pile:
    """Return the pile in which a service lies on a Helsinki day; ``ALL`` where nothing is to be done."""
    if service.status is ServiceStatus.RETIRED:
        return Pile.RETIRED
    if service.status is ServiceStatus.HIDDEN:
        return Pile.HIDDEN
    if service.checked_on is not None and service.checked_on <= months_before(today, HIDDEN_MONTHS):
        return Pile.UNCHECKED
    return Pile.TO_CHECK if is_stale(service.checked_on, today) else Pile.ALL


def counted(services: Sequence[Kept], today: dt.date) -> Mapping[Pile, int]:
    """Return how many services lie in each pile; all of them are in ``ALL``."""
    counts = dict.fromkeys(Pile, 0)
    for service in services:
        pile = pile_of(service, today)
        if pile is not Pile.ALL:
            counts[pile] += 1
    return counts | {Pile.ALL: len(services)}


def sorted_by_need(services: Sequence[Kept], pile: Pile, *, today: dt.date, language: str) -> Sequence[Kept]:
    """Return the services of a pile: those to check with the oldest first, the others by name."""
    own = [each for each in services if pile is Pile.ALL or pile_of(each, today) is pile]

    def by_name(each: Kept) -> tuple[object, uuid.UUID]:
        return (alphabetical(in_language(each.name, language).text), each.id)

    if pile in {Pile.TO_CHECK, Pile.UNCHECKED}:
        return sorted(own, key=lambda each: (each.checked_on or dt.date.min, by_name(each)))
    return sorted(own, key=by_name)


def named(services: Sequence[Kept], words: str) -> Sequence[Kept]:
    """Return those whose name in any language, or whose id, holds what was typed (an address will do)."""
    found = _ID.search(words)
    if found:
        return [each for each in services if each.id == uuid.UUID(found[0])]
    sought = " ".join(words.split()).casefold()
    return [
        each for each in services if any(sought in text.casefold() for text in each.name.values()) and sought
    ]


def id_in(words: str) -> uuid.UUID | None:
    """Return the id that stands in an address or by itself, or None."""
    found = _ID.search(words)
    return uuid.UUID(found[0]) if found else None


def required(service_id: uuid.UUID, *, scope: Scope, lock: bool = False) -> Service:
    """Return a service in whatever state with its facets and themes.

    Raises:
        NotFoundError: there is none, or it is another provider's.
    """
    wanted = (
        select(Service)
        .where(Service.id == service_id)
        .options(selectinload(Service.facets), selectinload(Service.themes))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(wanted.with_for_update(of=Service) if lock else wanted).one_or_none()
    if found is None:
        raise NotFoundError(str(service_id))
    scope.check(found.provider_id)
    return found


def facts_of(ids: Sequence[uuid.UUID], *, today: dt.date) -> Mapping[uuid.UUID, Facts]:
    """Return what the rules of being shown look at, by service."""
    ours = {place.code for place in municipalities()}
    published = {theme.id for theme in published_themes(language="fi", today=today)}
    places: dict[uuid.UUID, set[str]] = {}
    for row in db.session.execute(
        select(ServiceFacet.service_id, ServiceFacet.value).where(
            ServiceFacet.service_id.in_(ids), ServiceFacet.facet == Facet.MUNICIPALITY
        )
    ):
        places.setdefault(row.service_id, set()).add(row.value)
    themes: dict[uuid.UUID, set[int]] = {}
    for theme in db.session.execute(
        select(ServiceTheme.service_id, ServiceTheme.theme_id).where(ServiceTheme.service_id.in_(ids))
    ):
        themes.setdefault(theme.service_id, set()).add(theme.theme_id)
    rows = db.session.execute(
        select(Service.id, Service.name, Service.status, Service.checked_on, Service.area)
        .where(Service.id.in_(ids))
        .order_by(Service.id)
    )
    return {
        row.id: Facts(
            status=row.status,
            checked_on=row.checked_on,
            languages=frozenset(code for code, text in row.name.items() if text.strip()),
            themes=len(themes.get(row.id, ())),
            published_themes=len(themes.get(row.id, set()) & published),
            area=row.area,
            municipalities=frozenset(places.get(row.id, set()) & ours),
        )
        for row in rows
    }
