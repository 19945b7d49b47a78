"""Services as those who keep them see them: in every state, found by name or address."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import selectinload

from servicetray.core.content import kept
from servicetray.core.db import Texts, db, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.municipalities import municipalities
from themes.directory import plain_text
from themes.directory.alphabet import alphabetical
from themes.directory.desk.hindrances import Facts, Hindrance, lacks
from themes.directory.desk.scope import Scope
from themes.directory.models import (
    Channel,
    Facet,
    Provider,
    Service,
    ServiceChannel,
    ServiceFacet,
    ServiceStage,
    ServiceStatus,
    ServiceTheme,
    Source,
)
from themes.directory.queries import is_stale
from themes.directory.shown import HIDDEN_MONTHS, months_before
from themes.topics.queries import published_themes


class Pile(StrEnum):
    """Which services a list shows, by the word of the address."""

    ALL = ""
    TO_CHECK = "tarkista"
    """Nobody has confirmed them for over six months; residents still see them."""
    UNCHECKED = "tarkistamatta"
    """Nobody has for so long that residents no longer see them."""
    LACKING = "puutteelliset"
    """They lack something that each published one has to have; residents still see them."""
    WAITING = "julkaistavat"
    """Written here; an editor of content is to publish them."""
    DRAFTS = "luonnokset"
    """Written here, and not yet asked to be published."""
    HIDDEN = "piilossa"
    RETIRED = "poistuneet"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A service in a list of those who keep it."""

    id: uuid.UUID
    name: Texts
    provider_id: uuid.UUID | None
    status: ServiceStatus
    stage: ServiceStage | None
    source: Source
    checked_on: dt.date | None


def kept_services(scope: Scope) -> Sequence[Kept]:
    """Return every service that somebody keeps, by id."""
    wanted = select(
        *(Service.id, Service.name, Service.provider_id, Service.status, Service.stage),
        *(Service.source, Service.checked_on),
    )
    if scope.providers is not None:
        wanted = wanted.where(Service.provider_id.in_(scope.providers))
    return [
        Kept(
            id=row.id,
            name=row.name,
            provider_id=row.provider_id,
            status=row.status,
            stage=row.stage,
            source=row.source,
            checked_on=row.checked_on,
        )
        for row in db.session.execute(wanted.order_by(Service.id))
    ]


def pile_of(service: Kept, today: dt.date) -> Pile:
    """Return the pile in which a service lies on a Helsinki day; ``ALL`` where nothing is to be done."""
    if service.status is ServiceStatus.RETIRED:
        return Pile.RETIRED
    if service.stage is not None:
        return Pile.DRAFTS if service.stage is ServiceStage.DRAFT else Pile.WAITING
    if service.status is ServiceStatus.HIDDEN:
        return Pile.HIDDEN
    if service.checked_on is not None and service.checked_on <= months_before(today, HIDDEN_MONTHS):
        return Pile.UNCHECKED
    return Pile.TO_CHECK if is_stale(service.checked_on, today) else Pile.ALL


def sorted_by_need(services: Sequence[Kept], pile: Pile, *, language: str) -> Sequence[Kept]:
    """Return the services of a pile in its order: those to check with the oldest first, the others by name."""

    def by_name(each: Kept) -> tuple[object, uuid.UUID]:
        return (alphabetical(in_language(each.name, language).text), each.id)

    if pile in {Pile.TO_CHECK, Pile.UNCHECKED}:
        return sorted(services, key=lambda each: (each.checked_on or dt.date.min, by_name(each)))
    return sorted(services, key=by_name)


def required(service_id: uuid.UUID, *, scope: Scope, lock: bool = False) -> Service:
    """Return a service in whatever state with its facets, themes and links to channels.

    Raises:
        NotFoundError: there is none, or it is another provider's.
    """
    wanted = (
        select(Service)
        .where(Service.id == service_id)
        .options(selectinload(Service.facets), selectinload(Service.themes), selectinload(Service.channels))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(wanted.with_for_update(of=Service) if lock else wanted).one_or_none()
    if found is None:
        raise NotFoundError(str(service_id))
    scope.check(found.provider_id)
    return found


def facts_of(ids: Sequence[uuid.UUID] | None, *, today: dt.date) -> Mapping[uuid.UUID, Facts]:
    """Return what the rules of being shown look at, by service; None asks for every service."""
    ours = {place.code for place in municipalities()}
    published = {theme.id for theme in published_themes(language="fi", today=today)}
    places: dict[uuid.UUID, set[str]] = {}
    for row in db.session.execute(
        select(ServiceFacet.service_id, ServiceFacet.value).where(
            _among(ServiceFacet.service_id, ids), ServiceFacet.facet == Facet.MUNICIPALITY
        )
    ):
        places.setdefault(row.service_id, set()).add(row.value)
    themes: dict[uuid.UUID, set[int]] = {}
    for theme in db.session.execute(
        select(ServiceTheme.service_id, ServiceTheme.theme_id).where(_among(ServiceTheme.service_id, ids))
    ):
        themes.setdefault(theme.service_id, set()).add(theme.theme_id)
    ways = with_a_way_on(ids)
    rows = db.session.execute(
        select(
            *(Service.id, Service.name, Service.summary, Service.status, Service.stage),
            *(Service.checked_on, Service.area),
        )
        .where(_among(Service.id, ids))
        .order_by(Service.id)
    )
    return {
        row.id: Facts(
            status=row.status,
            stage=row.stage,
            checked_on=row.checked_on,
            languages=told_in(row.name),
            told=told_in(row.name) | told_in(row.summary),
            themes=len(themes.get(row.id, ())),
            published_themes=len(themes.get(row.id, set()) & published),
            area=row.area,
            municipalities=frozenset(places.get(row.id, set()) & ours),
            ways=row.id in ways,
        )
        for row in rows
    }


def lacking(*, today: dt.date) -> Mapping[uuid.UUID, Sequence[Hindrance]]:
    """Return what each published service that falls short lacks; kept for as long as no content changes."""

    def make() -> Mapping[uuid.UUID, Sequence[Hindrance]]:
        return {
            service_id: found
            for service_id, facts in facts_of(None, today=today).items()
            if facts.status is ServiceStatus.PUBLISHED and (found := lacks(facts))
        }

    return kept(("directory.desk.lacking", today), make)


def with_a_way_on(ids: Sequence[uuid.UUID] | None) -> frozenset[uuid.UUID]:
    """Return those services that tell of a number, an address of mail, a page or a place: their own or the provider's.

    None asks for every service.
    """
    found = {
        row.service_id
        for row in db.session.execute(
            select(
                ServiceChannel.service_id,
                *(Channel.phones, Channel.emails, Channel.urls, Channel.street, Channel.latitude),
            )
            .join(Channel, Channel.id == ServiceChannel.channel_id)
            .where(_among(ServiceChannel.service_id, ids))
        )
        if leads_on(row)
    }
    for row in db.session.execute(
        select(Service.id, Provider.phone, Provider.email, Provider.web)
        .join(Provider, Provider.id == Service.provider_id)
        .where(_among(Service.id, ids))
    ):
        told = any(map(plain_text.web_address, row.web.values()))
        if told or plain_text.phone_address(row.phone) or plain_text.mail_address(row.email):
            found.add(row.id)
    return frozenset(found)


def leads_on(channel: Any) -> bool:
    """Whether a channel (or a row with its columns) tells where to call, write, look or go."""
    return (
        any(plain_text.phone_address(str(each.get("number") or "")) for each in channel.phones or ())
        or any(map(plain_text.mail_address, channel.emails or ()))
        or any(map(plain_text.web_address, channel.urls.values()))
        or any(channel.street.values())
        or channel.latitude is not None
    )


def told_in(texts: Texts) -> frozenset[str]:
    """Return the languages in which a text says something."""
    return frozenset(code for code, text in texts.items() if text.strip())


def _among(column: Any, ids: Sequence[uuid.UUID] | None) -> Any:
    return true() if ids is None else column.in_(ids)
