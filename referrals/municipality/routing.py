"""Who receives what: opening catchments, and times when nobody is there."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from referrals.municipality.models import Absence, Catchment
from servicetray.core.db import db


def open_catchment(  # noqa: PLR0913 - each is a column of the catchment
    *,
    unit_id: uuid.UUID,
    municipality_code: str,
    kind_code: str,
    opens_on: dt.date,
    languages: Sequence[str],
    closes_on: dt.date | None = None,
    usual_wait_days: int | None = None,
    min_age: int = 0,
    max_age: int | None = None,
    continued_as_demonstration: bool = False,
    catchment_id: uuid.UUID | None = None,
) -> Catchment:
    """Let a unit take a municipality's referrals of a kind from a day on, or return the one with this id."""
    known = db.session.get(Catchment, catchment_id) if catchment_id else None
    if known is not None:
        return known
    made = Catchment(
        id=catchment_id or uuid.uuid4(),
        unit_id=unit_id,
        municipality_code=municipality_code,
        kind_code=kind_code,
        opens_on=opens_on,
        closes_on=closes_on,
        min_age=min_age,
        max_age=max_age,
        languages=list(languages),
        takes_non_residents=False,
        usual_wait_days=usual_wait_days,
        continued_as_demonstration=continued_as_demonstration,
    )
    db.session.add(made)
    db.session.flush()
    return made


def add_absence(catchment_id: uuid.UUID, *, first_day: dt.date, last_day: dt.date) -> Absence:
    """Write down that nobody answers in a catchment from one day to another, both included."""
    made = Absence(catchment_id=catchment_id, first_day=first_day, last_day=last_day, substitute_id=None)
    db.session.add(made)
    db.session.flush()
    return made


def has_absence(catchment_id: uuid.UUID) -> bool:
    """Whether an absence was ever written down for a catchment."""
    return (
        db.session.scalars(select(Absence.id).where(Absence.catchment_id == catchment_id).limit(1)).first()
        is not None
    )
