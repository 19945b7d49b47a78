"""For which units somebody publishes times, and what their forms offer."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext

from referrals.kinds import queries as kinds
from referrals.municipality import queries as municipality
from referrals.municipality.inbox.scope import Scope, scope_of
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import UnitKind, User
from servicetray.core.access import Permission
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language

ANYBODY = "-"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One person's units, in the language of the page; a request's answer, never kept."""

    scope: Scope
    user_id: uuid.UUID
    units: Mapping[uuid.UUID, str]
    catchments: Mapping[uuid.UUID, tuple[uuid.UUID, str]]
    """The unit and the name of each catchment of theirs."""
    advisers: Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
    """Who works in each unit."""

    @property
    def unit_ids(self) -> Sequence[uuid.UUID]:
        """The units for which they publish."""
        return tuple(self.units)

    def for_whom(self) -> dict[str, str]:
        """Return for whose referrals a time may be: all of a unit, or one catchment's."""
        offered: dict[str, str] = {}
        for unit_id, unit_name in self.units.items():
            own = {key: name for key, (owner, name) in self.catchments.items() if owner == unit_id}
            whole = _("All referrals of the unit") if len(self.units) == 1 else unit_name
            offered[str(unit_id)] = whole
            if len(own) > 1:
                offered |= {
                    f"{unit_id}/{key}": name if len(self.units) == 1 else f"{unit_name}: {name}"
                    for key, name in own.items()
                }
        return offered

    def answering(self) -> dict[str, str]:
        """Return who may answer: oneself first, anybody on duty, then colleagues."""
        everybody = {key: name for people in self.advisers.values() for key, name in people.items()}
        offered = {str(self.user_id): everybody.pop(self.user_id, "") or pgettext("call times", "Me")}
        offered[ANYBODY] = _("Whoever of the unit is on duty")
        return offered | {str(key): name for key, name in everybody.items()}

    def works_in(self, adviser_id: uuid.UUID | None, unit_id: uuid.UUID) -> bool:
        """Whether an adviser works in a unit; anybody on duty does."""
        return adviser_id is None or adviser_id in self.advisers[unit_id]

    def adviser(self, adviser_id: uuid.UUID | None) -> str:
        """Return an adviser's name; nothing where it is whoever is on duty."""
        if adviser_id is None:
            return ""
        return next((people[adviser_id] for people in self.advisers.values() if adviser_id in people), "")


def desk_of(user: User) -> Desk:
    """Return for which units somebody publishes times now."""
    language = current_language()
    units = [
        each
        for each in accounts.units(user.units_for(Permission.INBOX_WORK))
        if each.kind is UnitKind.COUNSELLING
    ]
    scope = scope_of(user)
    named = {each.code: in_language(each.name, language).text for each in kinds.kinds()}
    places = municipality.catchments_of(frozenset(each.id for each in units))
    return Desk(
        scope=scope,
        user_id=user.id,
        units={each.id: in_language(each.name, language).text for each in units},
        catchments={
            each.id: (each.unit_id, f"{_place(scope, each.municipality_code)}, {named[each.kind_code]}")
            for each in places
        },
        advisers={
            each.id: {
                worker.id: worker.name for worker in accounts.workers_of(each.id, Permission.INBOX_WORK)
            }
            for each in units
        },
    )


def _place(scope: Scope, code: str) -> str:
    return in_language(scope.municipalities.get(code, {"fi": code}), current_language()).text
