"""The words of appointments."""

from flask_babel import lazy_pgettext as _p

from referrals.municipality.appointments.models import AppointmentState
from servicetray.core.pages import Text

STATES: dict[AppointmentState, Text] = {
    AppointmentState.AGREED: _p("appointment", "Agreed"),
    AppointmentState.HELD: _p("appointment", "Held"),
    AppointmentState.MISSED: _p("appointment", "Client did not come"),
    AppointmentState.CANCELLED: _p("appointment", "Off"),
    AppointmentState.MOVED: _p("appointment", "Moved to another time"),
}
