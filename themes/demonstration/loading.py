"""Loading the demonstration's providers and services; a second time changes nothing."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from servicetray.core import clock
from themes.demonstration.hours import as_kept
from themes.demonstration.reading import FOLDER, Content, InventedProvider, InventedService, read
from themes.directory.operations import (
    Area,
    Change,
    ChannelKind,
    ChannelRecord,
    Facet,
    ProviderRecord,
    ServiceRecord,
    Source,
    upsert_channel,
    upsert_provider,
    upsert_service,
)
from themes.directory.queries import months_before
from themes.topics.operations import load_seed
from themes.topics.queries import theme_ids

NAMESPACE = uuid.UUID("6d1c6c9e-3f0b-5d6e-9a51-0f6f4b0c9a77")
"""Of the ids of invented records: the same key has the same id in every installation."""

_SPREAD_DAYS = 20


def load(now: dt.datetime, *, folder: Path = FOLDER) -> Mapping[Change, int]:
    """Bring in the invented providers and services, with what they stand on.

    Days of checking are counted back from ``now``, so that a demonstration doesn't grow old.

    Returns:
        How many services were new, changed and unchanged.

    Raises:
        ContentError: the files have faults; nothing was changed.
    """
    load_seed(now)
    content = read(folder, themes=theme_ids())
    return _load(content, now)


def invented_id(kind: str, key: str) -> uuid.UUID:
    """Return the id of an invented record of a kind (provider, service, channel)."""
    return uuid.uuid5(NAMESPACE, f"{kind}:{key}")


def checked_on(key: str, months_ago: int, today: dt.date) -> dt.date:
    """Return a day so many months ago and a little more, another for each key, never in the future."""
    spread = invented_id("day", key).int % _SPREAD_DAYS
    return months_before(today, months_ago) - dt.timedelta(days=spread)


def _load(content: Content, now: dt.datetime) -> Counter[Change]:
    for provider in content.providers:
        upsert_provider(_provider(provider))
    today = clock.helsinki_day(now)
    changes: Counter[Change] = Counter()
    for service in content.services:
        channels = _channels(service, today)
        for channel in channels:
            upsert_channel(channel)
        record = _service(service, today=today, channel_ids=tuple(channel.id for channel in channels))
        changes[upsert_service(record, now=now)] += 1
    return changes


def _provider(row: InventedProvider) -> ProviderRecord:
    return ProviderRecord(
        id=invented_id("provider", row.key),
        source=Source.DEMONSTRATION,
        kind=row.kind,
        name=row.name,
        municipality_code=row.municipality,
        phone=row.phone,
        email=row.email,
        web={"fi": row.url},
    )


def _service(row: InventedService, *, today: dt.date, channel_ids: tuple[uuid.UUID, ...]) -> ServiceRecord:
    return ServiceRecord(
        id=invented_id("service", row.key),
        source=Source.DEMONSTRATION,
        provider_id=invented_id("provider", row.provider),
        name=row.name,
        summary=row.summary,
        description=row.description,
        instructions=row.instructions,
        for_whom=row.for_whom,
        whenabouts=row.when,
        whereabouts=row.where,
        price=row.price,
        price_details=row.price_details,
        easy=row.easy,
        keywords=row.keywords,
        area=Area.LIMITED,
        kaikukortti=row.kaikukortti,
        referral_kind=row.referral_kind,
        checked_on=checked_on(row.key, row.checked_months_ago, today),
        facets={
            Facet.MUNICIPALITY: row.municipalities,
            Facet.LIFE_STAGE: row.life_stages,
            Facet.FORM: row.forms,
            Facet.ACCESSIBILITY: row.accessibility,
            Facet.LANGUAGE: row.languages,
            Facet.TARGET_GROUP: row.target_groups,
        },
        themes=row.themes,
        channel_ids=channel_ids,
    )


def _channels(row: InventedService, today: dt.date) -> tuple[ChannelRecord, ...]:
    """Return a place or else a number, and a web page, as far as the service has them."""
    found: list[ChannelRecord] = []
    provider_id = invented_id("provider", row.provider)
    phones = [{"number": row.phone, "info": {}, "charge": {}}] if row.phone else []
    emails = [row.email] if row.email else []
    hours = as_kept(row.hours, today)
    if row.address is not None:
        found.append(
            ChannelRecord(
                id=invented_id("channel", f"{row.key}:location"),
                source=Source.DEMONSTRATION,
                kind=ChannelKind.LOCATION,
                provider_id=provider_id,
                name=row.where,
                phones=phones,
                emails=emails,
                street=row.address.street,
                postal_code=row.address.postal_code,
                municipality_code=row.address.municipality,
                hours=hours,
            )
        )
    elif phones or emails:
        found.append(
            ChannelRecord(
                id=invented_id("channel", f"{row.key}:phone"),
                source=Source.DEMONSTRATION,
                kind=ChannelKind.PHONE,
                provider_id=provider_id,
                name=row.name,
                phones=phones,
                emails=emails,
                hours=hours,
            )
        )
    if row.url:
        found.append(
            ChannelRecord(
                id=invented_id("channel", f"{row.key}:web"),
                source=Source.DEMONSTRATION,
                kind=ChannelKind.WEB_PAGE,
                provider_id=provider_id,
                name=row.name,
                urls={"fi": row.url},
            )
        )
    return tuple(found)
