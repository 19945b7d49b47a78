"""Changing, closing and opening units and organisations."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from servicetray.accounts.administration import queries
from servicetray.accounts.administration.operations import ChangedMeanwhileError, stamp
from servicetray.accounts.administration.remains import Remaining, left_in
from servicetray.accounts.models import MessageWish, Organisation, OrganisationKind, Unit, UnitKind, User
from servicetray.accounts.operations import create_unit, set_box_wish
from servicetray.accounts.organisations import add_organisation
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core.db import Texts, db
from servicetray.core.errors import DomainError, NotFoundError

UNIT_FIELDS = (
    "name",
    "organisation_id",
    "municipality_code",
    "service_area",
    "phone",
    "mailbox",
    "shared_list",
)


class UnitInUseError(DomainError):
    """A unit can't be closed while something is left in it."""

    def __init__(self, people: int, remaining: Sequence[Remaining]) -> None:
        super().__init__(people, len(remaining))
        self.people = people
        self.remaining = remaining


class OrganisationInUseError(DomainError):
    """An organisation can't be closed while it has open units."""


def unit_stamp(unit: Unit) -> str:
    """Return the mark of what a unit's form shows."""
    return stamp(*(getattr(unit, field) for field in UNIT_FIELDS), unit.message_wish.value)


def organisation_stamp(organisation: Organisation) -> str:
    """Return the mark of what an organisation's form shows."""
    return stamp(organisation.name, organisation.kind.value, organisation.municipality_code)


def held_unit(unit_id: uuid.UUID) -> Unit:
    """Return a unit, held for this transaction.

    Raises:
        NotFoundError: if there is none.
    """
    found = db.session.get(Unit, unit_id, with_for_update=True)
    if found is None:
        raise NotFoundError
    return found


def add_unit(
    *, kind: UnitKind, values: Mapping[str, Any], wish: MessageWish, actor: User, now: dt.datetime
) -> Unit:
    """Add a unit with these values of ``UNIT_FIELDS``."""
    plain = {field: values[field] for field in UNIT_FIELDS if field != "shared_list"}
    unit = create_unit(kind=kind, **plain)
    unit.shared_list = bool(values["shared_list"])
    unit.message_wish = wish
    _record("unit", unit.id, "added", actor=actor, now=now)
    return unit


def change_unit(
    unit: Unit, *, values: Mapping[str, Any], wish: MessageWish, seen: str, actor: User, now: dt.datetime
) -> bool:
    """Change a unit; return whether anything changed.

    Raises:
        ChangedMeanwhileError: if somebody else changed it since the form was opened.
    """
    if unit_stamp(unit) != seen:
        raise ChangedMeanwhileError
    changed = [field for field in UNIT_FIELDS if getattr(unit, field) != values[field]]
    for field in changed:
        setattr(unit, field, values[field])
    if changed:
        _record("unit", unit.id, "details", actor=actor, now=now, fields=",".join(changed))
    told_otherwise = unit.message_wish is not wish
    set_box_wish(unit, wish=wish, actor=actor, now=now)
    return bool(changed) or told_otherwise


def close_unit(unit: Unit, *, actor: User, now: dt.datetime) -> None:
    """Close a unit: it is offered nowhere any more, and what it did stays readable.

    Raises:
        UnitInUseError: while people have roles in it, or something is open in it.
    """
    people = queries.people_in(unit.id)
    remaining = left_in(unit.id, now=now)
    if people or remaining:
        raise UnitInUseError(people, remaining)
    unit.active = False
    _record("unit", unit.id, "closed", actor=actor, now=now)


def open_unit(unit: Unit, *, actor: User, now: dt.datetime) -> None:
    """Open a closed unit again."""
    unit.active = True
    _record("unit", unit.id, "opened", actor=actor, now=now)


def held_organisation(organisation_id: uuid.UUID) -> Organisation:
    """Return an organisation, held for this transaction.

    Raises:
        NotFoundError: if there is none.
    """
    found = db.session.get(Organisation, organisation_id, with_for_update=True)
    if found is None:
        raise NotFoundError
    return found


def new_organisation(
    *, kind: OrganisationKind, name: Texts, municipality_code: str | None, actor: User, now: dt.datetime
) -> Organisation:
    """Add an organisation."""
    made = add_organisation(kind=kind, name=name, municipality_code=municipality_code)
    _record("organisation", made.id, "added", actor=actor, now=now)
    return made


def rename_organisation(
    organisation: Organisation, *, name: Texts, seen: str, actor: User, now: dt.datetime
) -> bool:
    """Change an organisation's name; return whether anything changed.

    Raises:
        ChangedMeanwhileError: if somebody else changed it since the form was opened.
    """
    if organisation_stamp(organisation) != seen:
        raise ChangedMeanwhileError
    if organisation.name == name:
        return False
    organisation.name = name
    _record("organisation", organisation.id, "details", actor=actor, now=now, fields="name")
    return True


def close_organisation(organisation: Organisation, *, actor: User, now: dt.datetime) -> None:
    """Close an organisation.

    Raises:
        OrganisationInUseError: while it has open units.
    """
    if queries.open_units_of(organisation.id):
        raise OrganisationInUseError
    organisation.active = False
    _record("organisation", organisation.id, "closed", actor=actor, now=now)


def open_organisation(organisation: Organisation, *, actor: User, now: dt.datetime) -> None:
    """Open a closed organisation again."""
    organisation.active = True
    _record("organisation", organisation.id, "opened", actor=actor, now=now)


def _record(
    kind: str, object_id: uuid.UUID, change: str, *, actor: User, now: dt.datetime, **more: str
) -> None:
    db.session.flush()
    record(
        Action.UNIT_CHANGED,
        actor=actor,
        object_type=kind,
        object_id=object_id,
        now=now,
        detail={"change": change, **more},
    )
