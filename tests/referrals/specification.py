"""What the table of moves must say: written by hand from the specification, not derived from the code."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from referrals.moves import (
    CaseFacts,
    CaseStatus,
    MoveCode,
    Need,
    Outcome,
    ReferralFacts,
    ReferralStatus,
    SenderKind,
    Who,
)

TODAY = date(2026, 3, 10)
LETTERS = {"S": Who.SENDER, "N": Who.ADVISER, "L": Who.LEAD, "K": Who.CLIENT, "J": Who.SYSTEM}
ANY = "sent accepted returned cancelled transferred closed"
OPEN = "contacting waiting scheduled active"

# code, who, from, to (. = no change), event, in or out of stock (by status where it differs), effect on the Case
REFERRAL_ROWS = [
    ("R1", "S", "form", "sent", "sent", "in", None),
    ("R2", "NL", "sent", "accepted", "accepted", "none", "C1"),
    ("R3", "NL", "sent accepted", "returned", "returned", "out", "C7 returned"),
    ("R4", "S", "returned", "sent", "resent", "in", None),
    ("R5", "S", "returned", "cancelled", "cancelled", "none", None),
    ("R6", "J", "returned", "cancelled", "expired", "none", None),
    ("R7", "S", "sent", "cancelled", "cancelled", "out", None),
    ("R8", "S", "accepted", ".", None, "none", None),
    ("R9", "KSN", "sent accepted", "cancelled", "withdrawn", "out", "C7 withdrawn"),
    ("R9b", "K", "returned closed", ".", "withdrawn", "none", None),
    ("R9c", "L", "cancelled", "sent", "resent", "in", None),
    ("R10", "NL", "accepted", "sent", "accept_reversed", "none", "C9"),
    ("R11", "SL", ANY, "entered_in_error", "voided", "out if in stock", "C9"),
    ("R12", "NL", "sent accepted", ".", None, "none", None),
    ("R13", "NL", "sent accepted", "transferred", "transferred_out", "out", "C7 transferred"),
    ("R14", "NLJ", "sent accepted", ".", None, "none", None),
    ("R15", "J", "accepted", "closed", "closed", "out", None),
    ("R16", "J", "closed", "accepted", "reopened", "in", None),
]

# code, who, from, to, to if counselling has ever started, events, the county's move that it brings about
CASE_ROWS = [
    ("C1", "J", "none", "contacting", "contacting", "", None),
    ("C2", "N", "contacting waiting", "scheduled", "scheduled", "first_contact", None),
    ("C3", "N", "contacting scheduled active", "waiting", "waiting", "", None),
    ("C4", "N", "waiting", "contacting", "active", "", None),
    ("C5", "N", "contacting scheduled", "active", "active", "first_contact started", None),
    ("C6", "N", "scheduled", "contacting", "contacting", "", None),
    ("C7", "N", OPEN, "closed", "closed", "", "R15"),
    ("C8", "NL", "closed", "contacting", "active", "", "R16"),
    ("C9", "L", f"{OPEN} closed", "entered_in_error", "entered_in_error", "", None),
    ("C10", "NL", f"{OPEN} closed", ".", ".", "", None),
    ("C11", "N", f"none {OPEN}", ".", ".", "", None),
]

WITH_CASE_MOVE = {MoveCode.R15: MoveCode.C7, MoveCode.R16: MoveCode.C8}
WITH_REFERRAL_MOVE = {MoveCode.C1: [MoveCode.R2, MoveCode.R13], MoveCode.C9: [MoveCode.R10, MoveCode.R11]}

# Facts that meet every need there is, so that only role and status can be in the way.
ENOUGH = ReferralFacts(
    all_fields=True,
    form_key=True,
    consent=True,
    open_catchment=True,
    reason_given=True,
    mended=True,
    acknowledged=True,
    client_heard=True,
    has_open_case=False,
    client_reached=False,
    sender=SenderKind.ACCOUNT,
    attempts=0,
    days_since_returned=30,
    reminders=3,
    days_since_withdrawn=7,
    working_days_since_accepted=1,
    transfer_consent=True,
    target_open=True,
    at_target=True,
    working_days_since_offer=5,
)
ENOUGH_FOR_CASE = CaseFacts(
    today=TODAY,
    appointment_set=True,
    reason_given=True,
    review_on=TODAY + timedelta(days=90),
    counselling_held=True,
    attempt_recorded=True,
    own_case=True,
    sender=SenderKind.ACCOUNT,
    consent=True,
    outcome=Outcome.MOVED,
    closed_on=TODAY - timedelta(days=30),
)


def enough(code: MoveCode) -> ReferralFacts:
    """No single set of facts can meet both "an offer is open" and "no offer is"."""
    return replace(
        ENOUGH, offer_open=code in {MoveCode.R13, MoveCode.R14}, with_move=WITH_CASE_MOVE.get(code)
    )


def enough_for_case(code: MoveCode) -> CaseFacts:
    return replace(ENOUGH_FOR_CASE, with_move=WITH_REFERRAL_MOVE.get(code, [None])[0])


def whos(letters: str) -> set[Who]:
    return {LETTERS[letter] for letter in letters}


def referral_statuses(words: str) -> list[ReferralStatus | None]:
    return [None if word == "form" else ReferralStatus(word) for word in words.split()]


def case_statuses(words: str) -> list[CaseStatus | None]:
    return [None if word == "none" else CaseStatus(word) for word in words.split()]


LACKING: dict[Need, dict[str, Any]] = {
    Need.ALL_FIELDS: {"all_fields": False},
    Need.FORM_KEY: {"form_key": False},
    Need.CONSENT_GIVEN: {"consent": False},
    Need.CONSENT_IN_FORCE: {"consent": False},
    Need.OPEN_CATCHMENT: {"open_catchment": False},
    Need.REASON: {"reason_given": False},
    Need.MENDED: {"mended": False},
    Need.ACKNOWLEDGED: {"acknowledged": False},
    Need.CLIENT_HEARD: {"client_heard": False},
    Need.NO_OPEN_CASE: {"has_open_case": True},
    Need.CLIENT_NOT_REACHED: {"client_reached": True},
    Need.SOMEBODY_HEARS: {"sender": SenderKind.RESIDENT},
    Need.RETURN_EXPIRED: {"days_since_returned": 29},
    Need.WITHDRAWN_LATELY: {"days_since_withdrawn": 8},
    Need.ACCEPTED_JUST_NOW: {"working_days_since_accepted": 2},
    Need.NO_ATTEMPT: {"attempts": 1},
    Need.TRANSFER_CONSENT: {"transfer_consent": False},
    Need.TARGET_OPEN: {"target_open": False},
    Need.NO_OFFER: {"offer_open": True},
    Need.OFFER_OPEN: {"offer_open": False},
    Need.AT_TARGET: {"at_target": False},
    Need.OFFER_EXPIRED: {"working_days_since_offer": 4},
    Need.OTHER_RECORD_MOVES: {"with_move": None},
}
LACKING_FOR_CASE: dict[Need, dict[str, Any]] = {
    Need.APPOINTMENT: {"appointment_set": False},
    Need.REASON: {"reason_given": False},
    Need.REVIEW_DATE: {"review_on": TODAY + timedelta(days=91)},
    Need.COUNSELLING_HELD: {"counselling_held": False},
    Need.ATTEMPT_RECORDED: {"attempt_recorded": False},
    Need.OUTCOME: {"outcome": None},
    Need.CLOSED_LATELY: {"closed_on": TODAY - timedelta(days=31)},
    Need.REOPENABLE_OUTCOME: {"outcome": Outcome.DECEASED},
    Need.CONSENT_IN_FORCE: {"consent": False},
    Need.SENDER_ANSWERS: {"sender": SenderKind.PAPER},
    Need.OWN_CASE: {"own_case": False},
    Need.OTHER_RECORD_MOVES: {"with_move": None},
}
SPECIFIED_NEEDS = {
    "R1": "all_fields consent_given open_catchment form_key",
    "R2": "consent_in_force no_open_case",
    "R3": "reason client_not_reached somebody_hears",
    "R4": "mended consent_given open_catchment",
    "R5": "acknowledged",
    "R6": "return_expired",
    "R7": "reason",
    "R8": "",
    "R9": "",
    "R9b": "consent_in_force",
    "R9c": "withdrawn_lately client_heard consent_given",
    "R10": "accepted_just_now no_attempt",
    "R11": "reason",
    "R12": "transfer_consent target_open no_offer",
    "R13": "offer_open at_target transfer_consent",
    "R14": "offer_open at_target offer_expired",
    "R15": "other_record_moves",
    "R16": "other_record_moves",
    "C1": "other_record_moves",
    "C2": "appointment",
    "C3": "reason review_date",
    "C4": "",
    "C5": "counselling_held",
    "C6": "attempt_recorded",
    "C7": "outcome",
    "C8": "closed_lately reason reopenable_outcome consent_in_force",
    "C9": "other_record_moves",
    "C10": "own_case",
    "C11": "sender_answers",
}
