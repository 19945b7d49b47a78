"""Questions about the appointments of a case."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from referrals.municipality.appointments.models import LONGEST as LONGEST
from referrals.municipality.appointments.models import SHORTEST as SHORTEST
from referrals.municipality.appointments.models import Appointment, AppointmentState
from servicetray.core.db import db


def standing(case_id: uuid.UUID) -> Appointment | None:
    """Return the appointment that is agreed now, or None."""
    return db.session.scalars(
        select(Appointment).where(
            Appointment.case_id == case_id, Appointment.state == AppointmentState.AGREED
        )
    ).first()


def of_case(case_id: uuid.UUID) -> Sequence[Appointment]:
    """Return every appointment of a case, newest first."""
    return db.session.scalars(
        select(Appointment)
        .where(Appointment.case_id == case_id)
        .order_by(Appointment.agreed_at.desc(), Appointment.sequence.desc(), Appointment.id)
    ).all()


def appointment_of(case_id: uuid.UUID, appointment_id: uuid.UUID) -> Appointment | None:
    """Return an appointment of this case, or None."""
    return db.session.scalars(
        select(Appointment).where(Appointment.case_id == case_id, Appointment.id == appointment_id)
    ).first()
