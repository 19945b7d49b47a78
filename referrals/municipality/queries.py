"""Questions about who receives what, and about cases."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from referrals.moves import OPEN_CASE, CaseStatus, Outcome
from referrals.municipality.models import Absence, Attempt, CaseHistory, Note
from referrals.municipality.models import Case as Case
from referrals.municipality.models import Catchment as Catchment
from referrals.municipality.models import MeetingForm as MeetingForm
from referrals.rights.restriction import unrestricted
from servicetray.accounts.queries import User
from servicetray.core.access import Permission
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
    takes_non_residents: bool = False
    """Whether clients whose home municipality is another one may be sent here, too."""

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


def hold_catchment(catchment_id: uuid.UUID) -> uuid.UUID:
    """Lock a catchment, if it exists, until the transaction ends; return its id."""
    db.session.scalars(select(Catchment.id).where(Catchment.id == catchment_id).with_for_update()).first()
    return catchment_id


def deputised(user_id: uuid.UUID, *, on: dt.date) -> frozenset[uuid.UUID]:
    """Return the catchments in which somebody stands in for an absence on a day."""
    return frozenset(db.session.scalars(deputised_ids(user_id, on=on)).all())


def deputised_ids(user_id: uuid.UUID, *, on: dt.date) -> Select[uuid.UUID]:
    """Return the same as a part of a larger question, which costs no question of its own."""
    return select(Absence.catchment_id).where(
        Absence.substitute_id == user_id, Absence.first_day <= on, Absence.last_day >= on
    )


def works_in(user: User, catchment_id: uuid.UUID, *, on: dt.date) -> bool:
    """Whether somebody works in a catchment on a day: in its unit, or standing in for an absence."""
    place = catchment(catchment_id)
    if place is None:
        return False
    return place.unit_id in user.units_for(Permission.INBOX_WORK) or (
        user.may(Permission.INBOX_WORK) and catchment_id in deputised(user.id, on=on)
    )


def leads(user: User, catchment_id: uuid.UUID) -> bool:
    """Whether somebody leads the unit of a catchment."""
    place = catchment(catchment_id)
    return place is not None and place.unit_id in user.units_for(Permission.INBOX_LEAD)


def open_route(catchment_id: uuid.UUID, *, on: dt.date) -> Route | None:
    """Return a catchment that takes referrals on a day, or None."""
    place = catchment(catchment_id)
    if place is None:
        return None
    found = _route(place, on, absent_until(catchment_id, on=on))
    return found if found.is_open else None


def absences_between(catchment_id: uuid.UUID, *, first: dt.date, last: dt.date) -> Sequence[Absence]:
    """Return the absences of a catchment, with a substitute or without, that take any of these days."""
    return db.session.scalars(
        select(Absence)
        .where(Absence.catchment_id == catchment_id, Absence.first_day <= last, Absence.last_day >= first)
        .order_by(Absence.first_day, Absence.id)
    ).all()


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

    Raises:
        RestrictedError: if its use is restricted: its officer alone works with it.
    """
    statement = select(Case).where(
        Case.id == case_id,
        Case.catchment_id.in_(catchment_ids),
        Case.status != CaseStatus.ENTERED_IN_ERROR,
        or_(Case.outcome.is_(None), Case.outcome.not_in(HIDDEN_OUTCOMES)),
        Case.withdrawn_at.is_(None),
        or_(Case.protected.is_(False), Case.handler_id == reader_id),
    )
    return unrestricted(db.session.scalars(statement.with_for_update() if lock else statement).first())


def case_to_assign(
    case_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID], lock: bool = False
) -> Case | None:
    """Return a case that the lead of these catchments may give to another adviser (C10), else None.

    A protected client's too, when its adviser leaves: who asks may hand it on, and learns nothing of it.

    Raises:
        RestrictedError: if its use is restricted.
    """
    statement = select(Case).where(
        Case.id == case_id,
        Case.catchment_id.in_(catchment_ids),
        Case.status != CaseStatus.ENTERED_IN_ERROR,
        or_(Case.outcome.is_(None), Case.outcome.not_in(HIDDEN_OUTCOMES)),
        Case.withdrawn_at.is_(None),
    )
    return unrestricted(db.session.scalars(statement.with_for_update() if lock else statement).first())


def open_cases_in(
    referral_ids: Sequence[uuid.UUID], *, catchment_ids: Sequence[uuid.UUID], reader_id: uuid.UUID
) -> dict[uuid.UUID, Case]:
    """Return the open cases of these referrals that this person may open, by referral."""
    if not referral_ids:
        return {}
    rows = db.session.scalars(
        select(Case)
        .where(
            Case.referral_id.in_(referral_ids),
            Case.catchment_id.in_(catchment_ids),
            Case.status.in_(OPEN_CASE),
            Case.withdrawn_at.is_(None),
            Case.restricted_at.is_(None),
            or_(Case.protected.is_(False), Case.handler_id == reader_id),
        )
        .order_by(Case.accepted_at, Case.id)
    ).all()
    return {row.referral_id: row for row in rows}


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


def case_ids_of(referral_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the ids of all cases that a referral has had, without loading or locking one."""
    return db.session.scalars(
        select(Case.id).where(Case.referral_id == referral_id).order_by(Case.accepted_at, Case.id)
    ).all()


def is_practice(case_id: uuid.UUID) -> bool:
    """Whether a case is an invented client's."""
    return db.session.scalar(select(Case.practice).where(Case.id == case_id)) is True


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
        takes_non_residents=row.takes_non_residents,
    )
