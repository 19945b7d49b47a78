"""Channels of PTV's open API, version 11: five types with different fields, one internal model. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from servicetray.core.db import Texts
from themes.directory.operations import ChannelKind, Price
from themes.ptv import hours, reading
from themes.ptv.coordinates import to_wgs84
from themes.ptv.model import (
    HoursKind,
    ImportedAddress,
    ImportedChannel,
    ImportedHours,
    ImportedPhone,
    OpenPeriod,
)
from themes.ptv.reading import Json, UnreadableError

_KINDS = {
    "ServiceLocation": ChannelKind.LOCATION,
    "Phone": ChannelKind.PHONE,
    "WebPage": ChannelKind.WEB_PAGE,
    "EChannel": ChannelKind.E_SERVICE,
    "PrintableForm": ChannelKind.PRINTABLE_FORM,
}
# Version 11 says the first of each pair, older versions the second.
_PRICES = {
    "FreeOfCharge": Price.FREE,
    "Free": Price.FREE,
    "Chargeable": Price.CHARGE,
    "Charged": Price.CHARGE,
}
_HOURS_KINDS = {
    "DaysOfTheWeek": HoursKind.WEEKLY,
    "Standard": HoursKind.WEEKLY,
    "Exceptional": HoursKind.EXCEPTION,
    "Exception": HoursKind.EXCEPTION,
    "OverMidnight": HoursKind.OVER_MIDNIGHT,
    "Special": HoursKind.OVER_MIDNIGHT,
}
# Tuples, not sets: what is looked for may be a list, in a record that is not as it should be.
_WHERE = ("Location", "Visiting")
_WITHOUT_POSITION = ("NotReceived", "Loading", "Failed", "EmptyInputReceived")
_LONGEST_NUMBER = 40
_LONGEST_EMAIL = 254


def channel(value: object) -> ImportedChannel:
    """Read one ServiceChannel; raise UnreadableError without an id, a known type or a name."""
    channel_id, body = reading.record(value)
    told = body.get("serviceChannelType")
    kind = _KINDS.get(told) if isinstance(told, str) else None
    if kind is None:
        raise UnreadableError(str(channel_id), f"channel type {told!r:.60} is not known")
    name = reading.texts(body.get("serviceChannelNames"), "Name", "AlternativeName")
    if not name:
        raise UnreadableError(str(channel_id), "the channel has no name")
    descriptions = body.get("serviceChannelDescriptions")
    return ImportedChannel(
        id=channel_id,
        kind=kind,
        organisation_id=reading.identifier(body.get("organizationId")),
        name=name,
        summary=reading.texts(descriptions, "Summary", "ShortDescription"),
        description=reading.texts(descriptions, "Description"),
        phones=phones(body.get("phoneNumbers"), body.get("supportPhones")),
        emails=emails(body.get("emails"), body.get("supportEmails")),
        urls=_urls(body),
        addresses=tuple(_addresses(body)),
        hours=tuple(_hours(body.get("serviceHours"))),
        published=is_published(body),
        modified=reading.instant(body.get("modified")),
    )


def is_published(body: Json) -> bool:
    """Whether a record is for the public: a record that says nothing comes from the public list."""
    return body.get("publishingStatus") in (None, "Published")


def price(value: object) -> Price:
    """Return what ``serviceChargeType`` means; "Other" and null tell nothing."""
    return _PRICES.get(value, Price.UNKNOWN) if isinstance(value, str) else Price.UNKNOWN


def phones(*lists: object) -> tuple[ImportedPhone, ...]:
    """Return the numbers to call of these lists, each once with its texts by language; no faxes."""
    found: dict[str, ImportedPhone] = {}
    for row in (row for listed in lists for row in reading.rows(listed)):
        number = _number(row)
        code = reading.language(row.get("language"))
        if not number or not code or row.get("type") == "Fax":
            continue
        info = _one(code, row.get("additionalInformation"))
        price_info = _one(code, row.get("chargeDescription"))
        known = found.get(number)
        if known is None:
            found[number] = ImportedPhone(
                number=number,
                info=info,
                price=price(row.get("serviceChargeType")),
                price_info=price_info,
                languages=(code,),
            )
        else:
            found[number] = replace(
                known,
                info=_added(known.info, info),
                price_info={**price_info, **known.price_info},
                languages=tuple(dict.fromkeys((*known.languages, code))),
            )
    return tuple(found.values())


def emails(*lists: object) -> tuple[str, ...]:
    """Return the addresses of these lists, each once: the same one stands there by language."""
    found = (reading.text(row.get("value")) for listed in lists for row in reading.rows(listed))
    return tuple(dict.fromkeys(address for address in found if _is_email(address)))


def urls(value: object, key: str = "url") -> Texts:
    """Return the first safe web address of each language."""
    found: Texts = {}
    for row in reading.rows(value):
        code = reading.language(row.get("language"))
        address = reading.web_address(row.get(key))
        # The placeholder of the API's documentation: a page named "value" on example.com.
        if row.get("value") == "value" and key == "url":
            continue
        if code and address:
            found.setdefault(code, address)
    return found


def _urls(body: Json) -> Texts:
    forms = urls(body.get("channelUrls"), key="value")
    return {**urls(body.get("webPages")), **forms}


def _is_email(address: str) -> bool:
    """Whether mail can be sent there; "etunimi.sukunimi@…" only tells how addresses are formed."""
    local = address.partition("@")[0].lower()
    return (
        re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", address) is not None
        and len(address) <= _LONGEST_EMAIL
        and local not in {"etunimi.sukunimi", "förnamn.efternamn", "fornamn.efternamn", "firstname.lastname"}
    )


def _one(code: str, value: object) -> Texts:
    content = reading.text(value)
    return {code: content} if content and content != "additionalInformation" else {}


def _added(known: Texts, new: Texts) -> Texts:
    """Put a further text of the same language behind the one that is there."""
    merged = dict(known)
    for code, content in new.items():
        if content not in merged.get(code, "").split(" · "):
            merged[code] = f"{merged[code]} · {content}" if code in merged else content
    return merged


def _number(row: Json) -> str:
    """Return ``+358…`` as one would dial it, a service number as it stands; empty if there is no number."""
    number = re.sub(r"[^\d+]", "", reading.text(row.get("number")))
    prefix = re.sub(r"[^\d+]", "", reading.text(row.get("prefixNumber")))
    if not re.search(r"\d{3}", number) or len(number) > _LONGEST_NUMBER:
        return ""
    if row.get("isFinnishServiceNumber") is True or not prefix or number.startswith("+"):
        return number
    return prefix + number.removeprefix("0")


def _addresses(body: Json) -> Iterator[ImportedAddress]:
    ordered = sorted(
        reading.rows(body.get("addresses")),
        key=lambda row: row.get("type") not in _WHERE,
    )
    for row in ordered:
        if row.get("type") == "Postal":
            continue
        if found := _street(row) or _other(row):
            yield found


def _street(row: Json) -> ImportedAddress | None:
    body = reading.mapping(row.get("streetAddress"))
    street = reading.texts(body.get("street"))
    if not street:
        return None
    house = reading.text(body.get("streetNumber"))
    return _address(body, {code: f"{name} {house}".strip() for code, name in street.items()})


def _other(row: Json) -> ImportedAddress | None:
    """Read a place without a street: a trail's start, a beach. Recorded samples of it are passed over."""
    body = reading.mapping(row.get("otherAddress"))
    info = reading.texts(body.get("additionalInformation"))
    if row.get("subType") not in ("Other", "OtherAddress") or not (info or _position(body)):
        return None
    return _address(body, {})


def _address(body: Json, street: Texts) -> ImportedAddress:
    position = _position(body)
    return ImportedAddress(
        street=street,
        postal_code=_postal_code(body.get("postalCode")),
        post_office={
            code: name.title() if name.isupper() else name
            for code, name in reading.texts(body.get("postOffice")).items()
        },
        municipality_code=reading.municipality_code(reading.mapping(body.get("municipality")).get("code")),
        info=reading.texts(body.get("additionalInformation")),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
    )


def _postal_code(value: object) -> str:
    code = reading.text(value)
    return code if re.fullmatch(r"\d{5}", code) else ""


def _position(body: Json) -> tuple[float, float] | None:
    if body.get("coordinateState") in _WITHOUT_POSITION:
        return None
    northing, easting = reading.number(body.get("latitude")), reading.number(body.get("longitude"))
    return None if northing is None or easting is None else to_wgs84(northing, easting)


def _hours(value: object) -> Iterator[ImportedHours]:
    for row in reading.rows(value):
        told = row.get("serviceHourType")
        kind = _HOURS_KINDS.get(told) if isinstance(told, str) else None
        if kind is None:
            continue
        yield ImportedHours(
            kind=kind,
            valid_from=reading.day(row.get("validFrom")),
            valid_to=reading.day(row.get("validTo")),
            closed=row.get("isClosed") is True,
            always_open=row.get("isAlwaysOpen") is True,
            by_reservation=row.get("isReservation") is True,
            info=reading.texts(row.get("additionalInformation")),
            periods=tuple(hours.joined(_periods(row.get("openingHour")))),
        )


def _periods(value: object) -> Iterator[OpenPeriod]:
    for row in reading.rows(value):
        opens, closes = hours.time(row.get("from")), hours.time(row.get("to"))
        if not opens or not closes:
            continue
        first = hours.weekday(row.get("dayFrom"))
        last = hours.weekday(row.get("dayTo")) or first
        yield OpenPeriod(days=(first, last) if first and last else None, opens=opens, closes=closes)
