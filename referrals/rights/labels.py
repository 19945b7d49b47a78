"""The words of the client's rights and of breaches."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals.breaches.queries import BreachRisk
from referrals.moves import ReferralStatus, Side, VoidReason
from referrals.rights.operations import ErasureGround, RestrictionGround
from servicetray.core.pages import Text

REFERRAL_STATUSES: dict[ReferralStatus, Text] = {
    ReferralStatus.SENT: _p("referral status", "Sent"),
    ReferralStatus.ACCEPTED: _p("referral status", "Taken on"),
    ReferralStatus.RETURNED: _p("referral status", "Returned to the sender"),
    ReferralStatus.CANCELLED: _p("referral status", "Cancelled"),
    ReferralStatus.TRANSFERRED: _p("referral status", "Moved to another municipality"),
    ReferralStatus.CLOSED: _p("referral status", "Counselling has ended"),
    ReferralStatus.ENTERED_IN_ERROR: _p("referral status", "Entered in error"),
}
RESTRICTION_GROUNDS: dict[RestrictionGround, Text] = {
    RestrictionGround.ACCURACY: _l("The client says that something is not correct, and it is being checked"),
    RestrictionGround.UNLAWFUL: _l(
        "There was no right to use the data, but the client does not want it erased"
    ),
    RestrictionGround.CLAIMS: _l("The client needs the data for a legal claim"),
    RestrictionGround.OBJECTION: _l("The client has objected, and it is being weighed"),
}
ERASURE_GROUNDS: dict[ErasureGround, Text] = {
    ErasureGround.NOT_NEEDED: _l("The data are no longer needed"),
    ErasureGround.WITHDRAWN: _l("The client took the permission back"),
    ErasureGround.OBJECTION: _l("The client has objected, and nothing weighs more"),
    ErasureGround.UNLAWFUL: _l("There was no right to use the data"),
    ErasureGround.OBLIGATION: _l("The law says that they must be erased"),
}
VOID_REASONS: dict[VoidReason, Text] = {
    VoidReason.WRONG_PERSON: _p("reason of voiding", "It was about the wrong person"),
    VoidReason.WRONG_RECIPIENT: _p("reason of voiding", "It went to the wrong place"),
    VoidReason.SENT_TWICE: _p("reason of voiding", "It was sent twice"),
    VoidReason.OTHER: _p("reason of voiding", "Another reason"),
}
RISKS: dict[BreachRisk, Text] = {
    BreachRisk.NONE: _p("breach", "A risk to the client is unlikely: the authority need not be told"),
    BreachRisk.RISK: _p("breach", "There is a risk: the authority is told"),
    BreachRisk.HIGH: _p("breach", "The risk is high: the authority and the client are told"),
}
SIDES: dict[Side, Text] = {
    Side.COUNTY: _p("side", "The county"),
    Side.MUNICIPALITY: _p("side", "The municipality"),
}
FIELDS: dict[str, Text] = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "birth_year": _l("Year of birth"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "address": _l("Postal address"),
    "contact_person": _l("Contact person"),
    "contact_person.name": _l("Contact person's name"),
    "contact_person.relation": _l("Relation to the client"),
    "contact_person.phone": _l("Contact person's phone"),
    "best_time": _l("When is a good time to call?"),
    "language": _l("Language of service"),
    "interpreter": _l("Interpreter or aids"),
    "home_municipality": _l("The client's home municipality"),
    "note": _p("rights", "Note"),
    "attempt": _l("Note of an attempt"),
    "reasons": _l("Reasons"),
    "interests": _l("What is the client interested in?"),
    "own_wish": _l("What does the client wish for?"),
    "what_to_heed": _l("What is good to take into account?"),
    "sender": _l("Sender"),
    "sender_unit": _l("Sender's unit"),
    "sender_phone": _l("Sender's phone"),
    "sender.name": _l("Sender"),
    "sender.title": _l("Sender's title"),
    "sender.unit": _l("Sender's unit"),
    "sender.phone": _l("Sender's phone"),
    "channels": _l("Ways of contact that were allowed"),
    "feedback": _l("The sender may be told how it went"),
    "follow_up": _l("May be asked how things are later"),
    "transfer": _l("May be moved to another municipality"),
    "consent_given_on": _l("Permission given on"),
    "consent_method": _l("How was the permission given?"),
    "consent_giver": _l("Who gave the permission?"),
    "contact_first": _l("Whom does the adviser contact first?"),
    "guardians_may_be_told": _l("May guardians be told of the referral?"),
}
