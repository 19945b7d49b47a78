"""Who receives what: opening and closing catchments, and times when nobody is there."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

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


class AbsenceOverlapError(ConflictError):
    """Another absence of the catchment takes some of the days."""

    def __init__(self, other: Absence) -> None:
        super().__init__(other.id)
        self.first_day = other.first_day
        self.last_day = other.last_day


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
    takes_non_residents: bool = False,
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
        takes_non_residents=takes_non_residents,
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
    move_end(catchment, last_day=last_day, now=now)


def move_end(catchment: Catchment, *, last_day: dt.date | None, now: dt.datetime) -> None:
    """Let a catchment that has not ended take referrals until a day, or for now without an end (None).

    Raises:
        EndedError: if it has ended already.
        LongPastError: if the day is before yesterday.
        BackwardsError: if the day is before it opens.
        OverlapError: if another takes the referrals on some of the days.
    """
    yesterday = clock.helsinki_day(now) - dt.timedelta(days=1)
    if catchment.closes_on is not None and catchment.closes_on <= yesterday:
        raise EndedError(catchment.closes_on)
    if last_day is not None and last_day < yesterday:
        raise LongPastError(yesterday)
    if last_day is not None and last_day < catchment.opens_on:
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


def add_absence(
    catchment_id: uuid.UUID,
    *,
    first_day: dt.date,
    last_day: dt.date,
    substitute_id: uuid.UUID | None = None,
) -> Absence:
    """Write down that a catchment's own adviser is away from one day to another, both included.

    Raises:
        BackwardsError: if it would end before it begins.
        AbsenceOverlapError: if another absence takes some of the days.
    """
    if last_day < first_day:
        raise BackwardsError(first_day)
    other = db.session.scalars(
        select(Absence)
        .where(
            Absence.catchment_id == catchment_id,
            Absence.first_day <= last_day,
            Absence.last_day >= first_day,
        )
        .order_by(Absence.first_day, Absence.id)
        .limit(1)
    ).first()
    if other is not None:
        raise AbsenceOverlapError(other)
    made = Absence(
        catchment_id=catchment_id, first_day=first_day, last_day=last_day, substitute_id=substitute_id
    )
    db.session.add(made)
    db.session.flush()
    return made


def end_absence(absence: Absence, *, now: dt.datetime) -> None:
    """Let an absence be over: its days from today on are taken away, all of it where it has not begun.

    Raises:
        EndedError: if it is over already.
    """
    today = clock.helsinki_day(now)
    if absence.last_day < today:
        raise EndedError(absence.last_day)
    if absence.first_day >= today:
        db.session.delete(absence)
    else:
        absence.last_day = today - dt.timedelta(days=1)
    db.session.flush()


def absence_in(
    absence_id: int, *, catchment_ids: Collection[uuid.UUID], lock: bool = False
) -> Absence | None:
    """Return an absence of one of these catchments, or None."""
    statement = select(Absence).where(Absence.id == absence_id, Absence.catchment_id.in_(catchment_ids))
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def absences_from(catchment_ids: Collection[uuid.UUID], *, on: dt.date) -> Sequence[Absence]:
    """Return the absences of these catchments that are not over on a day, the next first."""
    return db.session.scalars(
        select(Absence)
        .where(Absence.catchment_id.in_(catchment_ids), Absence.last_day >= on)
        .order_by(Absence.first_day, Absence.id)
    ).all()


def has_absence(catchment_id: uuid.UUID) -> bool:
    """Whether an absence was ever written down for a catchment."""
    return (
        db.session.scalars(select(Absence.id).where(Absence.catchment_id == catchment_id).limit(1)).first()
        is not None
    )
