"""The words for enrolments."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from referrals.enrolment.models import Attended, CallFor, EnrolmentState
from servicetray.core.pages import Text

STATES: dict[EnrolmentState, Text] = {
    EnrolmentState.PLACE: _lp("enrolment", "Has a place"),
    EnrolmentState.WAITING: _lp("enrolment", "On the waiting list"),
    EnrolmentState.CANCELLED: _lp("enrolment", "Cancelled"),
}
COLOURS = {
    EnrolmentState.PLACE: "success",
    EnrolmentState.WAITING: "warning",
    EnrolmentState.CANCELLED: "neutral",
}
CALLS: dict[CallFor, Text] = {
    CallFor.PLACE: _lp("enrolment", "Tell that a place came free and is theirs."),
    CallFor.GROUP_CANCELLED: _lp("enrolment", "Tell that the group is cancelled."),
    CallFor.MEETING: _lp("enrolment", "Tell which meetings are cancelled or moved."),
}
ATTENDED: dict[Attended, Text] = {
    Attended.PRESENT: _lp("attendance", "Came"),
    Attended.ABSENT: _lp("attendance", "Did not come"),
    Attended.CANCELLED: _lp("attendance", "Said beforehand"),
}
FIELDS: dict[str, Text] = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "birth_year": _l("Year of birth"),
    "language": _l("Language of service"),
    "heed": _l("What to heed"),
}
