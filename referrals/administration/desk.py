"""What one person may set up: an administrator everything, a lead what is of their own units."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from referrals.kinds import queries as kinds
from referrals.municipality import queries as municipality
from referrals.municipality import routing
from referrals.municipality.queries import Catchment
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import UnitKind, User
from servicetray.core.access import Permission
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Units by id, and the names that the pages need; a request's answer, never kept."""

    everything: bool
    units: Mapping[uuid.UUID, str]
    """Counselling units in which they may set up, by name."""
    municipalities: Mapping[str, str]
    kinds: Mapping[str, str]

    def catchments(self) -> Sequence[Catchment]:
        """Return the catchments that they may change: by municipality, kind, first day."""
        return [row for row in routing.all_catchments() if row.unit_id in self.units]

    def catchment(self, catchment_id: uuid.UUID) -> Catchment:
        """Return one of them.

        Raises:
            NotFoundError: if it is none of theirs.
        """
        row = municipality.catchment(catchment_id)
        if row is None or row.unit_id not in self.units:
            raise NotFoundError
        return row

    def name_of(self, row: Catchment) -> str:
        """Return "Liikuntalähete, Iitti (Iitin liikuntaneuvonta)"."""
        kind = self.kinds.get(row.kind_code, row.kind_code)
        return f"{kind}, {self.municipalities.get(row.municipality_code, '')} ({self.units[row.unit_id]})"


def desk_of(user: User) -> Desk:
    """Return what a person may set up."""
    language = current_language()
    everything = user.may(Permission.SETUP_MANAGE)
    led = user.units_for(Permission.INBOX_LEAD)
    units = {
        unit.id: in_language(unit.name, language).text
        for unit in accounts.all_units()
        if unit.kind is UnitKind.COUNSELLING and unit.active and (everything or unit.id in led)
    }
    return Desk(
        everything=everything,
        units=units,
        municipalities={each.code: in_language(each.name, language).text for each in municipalities()},
        kinds={each.code: in_language(each.name, language).text for each in kinds.kinds()},
    )


def substitutes() -> Mapping[uuid.UUID, str]:
    """Return everybody who works an inbox, and may stand in: by name, with their unit."""
    language = current_language()
    found = [each for each in accounts.all_users() if each.active and each.may(Permission.INBOX_WORK)]
    return {
        each.id: f"{each.name}, {in_language(each.unit.name, language).text}" if each.unit else each.name
        for each in sorted(found, key=lambda each: (each.name, each.id))
    }
