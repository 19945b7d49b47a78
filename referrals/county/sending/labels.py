"""The words for what a sender chooses and sees."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals.consent import Basis, ConsentProblem, Contact, Giver, Method, SenderStage
from referrals.moves import ContactChannel, Outcome, Priority
from servicetray.core.pages import Text


class CancelReason(StrEnum):
    """Why a sender takes a referral back before anybody has claimed it (R7)."""

    CLIENT_DECLINED = "client_declined"
    NOT_NEEDED = "not_needed"
    WRONG_DETAILS = "wrong_details"
    OTHER_SERVICE = "other_service"


class ClientLanguage(StrEnum):
    """A language that the form offers by name (ISO 639); any other is written out."""

    FINNISH = "fi"
    SWEDISH = "sv"
    ENGLISH = "en"
    FINNISH_SIGN = "fse"
    FINLAND_SWEDISH_SIGN = "fss"
    OTHER = "other"


class BestTime(StrEnum):
    """When it is best to call; stored as hours, which need no translation."""

    ANY = ""
    MORNING = "8–12"
    AFTERNOON = "12–16"


CANCEL_REASONS: dict[CancelReason, Text] = {
    CancelReason.CLIENT_DECLINED: _l("The client no longer wants it"),
    CancelReason.NOT_NEEDED: _l("It is no longer needed"),
    CancelReason.WRONG_DETAILS: _l("Something was wrong, I will send a new one"),
    CancelReason.OTHER_SERVICE: _l("The client got help elsewhere"),
}
LANGUAGES: dict[ClientLanguage, Text] = {
    ClientLanguage.FINNISH: _p("language", "Finnish"),
    ClientLanguage.SWEDISH: _p("language", "Swedish"),
    ClientLanguage.ENGLISH: _p("language", "English"),
    ClientLanguage.FINNISH_SIGN: _p("language", "Finnish sign language"),
    ClientLanguage.FINLAND_SWEDISH_SIGN: _p("language", "Finland-Swedish sign language"),
    ClientLanguage.OTHER: _p("language", "Another language"),
}
BEST_TIMES: dict[BestTime, Text] = {
    BestTime.ANY: _p("best time", "Any time"),
    BestTime.MORNING: _p("best time", "In the morning, 8–12"),
    BestTime.AFTERNOON: _p("best time", "In the afternoon, 12–16"),
}
CHANNELS: dict[ContactChannel, Text] = {
    ContactChannel.PHONE: _p("way of contact", "Phone call"),
    ContactChannel.TEXT_MESSAGE: _p("way of contact", "Text message"),
    ContactChannel.EMAIL: _p("way of contact", "E-mail"),
    ContactChannel.LETTER: _p("way of contact", "Letter"),
    ContactChannel.CONTACT_PERSON: _p("way of contact", "Through a contact person"),
}
PRIORITIES: dict[Priority, Text] = {
    Priority.NORMAL: _p("priority", "Normal"),
    Priority.SOON: _p("priority", "Soon, a call within days would be good"),
}
GIVERS: dict[Giver, Text] = {
    Giver.CLIENT: _p("giver", "The client"),
    Giver.GUARDIAN: _p("giver", "A guardian"),
    Giver.REPRESENTATIVE: _p("giver", "Another representative"),
}
METHODS: dict[Method, Text] = {
    Method.ORAL: _p("method", "In speech"),
    Method.WRITTEN: _p("method", "In writing"),
}
BASES: dict[Basis, Text] = {
    Basis.UNDERSTANDS: _p("basis", "Under 18, and understands what this means"),
    Basis.CUSTODY: _p("basis", "Has custody of the child"),
    Basis.LEGAL_GUARDIAN: _p("basis", "Appointed guardian who decides on personal matters"),
    Basis.CONTINUING_POWER: _p("basis", "Continuing power of attorney in force"),
    Basis.CLOSE_RELATIVE: _p("basis", "Close relative of somebody who can't decide"),
}
CONTACTS: dict[Contact, Text] = {
    Contact.CLIENT: _p("contact", "The client"),
    Contact.GUARDIAN: _p("contact", "The guardian"),
    Contact.REPRESENTATIVE: _p("contact", "The representative"),
}
STAGES: dict[SenderStage, Text] = {
    SenderStage.SENT: _p("stage", "Sent, waits to be picked up"),
    SenderStage.RECEIVED: _p("stage", "The municipality has received it"),
    SenderStage.ACCEPTED: _p("stage", "An adviser has taken it and contacts the client"),
    SenderStage.STARTED: _p("stage", "Counselling has started"),
    SenderStage.CLOSED: _p("stage", "Counselling has ended"),
    SenderStage.TRANSFERRED: _p("stage", "Moved to another municipality"),
    SenderStage.RETURNED: _p("stage", "Came back to you"),
    SenderStage.CANCELLED: _p("stage", "Taken back"),
    SenderStage.WITHDRAWN: _p("stage", "The client took the permission back"),
    SenderStage.ENTERED_IN_ERROR: _p("stage", "Entered by mistake"),
}
SHEETS: dict[str, Text] = {
    "fi": _l("Sheet in Finnish"),
    "sv": _l("Sheet in Swedish"),
    "en": _l("Sheet in English"),
}
"""By language; the sheet of a language that is not here goes by the language's own name."""
OUTCOMES: dict[Outcome, Text] = {
    Outcome.COMPLETED: _p("outcome told", "The counselling was carried through."),
    Outcome.NOT_REACHED: _p("outcome told", "The client was not reached, though tried many times."),
    Outcome.DID_NOT_WANT: _p("outcome told", "The client did not want counselling after all."),
    Outcome.INTERRUPTED: _p("outcome told", "The counselling began but was broken off."),
    Outcome.MOVED: _p("outcome told", "The client moved away."),
    Outcome.REFERRED_ON: _p("outcome told", "The client was guided on to another service."),
    Outcome.NOT_ELIGIBLE: _p("outcome told", "This counselling was not for the client's situation."),
    Outcome.DUPLICATE: _p("outcome told", "The client was already in counselling."),
    Outcome.DECEASED: _p("outcome told", "The client has died."),
    Outcome.OTHER: _p("outcome told", "The counselling ended for another reason."),
    Outcome.WITHDRAWN: _p("outcome told", "The client took the permission back."),
    Outcome.RETURNED: _p("outcome told", "The referral came back to you."),
    Outcome.TRANSFERRED: _p("outcome told", "The counselling goes on in another municipality."),
}
PROBLEMS: dict[ConsentProblem, Text] = {
    ConsentProblem.NOT_GIVEN: _l("Ask the client's permission and mark it. Without it nothing can be sent."),
    ConsentProblem.NO_GIVER: _l("Choose who gave the permission."),
    ConsentProblem.NO_METHOD: _l("Choose how the permission was given."),
    ConsentProblem.NO_TEXT_VERSION: _l("Read the text to the client first."),
    ConsentProblem.NO_LANGUAGE: _l("Choose in which language you read the text."),
    ConsentProblem.NO_RECIPIENT: _l("Choose the municipality that the permission is for."),
    ConsentProblem.ITEMS_MISSING: _l("The text does not name everything that would be sent."),
    ConsentProblem.NO_TIME: _l("Mark when the permission was given."),
    ConsentProblem.TIME_IN_FUTURE: _l("The permission can't be given in the future."),
    ConsentProblem.NO_RECORDER: _l("Sign in, so that it is known who recorded the permission."),
    ConsentProblem.NO_BASIS: _l("Choose on what basis they may give the permission."),
    ConsentProblem.BASIS_OF_ANOTHER: _l("This basis does not go with the one who gave the permission."),
    ConsentProblem.GUARDIAN_OF_ADULT: _l(
        "The client is of age. Choose the client or another representative."
    ),
    ConsentProblem.NO_CONTACT: _l("Choose whom the adviser contacts."),
    ConsentProblem.CONTACT_NOT_A_PARTY: _l("Choose the client or the one who gave the permission."),
    ConsentProblem.GUARDIANS_NOT_ANSWERED: _l("Ask whether guardians may be told, and choose yes or no."),
    ConsentProblem.GUARDIANS_NOT_TO_BE_TOLD: _l(
        "Guardians are not to be told, so the adviser can't contact them. Choose somebody else."
    ),
}
RETURN_REASONS: dict[str, Text] = {
    "wrong_municipality": _l("The client lives in another municipality."),
    "contact_details_missing": _l("The contact details do not work or are missing."),
    "wrong_kind": _l("Another kind of counselling suits the client better."),
    "duplicate": _l("The client already has an open referral."),
    "not_in_target_group": _l("The client is not in the group that this counselling is for."),
}
"""By the code that the municipality chose; a code of a later version is told as "another reason"."""
OTHER_RETURN_REASON = _l("Another reason. Call the unit to hear more.")
