"""What a leaver or a closing unit leaves in the municipality's record: numbers, never a client.

Whoever administers people sees no case; these counts look at everybody's on their behalf (``walls.everywhere``).
"""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import func, or_, select

from referrals.moves import OPEN_CASE
from referrals.municipality.models import Absence, Case, Catchment
from servicetray.core import walls
from servicetray.core.db import db


def open_cases_by_unit(handler_id: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """Return how many open cases somebody has in each counselling unit; practice is left out."""
    with walls.everywhere():
        rows = db.session.execute(
            select(Catchment.unit_id, func.count())
            .select_from(Case)
            .join(Catchment, Catchment.id == Case.catchment_id)
            .where(Case.handler_id == handler_id, Case.status.in_(OPEN_CASE), Case.practice.is_(False))
            .group_by(Catchment.unit_id)
            .order_by(Catchment.unit_id)
        ).all()
    return {unit_id: int(count) for unit_id, count in rows}


def open_cases_in_unit(unit_id: uuid.UUID) -> int:
    """Return how many open cases a counselling unit has; practice is left out."""
    with walls.everywhere():
        return db.session.scalars(
            select(func.count())
            .select_from(Case)
            .join(Catchment, Catchment.id == Case.catchment_id)
            .where(Catchment.unit_id == unit_id, Case.status.in_(OPEN_CASE), Case.practice.is_(False))
        ).one()


def open_catchments_of(unit_id: uuid.UUID, *, on: dt.date) -> int:
    """Return how many catchments of a unit are open on a day, or open later."""
    return db.session.scalars(
        select(func.count())
        .select_from(Catchment)
        .where(Catchment.unit_id == unit_id, or_(Catchment.closes_on.is_(None), Catchment.closes_on >= on))
    ).one()


def stands_in(user_id: uuid.UUID, *, on: dt.date) -> int:
    """Return for how many absences, present or coming, somebody stands in."""
    return db.session.scalars(
        select(func.count())
        .select_from(Absence)
        .where(Absence.substitute_id == user_id, Absence.last_day >= on)
    ).one()
