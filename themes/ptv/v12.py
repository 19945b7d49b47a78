"""Services and organisations of PTV's open API, version 12 (beta), as the internal model. Pure: JSON in, values out.

Field names are those of the API's published description (``ServiceResponse``, ``OrganizationResponse``). A service
refers to much by id and code alone. What is needed of that the source (``v12_source``) puts beside the record:
``connections`` (rows of the connection search), ``generalDescription`` (the record that ``generalDescriptionContentId``
means) and ``codeLists`` (entries of lists by the list's name). Nothing is fetched here; a bare record reads too.

Not told by version 12, and so left empty or concluded:

- ``modified`` is ``publishedAt``, when the record was last published: there is no time of change;
- ``organisation_name`` is empty: a service names its organisation by id alone;
- types of organisation know neither wellbeing counties nor private care;
- ``municipality_code`` of an organisation is known of municipalities alone.

Details that a connection adds (hours, numbers, a price of its own) are left out, as they are of version 11.
"""

import re
import uuid
from collections.abc import Iterator, Mapping

from servicetray.core.db import Texts
from themes.directory.operations import Area, ClassificationKind, ClassificationRecord, Price
from themes.ptv import codes, reading
from themes.ptv.channels_v11 import price
from themes.ptv.channels_v12 import (
    POSTAL_CODES,
    channel,
    code_list,
    language_versions,
    mails,
    numbers,
    pages,
    prose,
    texts,
)
from themes.ptv.model import ImportedArea, ImportedOrganisation, ImportedService, OrganisationType
from themes.ptv.reading import Json, UnreadableError

__all__ = [
    "AREA_LISTS",
    "POSTAL_CODES",
    "TERM_LISTS",
    "UnreadableError",
    "channel",
    "code_list",
    "organisation",
    "service",
    "strings",
]

TERM_LISTS: Mapping[str, tuple[str, ClassificationKind]] = {
    "serviceClasses": ("service-classes", ClassificationKind.SERVICE_CLASS),
    "targetGroups": ("target-groups", ClassificationKind.TARGET_GROUP),
    "lifeEvents": ("life-events", ClassificationKind.LIFE_EVENT),
    "ontologyTerms": ("ontology-terms", ClassificationKind.ONTOLOGY_TERM),
    "industrialClasses": ("industrial-classes", ClassificationKind.INDUSTRIAL_CLASS),
}
"""The fields of terms in a service and in its general description, each with the list of their names."""

AREA_LISTS: Mapping[str, tuple[str, str]] = {
    "regions": ("region-codes", "Province"),
    "wellbeingServicesCounties": ("wellbeing-services-county-codes", "WellbeingServiceCounties"),
}
"""The fields of regions in an area, each with the list of their names and the type's name in version 11."""

_AREA_TYPES = {
    "WholeCountry": Area.NATIONWIDE,
    "WholeCountryExceptAland": Area.NATIONWIDE_EXCEPT_ALAND,
}
_PRODUCERS = ("selfProducedProducers", "procuredProducers", "otherProducers")


def service(value: object) -> ImportedService:
    """Read one service with what stands beside it; raise UnreadableError if it has no id or no name."""
    service_id, body = reading.record(value, "contentId")
    versions = language_versions(body)
    name = texts(versions, "name")
    if not name:
        raise UnreadableError(str(service_id), "the service has no name")
    general = reading.mapping(body.get("generalDescription"))
    # Only in the languages that the service itself has: a text without a name helps nobody.
    common = {code: version for code, version in language_versions(general).items() if code in versions}

    def described(field: str) -> Texts:
        return {**prose(common, field), **prose(versions, field)}

    def both(field: str) -> Texts:
        return reading.own_after_general(prose(common, field), prose(versions, field))

    area = reading.mapping(body.get("area"))
    area_type = area.get("areaType")
    own_price = price(body.get("chargeType"))
    return ImportedService(
        id=service_id,
        name=name,
        alternative_name={
            code: text for code, text in texts(versions, "alternativeName").items() if text != name.get(code)
        },
        summary=texts(versions, "summary"),
        description=both("description"),
        instructions=both("userInstructions"),
        requirements=described("conditions"),
        price=price(general.get("chargeType")) if own_price is Price.UNKNOWN else own_price,
        price_info=described("chargeTypeAdditionalInformation"),
        keywords=reading.words(
            [
                {"language": code, "value": word}
                for code, version in versions.items()
                for word in strings(version.get("freelyAssignedKeywords"))
            ]
        ),
        languages=reading.languages(body.get("serviceLanguages")),
        area=_AREA_TYPES.get(area_type, Area.LIMITED) if isinstance(area_type, str) else Area.LIMITED,
        areas=tuple(_areas(area, body)),
        classifications=tuple(_classifications(body, general)),
        organisation_id=_organisation_id(body),
        organisation_name="",
        channel_ids=_channel_ids(body, service_id),
        # What is not published is 404 by its id, and in no search.
        published=True,
        modified=reading.instant(body.get("publishedAt")),
    )


def organisation(value: object) -> ImportedOrganisation:
    """Read one organisation; raise UnreadableError if it has no id or no name."""
    organisation_id, body = reading.record(value, "contentId")
    versions = language_versions(body)
    name = {**texts(versions, "alternativeName"), **texts(versions, "name")}
    if not name:
        raise UnreadableError(str(organisation_id), "the organisation has no name")
    kind = _organisation_type(body.get("organizationType"))
    phones = numbers(versions, "contactPhoneNumbers")
    business_code = reading.text(body.get("businessId"))
    towns = strings(reading.mapping(body.get("area")).get("municipalities"))
    town = next(towns, None) if kind is OrganisationType.MUNICIPALITY else None
    return ImportedOrganisation(
        id=organisation_id,
        type=kind,
        name=name,
        business_code=business_code if re.fullmatch(r"\d{7}-\d", business_code) else None,
        municipality_code=reading.municipality_code(town),
        phone=phones[0].number if phones else "",
        email=reading.first(mails(versions, "contactEmails")),
        web=pages(versions),
        modified=reading.instant(body.get("publishedAt")),
    )


def _organisation_type(told: object) -> OrganisationType:
    try:
        return OrganisationType(told) if isinstance(told, str) else OrganisationType.UNKNOWN
    except ValueError:
        return OrganisationType.UNKNOWN


def strings(value: object) -> Iterator[str]:
    """Iterate over the texts of a list; null, a lone value and odd members give nothing."""
    if isinstance(value, list):
        yield from (found for item in value if (found := reading.text(item)))


def _areas(area: Json, body: Json) -> Iterator[ImportedArea]:
    listed = (reading.municipality_code(code) for code in strings(area.get("municipalities")))
    towns = tuple(dict.fromkeys(code for code in listed if code))
    if towns:
        yield ImportedArea(type="Municipality", code=None, name={}, municipalities=towns)
    for field, (name, kind) in AREA_LISTS.items():
        known = code_list(body, name)
        for code in dict.fromkeys(strings(area.get(field))):
            row = known.get(code, {})
            within = (reading.municipality_code(town) for town in strings(row.get("municipalities")))
            yield ImportedArea(
                type=kind,
                code=code,
                name=reading.by_language(row.get("name")),
                municipalities=tuple(dict.fromkeys(town for town in within if town)),
            )


def _classifications(body: Json, general: Json) -> Iterator[ClassificationRecord]:
    """Read the terms of the service and of its general description, each URI once.

    The description doesn't say whether a service repeats the terms of its general description: both are read.
    """
    seen: set[str] = set()
    for field, (name, kind) in TERM_LISTS.items():
        by_code, by_uri = code_list(body, name), code_list(body, name, "uri")
        for told in (*strings(body.get(field)), *strings(general.get(field))):
            row = by_uri.get(told) or by_code.get(told) or {}
            address = reading.web_address(told)
            code = codes.usable(reading.text(row.get("code")) or ("" if address else told))
            uri = codes.uri_of(kind, uri=reading.web_address(row.get("uri")) or address, code=code)
            if not uri or uri in seen:
                continue
            seen.add(uri)
            yield ClassificationRecord(
                uri=uri,
                kind=kind,
                code=code or codes.code_of(uri),
                name=reading.by_language(row.get("name")),
            )


def _organisation_id(body: Json) -> uuid.UUID | None:
    """Return who answers for the service, else who answers beside them, else who gives it."""
    producers = reading.mapping(body.get("producers"))
    told = [
        *strings([body.get("organizationContentId")]),
        *strings(body.get("otherResponsibleOrganizations")),
        *(
            given
            for role in _PRODUCERS
            for given in strings(reading.mapping(producers.get(role)).get("organizations"))
        ),
    ]
    return next((found for one in told if (found := reading.identifier(one))), None)


def _channel_ids(body: Json, service_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    told = (
        reading.identifier(row.get("channelContentId"))
        for row in reading.rows(body.get("connections"))
        if reading.identifier(row.get("serviceContentId")) == service_id
    )
    return tuple(dict.fromkeys(channel_id for channel_id in told if channel_id))
