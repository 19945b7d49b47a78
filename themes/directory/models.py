"""The directory: services, their providers and channels, and what they are filtered by.

Services and channels that come from PTV keep PTV's ids. Names in several languages are ``Texts``.
"""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from servicetray.core.db import Model, Texts, TextsType, UtcDateTime, enum_column, type_json


class Source(StrEnum):
    """Where a record came from."""

    PTV = "ptv"
    EDITOR = "editor"
    PROVIDER = "provider"
    DEMONSTRATION = "demonstration"


class ProviderKind(StrEnum):
    """What kind of organisation provides (PTV OrganizationType, in short)."""

    COUNTY = "county"
    MUNICIPALITY = "municipality"
    ASSOCIATION = "association"
    PARISH = "parish"
    COMPANY = "company"
    OTHER = "other"


class Price(StrEnum):
    """What it costs (PTV ServiceChargeType)."""

    FREE = "free"
    CHARGE = "charge"
    UNKNOWN = "unknown"


class Area(StrEnum):
    """Where it serves (PTV areaType)."""

    NATIONWIDE = "nationwide"
    NATIONWIDE_EXCEPT_ALAND = "nationwide_except_aland"
    LIMITED = "limited"


class ServiceStatus(StrEnum):
    """Whether residents see it; what left PTV is retired, not deleted."""

    PUBLISHED = "published"
    HIDDEN = "hidden"
    RETIRED = "retired"


class ServiceStage(StrEnum):
    """How far a service has come that was written here and that nobody has published yet."""

    DRAFT = "draft"
    """Whoever writes it has not asked for it to be published."""
    WAITING = "waiting"
    """An editor of content is to publish it."""


class Facet(StrEnum):
    """By what a list of services can be narrowed."""

    MUNICIPALITY = "municipality"
    LIFE_STAGE = "life_stage"
    FORM = "form"
    ACCESSIBILITY = "accessibility"
    LANGUAGE = "language"
    TARGET_GROUP = "target_group"


class ClassificationKind(StrEnum):
    """PTV's vocabularies."""

    SERVICE_CLASS = "service_class"
    TARGET_GROUP = "target_group"
    LIFE_EVENT = "life_event"
    ONTOLOGY_TERM = "ontology_term"
    INDUSTRIAL_CLASS = "industrial_class"


class ChannelKind(StrEnum):
    """PTV's five ServiceChannelTypes."""

    LOCATION = "location"
    PHONE = "phone"
    WEB_PAGE = "web_page"
    E_SERVICE = "e_service"
    PRINTABLE_FORM = "printable_form"


class Provider(Model):
    """An organisation that provides services (järjestäjä; PTV Organization)."""

    __tablename__ = "provider"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    source: Mapped[Source] = mapped_column(enum_column(Source))
    kind: Mapped[ProviderKind] = mapped_column(enum_column(ProviderKind))
    name: Mapped[Texts] = mapped_column(TextsType)
    business_code: Mapped[str | None] = mapped_column(String(20))
    municipality_code: Mapped[str | None] = mapped_column(String(3))
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    web: Mapped[Texts] = mapped_column(TextsType)
    ptv_modified: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ProviderEditor(Model):
    """A person edits what a provider tells of itself."""

    __tablename__ = "provider_editor"

    provider_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ServiceTheme(Model):
    """A service belongs to a theme."""

    __tablename__ = "service_theme"
    __table_args__ = (Index("ix_service_theme_theme_service", "theme_id", "service_id"),)

    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    """0 is the service's main theme."""


class ServiceFacet(Model):
    """One value that a service can be narrowed by."""

    __tablename__ = "service_facet"
    __table_args__ = (Index("ix_service_facet_facet_value_service", "facet", "value", "service_id"),)

    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    facet: Mapped[Facet] = mapped_column(enum_column(Facet), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)


class ServiceClassification(Model):
    """A service is classified by a term."""

    __tablename__ = "service_classification"

    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    uri: Mapped[str] = mapped_column(ForeignKey("classification.uri"), primary_key=True)


class ServiceChannel(Model):
    """A service is reached through a channel."""

    __tablename__ = "service_channel"

    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(default=0)


class Classification(Model):
    """A term of one of PTV's vocabularies."""

    __tablename__ = "classification"

    uri: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[ClassificationKind] = mapped_column(enum_column(ClassificationKind))
    code: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[Texts] = mapped_column(TextsType)


class Channel(Model):
    """A way to reach a service (asiointikanava; PTV ServiceChannel)."""

    __tablename__ = "channel"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    source: Mapped[Source] = mapped_column(enum_column(Source))
    kind: Mapped[ChannelKind] = mapped_column(enum_column(ChannelKind))
    provider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[Texts] = mapped_column(TextsType)
    description: Mapped[Texts] = mapped_column(TextsType)
    phones: Mapped[list[dict[str, Any]]] = mapped_column(type_json)
    """``{"number": "+358 …", "info": Texts, "charge": Texts}``; fax numbers are left out."""
    emails: Mapped[list[str]] = mapped_column(type_json)
    urls: Mapped[Texts] = mapped_column(TextsType)
    street: Mapped[Texts] = mapped_column(TextsType)
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    post_office: Mapped[Texts] = mapped_column(TextsType)
    municipality_code: Mapped[str | None] = mapped_column(String(3))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    hours: Mapped[list[dict[str, Any]]] = mapped_column(type_json)
    """``{"days": [1, 5], "from": "08:00", "to": "16:00", "valid_from", "valid_to", "closed", "info": Texts}``."""
    ptv_modified: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Service(Model):
    """A service of the tray (palvelu; PTV Service)."""

    __tablename__ = "service"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    source: Mapped[Source] = mapped_column(enum_column(Source))
    status: Mapped[ServiceStatus] = mapped_column(enum_column(ServiceStatus), index=True)
    stage: Mapped[ServiceStage | None] = mapped_column(enum_column(ServiceStage))
    """None of one that has been published; until then its status is ``hidden``."""
    to_mend: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What an editor of content asks its writer to mend before it is published; empty where nothing."""
    provider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[Texts] = mapped_column(TextsType)
    alternative_name: Mapped[Texts] = mapped_column(TextsType)
    summary: Mapped[Texts] = mapped_column(TextsType)
    description: Mapped[Texts] = mapped_column(TextsType)
    instructions: Mapped[Texts] = mapped_column(TextsType)
    for_whom: Mapped[Texts] = mapped_column(TextsType)
    whenabouts: Mapped[Texts] = mapped_column(TextsType)
    whereabouts: Mapped[Texts] = mapped_column(TextsType)
    price: Mapped[Price] = mapped_column(enum_column(Price))
    price_details: Mapped[Texts] = mapped_column(TextsType)
    easy: Mapped[Texts] = mapped_column(TextsType, default=dict, server_default="{}")
    """All of it in easy language (selkokieli, lättläst, easy read), in paragraphs; no source but ours tells it."""
    keywords: Mapped[dict[str, list[str]]] = mapped_column(type_json)
    area: Mapped[Area] = mapped_column(enum_column(Area))
    kaikukortti: Mapped[bool] = mapped_column(default=False)
    referral_kind: Mapped[str | None] = mapped_column(String(20))
    """Kind of referral that leads here (``exercise``, ``culture``), where one does."""
    checked_on: Mapped[dt.date | None]
    reminded_on: Mapped[dt.date | None]
    """When its provider was last asked whether it still holds."""
    own_fields: Mapped[list[str]] = mapped_column(type_json, default=list, server_default="[]")
    """Columns, and facets as ``facet:form``, that were changed here: an import leaves them alone."""
    ptv_modified: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    provider: Mapped[Provider | None] = relationship(lazy="raise")
    facets: Mapped[list[ServiceFacet]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
    themes: Mapped[list[ServiceTheme]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by=ServiceTheme.position
    )
    classifications: Mapped[list[ServiceClassification]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
    channels: Mapped[list[ServiceChannel]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by=ServiceChannel.position
    )
