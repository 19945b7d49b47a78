"""The one number and the one page by which a service is reached, for lists that have room for no more."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from servicetray.core.db import db, in_language
from themes.directory import plain_text
from themes.directory.models import Channel, Provider, Service, ServiceChannel


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Empty texts where nothing is known."""

    phone: str = ""
    """As it is dialled at home."""
    web: str = ""
    """An address that may be linked to."""

    @property
    def phone_url(self) -> str:
        """Its ``tel:`` address."""
        return plain_text.phone_address(self.phone)

    @property
    def web_name(self) -> str:
        """The web address as people say it."""
        return plain_text.web_name(self.web)


def contacts(ids: Collection[uuid.UUID], *, language: str) -> Mapping[uuid.UUID, Contact]:
    """Return the first number that can be dialled and the first web address of each of these services.

    The numbers of its channels go before the provider's, as on the service's own page.
    """
    numbers: dict[uuid.UUID, list[str]] = {each: [] for each in ids}
    pages: dict[uuid.UUID, list[str]] = {each: [] for each in ids}
    for row in db.session.execute(
        select(ServiceChannel.service_id, Channel.phones, Channel.urls)
        .join(Channel, Channel.id == ServiceChannel.channel_id)
        .where(ServiceChannel.service_id.in_(ids))
        .order_by(ServiceChannel.service_id, ServiceChannel.position, Channel.id)
    ):
        numbers[row.service_id] += [str(each.get("number") or "") for each in row.phones or ()]
        pages[row.service_id].append(plain_text.web_address(in_language(row.urls, language).text))
    for row in db.session.execute(
        select(Service.id, Provider.phone)
        .join(Provider, Provider.id == Service.provider_id)
        .where(Service.id.in_(ids))
        .order_by(Service.id)
    ):
        numbers[row.id].append(row.phone)
    return {
        each: Contact(
            phone=plain_text.spoken_number(
                next((number.strip() for number in numbers[each] if plain_text.phone_address(number)), "")
            ),
            web=next(filter(None, pages[each]), ""),
        )
        for each in numbers
    }
