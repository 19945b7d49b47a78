"""What a data protection officer oversees: the county's part of the log, or a municipality's.

Each controller has its own part. The county's is every row but those about a municipality's own record
(``MUNICIPAL``): it runs the service, and an adviser who reads a referral that waits reads the county's. A
municipality's is what was done for its counselling units and offices, and whatever concerns a case of its own.
An inbox shows both records, so its rows belong to both. The list of all rows knows a municipality's by unit
alone; a client's report knows the client's cases too.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from servicetray.accounts import queries as accounts
from servicetray.accounts.permissions import permissions_of
from servicetray.accounts.queries import UnitKind, User
from servicetray.audit.queries import Part
from servicetray.core.access import Permission

MUNICIPAL = frozenset({"case"})
"""Kinds of object that are a municipality's own record."""
NOTHING = Part()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whose officer somebody is; both may be, on a small installation."""

    county: bool
    municipalities: frozenset[str]

    def part(self, *, case_ids: Collection[uuid.UUID] = ()) -> Part:
        """Return the part of the log, widened by the cases of one client."""
        units = frozenset(
            unit.id
            for unit in accounts.all_units()
            if unit.municipality_code in self.municipalities
            and unit.kind in {UnitKind.COUNSELLING, UnitKind.OFFICE}
        )
        return Part(
            all_but=MUNICIPAL if self.county else None,
            unit_ids=units,
            object_ids=frozenset(map(str, case_ids)),
        )


def reach_of(user: User) -> Reach:
    """Return whose officer a person is: a grant in an office without municipality, or in none, is the county's."""
    places = [grant.unit_id for grant in user.grants if Permission.AUDIT_READ in permissions_of([grant.role])]
    units = {unit.id: unit for unit in accounts.units(place for place in places if place)}
    codes = [units[place].municipality_code if place else None for place in places]
    return Reach(county=None in codes, municipalities=frozenset(code for code in codes if code))
