"""Organisations: whose units they are."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from servicetray.accounts.models import Organisation, OrganisationKind, UnitKind
from servicetray.core.db import Texts, db
from servicetray.core.municipalities import municipality
from servicetray.core.settings import current_settings


def organisation(organisation_id: uuid.UUID, *, lock: bool = False) -> Organisation | None:
    """Return an organisation, or None."""
    return db.session.get(Organisation, organisation_id, with_for_update=lock or None)


def all_organisations() -> Sequence[Organisation]:
    """Return every organisation: the county, municipalities, others; each kind by Finnish name."""
    order = list(OrganisationKind)
    rows = db.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    return sorted(rows, key=lambda row: (order.index(row.kind), row.name.get("fi", "").casefold()))


def add_organisation(
    *, kind: OrganisationKind, name: Texts, municipality_code: str | None = None
) -> Organisation:
    """Add an organisation."""
    made = Organisation(
        id=uuid.uuid4(), kind=kind, name=name, municipality_code=municipality_code, active=True
    )
    db.session.add(made)
    db.session.flush()
    return made


def organisation_for(*, kind: UnitKind, municipality_code: str | None) -> Organisation:
    """Return the organisation that a unit belongs to by its kind and municipality, made where it is missing.

    A sending unit is the county's wherever it stands; counselling units and offices are their municipality's.
    """
    code = None if kind is UnitKind.SENDING else municipality_code
    of_kind = OrganisationKind.MUNICIPALITY if code else OrganisationKind.COUNTY
    found = db.session.scalars(
        select(Organisation)
        .where(
            Organisation.kind == of_kind,
            Organisation.municipality_code == code if code else Organisation.municipality_code.is_(None),
        )
        .order_by(Organisation.active.desc(), Organisation.id)
    ).first()
    if found is not None:
        return found
    return add_organisation(kind=of_kind, name=_name(code), municipality_code=code)


def _name(municipality_code: str | None) -> Texts:
    if municipality_code is not None:
        place = municipality(municipality_code)
        return dict(place.name) if place else {"fi": municipality_code, "sv": municipality_code}
    return dict(current_settings().county_name)
