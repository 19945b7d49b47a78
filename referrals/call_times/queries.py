"""Questions about call times: what is free, who has which, and what a unit has published."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from referrals.call_times.models import CallBooking, CallException, CallPattern, CallTime
from referrals.municipality import queries as municipality
from referrals.municipality.queries import MeetingForm as MeetingForm
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.settings import current_settings

WINDOW_DAYS = 28


@dataclass(frozen=True, kw_only=True)
class FreeTime:
    """A time that can be chosen; instants in UTC."""

    id: uuid.UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    form: MeetingForm
    place: str
    """Where to meet, as the adviser wrote it; empty where it needs no place."""


@dataclass(frozen=True, kw_only=True)
class BookedTime:
    """The time that a referral has."""

    id: uuid.UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    form: MeetingForm
    place: str
    adviser_id: uuid.UUID | None
    booked_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PublishedTime:
    """A time of a unit as its advisers see it."""

    id: uuid.UUID
    unit_id: uuid.UUID
    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    form: MeetingForm
    place: str
    adviser_id: uuid.UUID | None
    capacity: int
    offered: bool
    referral_ids: tuple[uuid.UUID, ...]
    """Those who have it, practice ones too, in the order of booking."""
    taken: int
    """Seats that are taken."""

    @property
    def free(self) -> int:
        """Seats that can still be chosen."""
        return max(self.capacity - self.taken, 0) if self.offered else 0


def free_times(
    catchment_id: uuid.UUID, *, now: dt.datetime, days: int = WINDOW_DAYS, limit: int | None = None
) -> Sequence[FreeTime]:
    """Return the times that a client of a catchment can choose, the next first.

    At least the notice of the settings ahead and at most ``days``, on no day on which the catchment is absent,
    and with nobody who has left.
    """
    statement = open_times(catchment_id, now=now, days=days)
    if statement is None:
        return ()
    rows = db.session.scalars(statement.order_by(CallTime.starts_at, CallTime.id).limit(limit)).all()
    return tuple(
        FreeTime(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at, form=row.form, place=row.place)
        for row in rows
    )


def open_times(
    catchment_id: uuid.UUID, *, now: dt.datetime, days: int = WINDOW_DAYS
) -> Select[CallTime] | None:
    """Return the question for a catchment's free times, unordered, or None where there is no such catchment."""
    place = municipality.catchment(catchment_id)
    if place is None:
        return None
    earliest = first_bookable(now)
    until = now + dt.timedelta(days=days)
    return select(CallTime).where(
        CallTime.offered.is_(True),
        *for_catchment(place.id, unit_id=place.unit_id),
        CallTime.starts_at >= earliest,
        CallTime.starts_at <= until,
        taken_seats() < CallTime.capacity,
        or_(
            CallTime.adviser_id.is_(None),
            select(User.id).where(User.id == CallTime.adviser_id, User.active.is_(True)).exists(),
        ),
        *(
            or_(CallTime.day < each.first_day, CallTime.day > each.last_day)
            for each in municipality.absences_between(
                place.id, first=clock.helsinki_day(earliest), last=clock.helsinki_day(until)
            )
        ),
    )


def first_bookable(now: dt.datetime) -> dt.datetime:
    """Return the earliest instant that a sender or client can choose: advisers are given notice."""
    return now + dt.timedelta(hours=current_settings().call_time_notice_hours)


def for_catchment(catchment_id: uuid.UUID, *, unit_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a time is for a catchment's referrals."""
    return (
        CallTime.unit_id == unit_id,
        or_(CallTime.catchment_id.is_(None), CallTime.catchment_id == catchment_id),
    )


def taken_seats() -> ColumnElement[int]:
    """Return how many seats of a time are taken, as a column; practice takes none."""
    return (
        select(func.count(CallBooking.id))
        .where(CallBooking.call_time_id == CallTime.id, CallBooking.seat.is_not(None))
        .correlate(CallTime)
        .scalar_subquery()
    )


def booked_time(referral_id: uuid.UUID) -> BookedTime | None:
    """Return the time that a referral has, past or to come, or None."""
    return booked_times([referral_id]).get(referral_id)


def booked_times(referral_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, BookedTime]:
    """Return the times that these referrals have, by referral; one query however many."""
    if not referral_ids:
        return {}
    rows = db.session.execute(
        select(CallBooking.referral_id, CallBooking.booked_at, CallTime)
        .join(CallTime, CallTime.id == CallBooking.call_time_id)
        .where(CallBooking.referral_id.in_(referral_ids))
        .order_by(CallTime.starts_at, CallBooking.id)
    ).all()
    return {
        referral_id: BookedTime(
            id=time.id,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            form=time.form,
            place=time.place,
            adviser_id=time.adviser_id,
            booked_at=booked_at,
        )
        for referral_id, booked_at, time in rows
    }


def has_coming(referral_id: SQLColumnExpression[uuid.UUID], *, now: dt.datetime) -> ColumnElement[bool]:
    """Return, as part of a larger question, whether a referral has a time that is still to come."""
    return (
        select(CallBooking.id)
        .join(CallTime, CallTime.id == CallBooking.call_time_id)
        .where(CallBooking.referral_id == referral_id, CallTime.starts_at > now)
        .exists()
    )


def has_on(referral_id: SQLColumnExpression[uuid.UUID], *, day: dt.date) -> ColumnElement[bool]:
    """Return, as part of a larger question, whether a referral has a time on a Helsinki day."""
    return (
        select(CallBooking.id)
        .join(CallTime, CallTime.id == CallBooking.call_time_id)
        .where(CallBooking.referral_id == referral_id, CallTime.day == day)
        .exists()
    )


def published_times(
    unit_ids: Sequence[uuid.UUID], *, from_: dt.datetime, until: dt.datetime
) -> Sequence[PublishedTime]:
    """Return the times of units that begin in a half-open interval, booked ones that are off too."""
    rows = db.session.scalars(
        select(CallTime)
        .where(CallTime.unit_id.in_(unit_ids), CallTime.starts_at >= from_, CallTime.starts_at < until)
        .order_by(CallTime.starts_at, CallTime.id)
    ).all()
    return _published(rows)


def conflicts_of(unit_ids: Sequence[uuid.UUID], *, now: dt.datetime) -> Sequence[PublishedTime]:
    """Return the coming times that somebody has although they are off: taken out, absent, or over-full.

    An absence of a catchment counts where the time is that catchment's, or where all catchments that share it
    are away.
    """
    booked = select(CallBooking.id).where(CallBooking.call_time_id == CallTime.id).exists()
    rows = db.session.scalars(
        select(CallTime)
        .where(CallTime.unit_id.in_(unit_ids), CallTime.starts_at > now, booked)
        .order_by(CallTime.starts_at, CallTime.id)
    ).all()
    if not rows:
        return ()
    places = municipality.catchments_of(frozenset(unit_ids))
    away = {
        place.id: municipality.absences_between(place.id, first=rows[0].day, last=rows[-1].day)
        for place in places
    }

    def is_away(time: CallTime) -> bool:
        concerned = [
            each.id
            for each in places
            if each.unit_id == time.unit_id and time.catchment_id in {None, each.id}
        ]
        return bool(concerned) and all(
            any(off.first_day <= time.day <= off.last_day for off in away[each]) for each in concerned
        )

    off = {row.id for row in rows if not row.offered or is_away(row)}
    return tuple(each for each in _published(rows) if each.id in off or each.taken > each.capacity)


def patterns_of(unit_ids: Sequence[uuid.UUID], *, on: dt.date) -> Sequence[CallPattern]:
    """Return the patterns of units that have not ended: by weekday and time."""
    return db.session.scalars(
        select(CallPattern)
        .where(
            CallPattern.unit_id.in_(unit_ids),
            or_(CallPattern.valid_until.is_(None), CallPattern.valid_until >= on),
        )
        .order_by(CallPattern.weekday, CallPattern.from_time, CallPattern.valid_from, CallPattern.id)
    ).all()


def pattern_in(
    pattern_id: uuid.UUID, *, unit_ids: Sequence[uuid.UUID], on: dt.date, lock: bool = False
) -> CallPattern | None:
    """Return a pattern of one of these units that has not ended, else None."""
    statement = select(CallPattern).where(
        CallPattern.id == pattern_id,
        CallPattern.unit_id.in_(unit_ids),
        or_(CallPattern.valid_until.is_(None), CallPattern.valid_until >= on),
    )
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


def exceptions_of(unit_ids: Sequence[uuid.UUID], *, on: dt.date) -> Sequence[CallException]:
    """Return the times off of units that are not past, the next first."""
    return db.session.scalars(
        select(CallException)
        .where(CallException.unit_id.in_(unit_ids), CallException.last_day >= on)
        .order_by(CallException.first_day, CallException.from_time, CallException.id)
    ).all()


def exception_in(exception_id: uuid.UUID, *, unit_ids: Sequence[uuid.UUID]) -> CallException | None:
    """Return a time off of one of these units, else None."""
    return db.session.scalars(
        select(CallException).where(CallException.id == exception_id, CallException.unit_id.in_(unit_ids))
    ).first()


def units_with_patterns() -> Sequence[uuid.UUID]:
    """Return the units that have ever published a pattern."""
    return db.session.scalars(select(CallPattern.unit_id).distinct().order_by(CallPattern.unit_id)).all()


def _published(rows: Sequence[CallTime]) -> tuple[PublishedTime, ...]:
    holders: dict[uuid.UUID, list[Any]] = {row.id: [] for row in rows}
    columns: tuple[InstrumentedAttribute[Any], ...] = (
        CallBooking.call_time_id,
        CallBooking.referral_id,
        CallBooking.seat,
    )
    for booking in db.session.execute(
        select(*columns).where(CallBooking.call_time_id.in_(holders)).order_by(CallBooking.id)
    ).all():
        holders[booking.call_time_id].append(booking)
    return tuple(
        PublishedTime(
            id=row.id,
            unit_id=row.unit_id,
            day=row.day,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            form=row.form,
            place=row.place,
            adviser_id=row.adviser_id,
            capacity=row.capacity,
            offered=row.offered,
            referral_ids=tuple(each.referral_id for each in holders[row.id]),
            taken=sum(each.seat is not None for each in holders[row.id]),
        )
        for row in rows
    )
