"""The words of the adviser's screens."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from referrals.consent import Contact, Giver, Method
from referrals.handover import ReturnReason
from referrals.moves import CaseStatus, ContactChannel, Outcome
from referrals.municipality.inbox.choices import Met, WaitingReason, Went
from referrals.municipality.inbox.queries import Wanted
from referrals.municipality.models import AttemptResult, MeetingForm
from servicetray.core.pages import Text

WANTED: dict[Wanted, Text] = {
    Wanted.ALL: _lp("inbox", "All"),
    Wanted.FREE: _lp("inbox", "Unclaimed"),
    Wanted.MINE: _lp("inbox", "Mine"),
    Wanted.OTHERS: _lp("inbox", "Colleagues’"),
}
STATUSES: dict[CaseStatus, Text] = {
    CaseStatus.CONTACTING: _lp("case status", "Contact in progress"),
    CaseStatus.WAITING: _lp("case status", "Waiting"),
    CaseStatus.SCHEDULED: _lp("case status", "Time agreed"),
    CaseStatus.ACTIVE: _lp("case status", "Counselling under way"),
    CaseStatus.CLOSED: _lp("case status", "Closed"),
    CaseStatus.ENTERED_IN_ERROR: _lp("case status", "Entered in error"),
}
STATUS_COLOURS = {
    CaseStatus.CONTACTING: "warning",
    CaseStatus.WAITING: "neutral",
    CaseStatus.SCHEDULED: "info",
    CaseStatus.ACTIVE: "success",
}
OUTCOMES: dict[Outcome, Text] = {
    Outcome.COMPLETED: _lp("case outcome", "Counselling took place"),
    Outcome.NOT_REACHED: _lp("case outcome", "Not reached"),
    Outcome.DID_NOT_WANT: _lp("case outcome", "Did not want it"),
    Outcome.INTERRUPTED: _lp("case outcome", "Was interrupted"),
    Outcome.MOVED: _lp("case outcome", "Moved to another municipality"),
    Outcome.REFERRED_ON: _lp("case outcome", "Guided elsewhere"),
    Outcome.NOT_ELIGIBLE: _lp("case outcome", "Not in the target group"),
    Outcome.DUPLICATE: _lp("case outcome", "Had another referral already"),
    Outcome.DECEASED: _lp("case outcome", "Client has died"),
    Outcome.OTHER: _lp("case outcome", "Another reason"),
    Outcome.WITHDRAWN: _lp("case outcome", "Consent withdrawn"),
    Outcome.RETURNED: _lp("case outcome", "Returned to the sender"),
    Outcome.TRANSFERRED: _lp("case outcome", "Transferred to another municipality"),
}
CHANNELS: dict[ContactChannel, Text] = {
    ContactChannel.PHONE: _lp("way of contact", "Phone call"),
    ContactChannel.TEXT_MESSAGE: _lp("way of contact", "Text message"),
    ContactChannel.EMAIL: _lp("way of contact", "E-mail"),
    ContactChannel.LETTER: _lp("way of contact", "Letter"),
    ContactChannel.CONTACT_PERSON: _lp("way of contact", "Contact person"),
}
CHANNEL_ICONS = {
    ContactChannel.PHONE: "Phone",
    ContactChannel.TEXT_MESSAGE: "PersonChat",
    ContactChannel.EMAIL: "EnvelopeClosed",
    ContactChannel.LETTER: "Files",
    ContactChannel.CONTACT_PERSON: "PersonGroup",
}
WENT: dict[Went, Text] = {
    Went.NO_ANSWER: _l("No answer"),
    Went.MESSAGE_LEFT: _l("I left or sent a message"),
    Went.AGREED: _l("I reached them and we agreed on a time"),
    Went.REACHED: _l("I reached them, no time yet"),
    Went.COUNSELLED: _l("I reached them and counselled at once"),
    Went.WRONG_NUMBER: _l("The number or address is wrong"),
}
RESULTS: dict[AttemptResult, Text] = {
    AttemptResult.REACHED: _lp("result of an attempt", "reached"),
    AttemptResult.NO_ANSWER: _lp("result of an attempt", "no answer"),
    AttemptResult.MESSAGE_LEFT: _lp("result of an attempt", "message left"),
    AttemptResult.WRONG_NUMBER: _lp("result of an attempt", "wrong number or address"),
    AttemptResult.NO_SHOW: _lp("result of an attempt", "did not come"),
    AttemptResult.CANCELLED: _lp("result of an attempt", "cancelled the time"),
}
MET: dict[Met, Text] = {
    Met.HELD: _l("We met, counselling started"),
    Met.NO_SHOW: _l("The client did not come"),
    Met.CANCELLED: _l("The time was cancelled"),
}
MEETING_FORMS: dict[MeetingForm, Text] = {
    MeetingForm.IN_PERSON: _lp("form of a meeting", "In person"),
    MeetingForm.PHONE: _lp("form of a meeting", "By phone"),
    MeetingForm.REMOTE: _lp("form of a meeting", "By video"),
}
WAITING_REASONS: dict[WaitingReason, Text] = {
    WaitingReason.CLIENT_ASKED: _l("The client asked to be called later"),
    WaitingReason.ILLNESS: _l("Illness or an operation"),
    WaitingReason.AWAY: _l("The client is away"),
    WaitingReason.GROUP_STARTS_LATER: _l("A group starts later"),
    WaitingReason.ANSWER_AWAITED: _l("An answer from someone else is awaited"),
    WaitingReason.OTHER: _lp("reason to wait", "Another reason"),
}
RETURN_REASONS: dict[ReturnReason, Text] = {
    ReturnReason.WRONG_MUNICIPALITY: _lp("reason of a return", "The client lives in another municipality"),
    ReturnReason.CONTACT_DETAILS_MISSING: _lp("reason of a return", "Contact details are missing or wrong"),
    ReturnReason.WRONG_KIND: _lp("reason of a return", "It belongs to another kind of counselling"),
    ReturnReason.DUPLICATE: _lp("reason of a return", "The client has an open referral already"),
    ReturnReason.NOT_IN_TARGET_GROUP: _lp("reason of a return", "Our counselling is not for this group"),
}
GIVERS: dict[Giver, Text] = {
    Giver.CLIENT: _lp("giver of consent", "the client"),
    Giver.GUARDIAN: _lp("giver of consent", "a guardian"),
    Giver.REPRESENTATIVE: _lp("giver of consent", "another representative"),
}
METHODS: dict[Method, Text] = {
    Method.ORAL: _lp("method of consent", "orally"),
    Method.WRITTEN: _lp("method of consent", "in writing"),
}
CONTACTS: dict[Contact, Text] = {
    Contact.CLIENT: _lp("contact first", "Contact the client"),
    Contact.GUARDIAN: _lp("contact first", "Contact the guardian"),
    Contact.REPRESENTATIVE: _lp("contact first", "Contact the representative"),
}
LANGUAGES: dict[str, Text] = {
    "fi": _lp("language of a client", "Finnish"),
    "sv": _lp("language of a client", "Swedish"),
    "en": _lp("language of a client", "English"),
    "sign": _lp("language of a client", "sign language"),
}
"""Others are shown as the sender wrote them."""
