"""The words of the moves that are made seldom."""

from flask_babel import lazy_pgettext as _p

from referrals.moves import VoidReason
from referrals.municipality.inbox.case.choices import ReopenReason
from referrals.transfers.queries import OfferEnd
from servicetray.core.pages import Text

REOPEN_REASONS: dict[ReopenReason, Text] = {
    ReopenReason.CLIENT_RETURNED: _p("reason to open again", "The client got in touch again"),
    ReopenReason.CLOSED_TOO_EARLY: _p("reason to open again", "It was closed too early"),
    ReopenReason.WRONG_OUTCOME: _p("reason to open again", "The outcome was entered wrong"),
    ReopenReason.OTHER: _p("reason to open again", "Another reason"),
}
VOID_REASONS: dict[VoidReason, Text] = {
    VoidReason.WRONG_PERSON: _p("entered in error", "It is about the wrong person"),
    VoidReason.WRONG_RECIPIENT: _p("entered in error", "It should have gone somewhere else"),
    VoidReason.SENT_TWICE: _p("entered in error", "The same referral was sent twice"),
    VoidReason.OTHER: _p("entered in error", "Another reason"),
}
OFFER_ENDS: dict[OfferEnd, Text] = {
    OfferEnd.ACCEPTED: _p("end of an offer", "was taken"),
    OfferEnd.DECLINED: _p("end of an offer", "was declined"),
    OfferEnd.EXPIRED: _p("end of an offer", "ran out"),
    OfferEnd.DROPPED: _p("end of an offer", "fell away"),
}
