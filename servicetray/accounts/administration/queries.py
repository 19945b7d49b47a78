"""What the administration's pages ask: people by name, unit, role and state; units with their people."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from servicetray.accounts.models import Invitation, RoleGrant, Unit, User
from servicetray.accounts.operations import INVITATION
from servicetray.accounts.permissions import Role
from servicetray.core.db import db
from servicetray.core.outbox import MessageState, OutboxMessage

PAGE = 50


class PersonState(StrEnum):
    """Where an account stands."""

    OPEN = "open"
    INVITED = "invited"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which people a list shows."""

    text: str = ""
    """A part of the name or of the address."""
    unit_id: uuid.UUID | None = None
    role: Role | None = None
    state: PersonState | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One person of the list."""

    user: User
    state: PersonState


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of the list, and how many people there are in all."""

    rows: Sequence[PersonRow]
    total: int


def people(wanted: Wanted, *, page: int = 1) -> Found:
    """Return people by name, fifty a page (counted from 1)."""
    chosen = select(User).where(*_conditions(wanted))
    total = db.session.scalars(select(func.count()).select_from(chosen.order_by(None).subquery())).one()
    users = db.session.scalars(
        chosen.order_by(func.lower(User.name), User.id).limit(PAGE).offset(PAGE * (page - 1))
    ).all()
    invited = set(
        db.session.scalars(_waiting().where(Invitation.user_id.in_([user.id for user in users]))).all()
    )
    rows = tuple(PersonRow(user=user, state=_state(user, invited)) for user in users)
    return Found(rows=rows, total=total)


def state_of(user: User) -> PersonState:
    """Return where one account stands."""
    return _state(user, set(db.session.scalars(_waiting().where(Invitation.user_id == user.id)).all()))


def people_in(unit_id: uuid.UUID) -> int:
    """Return how many people with open accounts have roles in a unit."""
    return people_by_unit([unit_id]).get(unit_id, 0)


def people_by_unit(unit_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many people with open accounts have roles in each of these units."""
    if not unit_ids:
        return {}
    rows = db.session.execute(
        select(RoleGrant.unit_id, func.count(func.distinct(RoleGrant.user_id)))
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.unit_id.in_(unit_ids), User.active.is_(True))
        .group_by(RoleGrant.unit_id)
    ).all()
    return {unit_id: int(count) for unit_id, count in rows if unit_id is not None}


def open_units_of(organisation_id: uuid.UUID) -> int:
    """Return how many open units an organisation has."""
    return db.session.scalars(
        select(func.count())
        .select_from(Unit)
        .where(Unit.organisation_id == organisation_id, Unit.active.is_(True))
    ).one()


def letter_of(invitation_id: uuid.UUID) -> MessageState | None:
    """Return where the letter of an invitation is, or None if there is none."""
    return db.session.scalars(
        select(OutboxMessage.state)
        .where(OutboxMessage.about == f"{INVITATION}:{invitation_id}")
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    ).first()


def _waiting() -> Select[uuid.UUID]:
    return select(Invitation.user_id).where(Invitation.used_at.is_(None), Invitation.cancelled_at.is_(None))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [or_(_has(User.name, word), _has(User.email, word)) for word in wanted.text.split()]
    if wanted.unit_id or wanted.role:
        grants = select(RoleGrant.user_id)
        if wanted.role:
            grants = grants.where(RoleGrant.role == wanted.role)
        if wanted.unit_id:
            grants = grants.where(RoleGrant.unit_id == wanted.unit_id)
        of_unit = User.unit_id == wanted.unit_id
        found.append(User.id.in_(grants) if wanted.role else or_(User.id.in_(grants), of_unit))
    if wanted.state is PersonState.CLOSED:
        found.append(User.active.is_(False))
    elif wanted.state is PersonState.INVITED:
        found.append(and_(User.active.is_(True), User.id.in_(_waiting())))
    elif wanted.state is PersonState.OPEN:
        found.append(and_(User.active.is_(True), User.id.not_in(_waiting())))
    return found


def _has(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    # SQLite's lower() knows ASCII alone: each spelling of the first letters is asked for, too.
    spelled = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(each, autoescape=True) for each in sorted(spelled)))


def _state(user: User, invited: set[uuid.UUID]) -> PersonState:
    if not user.active:
        return PersonState.CLOSED
    return PersonState.INVITED if user.id in invited else PersonState.OPEN
