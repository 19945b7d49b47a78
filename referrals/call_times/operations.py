"""What happens to call times: a client gets one, and gives it back.

The order of locks is that of the house (case, referral) with the time last. Whoever holds a time's row decides
about its seats; that a seat is taken once, and that a referral has one time, the database keeps besides.
"""

import datetime as dt
import uuid

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from referrals.call_times import queries
from referrals.call_times.models import CallBooking, CallTime
from referrals.call_times.queries import BookedTime
from referrals.county import queries as county
from referrals.moves import STOCK
from referrals.municipality import queries as municipality
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import walls
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError


class TimeTakenError(ConflictError):
    """The time is not free any more: somebody was faster, or it has been taken out."""


class TimePastError(ConflictError):
    """The time has passed, or is so near that its adviser would not hear of it before."""


class AlreadyBookedError(ConflictError):
    """The referral has a time that is still to come; `rebook` changes it."""


class NotBookableError(DomainError):
    """This referral takes no time of its own: it is protected, or not open any more."""


def book(
    time_id: uuid.UUID, *, referral_id: uuid.UUID, now: dt.datetime, actor: User | None = None
) -> BookedTime:
    """Give a referral that is open a time of its catchment; one for practice takes nobody's seat.

    A case that is open already is to be locked by the caller, and moved: see `handover.book_time`.

    Raises:
        NotBookableError: if the referral is protected or not open.
        AlreadyBookedError: if it has a time to come.
        TimePastError: if the time is past or too near.
        TimeTakenError: if it is not free any more.
    """
    referral = county.referral(referral_id, lock=True)
    if referral is None or referral.protected or referral.status not in STOCK:
        raise NotBookableError
    known = queries.booked_time(referral_id)
    if known is not None:
        if known.starts_at > now:
            raise AlreadyBookedError
        _remove(referral_id)
    time = _locked(select(CallTime).where(CallTime.id == time_id))
    if time is not None and time.starts_at < queries.first_bookable(now):
        raise TimePastError
    # Asked again under the lock: what is still free now stays free until the end of this transaction.
    free = queries.open_times(referral.catchment_id, now=now)
    if time is None or free is None or db.session.scalars(free.where(CallTime.id == time_id)).first() is None:
        raise TimeTakenError
    _take(time, referral_id=referral_id, practice=referral.practice, actor=actor, now=now)
    return _booked(referral_id)


def rebook(
    time_id: uuid.UUID, *, referral_id: uuid.UUID, now: dt.datetime, actor: User | None = None
) -> BookedTime:
    """Give a referral another time instead of the one it has; where that fails, nothing is to be committed.

    Raises:
        NotBookableError, TimePastError, TimeTakenError: as `book`.
    """
    release(referral_id, now=now, actor=actor)
    return book(time_id, referral_id=referral_id, now=now, actor=actor)


def release(referral_id: uuid.UUID, *, now: dt.datetime, actor: User | None = None) -> bool:
    """Give back the time that a referral has, so that others can choose it at once; return whether it had one."""
    known = queries.booked_time(referral_id)
    if known is None:
        return False
    _remove(referral_id)
    if known.starts_at > now:
        record(
            Action.CALL_TIME_RELEASED,
            actor=actor,
            object_type="call_time",
            object_id=known.id,
            subject=subject_key(referral_id),
            now=now,
        )
    return True


def agree(
    referral_id: uuid.UUID,
    *,
    catchment_id: uuid.UUID,
    at: dt.datetime,
    actor: User | None,
    now: dt.datetime,
) -> None:
    """Follow a time that an adviser and a client have agreed on: an earlier choice is given back.

    Where the agreed time is a published one with a free seat, the seat is taken, however near it is, so that
    nobody else is offered it.
    """
    known = queries.booked_time(referral_id)
    if known is not None and known.starts_at == at:
        return
    release(referral_id, now=now, actor=actor)
    walls.hold_together(referral_id)
    referral, place = county.referral(referral_id), municipality.catchment(catchment_id)
    if referral is None or referral.protected or place is None:
        return
    own_first = CallTime.adviser_id != actor.id if actor else CallTime.adviser_id.is_not(None)
    time = _locked(
        select(CallTime)
        .where(
            *queries.for_catchment(place.id, unit_id=place.unit_id),
            CallTime.offered.is_(True),
            CallTime.starts_at == at,
        )
        .order_by(own_first, CallTime.id)
        .limit(1)
    )
    if time is not None and (referral.practice or _free_seat(time) is not None):
        _take(time, referral_id=referral_id, practice=referral.practice, actor=actor, now=now)


def _take(
    time: CallTime, *, referral_id: uuid.UUID, practice: bool, actor: User | None, now: dt.datetime
) -> None:
    seat = None if practice else _free_seat(time)
    if seat is None and not practice:
        raise TimeTakenError
    db.session.add(
        CallBooking(
            call_time_id=time.id,
            seat=seat,
            referral_id=referral_id,
            booked_at=now,
            booked_by=actor.id if actor else None,
        )
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        raise TimeTakenError from error
    record(
        Action.CALL_TIME_BOOKED,
        actor=actor,
        object_type="call_time",
        object_id=time.id,
        subject=subject_key(referral_id),
        now=now,
    )


def _free_seat(time: CallTime) -> int | None:
    taken = set(db.session.scalars(select(CallBooking.seat).where(CallBooking.call_time_id == time.id)).all())
    return next((seat for seat in range(1, time.capacity + 1) if seat not in taken), None)


def _locked(statement: Select[CallTime]) -> CallTime | None:
    # A row that was read before the lock is read afresh: another may have changed it meanwhile.
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).first()


def _remove(referral_id: uuid.UUID) -> None:
    booking = db.session.scalars(select(CallBooking).where(CallBooking.referral_id == referral_id)).first()
    if booking is not None:
        db.session.delete(booking)
        db.session.flush()


def _booked(referral_id: uuid.UUID) -> BookedTime:
    found = queries.booked_time(referral_id)
    assert found is not None
    return found
