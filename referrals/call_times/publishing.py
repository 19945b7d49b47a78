"""Publishing: patterns and times off, and the rows that they come to.

After each change, and every night, a unit's coming times are compared with what its patterns say. What nobody
has chosen follows; what somebody has stays as it was told to them, and is shown to the advisers where it is off.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Flask
from sqlalchemy import delete, or_, select

from referrals.call_times import queries
from referrals.call_times.models import CallBooking, CallException, CallPattern, CallTime
from referrals.call_times.slots import FRIDAY, Slot, hours_meet, slots_between
from referrals.municipality import queries as municipality
from referrals.municipality.queries import MeetingForm
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError
from servicetray.core.jobs import Job, add_job, done_periods

AHEAD: Final = dt.timedelta(weeks=8)
KEPT: Final = dt.timedelta(days=30)
"""How long a time that has passed is kept, with who had it."""
JOB: Final = "call_times.lay_out"


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What a pattern says; wall times are Helsinki's."""

    weekday: int
    """0 is Monday."""
    from_time: dt.time
    until_time: dt.time
    slot_minutes: int
    capacity: int
    form: MeetingForm
    place: str
    valid_from: dt.date
    valid_until: dt.date | None
    adviser_id: uuid.UUID | None = None
    catchment_id: uuid.UUID | None = None


class NoTimesError(DomainError):
    """The hours hold not one time: they end too soon, or never come to a day that is worked."""


class HoursMeetError(ConflictError):
    """The adviser (or the unit) stands at the same minutes in another pattern already."""

    def __init__(self, other: CallPattern) -> None:
        super().__init__(other.id)
        self.weekday = other.weekday
        self.from_time = other.from_time
        self.until_time = other.until_time


class ForeignCatchmentError(DomainError):
    """The catchment is not one of the unit's."""


def init_app(app: Flask) -> None:
    """Let the worker lay out the times of the coming weeks, once a day."""
    add_job(app, Job(name=JOB, due=_due, work=_work))


def publish_pattern(unit_id: uuid.UUID, hours: Hours, *, actor: User | None, now: dt.datetime) -> CallPattern:
    """Publish times that come every week, or once, and lay them out.

    Raises:
        NoTimesError: if not one time fits in.
        HoursMeetError: if its adviser stands at the same minutes in another pattern.
        ForeignCatchmentError: if the catchment is another unit's.
    """
    _check(unit_id, hours, but=None)
    pattern = CallPattern(unit_id=unit_id, **vars(hours))
    db.session.add(pattern)
    db.session.flush()
    _changed("call_pattern", pattern.id, "published", actor=actor, now=now)
    lay_out(unit_id, now=now)
    return pattern


def change_pattern(pattern: CallPattern, hours: Hours, *, actor: User, now: dt.datetime) -> None:
    """Change a pattern from today on; times that somebody has stay as they are.

    Raises:
        NoTimesError, HoursMeetError, ForeignCatchmentError: as `publish_pattern`.
    """
    _check(pattern.unit_id, hours, but=pattern.id)
    for name, value in vars(hours).items():
        setattr(pattern, name, value)
    db.session.flush()
    _changed("call_pattern", pattern.id, "changed", actor=actor, now=now)
    lay_out(pattern.unit_id, now=now)


def end_pattern(pattern: CallPattern, *, last_day: dt.date, actor: User, now: dt.datetime) -> None:
    """Let a pattern's times end with a day; yesterday takes out all that nobody has chosen."""
    pattern.valid_until = min(last_day, pattern.valid_until or last_day)
    # What never began has no day at all.
    pattern.valid_from = min(pattern.valid_from, pattern.valid_until)
    db.session.flush()
    _changed("call_pattern", pattern.id, "ended", actor=actor, now=now)
    lay_out(pattern.unit_id, now=now)


def add_exception(
    unit_id: uuid.UUID,
    *,
    first_day: dt.date,
    last_day: dt.date,
    from_time: dt.time | None = None,
    until_time: dt.time | None = None,
    adviser_id: uuid.UUID | None = None,
    actor: User,
    now: dt.datetime,
) -> CallException:
    """Take days, or hours of them, out of a unit's times, or of one adviser's; the same twice is one."""
    known = db.session.scalars(
        select(CallException).where(
            CallException.unit_id == unit_id,
            CallException.first_day == first_day,
            CallException.last_day == last_day,
            CallException.from_time.is_not_distinct_from(from_time),
            CallException.until_time.is_not_distinct_from(until_time),
            CallException.adviser_id.is_not_distinct_from(adviser_id),
        )
    ).first()
    if known is not None:
        return known
    made = CallException(
        unit_id=unit_id,
        adviser_id=adviser_id,
        first_day=first_day,
        last_day=last_day,
        from_time=from_time,
        until_time=until_time,
    )
    db.session.add(made)
    db.session.flush()
    _changed("call_exception", made.id, "added", actor=actor, now=now)
    lay_out(unit_id, now=now)
    return made


def remove_exception(exception: CallException, *, actor: User, now: dt.datetime) -> None:
    """Take a time off back: the patterns' times are there again."""
    unit_id = exception.unit_id
    _changed("call_exception", exception.id, "removed", actor=actor, now=now)
    db.session.delete(exception)
    db.session.flush()
    lay_out(unit_id, now=now)


def lay_out(unit_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Bring a unit's coming times in line with its patterns; done again, it changes nothing."""
    today = clock.helsinki_day(now)
    # Patterns first, then times, always in this order: two people who publish at once wait for each other.
    patterns = db.session.scalars(
        select(CallPattern).where(CallPattern.unit_id == unit_id).order_by(CallPattern.id).with_for_update()
    ).all()
    off = queries.exceptions_of([unit_id], on=today)
    rows = db.session.scalars(
        select(CallTime)
        .where(CallTime.unit_id == unit_id, CallTime.starts_at > now)
        .order_by(CallTime.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    booked = set(
        db.session.scalars(
            select(CallBooking.call_time_id).where(CallBooking.call_time_id.in_([row.id for row in rows]))
        ).all()
    )
    last = today + AHEAD
    for pattern in patterns:
        own_off = [each for each in off if each.adviser_id in {None, pattern.adviser_id}]
        wanted = {
            slot.starts_at: slot
            for slot in slots_between(pattern, first=today, last=last, off=own_off)
            if slot.starts_at > now
        }
        _follow(pattern, wanted, [row for row in rows if row.pattern_id == pattern.id], booked=booked)
    db.session.flush()


def _follow(
    pattern: CallPattern,
    wanted: dict[dt.datetime, Slot],
    rows: Sequence[CallTime],
    *,
    booked: set[uuid.UUID],
) -> None:
    """Bring the coming times of one pattern in line with what it says now."""
    held = [row for row in rows if row.id in booked]
    for row in held:
        slot = wanted.pop(row.starts_at, None)
        row.offered = slot is not None and _as_told(row, pattern, slot)
        if row.offered:
            row.capacity = pattern.capacity
    for row in rows:
        if row.id in booked:
            continue
        slot = wanted.get(row.starts_at)
        if slot is None or _in_the_way(held, slot):
            db.session.delete(row)
            continue
        del wanted[row.starts_at]
        row.ends_at, row.form, row.place = slot.ends_at, pattern.form, pattern.place
        row.capacity, row.offered = pattern.capacity, True
        row.adviser_id, row.catchment_id = pattern.adviser_id, pattern.catchment_id
    db.session.flush()
    db.session.add_all(
        CallTime(
            pattern_id=pattern.id,
            unit_id=pattern.unit_id,
            catchment_id=pattern.catchment_id,
            adviser_id=pattern.adviser_id,
            day=slot.day,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            form=pattern.form,
            place=pattern.place,
            capacity=pattern.capacity,
            offered=True,
        )
        for slot in wanted.values()
        if not _in_the_way(held, slot) and not any(row.starts_at == slot.starts_at for row in rows)
    )


def _as_told(row: CallTime, pattern: CallPattern, slot: Slot) -> bool:
    """Whether a time that somebody has is still what they were told."""
    return (row.ends_at, row.form, row.place, row.adviser_id, row.catchment_id) == (
        slot.ends_at,
        pattern.form,
        pattern.place,
        pattern.adviser_id,
        pattern.catchment_id,
    )


def _in_the_way(held: Sequence[CallTime], slot: Slot) -> bool:
    """Whether somebody already has minutes of this time, in the shape that they had before."""
    return any(row.starts_at < slot.ends_at and slot.starts_at < row.ends_at for row in held)


def _check(unit_id: uuid.UUID, hours: Hours, *, but: uuid.UUID | None) -> None:
    if hours.catchment_id is not None:
        place = municipality.catchment(hours.catchment_id)
        if place is None or place.unit_id != unit_id:
            raise ForeignCatchmentError
    weekly_at_weekend = hours.weekday > FRIDAY and hours.valid_from != hours.valid_until
    year_on = hours.valid_from + dt.timedelta(days=366)
    if weekly_at_weekend or next(slots_between(hours, first=hours.valid_from, last=year_on), None) is None:
        raise NoTimesError
    same_hands = (
        CallPattern.adviser_id == hours.adviser_id
        if hours.adviser_id is not None
        else (CallPattern.unit_id == unit_id)
        & CallPattern.adviser_id.is_(None)
        & CallPattern.catchment_id.is_not_distinct_from(hours.catchment_id)
    )
    others = db.session.scalars(
        select(CallPattern)
        .where(
            same_hands,
            CallPattern.weekday == hours.weekday,
            or_(CallPattern.valid_until.is_(None), CallPattern.valid_until >= hours.valid_from),
        )
        .order_by(CallPattern.from_time, CallPattern.id)
    ).all()
    for other in others:
        if other.id != but and hours_meet(other, hours):
            raise HoursMeetError(other)


def _changed(kind: str, key: uuid.UUID, what: str, *, actor: User | None, now: dt.datetime) -> None:
    record(Action.SETUP_CHANGED, actor=actor, object_type=kind, object_id=key, now=now, detail={"what": what})


def _due(now: dt.datetime) -> Sequence[str]:
    today = clock.helsinki_day(now).isoformat()
    return () if today in done_periods(JOB) else (today,)


def _work(period: str, now: dt.datetime) -> None:
    del period
    forget_past(now)
    for unit_id in queries.units_with_patterns():
        lay_out(unit_id, now=now)


def forget_past(now: dt.datetime) -> None:
    """Erase who had which time once it is 30 days ago, and the past times that nobody has."""
    long_past = select(CallTime.id).where(CallTime.starts_at < now - KEPT)
    db.session.execute(delete(CallBooking).where(CallBooking.call_time_id.in_(long_past)))
    still_had = select(CallBooking.id).where(CallBooking.call_time_id == CallTime.id).exists()
    db.session.execute(
        delete(CallTime)
        .where(CallTime.starts_at < now, ~still_had)
        .execution_options(synchronize_session=False)
    )
