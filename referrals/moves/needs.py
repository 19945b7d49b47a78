"""The conditions of the table and the facts that they are checked against.

Facts are plain values that the caller has loaded. Everything defaults to "not so" or "not known", and an
unknown never meets a need: a fact that a caller forgot refuses the move instead of letting it through.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from referrals.moves.vocabulary import FINAL_OUTCOMES, ContactChannel, MoveCode, Outcome, SenderKind, Who

EXPIRY_DAYS: Final = 30
EXPIRY_REMINDERS: Final = 3
MENDING_DAYS: Final = 7
REVERSAL_WORKING_DAYS: Final = 1
OFFER_WORKING_DAYS: Final = 5
REVIEW_DAYS: Final = 90
REOPENING_DAYS: Final = 30


class Need(StrEnum):
    """A condition that a move of the table asks for."""

    # Asked of the person who makes the move.
    ALL_FIELDS = "all_fields"
    FORM_KEY = "form_key"
    CONSENT_GIVEN = "consent_given"
    REASON = "reason"
    MENDED = "mended"
    ACKNOWLEDGED = "acknowledged"
    CLIENT_HEARD = "client_heard"
    APPOINTMENT = "appointment"
    REVIEW_DATE = "review_date"
    COUNSELLING_HELD = "counselling_held"
    ATTEMPT_RECORDED = "attempt_recorded"
    OUTCOME = "outcome"
    # Settled by how things stand.
    OPEN_CATCHMENT = "open_catchment"
    CONSENT_IN_FORCE = "consent_in_force"
    NO_OPEN_CASE = "no_open_case"
    CLIENT_NOT_REACHED = "client_not_reached"
    SOMEBODY_HEARS = "somebody_hears"
    SENDER_ANSWERS = "sender_answers"
    RETURN_EXPIRED = "return_expired"
    WITHDRAWN_LATELY = "withdrawn_lately"
    ACCEPTED_JUST_NOW = "accepted_just_now"
    NO_ATTEMPT = "no_attempt"
    TRANSFER_CONSENT = "transfer_consent"
    TARGET_OPEN = "target_open"
    NO_OFFER = "no_offer"
    OFFER_OPEN = "offer_open"
    AT_TARGET = "at_target"
    OFFER_EXPIRED = "offer_expired"
    CLOSED_LATELY = "closed_lately"
    REOPENABLE_OUTCOME = "reopenable_outcome"
    OWN_CASE = "own_case"
    OTHER_RECORD_MOVES = "other_record_moves"


ASKED: Final = frozenset(
    {
        Need.ALL_FIELDS,
        Need.FORM_KEY,
        Need.CONSENT_GIVEN,
        Need.REASON,
        Need.MENDED,
        Need.ACKNOWLEDGED,
        Need.CLIENT_HEARD,
        Need.APPOINTMENT,
        Need.REVIEW_DATE,
        Need.COUNSELLING_HELD,
        Need.ATTEMPT_RECORDED,
        Need.OUTCOME,
    }
)
"""Needs that a form fills. The others depend on how things stand, and decide whether a button is shown."""


@dataclass(frozen=True, kw_only=True)
class ReferralFacts:
    """What the needs of a referral's moves are checked against.

    Days are counted between Helsinki calendar days, working days by `servicetray.core.clock`.
    """

    all_fields: bool = False
    """The form is complete and valid."""
    form_key: bool = False
    """The key of this form was made by us and has not sent a referral yet."""
    consent: bool = False
    """A disclosure consent covers the receiving municipality and has not been withdrawn."""
    open_catchment: bool = False
    """The municipality takes referrals of this kind today."""
    reason_given: bool = False
    mended: bool = False
    """What the return asked for was mended."""
    acknowledged: bool = False
    """The sender has read why it was returned."""
    client_heard: bool = False
    """The client was asked whether the withdrawal was meant."""
    has_open_case: bool | None = None
    client_reached: bool | None = None
    sender: SenderKind | None = None
    """Who would hear that it came back."""
    attempts: int | None = None
    """Contact attempts on the present Case, reached or not."""
    days_since_returned: int | None = None
    reminders: int = 0
    """Reminders of the return that were sent to the sender."""
    days_since_withdrawn: int | None = None
    """Set only if a withdrawal (R9) is what cancelled the referral."""
    working_days_since_accepted: int | None = None
    transfer_consent: bool = False
    target_open: bool = False
    """The unit that it would be transferred to takes referrals of this kind today."""
    offer_open: bool | None = None
    at_target: bool = False
    """Who acts does so for the unit that the transfer was offered to."""
    working_days_since_offer: int | None = None
    with_move: MoveCode | None = None
    """The move of the Case in whose transaction this one happens."""


@dataclass(frozen=True, kw_only=True)
class AttemptFact:
    """One attempt to reach the client; a missed appointment has no channel."""

    day: date
    channel: ContactChannel | None
    reached: bool


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What the needs of a Case's moves are checked against."""

    today: date
    """The Helsinki day of the move."""
    appointment_set: bool = False
    """A time and a form (phone, in person…) are given."""
    reason_given: bool = False
    review_on: date | None = None
    counselling_held: bool = False
    attempt_recorded: bool = False
    """The missed or cancelled appointment is recorded as an attempt."""
    reached: bool = False
    """The client was reached in this move or in an attempt before it."""
    first_contact_recorded: bool = False
    ever_active: bool = False
    """Counselling has started at some time, whatever the status now."""
    own_case: bool = False
    sender: SenderKind | None = None
    """Who would be asked."""
    """Who acts is the Case's own adviser."""
    consent: bool = False
    """The consent that the Case rests on has not been withdrawn."""
    outcome: Outcome | None = None
    """The outcome to close with (C7), or the one it was closed with (C8)."""
    attempts: tuple[AttemptFact, ...] = ()
    """In the order in which they were made."""
    allowed_channels: frozenset[ContactChannel] = frozenset()
    closed_on: date | None = None
    with_move: MoveCode | None = None
    """The move of the referral in whose transaction this one happens."""


ReferralCheck = Callable[[Who, ReferralFacts], bool]
CaseCheck = Callable[[Who, CaseFacts], bool]


def _at_most(value: int | None, limit: int) -> bool:
    return value is not None and value <= limit


def _at_least(value: int | None, limit: int) -> bool:
    return value is not None and value >= limit


REFERRAL_CHECKS: Final[Mapping[Need, ReferralCheck]] = {
    Need.ALL_FIELDS: lambda _, facts: facts.all_fields,
    Need.FORM_KEY: lambda _, facts: facts.form_key,
    Need.CONSENT_GIVEN: lambda _, facts: facts.consent,
    Need.CONSENT_IN_FORCE: lambda _, facts: facts.consent,
    Need.OPEN_CATCHMENT: lambda _, facts: facts.open_catchment,
    Need.REASON: lambda _, facts: facts.reason_given,
    Need.MENDED: lambda _, facts: facts.mended,
    Need.ACKNOWLEDGED: lambda _, facts: facts.acknowledged,
    Need.CLIENT_HEARD: lambda _, facts: facts.client_heard,
    Need.NO_OPEN_CASE: lambda _, facts: facts.has_open_case is False,
    Need.CLIENT_NOT_REACHED: lambda _, facts: facts.client_reached is False,
    # A resident's own request has no sender: returned to nobody, it would be lost in silence.
    Need.SOMEBODY_HEARS: lambda _, facts: facts.sender in {SenderKind.ACCOUNT, SenderKind.PAPER},
    Need.NO_ATTEMPT: lambda _, facts: facts.attempts == 0,
    Need.RETURN_EXPIRED: lambda _, facts: (
        _at_least(facts.days_since_returned, EXPIRY_DAYS) and facts.reminders >= EXPIRY_REMINDERS
    ),
    Need.WITHDRAWN_LATELY: lambda _, facts: _at_most(facts.days_since_withdrawn, MENDING_DAYS),
    Need.ACCEPTED_JUST_NOW: lambda _, facts: _at_most(
        facts.working_days_since_accepted, REVERSAL_WORKING_DAYS
    ),
    Need.TRANSFER_CONSENT: lambda _, facts: facts.transfer_consent,
    Need.TARGET_OPEN: lambda _, facts: facts.target_open,
    Need.NO_OFFER: lambda _, facts: facts.offer_open is False,
    Need.OFFER_OPEN: lambda _, facts: facts.offer_open is True,
    # The system ends an offer for nobody in particular, but only once its time is up.
    Need.AT_TARGET: lambda who, facts: who is Who.SYSTEM or facts.at_target,
    Need.OFFER_EXPIRED: lambda who, facts: (
        who is not Who.SYSTEM or _at_least(facts.working_days_since_offer, OFFER_WORKING_DAYS)
    ),
}


def _review_in_time(_: Who, facts: CaseFacts) -> bool:
    return facts.review_on is not None and 0 < (facts.review_on - facts.today).days <= REVIEW_DAYS


def _closed_lately(_: Who, facts: CaseFacts) -> bool:
    return facts.closed_on is not None and (facts.today - facts.closed_on).days <= REOPENING_DAYS


CASE_CHECKS: Final[Mapping[Need, CaseCheck]] = {
    Need.APPOINTMENT: lambda _, facts: facts.appointment_set,
    Need.REASON: lambda _, facts: facts.reason_given,
    Need.REVIEW_DATE: _review_in_time,
    Need.COUNSELLING_HELD: lambda _, facts: facts.counselling_held,
    Need.ATTEMPT_RECORDED: lambda _, facts: facts.attempt_recorded,
    Need.OUTCOME: lambda _, facts: facts.outcome is not None,
    Need.CLOSED_LATELY: _closed_lately,
    Need.REOPENABLE_OUTCOME: lambda _, facts: (
        facts.outcome is not None and facts.outcome not in FINAL_OUTCOMES
    ),
    Need.CONSENT_IN_FORCE: lambda _, facts: facts.consent,
    # Who wrote on paper has no page to answer on: the adviser calls, and no clock stands still.
    Need.SENDER_ANSWERS: lambda _, facts: facts.sender is SenderKind.ACCOUNT,
    Need.OWN_CASE: lambda who, facts: who is Who.LEAD or facts.own_case,
}
