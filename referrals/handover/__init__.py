"""The only place that copies from one controller's record to the other's.

Sending was the disclosure; accepting copies what the case needs, checked against the consent once
more. What the county hears back is what the client's answer about feedback allows.
"""

from referrals.handover.accepting import AlreadyClaimedError, accept
from referrals.handover.closing import close, tell_started
from referrals.handover.returning import ReturnReason, give_back, give_back_case, may_be_given_back
from referrals.handover.withdrawing import (
    case_may_be_withdrawn,
    hold_cases,
    may_withdraw,
    withdraw,
    withdraw_case,
)

__all__ = [
    "AlreadyClaimedError",
    "ReturnReason",
    "accept",
    "case_may_be_withdrawn",
    "close",
    "give_back",
    "give_back_case",
    "hold_cases",
    "may_be_given_back",
    "may_withdraw",
    "tell_started",
    "withdraw",
    "withdraw_case",
]
