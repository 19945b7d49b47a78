"""What the tray takes from PTV, whichever version of its API told it.

Plain values: an adapter (``v11``, ``v12``) makes them from JSON, ``operations`` writes them to the catalogue.
Texts are by language code, every language that the record has; blank ones are left out.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from servicetray.core.db import Texts
from themes.directory.operations import Area, ChannelKind, ClassificationKind, ClassificationRecord, Price


class OrganisationType(StrEnum):
    """PTV's own kinds of organisation (field ``organizationType``)."""

    STATE = "State"
    MUNICIPALITY = "Municipality"
    REGIONAL = "RegionalOrganization"
    ORGANISATION = "Organization"
    COMPANY = "Company"
    WELLBEING_COUNTY = "SotePublic"
    PRIVATE_CARE = "SotePrivate"
    UNKNOWN = ""


class HoursKind(StrEnum):
    """Weekly hours, hours of an exception day or period, hours that go over midnight."""

    WEEKLY = "weekly"
    EXCEPTION = "exception"
    OVER_MIDNIGHT = "over_midnight"


@dataclass(frozen=True, kw_only=True)
class ImportedArea:
    """A part of the country. ``municipalities`` are three-digit codes; regions may come without any."""

    type: str
    code: str | None
    name: Texts
    municipalities: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportedPhone:
    """A number to call: ``+358…``, or as dialled for a national service number. Faxes are never here.

    ``languages`` are those in which PTV lists the number, not necessarily those spoken there.
    """

    number: str
    info: Texts
    price: Price
    price_info: Texts
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportedAddress:
    """A place to go to. Coordinates are WGS84 degrees, None where PTV has none."""

    street: Texts
    postal_code: str
    post_office: Texts
    municipality_code: str | None
    info: Texts
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, kw_only=True)
class OpenPeriod:
    """Opening hours on ``days`` (first and last, 1 Monday … 7 Sunday; None on a day of its own), ``HH:MM``."""

    days: tuple[int, int] | None
    opens: str
    closes: str


@dataclass(frozen=True, kw_only=True)
class ImportedHours:
    """One set of opening hours; the dates are Helsinki calendar days, both included."""

    kind: HoursKind
    valid_from: dt.date | None
    valid_to: dt.date | None
    closed: bool
    always_open: bool
    by_reservation: bool
    info: Texts
    periods: tuple[OpenPeriod, ...]


@dataclass(frozen=True, kw_only=True)
class ImportedOrganisation:
    """An organisation that is responsible for services or channels.

    ``type`` is PTV's; ``businessCode`` (Y-tunnus) may be missing. A stub, made of the name that a service
    gives when the organisation itself can't be had, has ``is_stub`` set.
    """

    id: uuid.UUID
    type: OrganisationType
    name: Texts
    business_code: str | None
    municipality_code: str | None
    phone: str
    email: str
    web: Texts
    modified: dt.datetime | None
    is_stub: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportedChannel:
    """A way to use a service: a place, a number, a page, an e-service or a form.

    The first of the ``addresses`` is the main one; a location may have several.
    """

    id: uuid.UUID
    kind: ChannelKind
    organisation_id: uuid.UUID | None
    name: Texts
    summary: Texts
    description: Texts
    phones: tuple[ImportedPhone, ...]
    emails: tuple[str, ...]
    urls: Texts
    addresses: tuple[ImportedAddress, ...]
    hours: tuple[ImportedHours, ...]
    published: bool
    modified: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class ImportedService:
    """A service as PTV describes it; organisations and channels are referred to by id.

    ``organisation_name`` is the name that the service itself gives its organisation: all there is when the
    organisation answers 404.
    """

    id: uuid.UUID
    name: Texts
    alternative_name: Texts
    summary: Texts
    description: Texts
    instructions: Texts
    requirements: Texts
    price: Price
    price_info: Texts
    keywords: dict[str, list[str]]
    languages: tuple[str, ...]
    area: Area
    areas: tuple[ImportedArea, ...]
    classifications: tuple[ClassificationRecord, ...]
    organisation_id: uuid.UUID | None
    organisation_name: str
    channel_ids: tuple[uuid.UUID, ...]
    published: bool
    modified: dt.datetime | None

    def codes(self, kind: ClassificationKind) -> frozenset[str]:
        """Return the codes of its classifications of this kind, without the unknown ones."""
        return frozenset(item.code for item in self.classifications if item.kind is kind and item.code)
