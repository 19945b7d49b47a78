"""The words of the table of moves: who acts, what states there are, what is recorded.

Values are stored in the database and in frozen figures: a member may be added, never renamed. Labels for
people live elsewhere.
"""

from enum import StrEnum


class Who(StrEnum):
    """In which role somebody makes a move."""

    SENDER = "sender"
    ADVISER = "adviser"
    LEAD = "lead"
    CLIENT = "client"
    SYSTEM = "system"


class SenderKind(StrEnum):
    """Who sent a referral, and so who hears of it."""

    ACCOUNT = "account"
    """A professional, who sees it in their own list."""
    PAPER = "paper"
    """Somebody without an account, whose paper a counselling unit entered: that unit hears, and calls them."""
    RESIDENT = "resident"
    """Nobody: the client's own request."""


class ReferralStatus(StrEnum):
    """Where the county's record stands (FHIR ServiceRequest)."""

    SENT = "sent"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


STOCK = frozenset({ReferralStatus.SENT, ReferralStatus.ACCEPTED})
"""The statuses in which a referral waits for, or is in, counselling: what "open" counts in the figures."""

TERMINAL = frozenset({ReferralStatus.CANCELLED, ReferralStatus.TRANSFERRED, ReferralStatus.ENTERED_IN_ERROR})
"""Nothing leads on from these, but for R9c (a false withdrawal mended) and R11 (entered in error)."""


class CaseStatus(StrEnum):
    """Where the municipality's record stands (FHIR Task)."""

    CONTACTING = "contacting"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


OPEN_CASE = frozenset({CaseStatus.CONTACTING, CaseStatus.WAITING, CaseStatus.SCHEDULED, CaseStatus.ACTIVE})
"""A referral has at most one Case in these."""


class Outcome(StrEnum):
    """How a Case ended."""

    COMPLETED = "completed"
    NOT_REACHED = "not_reached"
    DID_NOT_WANT = "did_not_want"
    INTERRUPTED = "interrupted"
    MOVED = "moved"
    REFERRED_ON = "referred_on"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"
    DECEASED = "deceased"
    OTHER = "other"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    TRANSFERRED = "transferred"


SYSTEM_OUTCOMES = frozenset({Outcome.WITHDRAWN, Outcome.RETURNED, Outcome.TRANSFERRED})
"""Set by a move of the referral, never chosen by a person."""

FINAL_OUTCOMES = SYSTEM_OUTCOMES | {Outcome.DECEASED}
"""A Case closed with one of these is not reopened."""


class EventName(StrEnum):
    """What the figures are counted from; one row each, in the month in which it was recorded."""

    SENT = "sent"
    ACCEPTED = "accepted"
    ACCEPT_REVERSED = "accept_reversed"
    RETURNED = "returned"
    RESENT = "resent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"
    CLOSED = "closed"
    REOPENED = "reopened"
    FIRST_CONTACT = "first_contact"
    STARTED = "started"


class EventDirection(StrEnum):
    """What an event does to the stock of open referrals: open at start + in = out + open at end."""

    IN = "in"
    OUT = "out"
    NONE = "none"


class MoveCode(StrEnum):
    """The rows of the table; a history row carries the code of its move."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
    R8 = "R8"
    R9 = "R9"
    R9B = "R9b"
    R9C = "R9c"
    R10 = "R10"
    R11 = "R11"
    R12 = "R12"
    R13 = "R13"
    R14 = "R14"
    R15 = "R15"
    R16 = "R16"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    C7 = "C7"
    C8 = "C8"
    C9 = "C9"
    C10 = "C10"
    C11 = "C11"


class ConsentEffect(StrEnum):
    """What a move does to the disclosure consent."""

    NONE = "none"
    CHECKED = "checked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ClockEffect(StrEnum):
    """What a move does to the targets in working days."""

    NONE = "none"
    STARTS = "starts"
    CLAIM_MET = "claim_met"
    GOES_ON = "goes_on"
    PAUSES = "pauses"


class SideEffect(StrEnum):
    """What else happens in the transaction of a move."""

    DRAFT_ERASED = "draft_erased"
    STOP_REQUESTED = "stop_requested"
    UNSENT_MESSAGES_CANCELLED = "unsent_messages_cancelled"
    FOLLOW_UPS_END = "follow_ups_end"
    FEEDBACK_ENDS = "feedback_ends"
    BREACH_IF_MISDIRECTED = "breach_if_misdirected"
    OFFER_MADE = "offer_made"
    OFFER_ENDED = "offer_ended"
    LEAD_TOLD = "lead_told"


class VoidReason(StrEnum):
    """Why a referral was entered in error (R11)."""

    WRONG_PERSON = "wrong_person"
    WRONG_RECIPIENT = "wrong_recipient"
    SENT_TWICE = "sent_twice"
    OTHER = "other"


BREACH_REASONS = frozenset({VoidReason.WRONG_PERSON, VoidReason.WRONG_RECIPIENT})
"""Somebody saw what was not for them: R11 opens a breach record (GDPR, article 33)."""


class Side(StrEnum):
    """Whose screens a withdrawn, returned or cancelled content disappears from."""

    COUNTY = "county"
    MUNICIPALITY = "municipality"


class Priority(StrEnum):
    """How soon the sender asks for a first contact."""

    NORMAL = "normal"
    SOON = "soon"


class ContactChannel(StrEnum):
    """A way to reach a client; each has its own consent."""

    PHONE = "phone"
    TEXT_MESSAGE = "text_message"
    EMAIL = "email"
    LETTER = "letter"
    CONTACT_PERSON = "contact_person"
