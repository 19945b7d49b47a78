"""The only place that copies from one controller's record to the other's.

Sending was the disclosure; accepting copies what the case needs, checked against the consent once
more. What the county hears back is what the client's answer about feedback allows.
"""

from referrals.handover.accepting import AlreadyClaimedError, accept
from referrals.handover.asking import (
    AlreadyAnsweredError,
    AlreadyAskedError,
    Question,
    QuestionOverError,
    TextRefusedError,
    answer,
    ask,
    end_old_pauses,
    questions_of,
)
from referrals.handover.booking import book_time, may_choose, release_time
from referrals.handover.closing import close, tell_started
from referrals.handover.going_on import hold_chain, void_along, withdraw_along
from referrals.handover.reopening import may_be_reopened, reopen
from referrals.handover.resending import keeps_consent, resend
from referrals.handover.restoring import may_be_restored, restore
from referrals.handover.returning import ReturnReason, give_back, give_back_case, may_be_given_back
from referrals.handover.reversing import may_be_reversed, reverse_acceptance
from referrals.handover.stopping import may_request_stop, request_stop
from referrals.handover.transferring import (
    AlreadyOfferedError,
    OfferRow,
    TransferOffer,
    accept_offer,
    decline_offer,
    end_old_offers,
    offer_transfer,
    offers_to,
    transfer_targets,
)
from referrals.handover.voiding import NotVoidedError, may_be_voided, release_erasure, void
from referrals.handover.withdrawing import (
    case_may_be_withdrawn,
    hold_cases,
    may_withdraw,
    withdraw,
    withdraw_case,
)

__all__ = [
    "AlreadyAnsweredError",
    "AlreadyAskedError",
    "AlreadyClaimedError",
    "AlreadyOfferedError",
    "NotVoidedError",
    "OfferRow",
    "Question",
    "QuestionOverError",
    "ReturnReason",
    "TextRefusedError",
    "TransferOffer",
    "accept",
    "accept_offer",
    "answer",
    "ask",
    "book_time",
    "case_may_be_withdrawn",
    "close",
    "decline_offer",
    "end_old_offers",
    "end_old_pauses",
    "give_back",
    "give_back_case",
    "hold_cases",
    "hold_chain",
    "keeps_consent",
    "may_be_given_back",
    "may_be_reopened",
    "may_be_restored",
    "may_be_reversed",
    "may_be_voided",
    "may_choose",
    "may_request_stop",
    "may_withdraw",
    "offer_transfer",
    "offers_to",
    "questions_of",
    "release_erasure",
    "release_time",
    "reopen",
    "request_stop",
    "resend",
    "restore",
    "reverse_acceptance",
    "tell_started",
    "transfer_targets",
    "void",
    "void_along",
    "withdraw",
    "withdraw_along",
    "withdraw_case",
]
