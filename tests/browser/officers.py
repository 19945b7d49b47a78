"""The data protection officers of both sides, whom the demonstration has no use for."""

import datetime as dt
import uuid

from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind
from servicetray.accounts.operations import NewGrant, create_unit, create_user
from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction

TOWN = "286"
COUNTY_OFFICER, TOWN_OFFICER = "county.officer", "town.officer"


def officers(now: dt.datetime) -> None:
    """Add a data protection officer for each side: of the county, and of Kouvola."""
    for name, code in ((COUNTY_OFFICER, None), (TOWN_OFFICER, TOWN)):
        office = create_unit(
            kind=UnitKind.OFFICE,
            name=dict.fromkeys(("fi", "sv", "en"), f"Tietosuoja {code or 'maakunta'}"),
            municipality_code=code,
            service_area="",
            phone="",
            mailbox="",
        )
        create_user(
            email=f"{name}@example.org",
            name="Tuula Tietosuoja",
            title="tietosuojavastaava",
            phone="",
            language="fi",
            password=uuid.uuid4().hex,
            grants=[NewGrant(role=Role.DATA_PROTECTION_OFFICER, unit_id=office.id)],
            unit_id=office.id,
            now=now,
        )


def add_officers(now: dt.datetime) -> None:
    """Add the data protection officers, once."""
    if not known(COUNTY_OFFICER):
        with transaction():
            officers(now)


def known(name: str) -> bool:
    """Whether there is such a person."""
    return accounts.user_by_email(f"{name}@example.org") is not None
