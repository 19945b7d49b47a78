"""Agreeing on appointments, moving them, and writing down what became of them."""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from referrals.call_times import operations as call_times
from referrals.call_times import queries as call_time_queries
from referrals.moves import CaseStatus
from referrals.municipality.appointments import queries
from referrals.municipality.appointments.models import Appointment
from referrals.municipality.appointments.models import AppointmentState as AppointmentState
from referrals.municipality.models import Case, MeetingForm
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock, crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError

USUAL_MINUTES = {MeetingForm.PHONE: 30, MeetingForm.REMOTE: 45, MeetingForm.IN_PERSON: 60}


class AppointmentChangedError(ConflictError):
    """The appointment is no longer the one that the page showed; nothing was changed."""


def agree(case: Case, *, at: dt.datetime, form: MeetingForm, now: dt.datetime) -> Appointment:
    """Write down a time that was agreed. A published call time that it meets gives its length and place."""
    settle(case.id, AppointmentState.MOVED, now=now)
    booked = call_time_queries.booked_time(case.referral_id)
    met = booked is not None and booked.starts_at == at
    minutes = (booked.ends_at - booked.starts_at).seconds // 60 if booked and met else USUAL_MINUTES[form]
    return _add(
        case,
        uid=uuid.uuid4(),
        sequence=0,
        at=at,
        form=form,
        minutes=minutes,
        place=booked.place if booked and met else "",
        now=now,
    )


def settle(case_id: uuid.UUID, state: AppointmentState, *, now: dt.datetime) -> None:
    """Write down what became of the appointment that is agreed now; without one, nothing."""
    standing = queries.standing(case_id)
    if standing is not None:
        standing.state, standing.changed_at = state, now
        standing.sequence += 1
        db.session.flush()


def change(
    case: Case,
    *,
    at: dt.datetime,
    form: MeetingForm,
    minutes: int,
    place: str,
    known: str,
    actor: User,
    now: dt.datetime,
) -> None:
    """Move an agreed appointment to another time, or correct its length or place; the client agreed to it.

    Args:
        case: locked by the caller.
        at: the new beginning; the old one where the time stays.
        form: how one meets.
        minutes: its length.
        place: where to meet; empty where it needs no place.
        known: ``known_as`` of the appointment that the page showed.
        actor: the adviser.
        now: this instant.

    Raises:
        AppointmentChangedError: if a colleague changed it, or nothing is agreed any more.
    """
    standing = queries.standing(case.id)
    if case.status is not CaseStatus.SCHEDULED or standing is None or known_as(standing) != known:
        raise AppointmentChangedError
    if at == standing.at:
        standing.form, standing.minutes, standing.changed_at = form, minutes, now
        standing.sealed_place = _sealed(case, standing.id, place)
        standing.sequence += 1
    else:
        standing.state, standing.changed_at = AppointmentState.MOVED, now
        db.session.flush()
        _add(
            case,
            uid=standing.uid,
            sequence=standing.sequence + 1,
            at=at,
            form=form,
            minutes=minutes,
            place=place,
            now=now,
        )
        call_times.agree(case.referral_id, catchment_id=case.catchment_id, at=at, actor=actor, now=now)
    case.appointment_at, case.appointment_form = at, form
    case.due_on = clock.helsinki_day(at)
    # The version rises where the place alone changed, too.
    flag_modified(case, "appointment_at")
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"what": "appointment"},
    )
    db.session.flush()


def known_as(appointment: Appointment) -> str:
    """Return what a form carries, to see whether a colleague was faster."""
    return f"{appointment.id}.{appointment.sequence}"


def place_of(appointment: Appointment, *, municipality_code: str) -> str:
    """Return where to meet; empty where it needs no place, or is erased."""
    if appointment.sealed_place is None:
        return ""
    controller = crypto.municipality_controller(municipality_code)
    return crypto.unseal(controller, appointment.sealed_place, f"appointment:{appointment.id}").decode()


def erase_places(case_ids: Collection[uuid.UUID]) -> None:
    """Erase where one met; that and when one met is the course of the case, and stays."""
    db.session.execute(update(Appointment).where(Appointment.case_id.in_(case_ids)).values(sealed_place=None))


def calendar_file_made(case: Case, appointment_id: uuid.UUID, *, actor: User, now: dt.datetime) -> None:
    """Write the audit row of a calendar file."""
    record(
        Action.CALENDAR_FILE_MADE,
        actor=actor,
        object_type="appointment",
        object_id=appointment_id,
        subject=subject_key(case.referral_id),
        now=now,
    )


def newest_of(appointment: Appointment) -> bool:
    """Whether calendars may still be told of it: nothing with its ``uid`` came after."""
    later = select(Appointment.id).where(
        Appointment.uid == appointment.uid, Appointment.sequence > appointment.sequence
    )
    return db.session.scalars(later.limit(1)).first() is None


def _add(
    case: Case,
    *,
    uid: uuid.UUID,
    sequence: int,
    at: dt.datetime,
    form: MeetingForm,
    minutes: int,
    place: str,
    now: dt.datetime,
) -> Appointment:
    identity = uuid.uuid4()
    made = Appointment(
        id=identity,
        case_id=case.id,
        uid=uid,
        sequence=sequence,
        at=at,
        minutes=minutes,
        form=form,
        sealed_place=_sealed(case, identity, place),
        agreed_at=now,
        state=AppointmentState.AGREED,
        changed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _sealed(case: Case, appointment_id: uuid.UUID, place: str) -> bytes | None:
    if not place.strip():
        return None
    controller = crypto.municipality_controller(case.municipality_code)
    return crypto.seal(controller, place.strip().encode(), f"appointment:{appointment_id}")
