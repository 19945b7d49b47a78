"""Whose figures a person sees, and whose waiting times would be those of one person at work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from referrals.municipality import routing
from servicetray.accounts import queries as accounts
from servicetray.accounts.permissions import Role
from servicetray.accounts.queries import User
from servicetray.core.access import Permission
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.periods import Period

ENOUGH_PEOPLE = 2


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whose figures a person sees."""

    places: dict[str, str]
    """Municipalities by code, with their names."""
    whole_county: bool

    @property
    def codes(self) -> Sequence[str] | None:
        """The municipalities to count, or None for all there ever were."""
        return None if self.whole_county else tuple(self.places)

    @property
    def name(self) -> str:
        """Of whom the figures are, in words."""
        return _("The whole county") if self.whole_county else ", ".join(self.places.values())


def reach_of(person: User, *, language: str) -> Reach:
    """Return whose figures a person may see: a coordinator the county's, a lead those of the own units' places."""
    names = {each.code: in_language(each.name, language).text for each in municipalities()}
    if person.may(Permission.FIGURES_COUNTY):
        return Reach(places=names, whole_county=True)
    own = led_by(person)
    return Reach(places={code: name for code, name in names.items() if code in own}, whole_county=False)


def led_by(person: User) -> frozenset[str]:
    """Return the municipalities whose figures a person sees as their lead."""
    units = accounts.units(person.units_for(Permission.FIGURES_MUNICIPALITY))
    return frozenset(unit.municipality_code for unit in units if unit.municipality_code)


def of_one_person(kind: str, period: Period, places: Collection[str]) -> frozenset[str]:
    """Return the municipalities in which at most one adviser works a kind's referrals.

    Their waiting times would be one person's: the lead of the unit alone sees them. Units are those that received
    referrals in the period; who works in them is asked of today.
    """
    units: dict[str, set[object]] = {place: set() for place in places}
    for each in routing.all_catchments():
        touches = each.opens_on <= period.last and (each.closes_on is None or each.closes_on >= period.first)
        if each.kind_code == kind and each.municipality_code in units and touches:
            units[each.municipality_code].add(each.unit_id)
    working = [
        {grant.unit_id for grant in user.grants if grant.role is Role.ADVISER}
        for user in accounts.all_users()
        if user.active
    ]
    return frozenset(
        place
        for place, served_by in units.items()
        if sum(bool(own & served_by) for own in working) < ENOUGH_PEOPLE
    )
