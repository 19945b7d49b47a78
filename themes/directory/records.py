"""What a source of content hands to the directory: plain values, whichever source it is."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from servicetray.core.db import Texts
from themes.directory.models import (
    Area,
    ChannelKind,
    ClassificationKind,
    Facet,
    Price,
    ProviderKind,
    Source,
)


class Change(StrEnum):
    """What an upsert did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RETURNED = "returned"
    """It was retired, and its source gives it again."""


@dataclass(frozen=True, kw_only=True)
class ProviderRecord:
    """An organisation as its source tells of it."""

    id: uuid.UUID
    source: Source
    kind: ProviderKind
    name: Texts
    business_code: str | None = None
    municipality_code: str | None = None
    phone: str = ""
    email: str = ""
    web: Texts = field(default_factory=dict)
    ptv_modified: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelRecord:
    """A channel as its source tells of it; the JSON columns are as ``Channel`` describes them.

    Without a ``provider_id`` the channel keeps the one that it has.
    """

    id: uuid.UUID
    source: Source
    kind: ChannelKind
    name: Texts
    provider_id: uuid.UUID | None = None
    description: Texts = field(default_factory=dict)
    phones: Sequence[Mapping[str, Any]] = ()
    emails: Sequence[str] = ()
    urls: Texts = field(default_factory=dict)
    street: Texts = field(default_factory=dict)
    postal_code: str = ""
    post_office: Texts = field(default_factory=dict)
    municipality_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    hours: Sequence[Mapping[str, Any]] = ()
    ptv_modified: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClassificationRecord:
    """A term that a service is classified by."""

    uri: str
    kind: ClassificationKind
    code: str | None
    name: Texts


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """A service as its source tells of it.

    None means that the source doesn't tell: what the catalogue holds stays as it is (for a new service, the
    column's own blank). So do the facets that are not named in ``facets``. ``themes`` are slugs, the main one
    first; ``suggested_themes`` count only while the service has no theme at all, so that an editor's choice
    stands. Channels are in the order to show.
    """

    id: uuid.UUID
    source: Source
    name: Texts
    provider_id: uuid.UUID | None = None
    alternative_name: Texts = field(default_factory=dict)
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    instructions: Texts = field(default_factory=dict)
    for_whom: Texts = field(default_factory=dict)
    whenabouts: Texts | None = None
    whereabouts: Texts | None = None
    price: Price = Price.UNKNOWN
    price_details: Texts = field(default_factory=dict)
    easy: Texts | None = None
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    area: Area = Area.LIMITED
    kaikukortti: bool | None = None
    referral_kind: str | None = None
    checked_on: dt.date | None = None
    ptv_modified: dt.datetime | None = None
    facets: Mapping[Facet, Collection[str]] = field(default_factory=dict)
    themes: Sequence[str] | None = None
    suggested_themes: Sequence[str] = ()
    classifications: Sequence[ClassificationRecord] = ()
    channel_ids: Sequence[uuid.UUID] = ()
