"""The words of the adviser's screens."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals import spoken
from referrals.consent import Contact, Giver, Method
from referrals.handover import ReturnReason
from referrals.moves import CaseStatus, ContactChannel, Outcome
from referrals.municipality.inbox.assigning import Refused
from referrals.municipality.inbox.choices import Met, WaitingReason, Went
from referrals.municipality.models import AttemptResult, MeetingForm
from referrals.worklist import Flag, Segment, Tab
from servicetray.core.pages import Text

TABS: dict[Tab, Text] = {
    Tab.ALL: _p("inbox", "All"),
    Tab.FREE: _p("inbox", "Unclaimed"),
    Tab.MINE: _p("inbox", "Mine"),
    Tab.OTHERS: _p("inbox", "Colleagues’"),
}
SEGMENTS: dict[Segment, Text] = {
    Segment.LATE: _p("inbox", "Late"),
    Segment.TODAY: _p("inbox", "Today by appointment"),
    Segment.FREE: TABS[Tab.FREE],
    Segment.MINE: TABS[Tab.MINE],
    Segment.OTHERS: TABS[Tab.OTHERS],
}
REFUSED: dict[Refused, Text] = {
    Refused.MOVED_ON: _l("It has moved on meanwhile: somebody took it, or it was closed or taken back."),
    Refused.NOT_A_WORKER: _l("This person does not work with these referrals."),
}
FLAGS: dict[Flag, Text] = {
    Flag.LATE: _p("inbox", "Late"),
    Flag.SOON: _p("inbox", "Asked for soon"),
    Flag.REVIEW: _p("inbox", "To look at again"),
    Flag.WRITTEN: _p("inbox", "The client has written"),
    Flag.STOP: _p("inbox", "Wish to stop"),
    Flag.QUESTION: _p("inbox", "Question open"),
    Flag.BOOKED: _p("inbox", "Time booked"),
    Flag.TODAY: _p("inbox", "Time today"),
}
STATUSES: dict[CaseStatus, Text] = {
    CaseStatus.CONTACTING: _p("case status", "Contact in progress"),
    CaseStatus.WAITING: _p("case status", "Waiting"),
    CaseStatus.SCHEDULED: _p("case status", "Time agreed"),
    CaseStatus.ACTIVE: _p("case status", "Counselling under way"),
    CaseStatus.CLOSED: _p("case status", "Closed"),
    CaseStatus.ENTERED_IN_ERROR: _p("case status", "Entered in error"),
}
STATUS_COLOURS = {
    CaseStatus.CONTACTING: "warning",
    CaseStatus.WAITING: "neutral",
    CaseStatus.SCHEDULED: "info",
    CaseStatus.ACTIVE: "success",
    CaseStatus.CLOSED: "neutral",
    CaseStatus.ENTERED_IN_ERROR: "neutral",
}
OUTCOMES: dict[Outcome, Text] = {
    Outcome.COMPLETED: _p("case outcome", "Counselling took place"),
    Outcome.NOT_REACHED: _p("case outcome", "Not reached"),
    Outcome.DID_NOT_WANT: _p("case outcome", "Did not want it"),
    Outcome.INTERRUPTED: _p("case outcome", "Was interrupted"),
    Outcome.MOVED: _p("case outcome", "Moved to another municipality"),
    Outcome.REFERRED_ON: _p("case outcome", "Guided elsewhere"),
    Outcome.NOT_ELIGIBLE: _p("case outcome", "Not in the target group"),
    Outcome.DUPLICATE: _p("case outcome", "Had another referral already"),
    Outcome.DECEASED: _p("case outcome", "Client has died"),
    Outcome.OTHER: _p("case outcome", "Another reason"),
    Outcome.WITHDRAWN: _p("case outcome", "Consent withdrawn"),
    Outcome.RETURNED: _p("case outcome", "Returned to the sender"),
    Outcome.TRANSFERRED: _p("case outcome", "Transferred to another municipality"),
}
CHANNELS: dict[ContactChannel, Text] = {
    ContactChannel.PHONE: _p("channel", "Phone call"),
    ContactChannel.TEXT_MESSAGE: _p("channel", "Text message"),
    ContactChannel.EMAIL: _p("channel", "E-mail"),
    ContactChannel.LETTER: _p("channel", "Letter"),
    ContactChannel.CONTACT_PERSON: _p("channel", "Contact person"),
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
    AttemptResult.REACHED: _p("result of an attempt", "reached"),
    AttemptResult.NO_ANSWER: _p("result of an attempt", "no answer"),
    AttemptResult.MESSAGE_LEFT: _p("result of an attempt", "message left"),
    AttemptResult.WRONG_NUMBER: _p("result of an attempt", "wrong number or address"),
    AttemptResult.NO_SHOW: _p("result of an attempt", "did not come"),
    AttemptResult.CANCELLED: _p("result of an attempt", "cancelled the time"),
}
MET: dict[Met, Text] = {
    Met.HELD: _l("We met, counselling started"),
    Met.NO_SHOW: _l("The client did not come"),
    Met.CANCELLED: _l("The time was cancelled"),
}
MEETING_FORMS: dict[MeetingForm, Text] = {
    MeetingForm.IN_PERSON: _p("form of a meeting", "In person"),
    MeetingForm.PHONE: _p("form of a meeting", "By phone"),
    MeetingForm.REMOTE: _p("form of a meeting", "By video"),
}
WAITING_REASONS: dict[WaitingReason, Text] = {
    WaitingReason.CLIENT_ASKED: _l("The client asked to be called later"),
    WaitingReason.ILLNESS: _l("Illness or an operation"),
    WaitingReason.AWAY: _l("The client is away"),
    WaitingReason.GROUP_STARTS_LATER: _l("A group starts later"),
    WaitingReason.ANSWER_AWAITED: _l("An answer from someone else is awaited"),
    WaitingReason.OTHER: _p("reason to wait", "Another reason"),
}
RETURN_REASONS: dict[ReturnReason, Text] = {
    ReturnReason.WRONG_MUNICIPALITY: _p("reason of a return", "The client lives in another municipality"),
    ReturnReason.CONTACT_DETAILS_MISSING: _p("reason of a return", "Contact details are missing or wrong"),
    ReturnReason.WRONG_KIND: _p("reason of a return", "It belongs to another kind of counselling"),
    ReturnReason.DUPLICATE: _p("reason of a return", "The client has an open referral already"),
    ReturnReason.NOT_IN_TARGET_GROUP: _p("reason of a return", "Our counselling is not for this group"),
}
GIVERS: dict[Giver, Text] = {
    Giver.CLIENT: _p("giver of consent", "the client"),
    Giver.GUARDIAN: _p("giver of consent", "a guardian"),
    Giver.REPRESENTATIVE: _p("giver of consent", "another representative"),
}
METHODS: dict[Method, Text] = {
    Method.ORAL: _p("method of consent", "orally"),
    Method.WRITTEN: _p("method of consent", "in writing"),
}
CONTACTS: dict[Contact, Text] = {
    Contact.CLIENT: _p("contact first", "Contact the client"),
    Contact.GUARDIAN: _p("contact first", "Contact the guardian"),
    Contact.REPRESENTATIVE: _p("contact first", "Contact the representative"),
}
LANGUAGES: dict[str, Text] = {
    "fi": _p("language of a client", "Finnish"),
    "sv": _p("language of a client", "Swedish"),
    "en": _p("language of a client", "English"),
    "fse": _p("language of a client", "Finnish sign language"),
    "fss": _p("language of a client", "Finland-Swedish sign language"),
}
"""Others are shown as the sender wrote them."""
LANGUAGE_CODES: dict[str, Text] = {**LANGUAGES, spoken.OTHER: _p("language", "Another language")}
