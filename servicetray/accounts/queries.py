"""Questions about people and units that other parts ask; they know ``User`` and ``Unit`` from here."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from servicetray.accounts.models import MessageWish as MessageWish
from servicetray.accounts.models import Organisation as Organisation
from servicetray.accounts.models import OrganisationKind as OrganisationKind
from servicetray.accounts.models import RoleGrant
from servicetray.accounts.models import Unit as Unit
from servicetray.accounts.models import UnitKind as UnitKind
from servicetray.accounts.models import User as User
from servicetray.accounts.permissions import PERMISSIONS
from servicetray.core.access import Permission
from servicetray.core.db import db


def user_by_email(email: str) -> User | None:
    """Return the account of an address, or None."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).first()


def user(user_id: uuid.UUID) -> User | None:
    """Return an account, or None."""
    return db.session.get(User, user_id)


def inactive_among(user_ids: Iterable[uuid.UUID | None]) -> frozenset[uuid.UUID]:
    """Return those of the accounts whose people have left."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return frozenset()
    return frozenset(
        db.session.scalars(select(User.id).where(User.id.in_(wanted), User.active.is_(False))).all()
    )


def names_of(user_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Return the names of accounts by id."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)).order_by(User.id)).all()
    return {row.id: row.name for row in rows}


def unit(unit_id: uuid.UUID) -> Unit | None:
    """Return a unit, or None."""
    return db.session.get(Unit, unit_id)


def units(unit_ids: Iterable[uuid.UUID]) -> Sequence[Unit]:
    """Return units by id."""
    return db.session.scalars(select(Unit).where(Unit.id.in_(set(unit_ids))).order_by(Unit.id)).all()


def all_units() -> Sequence[Unit]:
    """Return every unit: by kind, then municipality."""
    return db.session.scalars(select(Unit).order_by(Unit.kind, Unit.municipality_code, Unit.id)).all()


def all_users() -> Sequence[User]:
    """Return every account, closed ones too, by address."""
    return db.session.scalars(select(User).order_by(User.email)).all()


def workers_of(unit_id: uuid.UUID, permission: Permission) -> Sequence[User]:
    """Return the active people who hold a permission in a unit, by name."""
    roles = [role for role, allowed in PERMISSIONS.items() if permission in allowed]
    return db.session.scalars(
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.unit_id == unit_id, RoleGrant.role.in_(roles), User.active.is_(True))
        .order_by(User.name, User.id)
        .distinct()
    ).all()


def any_users() -> bool:
    """Whether there are accounts at all (a new installation has none)."""
    return db.session.scalars(select(User.id).limit(1)).first() is not None
