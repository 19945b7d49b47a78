"""The words for what the log tells of, as a client reads them."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from servicetray.audit.events import Action
from servicetray.core.pages import Text


class Why(StrEnum):
    """For what purpose something was done (Act 703/2023: why)."""

    SENDING = "sending"
    COUNSELLING = "counselling"
    CLIENT = "client"
    OVERSIGHT = "oversight"
    GROUPS = "groups"
    TERM = "term"
    RUNNING = "running"


class OlderReason(StrEnum):
    """Why a report goes back more than two years."""

    CLIENT_GROUNDS = "client_grounds"
    AUTHORITY = "authority"
    SUSPECTED_MISUSE = "suspected_misuse"


ACTIONS: dict[Action, Text] = {
    Action.SIGNED_IN: _p("log", "Signed in"),
    Action.SIGN_IN_REFUSED: _p("log", "Sign-in was refused"),
    Action.SIGNED_OUT: _p("log", "Signed out"),
    Action.USER_CREATED: _p("log", "An account was made"),
    Action.USER_CHANGED: _p("log", "An account was changed"),
    Action.DUPLICATE_LOOKED_UP: _p("log", "Looked whether there is an open referral already"),
    Action.DRAFT_SAVED: _p("log", "Saved an unfinished referral"),
    Action.REFERRAL_SENT: _p("log", "Sent the referral"),
    Action.REFERRAL_VIEWED: _p("log", "Read the referral"),
    Action.REFERRAL_LISTED: _p("log", "Saw the referral in the list of sent ones"),
    Action.REFERRAL_MOVED: _p("log", "Took the referral a step further"),
    Action.INBOX_LISTED: _p("log", "Saw the client in the list of what has come"),
    Action.CASE_OPENED: _p("log", "Took the referral on: counselling begins"),
    Action.CASE_VIEWED: _p("log", "Read the client’s data in counselling"),
    Action.CASE_MOVED: _p("log", "Took the counselling a step further"),
    Action.CASE_NOTED: _p("log", "Wrote down something in counselling"),
    Action.DISCLOSED: _p("log", "Data were handed over"),
    Action.CONTENT_ERASED: _p("log", "The client’s data were erased"),
    Action.FIGURES_EXPORTED: _p("log", "Took figures out"),
    Action.SESSION_ENDED: _p("log", "A sign-in was ended"),
    Action.IDENTITY_LINKED: _p("log", "An account was bound to the organisation’s own sign-in"),
    Action.UNIT_CHANGED: _p("log", "A unit was changed"),
    Action.SETUP_CHANGED: _p("log", "The service was set up anew"),
    Action.CLIENT_CODE_MADE: _p("log", "Made the client’s code"),
    Action.CLIENT_ENTERED: _p("log", "Opened their own page"),
    Action.CLIENT_REFUSED: _p("log", "The client’s page stayed closed: code or year was another"),
    Action.CLIENT_ASKED: _p("log", "Asked for something on their own page"),
    Action.SHEET_MADE: _p("log", "Made the client’s sheet"),
    Action.OFFER_VIEWED: _p("log", "Saw a transfer on offer, without name"),
    Action.QUESTION_ASKED: _p("log", "Asked the sender a question"),
    Action.QUESTION_ANSWERED: _p("log", "Answered the adviser’s question"),
    Action.CALL_TIME_BOOKED: _p("log", "Booked a call time"),
    Action.CALL_TIME_RELEASED: _p("log", "A call time was released"),
    Action.CALENDAR_FILE_MADE: _p("log", "Took an appointment into a calendar"),
    Action.CASE_COPIED_OUT: _p("log", "Copied the case to the municipality’s own system"),
    Action.CLIENT_LOOKED_UP: _p("log", "Looked the client up"),
    Action.LOG_REPORT_MADE: _p("log", "Made a log report"),
    Action.EXPOSURE_REPORTED: _p("log", "Examined what an account had seen"),
    Action.DATA_COPIED: _p("log", "Made a copy of the client’s data"),
    Action.DATA_RECTIFIED: _p("log", "Corrected the client’s data"),
    Action.DATA_RESTRICTED: _p("log", "Restricted the use of the client’s data"),
    Action.RESTRICTION_LIFTED: _p("log", "Lifted the restriction"),
    Action.HOLD_SET: _p("log", "Stopped the erasing of the client’s data"),
    Action.HOLD_LIFTED: _p("log", "Let the erasing go on"),
    Action.BREACH_OPENED: _p("log", "Opened a data breach"),
    Action.BREACH_CHANGED: _p("log", "Added to a data breach"),
    Action.ERASURE_RELEASED: _p("log", "Allowed the erasing"),
    Action.ERASURES_REAPPLIED: _p("log", "Erased again after a restore"),
    Action.KEY_ROTATED: _p("log", "An encryption key was renewed"),
    Action.VALUES_RESEALED: _p("log", "Data were encrypted with a newer key"),
    Action.LOG_PURGED: _p("log", "Old rows of the log were deleted"),
    Action.FIGURES_CORRECTED: _p("log", "Corrected the figures of a month"),
    Action.FIGURES_IMPORTED: _p("log", "Brought in figures of an earlier system"),
    Action.FIGURES_PUBLISHED: _p("log", "Figures were published"),
    Action.MEETING_CHANGED: _p("log", "Wrote in the papers of a meeting"),
    Action.GROUP_CHANGED: _p("log", "Changed a group"),
    Action.GROUP_LISTED: _p("log", "Opened the list of a group’s participants"),
    Action.ENROLLED: _p("log", "Enrolled in a group"),
    Action.ENROLMENT_VIEWED: _p("log", "Opened an enrolment"),
    Action.ENROLMENT_CHANGED: _p("log", "Changed an enrolment"),
    Action.ATTENDANCE_NOTED: _p("log", "Noted who was there"),
    Action.CONTENT_CHANGED: _p("log", "Changed the content of the tray"),
    Action.FEEDBACK_GIVEN: _p("log", "Feedback was given"),
    Action.FEEDBACK_VIEWED: _p("log", "Opened a piece of feedback"),
    Action.FEEDBACK_CHANGED: _p("log", "Dealt with a piece of feedback"),
    Action.USAGE_EXPORTED: _p("log", "Took out figures of usage"),
}
OBJECTS: dict[str, Text] = {
    "appointment": _p("log object", "appointment"),
    "breach": _p("log object", "data breach"),
    "call_time": _p("log object", "call time"),
    "case": _p("log object", "case"),
    "client_message": _p("log object", "client’s message"),
    "enrolment": _p("log object", "enrolment"),
    "group": _p("log object", "group"),
    "draft": _p("log object", "unfinished referral"),
    "inbox": _p("log object", "inbox"),
    "list": _p("log object", "list"),
    "look_up": _p("log object", "look-up"),
    "month": _p("log object", "month"),
    "question": _p("log object", "question"),
    "referral": _p("log object", "referral"),
    "report": _p("log object", "report"),
    "session": _p("log object", "sign-in"),
    "unit": _p("log object", "unit"),
    "user": _p("log object", "account"),
}
"""What a row is about; a kind that stands for the machinery alone is shown by its own name."""
WHYS: dict[Why, Text] = {
    Why.SENDING: _p("log", "Referring the client"),
    Why.COUNSELLING: _p("log", "Counselling the client"),
    Why.CLIENT: _p("log", "The client’s own doing"),
    Why.OVERSIGHT: _p("log", "Data protection"),
    Why.GROUPS: _p("log", "Running a group"),
    Why.TERM: _p("log", "The term of keeping is over"),
    Why.RUNNING: _p("log", "Running the service"),
}
OLDER_REASONS: dict[OlderReason, Text] = {
    OlderReason.CLIENT_GROUNDS: _l("The client gave a reason"),
    OlderReason.AUTHORITY: _l("An authority needs it"),
    OlderReason.SUSPECTED_MISUSE: _l("Misuse is suspected"),
}

_BY_WHY: dict[Why, frozenset[Action]] = {
    Why.SENDING: frozenset(
        {
            Action.DUPLICATE_LOOKED_UP,
            Action.DRAFT_SAVED,
            Action.REFERRAL_SENT,
            Action.REFERRAL_VIEWED,
            Action.REFERRAL_LISTED,
            Action.REFERRAL_MOVED,
            Action.DISCLOSED,
            Action.CLIENT_CODE_MADE,
            Action.SHEET_MADE,
            Action.QUESTION_ANSWERED,
            Action.CALL_TIME_BOOKED,
            Action.CALL_TIME_RELEASED,
        }
    ),
    Why.COUNSELLING: frozenset(
        {
            Action.INBOX_LISTED,
            Action.CASE_OPENED,
            Action.CASE_VIEWED,
            Action.CASE_MOVED,
            Action.CASE_NOTED,
            Action.OFFER_VIEWED,
            Action.QUESTION_ASKED,
            Action.CALENDAR_FILE_MADE,
            Action.CASE_COPIED_OUT,
        }
    ),
    Why.CLIENT: frozenset({Action.CLIENT_ENTERED, Action.CLIENT_REFUSED, Action.CLIENT_ASKED}),
    Why.GROUPS: frozenset(
        {
            Action.GROUP_CHANGED,
            Action.GROUP_LISTED,
            Action.ENROLLED,
            Action.ENROLMENT_VIEWED,
            Action.ENROLMENT_CHANGED,
            Action.ATTENDANCE_NOTED,
        }
    ),
    Why.OVERSIGHT: frozenset(
        {
            Action.CLIENT_LOOKED_UP,
            Action.LOG_REPORT_MADE,
            Action.EXPOSURE_REPORTED,
            Action.DATA_COPIED,
            Action.DATA_RECTIFIED,
            Action.DATA_RESTRICTED,
            Action.RESTRICTION_LIFTED,
            Action.HOLD_SET,
            Action.HOLD_LIFTED,
            Action.BREACH_OPENED,
            Action.BREACH_CHANGED,
            Action.ERASURE_RELEASED,
        }
    ),
    Why.TERM: frozenset({Action.CONTENT_ERASED, Action.ERASURES_REAPPLIED, Action.LOG_PURGED}),
}


def why(action: Action) -> Why:
    """Return for what purpose an act is done."""
    return next((each for each, actions in _BY_WHY.items() if action in actions), Why.RUNNING)
