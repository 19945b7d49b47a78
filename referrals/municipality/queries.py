"""Questions about who receives what, and about cases."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from referrals.moves import OPEN_CASE, CaseStatus, Outcome
from referrals.municipality.models import Absence, Attempt, Case, CaseHistory, Catchment, Note
from servicetray.core.db import db

HIDDEN_OUTCOMES = (Outcome.RETURNED, Outcome.WITHDRAWN)
"""Cases closed with these are hidden from the municipality at once."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a municipality's referrals of a kind go, and whether they may be sent today."""

    catchment_id: uuid.UUID
    unit_id: uuid.UUID
    municipality_code: str
    kind_code: str
    is_open: bool
    opens_on: dt.date
    """When it opens, where it has not yet."""
    closed_since: dt.date | None
    """Since when it is closed, where it was open before."""
    languages: tuple[str, ...]
    usual_wait_days: int | None
    min_age: int
    max_age: int | None
    absence_until: dt.date | None
    """Last day of an absence without a substitute that covers the day asked about."""

    def takes_age(self, age: int) -> bool:
        """Whether a client of this age may be referred."""
        return self.min_age <= age and (self.max_age is None or age <= self.max_age)


def routes(kind_code: str, *, on: dt.date) -> Sequence[Route]:
    """Return where each municipality's referrals of a kind go on a day, one a municipality.

    A municipality without any catchment of the kind is not there.
    """
    rows = db.session.scalars(
        select(Catchment)
        .where(Catchment.kind_code == kind_code)
        .order_by(Catchment.municipality_code, Catchment.opens_on, Catchment.id)
    ).all()
    absent = _absences([row.id for row in rows], on)
    best: dict[str, Route] = {}
    for row in rows:
        route = _route(row, on, absent.get(row.id))
        known = best.get(row.municipality_code)
        if (
            known is None
            or (route.is_open and not known.is_open)
            or (not known.is_open and not route.is_open)
        ):
            best[row.municipality_code] = route
    return tuple(best.values())


def route(kind_code: str, municipality_code: str, *, on: dt.date) -> Route | None:
    """Return where a municipality's referrals of a kind go on a day, or None if it has no such counselling."""
    return next(
        (each for each in routes(kind_code, on=on) if each.municipality_code == municipality_code), None
    )


def absent_until(catchment_id: uuid.UUID, *, on: dt.date) -> dt.date | None:
    """Return the last day of an absence without a substitute that covers a day, or None."""
    return _absences([catchment_id], on).get(catchment_id)


def catchment(catchment_id: uuid.UUID) -> Catchment | None:
    """Return a catchment, or None."""
    return db.session.get(Catchment, catchment_id)


def catchments_of(unit_ids: frozenset[uuid.UUID]) -> Sequence[Catchment]:
    """Return the catchments of counselling units."""
    if not unit_ids:
        return ()
    return db.session.scalars(
        select(Catchment)
        .where(Catchment.unit_id.in_(unit_ids))
        .order_by(Catchment.municipality_code, Catchment.id)
    ).all()


def case_in(
    case_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID], reader_id: uuid.UUID, lock: bool = False
) -> Case | None:
    """Return a case that this person may open in their catchments, else None: elsewhere is nowhere.

    A protected client's case is its handler's alone. One that was returned or withdrawn is hidden from
    everyone (moves.md, R3, R9 and R9b).
    """
    statement = select(Case).where(
        Case.id == case_id,
        Case.catchment_id.in_(catchment_ids),
        Case.status != CaseStatus.ENTERED_IN_ERROR,
        or_(Case.outcome.is_(None), Case.outcome.not_in(HIDDEN_OUTCOMES)),
        Case.withdrawn_at.is_(None),
        or_(Case.protected.is_(False), Case.handler_id == reader_id),
    )
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def latest_case_of(referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID]) -> Case | None:
    """Return the newest case of a referral in these catchments, or None."""
    return db.session.scalars(
        select(Case)
        .where(
            Case.referral_id == referral_id,
            Case.catchment_id.in_(catchment_ids),
            Case.status != CaseStatus.ENTERED_IN_ERROR,
        )
        .order_by(Case.accepted_at.desc(), Case.id)
        .limit(1)
    ).first()


def open_case_of(referral_id: uuid.UUID, *, lock: bool = False) -> Case | None:
    """Return the open case of a referral, or None."""
    statement = (
        select(Case)
        .where(Case.referral_id == referral_id, Case.status.in_(OPEN_CASE))
        .order_by(Case.accepted_at)
    )
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def cases_of(referral_id: uuid.UUID, *, lock: bool = False) -> Sequence[Case]:
    """Return all cases that a referral has had, oldest first."""
    statement = select(Case).where(Case.referral_id == referral_id).order_by(Case.accepted_at, Case.id)
    return db.session.scalars(statement.with_for_update() if lock else statement).all()


def case_statuses_of(referral_id: uuid.UUID) -> tuple[CaseStatus, ...]:
    """Return the statuses of all cases that a referral has had."""
    return tuple(
        db.session.scalars(
            select(Case.status).where(Case.referral_id == referral_id).order_by(Case.accepted_at, Case.id)
        ).all()
    )


def attempts_of(case_id: uuid.UUID) -> Sequence[Attempt]:
    """Return the attempts of a case, oldest first."""
    return db.session.scalars(
        select(Attempt).where(Attempt.case_id == case_id).order_by(Attempt.at, Attempt.id)
    ).all()


def notes_of(case_id: uuid.UUID) -> Sequence[Note]:
    """Return the notes of a case, oldest first."""
    return db.session.scalars(select(Note).where(Note.case_id == case_id).order_by(Note.at, Note.id)).all()


def history_of(case_id: uuid.UUID) -> Sequence[CaseHistory]:
    """Return the moves of a case, oldest first."""
    return db.session.scalars(
        select(CaseHistory).where(CaseHistory.case_id == case_id).order_by(CaseHistory.at, CaseHistory.id)
    ).all()


def _absences(catchment_ids: Sequence[uuid.UUID], on: dt.date) -> dict[uuid.UUID, dt.date]:
    rows = db.session.scalars(
        select(Absence)
        .where(
            Absence.catchment_id.in_(catchment_ids),
            Absence.first_day <= on,
            Absence.last_day >= on,
            Absence.substitute_id.is_(None),
        )
        .order_by(Absence.last_day, Absence.id)
    ).all()
    return {row.catchment_id: row.last_day for row in rows}


def _route(row: Catchment, on: dt.date, absence_until: dt.date | None) -> Route:
    ended = row.closes_on is not None and row.closes_on < on
    return Route(
        catchment_id=row.id,
        unit_id=row.unit_id,
        municipality_code=row.municipality_code,
        kind_code=row.kind_code,
        is_open=row.opens_on <= on and not ended,
        opens_on=row.opens_on,
        closed_since=row.closes_on if ended else None,
        languages=tuple(row.languages),
        usual_wait_days=row.usual_wait_days,
        min_age=row.min_age,
        max_age=row.max_age,
        absence_until=absence_until,
    )
