"""Themes, tools, providers and services, written as an import or an editor would."""

import datetime as dt
import uuid
from typing import Any

from servicetray.core.db import transaction
from themes.directory.operations import (
    Area,
    ChannelKind,
    ChannelRecord,
    Facet,
    ProviderKind,
    ProviderRecord,
    ServiceRecord,
    Source,
    upsert_channel,
    upsert_provider,
    upsert_service,
)
from themes.topics.operations import load_seed

CHECKED = dt.date(2026, 2, 20)
NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)


def foundation() -> None:
    """Load the municipalities, themes and tools that every installation has."""
    with transaction():
        load_seed(NOW)


def provider(name: str = "Kymijoen Virkeät ry", **more: Any) -> uuid.UUID:
    """Make a provider; return its id."""
    record = ProviderRecord(
        id=uuid.uuid5(uuid.NAMESPACE_OID, name),
        source=Source.EDITOR,
        kind=ProviderKind.ASSOCIATION,
        name={"fi": name},
        **more,
    )
    with transaction():
        upsert_provider(record)
    return record.id


def channel(kind: ChannelKind = ChannelKind.LOCATION, **more: Any) -> uuid.UUID:
    """Make a channel; return its id."""
    more.setdefault("name", {"fi": "Kerhotila"})
    record = ChannelRecord(id=uuid.uuid4(), source=Source.EDITOR, kind=kind, **more)
    with transaction():
        upsert_channel(record)
    return record.id


def service(
    name: str | dict[str, str],
    *,
    themes: tuple[str, ...] = ("liikunta",),
    municipalities: tuple[str, ...] = ("286",),
    life_stages: tuple[str, ...] = (),
    forms: tuple[str, ...] = (),
    accessibility: tuple[str, ...] = (),
    languages: tuple[str, ...] = ("fi",),
    **more: Any,
) -> uuid.UUID:
    """Make a published service; return its id. No municipality means all of Finland."""
    names = {"fi": name} if isinstance(name, str) else name
    record = ServiceRecord(
        **{
            "id": uuid.uuid4(),
            "source": Source.EDITOR,
            "name": names,
            "themes": themes,
            "area": Area.LIMITED if municipalities else Area.NATIONWIDE,
            "checked_on": CHECKED,
            "facets": {
                Facet.MUNICIPALITY: municipalities,
                Facet.LIFE_STAGE: life_stages,
                Facet.FORM: forms,
                Facet.ACCESSIBILITY: accessibility,
                Facet.LANGUAGE: languages,
            },
            **more,
        }
    )
    with transaction():
        upsert_service(record, now=NOW)
    return record.id
