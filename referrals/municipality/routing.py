"""Who receives what: opening and closing catchments, and times when nobody is there."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import or_, select

from referrals.municipality.models import Absence, Catchment
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError


class BackwardsError(DomainError):
    """The last day of a catchment would be before its first."""

    def __init__(self, opens_on: dt.date) -> None:
        super().__init__(opens_on)
        self.opens_on = opens_on


class LongPastError(DomainError):
    """A catchment can't be closed further back than yesterday: referrals may have come since."""

    def __init__(self, earliest: dt.date) -> None:
        super().__init__(earliest)
        self.earliest = earliest


class EndedError(DomainError):
    """The catchment's last day has passed."""

    def __init__(self, closed_on: dt.date) -> None:
        super().__init__(closed_on)
        self.closed_on = closed_on


class OverlapError(ConflictError):
    """Another catchment takes the municipality's referrals of this kind on some of the days."""

    def __init__(self, other: Catchment) -> None:
        super().__init__(other.id)
        self.catchment_id = other.id
        self.opens_on = other.opens_on
        self.closes_on = other.closes_on


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
    """Let a unit take a municipality's referrals of a kind from a day on, or return the one with this id.

    Raises:
        BackwardsError: if it closes before it opens.
        OverlapError: if another takes them on some of the days.
    """
    known = db.session.get(Catchment, catchment_id) if catchment_id else None
    if known is not None:
        return known
    if closes_on is not None and closes_on < opens_on:
        raise BackwardsError(opens_on)
    other = _overlapping(municipality_code, kind_code, first=opens_on, last=closes_on, but=None)
    if other is not None:
        raise OverlapError(other)
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


def close_catchment(catchment: Catchment, *, last_day: dt.date, now: dt.datetime) -> None:
    """Let a catchment take its last referrals on a day; yesterday closes it at once.

    What has been sent stays in its inbox. The day may be changed until it has passed.

    Raises:
        EndedError: if it has ended already.
        LongPastError: if the day is before yesterday.
        BackwardsError: if the day is before it opens.
        OverlapError: if another takes the referrals on some of the days.
    """
    yesterday = clock.helsinki_day(now) - dt.timedelta(days=1)
    if catchment.closes_on is not None and catchment.closes_on <= yesterday:
        raise EndedError(catchment.closes_on)
    if last_day < yesterday:
        raise LongPastError(yesterday)
    if last_day < catchment.opens_on:
        raise BackwardsError(catchment.opens_on)
    other = _overlapping(
        catchment.municipality_code,
        catchment.kind_code,
        first=catchment.opens_on,
        last=last_day,
        but=catchment.id,
    )
    if other is not None:
        raise OverlapError(other)
    catchment.closes_on = last_day
    db.session.flush()


def all_catchments() -> Sequence[Catchment]:
    """Return every catchment, ended ones too: by municipality, kind, first day."""
    return db.session.scalars(
        select(Catchment).order_by(
            Catchment.municipality_code, Catchment.kind_code, Catchment.opens_on, Catchment.id
        )
    ).all()


def _overlapping(
    municipality_code: str, kind_code: str, *, first: dt.date, last: dt.date | None, but: uuid.UUID | None
) -> Catchment | None:
    statement = select(Catchment).where(
        Catchment.municipality_code == municipality_code,
        Catchment.kind_code == kind_code,
        or_(Catchment.closes_on.is_(None), Catchment.closes_on >= first),
    )
    if last is not None:
        statement = statement.where(Catchment.opens_on <= last)
    if but is not None:
        statement = statement.where(Catchment.id != but)
    return db.session.scalars(statement.order_by(Catchment.opens_on, Catchment.id).limit(1)).first()


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
