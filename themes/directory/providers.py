"""Providers as residents see them: who they are, how to reach them, and how many services they have."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from servicetray.core.content import kept
from servicetray.core.db import Localized, db, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.municipalities import Municipality, municipalities
from themes.directory import plain_text
from themes.directory.alphabet import alphabetical
from themes.directory.models import Provider, ProviderKind, Service
from themes.directory.shown import shown


@dataclass(frozen=True, kw_only=True)
class ProviderDetails:
    """A provider in the language of its page."""

    id: uuid.UUID
    name: Localized
    kind: ProviderKind
    place: Municipality | None
    """The municipality where it is at home, if that is told and one of the county's."""
    phone: str
    phone_address: str
    email: str
    mail_address: str
    url: str
    web_name: str


@dataclass(frozen=True, kw_only=True)
class ListedProvider:
    """A provider in the list of all."""

    id: uuid.UUID
    name: Localized
    kind: ProviderKind
    services: int
    """How many of its services there are to see."""


def provider_details(provider_id: uuid.UUID, *, language: str, today: dt.date) -> ProviderDetails:
    """Return a provider that has a service to see; raise NotFoundError for any other id."""
    provider = db.session.get(Provider, provider_id)
    has_services = select(Service.id).where(Service.provider_id == provider_id, shown(today)).limit(1)
    if provider is None or db.session.scalar(has_services) is None:
        raise NotFoundError(str(provider_id))
    url = plain_text.web_address(in_language(provider.web, language).text)
    return ProviderDetails(
        id=provider.id,
        name=in_language(provider.name, language),
        kind=provider.kind,
        place=next((each for each in municipalities() if each.code == provider.municipality_code), None),
        phone=plain_text.spoken_number(provider.phone) if provider.phone else "",
        phone_address=plain_text.phone_address(provider.phone),
        email=provider.email,
        mail_address=plain_text.mail_address(provider.email),
        url=url,
        web_name=plain_text.web_name(url),
    )


def listed_providers(*, language: str, today: dt.date) -> Sequence[ListedProvider]:
    """Return every provider that has a service to see, as the alphabet of a language goes."""
    return kept(("directory.providers", language, today), lambda: _listed(language, today))


def _listed(language: str, today: dt.date) -> Sequence[ListedProvider]:
    rows = db.session.execute(
        select(Provider.id, Provider.name, Provider.kind, func.count(Service.id))
        .join(Service, Service.provider_id == Provider.id)
        .where(shown(today))
        .group_by(Provider.id)
    )
    found = [
        ListedProvider(id=key, name=in_language(names, language), kind=kind, services=services)
        for key, names, kind, services in rows
    ]
    return sorted(found, key=lambda each: (alphabetical(each.name.text), each.id))
