"""Cases past their target day, and who stands in where somebody is away."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from referrals.moves import OPEN_CASE
from referrals.municipality.models import Absence, Case, Catchment
from servicetray.core import walls
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class LateCase:
    """An open case whose next step should have been taken; nothing of its content."""

    id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    catchment_id: uuid.UUID
    handler_id: uuid.UUID | None
    due_on: dt.date
    protected: bool


def late_cases(*, today: dt.date) -> Sequence[LateCase]:
    """Return the open cases past their target day in any catchment, longest first; practice is left out."""
    rows = db.session.execute(
        select(
            Case.id,
            Case.referral_id,
            Case.reference,
            Case.catchment_id,
            Case.handler_id,
            Case.due_on,
            Case.protected,
        )
        .where(
            Case.status.in_(OPEN_CASE),
            Case.due_on < today,
            Case.practice.is_(False),
            Case.withdrawn_at.is_(None),
        )
        .order_by(Case.due_on, Case.id)
    ).all()
    return tuple(
        LateCase(
            id=row.id,
            referral_id=row.referral_id,
            reference=row.reference,
            catchment_id=row.catchment_id,
            handler_id=row.handler_id,
            due_on=row.due_on,
            protected=row.protected,
        )
        for row in rows
    )


def late_by_place(*, today: dt.date) -> Mapping[tuple[str, str], int]:
    """Return how many open cases are past their target day, by kind and municipality.

    Numbers of all municipalities, for the figures (``walls.everywhere``); practice is left out.
    """
    statement = (
        select(Case.kind_code, Case.municipality_code, func.count())
        .where(
            Case.status.in_(OPEN_CASE),
            Case.due_on < today,
            Case.practice.is_(False),
            Case.withdrawn_at.is_(None),
        )
        .group_by(Case.kind_code, Case.municipality_code)
        .order_by(Case.kind_code, Case.municipality_code)
    )
    with walls.everywhere():
        rows = db.session.execute(statement).all()
    return {(kind, place): int(number) for kind, place, number in rows}


def units_of(catchment_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Return the counselling unit of each catchment."""
    rows = db.session.execute(
        select(Catchment.id, Catchment.unit_id)
        .where(Catchment.id.in_(set(catchment_ids)))
        .order_by(Catchment.id)
    ).all()
    return {row.id: row.unit_id for row in rows}


def substitutes(
    catchment_ids: Collection[uuid.UUID], *, on: dt.date
) -> Mapping[uuid.UUID, Sequence[uuid.UUID]]:
    """Return who stands in on a day, by catchment; one where nobody does is not there."""
    rows = db.session.execute(
        select(Absence.catchment_id, Absence.substitute_id)
        .where(
            Absence.catchment_id.in_(set(catchment_ids)),
            Absence.first_day <= on,
            Absence.last_day >= on,
            Absence.substitute_id.is_not(None),
        )
        .order_by(Absence.catchment_id, Absence.id)
    ).all()
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in rows:
        found.setdefault(row.catchment_id, []).append(row.substitute_id)
    return found
