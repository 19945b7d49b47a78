"""Channels of PTV's open API, version 12 (beta): five types with different fields, one internal model. Pure.

Texts stand by language in ``languageVersions``; numbers, addresses of mail and pages are repeated in each. Names of
post offices come from the list ``postal-codes``, which the source puts into ``codeLists``.

Not told by version 12: the municipality of an address, and when a channel was last changed (``publishedAt`` is when
it was published). Left out: attachments, accessibility, signatures, areas; no page shows them.
"""

import re
from collections.abc import Iterator, Mapping

from servicetray.core.db import Texts
from themes.directory.operations import ChannelKind
from themes.ptv import reading
from themes.ptv.channels_v11 import emails, phones
from themes.ptv.coordinates import to_wgs84
from themes.ptv.hours_v12 import opening_hours
from themes.ptv.markdown import plain
from themes.ptv.model import ImportedAddress, ImportedChannel, ImportedPhone
from themes.ptv.reading import Json, UnreadableError

Versions = Mapping[str, Json]
"""The language versions of a record by code, the languages of the tray first."""

POSTAL_CODES = "postal-codes"

_KINDS = {
    "ServiceLocation": ChannelKind.LOCATION,
    "TelephoneService": ChannelKind.PHONE,
    "WebPage": ChannelKind.WEB_PAGE,
    "EService": ChannelKind.E_SERVICE,
    "PrintableForm": ChannelKind.PRINTABLE_FORM,
}
_FIRST_LANGUAGES = ("fi", "sv", "en")
_EXTRA_CHARGE = "ExtraCharge"
_METRES = "EPSG:3067"
# What somebody put right by hand says where the door is; the Land Survey's point is of the house number.
_BEST_POINTS = ("User", "AccessibilityRegister", "NLS")


def channel(value: object) -> ImportedChannel:
    """Read one service channel; raise UnreadableError without an id, a known type or a name."""
    channel_id, body = reading.record(value, "contentId")
    told = body.get("serviceChannelType")
    kind = _KINDS.get(told) if isinstance(told, str) else None
    if kind is None:
        raise UnreadableError(str(channel_id), f"channel type {told!r:.60} is not known")
    versions = language_versions(body)
    name = {**texts(versions, "alternativeName"), **texts(versions, "name")}
    if not name:
        raise UnreadableError(str(channel_id), "the channel has no name")
    return ImportedChannel(
        id=channel_id,
        kind=kind,
        organisation_id=reading.identifier(body.get("organizationContentId")),
        name=name,
        summary=texts(versions, "summary"),
        description=prose(versions, "description"),
        phones=numbers(versions, "contactPhoneNumbers", "phoneNumbers", "supportPhoneNumbers"),
        emails=mails(versions, "contactEmails", "supportEmails"),
        urls=pages(versions),
        addresses=tuple(_addresses(body)),
        hours=tuple(opening_hours(body.get("serviceHours"))),
        # What is not published is 404 by its id, and in no search.
        published=True,
        modified=reading.instant(body.get("publishedAt")),
    )


def language_versions(body: Json) -> Versions:
    """Return the language versions of a record: Finnish, Swedish, English, then the others in their order."""
    told = {
        code: reading.mapping(version)
        for key, version in reading.mapping(body.get("languageVersions")).items()
        if (code := reading.language(key))
    }
    return {code: told[code] for code in dict.fromkeys((*_FIRST_LANGUAGES, *told)) if code in told}


def texts(versions: Versions, field: str) -> Texts:
    """Return a field's text in each language that has one."""
    found = ((code, reading.text(version.get(field))) for code, version in versions.items())
    return {code: content for code, content in found if content}


def prose(versions: Versions, field: str) -> Texts:
    """Return a field's long text, written in Markdown, as plain text."""
    found = ((code, plain(content)) for code, content in texts(versions, field).items())
    return {code: content for code, content in found if content}


def numbers(versions: Versions, *fields: str) -> tuple[ImportedPhone, ...]:
    """Return the numbers to call of these fields, each once with its texts by language; no faxes.

    A domestic number (``DomesticPhone``) is left as one dials it within the country.
    """
    return phones([_phone(code, row) for code, row in _listed(versions, fields)])


def mails(versions: Versions, *fields: str) -> tuple[str, ...]:
    """Return the addresses of mail in these fields, each once."""
    return emails([{"value": row.get("email")} for _, row in _listed(versions, fields)])


def pages(versions: Versions) -> Texts:
    """Return the first safe web address of each language: a form's file, the address itself, a page of the place."""
    found: Texts = {}
    for code, version in versions.items():
        told = [
            *reading.rows(version.get("formFiles")),
            reading.mapping(version.get("webAddress")),
            *reading.rows(version.get("contactWebPages")),
        ]
        if address := reading.first(reading.web_address(row.get("url")) for row in told):
            found[code] = address
    return found


def code_list(body: Json, name: str, key: str = "code") -> dict[str, Json]:
    """Return the entries of a code list that the source put beside a record, by code or URI."""
    listed = reading.rows(reading.mapping(body.get("codeLists")).get(name))
    return {told: row for row in listed if (told := reading.text(row.get(key)))}


def _listed(versions: Versions, fields: tuple[str, ...]) -> Iterator[tuple[str, Json]]:
    for field in fields:
        for code, version in versions.items():
            yield from ((code, row) for row in reading.rows(version.get(field)))


def _phone(code: str, row: Json) -> Json:
    """Return a number in the words of version 11, which joins them: it comes once a language, too."""
    charge = row.get("chargeType")
    return {
        "language": code,
        "type": row.get("type"),
        "number": row.get("number"),
        "prefixNumber": row.get("dialCode"),
        "isFinnishServiceNumber": row.get("type") == "DomesticPhone",
        "serviceChargeType": "Charged" if charge == _EXTRA_CHARGE else charge,
        "chargeDescription": row.get("chargeDescription"),
        "additionalInformation": row.get("additionalInformation"),
    }


def _addresses(body: Json) -> Iterator[ImportedAddress]:
    """Read the places to go to: streets, then places without one. Where to write to (``contactAddresses``) is none."""
    offices = {
        code: reading.by_language(row.get("name")) for code, row in code_list(body, POSTAL_CODES).items()
    }
    location = reading.mapping(body.get("location"))
    for row in reading.rows(location.get("streetAddresses")):
        house = reading.text(row.get("addressDetail"))
        names = reading.by_language(row.get("streetName"))
        street = {code: f"{name} {house}".strip() for code, name in names.items()}
        if street:
            yield _address(row, street, offices)
    for row in reading.rows(location.get("otherAddresses")):
        place = _address(row, {}, offices)
        if place.info or place.latitude is not None:
            yield place


def _address(row: Json, street: Texts, offices: Mapping[str, Texts]) -> ImportedAddress:
    told = reading.text(row.get("postalCode"))
    postal_code = told if re.fullmatch(r"\d{5}", told) else ""
    position = _position(row.get("coordinates"))
    return ImportedAddress(
        street=street,
        postal_code=postal_code,
        post_office={
            code: name.title() if name.isupper() else name
            for code, name in offices.get(postal_code, {}).items()
        },
        municipality_code=None,
        info=reading.by_language(row.get("additionalInformation")),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
    )


def _position(value: object) -> tuple[float, float] | None:
    """Return the best of the points that are given in metres."""
    found: dict[str, tuple[float, float]] = {}
    for row in reading.rows(value):
        northing, easting = row.get("northing"), row.get("easting")
        source = row.get("source")
        if (
            row.get("system") == _METRES
            and isinstance(northing, int | float)
            and isinstance(easting, int | float)
            and (point := to_wgs84(northing, easting))
        ):
            found.setdefault(source if isinstance(source, str) else "", point)
    return next((found[name] for name in (*_BEST_POINTS, *found) if name in found), None)
