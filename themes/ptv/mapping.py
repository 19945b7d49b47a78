"""From what PTV says to what the directory keeps. Pure.

What PTV does not tell is concluded here, in one place: life stages from target groups, forms from channels,
municipalities from regions, themes from classes and words.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicetray.core.db import Texts
from themes.directory.operations import (
    Area,
    ChannelKind,
    ChannelRecord,
    ClassificationKind,
    Facet,
    ProviderKind,
    ProviderRecord,
    ServiceRecord,
    Source,
)
from themes.ptv.model import (
    ImportedAddress,
    ImportedArea,
    ImportedChannel,
    ImportedHours,
    ImportedOrganisation,
    ImportedService,
    OrganisationType,
)
from themes.ptv.theme_rules import ThemeRules

LIFE_STAGES = ("children_and_young", "working_age", "older_people")

# PTV's target groups that tell an age; it has none for people of working age.
_STAGE_OF_GROUP = {
    "KR1.1": "older_people",
    "KR1.2": "children_and_young",
    "KR1.3": "children_and_young",
}
_CITIZENS = "KR1"

_PROVIDER_KINDS = {
    OrganisationType.MUNICIPALITY: ProviderKind.MUNICIPALITY,
    OrganisationType.WELLBEING_COUNTY: ProviderKind.COUNTY,
    OrganisationType.ORGANISATION: ProviderKind.ASSOCIATION,
    OrganisationType.COMPANY: ProviderKind.COMPANY,
    OrganisationType.PRIVATE_CARE: ProviderKind.COMPANY,
}
# PTV's types know neither parishes nor, in older records, counties.
_KIND_BY_NAME = (
    (("hyvinvointialue", "välfärdsområde"), ProviderKind.COUNTY),
    (("seurakunta", "seurakuntayhtymä", "församling", "kyrkliga samfällighet"), ProviderKind.PARISH),
)

_REGIONS = frozenset(
    {"Province", "Region", "WellbeingServiceCounties", "HospitalRegions", "HospitalDistrict"}
)


@dataclass(frozen=True, kw_only=True)
class County:
    """The county whose tray this is, as areas of PTV may mean it.

    ``names`` are lower-case beginnings of its name in any language (``kymenlaakso``); ``codes`` are
    (area type, code) pairs, for a region that comes without a name.
    """

    names: tuple[str, ...]
    codes: frozenset[tuple[str, str]]
    municipalities: frozenset[str]

    def covers(self, area: ImportedArea) -> frozenset[str]:
        """Return the municipality codes that an area means; a region of another county means only what it lists."""
        if area.type in _REGIONS and self._is_meant(area):
            return self.municipalities | frozenset(area.municipalities)
        return frozenset(area.municipalities)

    def _is_meant(self, area: ImportedArea) -> bool:
        if area.name:
            return any(name.lower().startswith(self.names) for name in area.name.values())
        return (area.type, area.code or "") in self.codes


def provider_record(organisation: ImportedOrganisation) -> ProviderRecord:
    """Return the provider that an organisation is."""
    return ProviderRecord(
        id=organisation.id,
        source=Source.PTV,
        kind=_provider_kind(organisation),
        name=organisation.name,
        business_code=organisation.business_code,
        municipality_code=organisation.municipality_code,
        phone=organisation.phone,
        email=organisation.email,
        web=organisation.web,
        ptv_modified=organisation.modified,
    )


def channel_record(channel: ImportedChannel, *, provider_id: UUID | None) -> ChannelRecord:
    """Return the channel; what an address adds, and further addresses, go behind its description."""
    main = channel.addresses[0] if channel.addresses else None
    additions = [main.info if main else {}, *(place_line(address) for address in channel.addresses[1:])]
    return ChannelRecord(
        id=channel.id,
        source=Source.PTV,
        kind=channel.kind,
        provider_id=provider_id,
        name=channel.name,
        description=_joined({**channel.summary, **channel.description}, *additions),
        phones=tuple(
            {
                "number": phone.number,
                "info": phone.info,
                "charge": phone.price_info,
                "price": phone.price.value,
                "languages": list(phone.languages),
            }
            for phone in channel.phones
        ),
        emails=channel.emails,
        urls=channel.urls,
        street=main.street if main else {},
        postal_code=main.postal_code if main else "",
        post_office=main.post_office if main else {},
        municipality_code=main.municipality_code if main else None,
        latitude=main.latitude if main else None,
        longitude=main.longitude if main else None,
        hours=tuple(row for hours in channel.hours for row in _hours_rows(hours)),
        ptv_modified=channel.modified,
    )


def service_record(
    service: ImportedService,
    *,
    channels: Sequence[ImportedChannel],
    known_channels: Mapping[UUID, ChannelKind],
    has_provider: bool,
    county: County,
    rules: ThemeRules,
) -> ServiceRecord:
    """Return the service with what is concluded about it.

    Args:
        service: as PTV tells it.
        channels: those of its channels that could be had, in its order.
        known_channels: those of its channels that could not be had this time, but that the directory has
            from before, by kind: they stay.
        has_provider: whether its organisation is known to the directory.
        county: whose municipalities regions mean.
        rules: which themes it belongs to.
    """
    facets: dict[Facet, Collection[str]] = {
        Facet.MUNICIPALITY: _municipalities(service, county),
        Facet.LIFE_STAGE: life_stages(service.codes(ClassificationKind.TARGET_GROUP)),
        Facet.FORM: forms((*(channel.kind for channel in channels), *known_channels.values())),
        Facet.LANGUAGE: service.languages,
        Facet.TARGET_GROUP: service.codes(ClassificationKind.TARGET_GROUP),
    }
    heard = {channel.id for channel in channels}
    return ServiceRecord(
        id=service.id,
        source=Source.PTV,
        provider_id=service.organisation_id if has_provider else None,
        name=service.name,
        alternative_name=service.alternative_name,
        summary=service.summary,
        description=service.description,
        instructions=service.instructions,
        for_whom=service.requirements,
        whereabouts=None if ChannelKind.LOCATION in known_channels.values() else _whereabouts(channels),
        price=service.price,
        price_details=service.price_info,
        keywords=service.keywords,
        area=service.area,
        ptv_modified=service.modified,
        facets=facets,
        suggested_themes=rules.themes_of(service),
        classifications=service.classifications,
        channel_ids=tuple(i for i in service.channel_ids if i in heard or i in known_channels),
    )


def life_stages(target_groups: Collection[str]) -> frozenset[str]:
    """Return the life stages that PTV's target group codes mean.

    PTV lists the parent group with its children, so "citizens" alone means everybody, and beside children
    it means nothing. A service for companies or authorities only has no life stage.
    """
    told = frozenset(stage for code, stage in _STAGE_OF_GROUP.items() if code in target_groups)
    if told:
        return told
    is_for_people = any(code == _CITIZENS or code.startswith(_CITIZENS + ".") for code in target_groups)
    return frozenset(LIFE_STAGES) if is_for_people or not target_groups else frozenset()


def forms(kinds: Iterable[ChannelKind]) -> frozenset[str]:
    """Return how a service with such channels is given; a telephone beside a place is only for asking."""
    told = frozenset(kinds)
    found = set()
    if ChannelKind.LOCATION in told:
        found.add("in_person")
    if ChannelKind.E_SERVICE in told or (ChannelKind.PHONE in told and not found):
        found.add("remote")
    return frozenset(found)


def place_line(address: ImportedAddress) -> Texts:
    """Return a place in one line by language: ``Simpelkatu 7, Kouvola``."""
    codes = dict.fromkeys((*address.street, *address.post_office))
    lines = {
        code: ", ".join(
            part for part in (_near(address.street, code), _near(address.post_office, code)) if part
        )
        for code in codes
        if code in address.street or not address.street
    }
    return {code: line for code, line in lines.items() if line}


def _near(texts: Texts, code: str) -> str:
    """Return the text of a language, else the Finnish one: names of streets and towns are seldom in three."""
    return texts.get(code) or texts.get("fi") or next(iter(texts.values()), "")


def _provider_kind(organisation: ImportedOrganisation) -> ProviderKind:
    for endings, kind in _KIND_BY_NAME:
        if any(ending in name.lower() for name in organisation.name.values() for ending in endings):
            return kind
    return _PROVIDER_KINDS.get(organisation.type, ProviderKind.OTHER)


def _municipalities(service: ImportedService, county: County) -> frozenset[str]:
    if service.area is not Area.LIMITED:
        return frozenset()
    return frozenset(code for area in service.areas for code in county.covers(area))


def _whereabouts(channels: Sequence[ImportedChannel]) -> Texts:
    """Return the place in one line, where there is exactly one; several are told by the channels themselves."""
    places = [channel for channel in channels if channel.kind is ChannelKind.LOCATION and channel.addresses]
    return place_line(places[0].addresses[0]) if len(places) == 1 else {}


def _joined(text: Texts, *additions: Texts) -> Texts:
    merged = dict(text)
    for addition in additions:
        for code, content in addition.items():
            merged[code] = f"{merged[code]}\n\n{content}" if code in merged else content
    return merged


def _hours_rows(hours: ImportedHours) -> list[dict[str, Any]]:
    """Return the rows that ``Channel.hours`` describes: one a period, one for a whole day open or closed."""
    common: dict[str, Any] = {
        "kind": hours.kind.value,
        "valid_from": hours.valid_from.isoformat() if hours.valid_from else None,
        "valid_to": hours.valid_to.isoformat() if hours.valid_to else None,
        "closed": hours.closed,
        "by_reservation": hours.by_reservation,
        "info": hours.info,
    }
    if hours.periods and not hours.closed:
        return [
            {
                **common,
                "days": list(period.days) if period.days else None,
                "from": period.opens,
                "to": period.closes,
            }
            for period in hours.periods
        ]
    whole = ("00:00", "24:00") if hours.always_open else (None, None)
    days = [1, 7] if hours.always_open else None
    return [{**common, "days": days, "from": whole[0], "to": whole[1]}]
