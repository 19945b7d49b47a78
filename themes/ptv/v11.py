"""Services and organisations of PTV's open API, version 11, as the internal model. Pure: JSON in, values out.

Field names are those of the API's swagger (``V11VmOpenApiService`` and so on). Nothing is fetched here; what
a record only refers to stays an id. Details that a connection of a service to a channel adds (``contactDetails``,
``serviceHours`` in ``serviceChannels[]``) are left out: recorded ones hold the documentation's samples.
"""

import re
import uuid
from collections.abc import Iterator

from servicetray.core.db import Texts
from themes.directory.operations import Area, ClassificationKind, ClassificationRecord
from themes.ptv import codes, reading
from themes.ptv.channels_v11 import channel, emails, is_published, phones, price, urls
from themes.ptv.model import ImportedArea, ImportedOrganisation, ImportedService, OrganisationType
from themes.ptv.reading import Json, UnreadableError

__all__ = ["UnreadableError", "channel", "organisation", "service"]

_AREA_TYPES = {
    "Nationwide": Area.NATIONWIDE,
    "WholeCountry": Area.NATIONWIDE,
    "NationwideExceptAlandIslands": Area.NATIONWIDE_EXCEPT_ALAND,
    "WholeCountryExceptAlandIslands": Area.NATIONWIDE_EXCEPT_ALAND,
}
_CLASSIFICATIONS = {
    "serviceClasses": ClassificationKind.SERVICE_CLASS,
    "targetGroups": ClassificationKind.TARGET_GROUP,
    "lifeEvents": ClassificationKind.LIFE_EVENT,
    "ontologyTerms": ClassificationKind.ONTOLOGY_TERM,
    "industrialClasses": ClassificationKind.INDUSTRIAL_CLASS,
}
# Who answers for a service, then who gives it.
_ROLES = ("Responsible", "OtherResponsible", "Producer")


def service(value: object) -> ImportedService:
    """Read one Service; raise UnreadableError if it has no id or no name."""
    service_id, body = reading.record(value)
    names = body.get("serviceNames")
    name = reading.texts(names, "Name")
    if not name:
        raise UnreadableError(str(service_id), "the service has no name")
    alternatives = reading.texts(names, "AlternativeName", "AlternateName")
    told = body.get("areaType")
    organisation_id, organisation_name = _organisation(body)
    return ImportedService(
        id=service_id,
        name=name,
        alternative_name={code: text for code, text in alternatives.items() if text != name.get(code)},
        summary=_described(body, "Summary", "ShortDescription"),
        description=_with_general(body, "Description"),
        instructions=_with_general(body, "UserInstruction", "ServiceUserInstruction"),
        requirements=reading.texts(body.get("requirements")),
        price=price(body.get("serviceChargeType")),
        price_info=_described(body, "ChargeTypeAdditionalInfo"),
        keywords=reading.words(body.get("keywords")),
        languages=reading.languages(body.get("languages")),
        area=_AREA_TYPES.get(told, Area.LIMITED) if isinstance(told, str) else Area.LIMITED,
        areas=tuple(_areas(body.get("areas"))),
        classifications=tuple(_classifications(body)),
        organisation_id=organisation_id,
        organisation_name=organisation_name,
        channel_ids=_channel_ids(body),
        published=is_published(body),
        modified=reading.instant(body.get("modified")),
    )


def organisation(value: object) -> ImportedOrganisation:
    """Read one Organization; raise UnreadableError if it has no id or no name."""
    organisation_id, body = reading.record(value)
    name = reading.texts(body.get("organizationNames"), "Name", "AlternativeName")
    if not name:
        raise UnreadableError(str(organisation_id), "the organisation has no name")
    told = body.get("organizationType")
    numbers, addresses = phones(body.get("phoneNumbers")), emails(body.get("emails"))
    business_code = reading.text(body.get("businessCode"))
    return ImportedOrganisation(
        id=organisation_id,
        type=_organisation_type(told),
        name=name,
        business_code=business_code if re.fullmatch(r"\d{7}-\d", business_code) else None,
        municipality_code=reading.municipality_code(reading.mapping(body.get("municipality")).get("code")),
        phone=numbers[0].number if numbers else "",
        email=addresses[0] if addresses else "",
        web=urls(body.get("webPages")),
        modified=reading.instant(body.get("modified")),
    )


def _organisation_type(told: object) -> OrganisationType:
    try:
        return OrganisationType(told) if isinstance(told, str) else OrganisationType.UNKNOWN
    except ValueError:
        return OrganisationType.UNKNOWN


def _described(body: Json, *types: str) -> Texts:
    """Return the service's own text of a type, else the one of its general description (``GD_…``)."""
    general = (f"GD_{name}" for name in types)
    return reading.texts(body.get("serviceDescriptions"), *types, *general)


def _with_general(body: Json, *types: str) -> Texts:
    descriptions = body.get("serviceDescriptions")
    general = reading.texts(descriptions, *(f"GD_{name}" for name in types))
    return reading.own_after_general(general, reading.texts(descriptions, *types))


def _areas(value: object) -> Iterator[ImportedArea]:
    for row in reading.rows(value):
        listed = (
            reading.municipality_code(item.get("code")) for item in reading.rows(row.get("municipalities"))
        )
        yield ImportedArea(
            type=reading.text(row.get("type")),
            code=reading.text(row.get("code")) or None,
            name=reading.texts(row.get("name")),
            municipalities=tuple(dict.fromkeys(code for code in listed if code)),
        )


def _classifications(body: Json) -> Iterator[ClassificationRecord]:
    """Read the terms of every list, each URI once. One without URI and code can't be told from others."""
    seen: set[str] = set()
    for field, kind in _CLASSIFICATIONS.items():
        for row in reading.rows(body.get(field)):
            code = codes.usable(reading.text(row.get("code")))
            uri = codes.uri_of(kind, uri=reading.web_address(row.get("uri")), code=code)
            if not uri or uri in seen:
                continue
            seen.add(uri)
            yield ClassificationRecord(
                uri=uri,
                kind=kind,
                code=code or codes.code_of(uri),
                name=reading.texts(row.get("name")),
            )


def _organisation(body: Json) -> tuple[uuid.UUID | None, str]:
    """Return id and name of who answers for the service; a producer's ``organization`` may be null."""
    found: dict[str, tuple[uuid.UUID, str]] = {}
    for row in reading.rows(body.get("organizations")):
        told = reading.mapping(row.get("organization"))
        organisation_id = reading.identifier(told.get("id"))
        role = row.get("roleType")
        if organisation_id and isinstance(role, str):
            found.setdefault(role, (organisation_id, reading.text(told.get("name"))))
    return next((found[role] for role in _ROLES if role in found), (None, ""))


def _channel_ids(body: Json) -> tuple[uuid.UUID, ...]:
    told = (
        reading.identifier(reading.mapping(row.get("serviceChannel")).get("id"))
        for row in reading.rows(body.get("serviceChannels"))
    )
    return tuple(dict.fromkeys(channel_id for channel_id in told if channel_id))
