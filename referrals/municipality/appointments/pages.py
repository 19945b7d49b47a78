"""The page of a case's appointments."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from referrals.municipality.appointments.forms import ChangeForm
from referrals.municipality.appointments.models import AppointmentState
from referrals.municipality.beside import BesidePage
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class Row:
    """One appointment."""

    id: uuid.UUID
    when: str
    how: Text
    minutes: int
    place: str
    state: AppointmentState
    said: Text
    agreed_at: dt.datetime
    file_url: str
    """Of the calendar file; empty where there is none to have."""


@dataclass(frozen=True, kw_only=True)
class AppointmentsPage(BesidePage):
    """What was agreed, newest first."""

    template: ClassVar[str] = "referrals/appointments/appointments.html"
    rows: Sequence[Row]
    form: FlaskForm
    """The one that came back, for the title and the error summary."""
    change_form: ChangeForm | None
    """None where nothing is agreed now."""
    changed: bool
    """A colleague was a moment ahead: what was typed is still in the form."""
