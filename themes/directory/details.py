"""One service with everything that its own page tells."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from servicetray.core.db import Localized, Texts, db, in_language
from servicetray.core.municipalities import Municipality, municipalities
from themes.directory import plain_text, queries
from themes.directory.ended import not_shown
from themes.directory.filters import Accessibility
from themes.directory.models import (
    Channel,
    ChannelKind,
    Classification,
    ClassificationKind,
    Facet,
    Price,
    Provider,
    Service,
    ServiceChannel,
    ServiceClassification,
    ServiceTheme,
    Source,
)
from themes.directory.shown import is_unconfirmed
from themes.topics.queries import PublishedTheme, published_themes

_TOLD = (
    ClassificationKind.SERVICE_CLASS,
    ClassificationKind.LIFE_EVENT,
    ClassificationKind.ONTOLOGY_TERM,
)
_MOST_SPOKEN = ("fi", "sv", "en")


@dataclass(frozen=True, kw_only=True)
class Prose:
    """A longer text, cut into its blocks, and the language that it is in."""

    blocks: Sequence[plain_text.Paragraph | plain_text.Bullets]
    lang: str

    def __bool__(self) -> bool:
        return bool(self.blocks)


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number as written, its ``tel:`` address (empty if it can't be dialled), and what is said of it."""

    number: str
    address: str
    info: Localized
    charge: Localized


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An e-mail address and its ``mailto:``."""

    text: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When a channel is open: days 1 Monday … 7 Sunday, times as ``8.30``; or closed, or in words alone."""

    days: tuple[int, int] | None
    opens: str
    closes: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    closed: bool
    by_reservation: bool
    info: Localized


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """A way to reach the service."""

    kind: ChannelKind
    name: Localized
    description: Prose
    phones: Sequence[Phone]
    mails: Sequence[Mail]
    url: str
    street: Localized
    postal: str
    map_url: str
    hours: Sequence[Hours]
    hours_told: Sequence[Mapping[str, Any]]
    """As its source tells them, for reckoning whether it is open."""

    @property
    def web_name(self) -> str:
        """The web address as people say it."""
        return plain_text.web_name(self.url)


@dataclass(frozen=True, kw_only=True)
class ServiceDetails:
    """A service in the language of its page."""

    id: uuid.UUID
    name: Localized
    alternative_name: Localized
    summary: Localized
    description: Prose
    instructions: Prose
    requirements: Prose
    """Whom it is for, where that takes more than a few words."""
    for_whom: Localized
    where: Localized
    when: Localized
    price: Localized
    is_free: bool
    price_text: Prose
    """What it costs, where that takes more than a few words."""
    easy: Prose
    """All of it in easy language; empty where nobody has written that yet."""
    languages: Sequence[str]
    accessibility: Sequence[Accessibility]
    kaikukortti: bool
    referral_kind: str | None
    provider: Localized
    provider_id: uuid.UUID | None
    provider_url: str
    channels: Sequence[ChannelView]
    phone: Phone | None
    """The first number to call."""
    mail: Mail | None
    themes: Sequence[PublishedTheme]
    terms: Mapping[ClassificationKind, Sequence[Localized]]
    source: Source
    checked_on: dt.date | None
    stale: bool
    unconfirmed: bool
    """Nobody has confirmed it for a year."""
    modified: dt.datetime | None
    only_in: str | None
    """The language that the texts are in, where they lack the page's."""

    @property
    def theme(self) -> PublishedTheme | None:
        """The main theme, for colour and icon."""
        return self.themes[0] if self.themes else None


def service_details(service_id: uuid.UUID, *, language: str, today: dt.date) -> ServiceDetails:
    """Return a service that residents see; raise NotFoundError for any other id, EndedError if it is retired."""
    service = db.session.scalars(
        select(Service)
        .where(Service.id == service_id, queries.shown(today))
        .options(joinedload(Service.provider))
    ).one_or_none()
    if service is None:
        raise not_shown(service_id)
    places = municipalities()
    facts = queries.facets_of([service_id], *Facet).get(service_id, {})
    channels = _channels(service_id, places, language)
    provider = service.provider
    phones = [phone for channel in channels for phone in channel.phones if phone.address]
    mails = [mail for channel in channels for mail in channel.mails]
    if provider is not None:
        phones += _phones([{"number": provider.phone}], language)
        mails += _mails([provider.email])
    whom, cost = queries.for_whom(service, facts, language), queries.price(service, language)
    description = in_language(service.description, language)
    return ServiceDetails(
        id=service.id,
        name=in_language(service.name, language),
        alternative_name=in_language(service.alternative_name, language),
        summary=in_language(service.summary, language),
        description=_prose(service.description, language),
        instructions=_prose(service.instructions, language),
        requirements=_unless_short(service.for_whom, language),
        for_whom=whom,
        where=queries.where(service, facts, places, language),
        when=in_language(service.whenabouts, language),
        price=cost,
        is_free=service.price is Price.FREE,
        price_text=_unless_short(service.price_details, language),
        easy=_prose(service.easy, language),
        languages=_spoken(facts.get(Facet.LANGUAGE, frozenset())),
        accessibility=tuple(one for one in Accessibility if one in facts.get(Facet.ACCESSIBILITY, ())),
        kaikukortti=service.kaikukortti,
        referral_kind=service.referral_kind,
        provider=in_language(provider.name if provider else {}, language),
        provider_id=service.provider_id,
        provider_url=_provider_url(provider, language),
        channels=channels,
        phone=phones[0] if phones else None,
        mail=mails[0] if mails else None,
        themes=_themes(service_id, language=language, today=today),
        terms=_terms(service_id, language),
        source=service.source,
        checked_on=service.checked_on,
        stale=queries.is_stale(service.checked_on, today),
        unconfirmed=is_unconfirmed(service.checked_on, today),
        modified=service.ptv_modified,
        only_in=description.lang if description and description.lang != language else None,
    )


def _prose(texts: Texts, language: str) -> Prose:
    told = in_language(texts, language)
    return Prose(blocks=plain_text.blocks(told.text), lang=told.lang)


def _unless_short(texts: Texts, language: str) -> Prose:
    return Prose(blocks=(), lang=language) if queries.short(texts, language) else _prose(texts, language)


def _provider_url(provider: Provider | None, language: str) -> str:
    return plain_text.web_address(in_language(provider.web, language).text) if provider else ""


def _spoken(codes: frozenset[str]) -> Sequence[str]:
    return (*(code for code in _MOST_SPOKEN if code in codes), *sorted(codes - set(_MOST_SPOKEN)))


def _themes(service_id: uuid.UUID, *, language: str, today: dt.date) -> Sequence[PublishedTheme]:
    published = {theme.id: theme for theme in published_themes(language=language, today=today)}
    ids = db.session.scalars(
        select(ServiceTheme.theme_id)
        .where(ServiceTheme.service_id == service_id)
        .order_by(ServiceTheme.position, ServiceTheme.theme_id)
    )
    return tuple(published[theme_id] for theme_id in ids if theme_id in published)


def _terms(service_id: uuid.UUID, language: str) -> Mapping[ClassificationKind, Sequence[Localized]]:
    rows = db.session.scalars(
        select(Classification)
        .join(ServiceClassification, ServiceClassification.uri == Classification.uri)
        .where(ServiceClassification.service_id == service_id, Classification.kind.in_(_TOLD))
        .order_by(Classification.uri)
    ).all()
    found: dict[ClassificationKind, list[Localized]] = {}
    for kind in _TOLD:
        names = [in_language(row.name, language) for row in rows if row.kind is kind]
        if any(names):
            found[kind] = [name for name in names if name]
    return found


def _channels(service_id: uuid.UUID, places: Sequence[Municipality], language: str) -> Sequence[ChannelView]:
    rows = db.session.scalars(
        select(Channel)
        .join(ServiceChannel, ServiceChannel.channel_id == Channel.id)
        .where(ServiceChannel.service_id == service_id)
        .order_by(ServiceChannel.position, Channel.id)
    )
    return tuple(_channel(row, places, language) for row in rows)


def _channel(row: Channel, places: Sequence[Municipality], language: str) -> ChannelView:
    town = in_language(row.post_office, language).text or next(
        (in_language(place.name, language).text for place in places if place.code == row.municipality_code),
        "",
    )
    return ChannelView(
        kind=row.kind,
        name=in_language(row.name, language),
        description=_prose(row.description, language),
        phones=_phones(row.phones, language),
        mails=_mails(row.emails),
        url=plain_text.web_address(in_language(row.urls, language).text),
        street=in_language(row.street, language),
        postal=" ".join(part for part in (row.postal_code, town) if part),
        map_url=_map_url(row.latitude, row.longitude),
        hours=[_hours(hours, language) for hours in row.hours or ()],
        hours_told=tuple(row.hours or ()),
    )


def _phones(rows: Sequence[Mapping[str, Any]] | None, language: str) -> list[Phone]:
    return [
        Phone(
            number=plain_text.spoken_number(number),
            address=plain_text.phone_address(number),
            info=in_language(row.get("info"), language),
            charge=in_language(row.get("charge"), language),
        )
        for row in rows or ()
        if (number := str(row.get("number") or "").strip())
    ]


def _mails(rows: Sequence[str] | None) -> list[Mail]:
    return [
        Mail(text=text, address=address) for text in rows or () if (address := plain_text.mail_address(text))
    ]


def _map_url(latitude: float | None, longitude: float | None) -> str:
    if latitude is None or longitude is None:
        return ""
    place = f"{latitude:.5f}/{longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=17/{place}"


def _hours(row: Mapping[str, Any], language: str) -> Hours:
    days = row.get("days")
    whole = isinstance(days, list | tuple) and len(days) == len(("first", "last"))
    return Hours(
        days=(int(days[0]), int(days[1])) if whole and days else None,
        opens=_clock(row.get("from")),
        closes=_clock(row.get("to")),
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        closed=bool(row.get("closed")),
        by_reservation=bool(row.get("by_reservation")),
        info=in_language(row.get("info"), language),
    )


def _clock(time: object) -> str:
    """Return ``08:30`` as ``8.30``, ``08:00`` as ``8``."""
    hour, _, minute = str(time or "").partition(":")
    if not hour.isdigit():
        return ""
    return f"{int(hour)}.{minute[:2]}" if minute[:2] not in {"", "00"} else str(int(hour))


def _day(day: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(day)[:10]) if day else None
    except ValueError:
        return None
