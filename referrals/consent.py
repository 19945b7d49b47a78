"""What a client's consent covers, what the sender may see of it, and who may give it.

The disclosure consent is the basis for handing client data from the county to a municipality (Act
703/2023); it is not the GDPR's legal basis, which both controllers have in their own duties. Feedback,
follow-up, transfer and each way of contact are asked one by one, and nothing is chosen beforehand. Pure: no
database and no web.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from referrals.moves import ContactChannel, EventName, Outcome, ReferralStatus

ADULT_AGE: Final = 18


class Disclosure(StrEnum):
    """An occasion on which somebody learns what they didn't know before."""

    REFERRAL = "referral"
    """The county tells the municipality: sending and accepting."""
    FEEDBACK = "feedback"
    """The municipality tells the sender what became of it."""
    FOLLOW_UP = "follow_up"
    """The municipality asks the client again at 3, 6 and 12 months."""
    TRANSFER = "transfer"
    """One municipality tells another."""


class DataItem(StrEnum):
    """What is disclosed; the consent lists these by name."""

    NAME = "name"
    BIRTH_YEAR = "birth_year"
    MUNICIPALITY = "municipality"
    CONTACT_DETAILS = "contact_details"
    CONTACT_PERSON = "contact_person"
    BEST_TIME = "best_time"
    LANGUAGE = "language"
    REASONS = "reasons"
    INTERESTS = "interests"
    OWN_WISH = "own_wish"
    WHAT_TO_HEED = "what_to_heed"
    PRIORITY = "priority"
    REPRESENTATIVE = "representative"
    SENDER = "sender"
    STAGE = "stage"
    OUTCOME = "outcome"
    MEASURES = "measures"


_REFERRAL_ITEMS: Final = (
    DataItem.NAME,
    DataItem.BIRTH_YEAR,
    DataItem.MUNICIPALITY,
    DataItem.CONTACT_DETAILS,
    DataItem.CONTACT_PERSON,
    DataItem.BEST_TIME,
    DataItem.LANGUAGE,
    DataItem.REASONS,
    DataItem.INTERESTS,
    DataItem.OWN_WISH,
    DataItem.WHAT_TO_HEED,
    DataItem.PRIORITY,
    DataItem.REPRESENTATIVE,
    DataItem.SENDER,
)

DISCLOSURE_ITEMS: Final[Mapping[Disclosure, tuple[DataItem, ...]]] = {
    Disclosure.REFERRAL: _REFERRAL_ITEMS,
    Disclosure.FEEDBACK: (DataItem.STAGE, DataItem.OUTCOME),
    Disclosure.FOLLOW_UP: (DataItem.MEASURES,),
    Disclosure.TRANSFER: _REFERRAL_ITEMS,
}
"""What each disclosure hands over, in the order in which the consent names it."""


@dataclass(frozen=True, kw_only=True)
class ConsentTerms:
    """The answers of one consent: one yes or no for each thing asked, and whether it was taken back."""

    disclosure: bool
    feedback: bool
    follow_up: bool
    transfer: bool
    channels: frozenset[ContactChannel]
    withdrawn: bool = False


def covers(terms: ConsentTerms, disclosure: Disclosure) -> bool:
    """Tell whether the consent allows the disclosure. Withdrawn, or without the first yes, it allows none."""
    if terms.withdrawn or not terms.disclosure:
        return False
    answers = {
        Disclosure.REFERRAL: terms.disclosure,
        Disclosure.FEEDBACK: terms.feedback,
        Disclosure.FOLLOW_UP: terms.follow_up,
        Disclosure.TRANSFER: terms.transfer,
    }
    return answers[disclosure]


def allows_contact(terms: ConsentTerms, channel: ContactChannel) -> bool:
    """Tell whether the client may be contacted this way."""
    return covers(terms, Disclosure.REFERRAL) and channel in terms.channels


class SenderStage(StrEnum):
    """How far the sender may see that a referral has come."""

    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    STARTED = "started"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, kw_only=True)
class SenderSees:
    """What is shown to the sender, and nothing besides."""

    stage: SenderStage
    outcome: Outcome | None = None
    return_reason: bool = False
    """The reason of the return may be shown: it is administrative, about the form and not the client."""


_OWN_STAGES: Final[Mapping[ReferralStatus, SenderStage]] = {
    ReferralStatus.SENT: SenderStage.SENT,
    ReferralStatus.RETURNED: SenderStage.RETURNED,
    ReferralStatus.CANCELLED: SenderStage.CANCELLED,
    ReferralStatus.ENTERED_IN_ERROR: SenderStage.ENTERED_IN_ERROR,
}
"""What the county's own record says whatever the client answered about feedback."""


def feedback_shows(
    terms: ConsentTerms, *, status: ReferralStatus, started: bool, outcome: Outcome | None
) -> SenderSees:
    """Give what the sender may see of a referral.

    With the client's yes: accepted, started, closed with its outcome. Without: that the municipality has it,
    never more, also after it was closed or transferred. A return is always told: the sender has to act on it.

    Args:
        terms: the consent that the referral rests on.
        status: where the county's record stands.
        started: counselling has started.
        outcome: how the Case was closed.
    """
    stage = _OWN_STAGES.get(status)
    if terms.withdrawn and stage is not SenderStage.ENTERED_IN_ERROR:
        stage = SenderStage.WITHDRAWN
    elif stage is None:
        told = covers(terms, Disclosure.FEEDBACK)
        stage = _told_stage(status, started=started) if told else SenderStage.RECEIVED
    return SenderSees(
        stage=stage,
        outcome=outcome if stage is SenderStage.CLOSED else None,
        return_reason=stage is SenderStage.RETURNED,
    )


def _told_stage(status: ReferralStatus, *, started: bool) -> SenderStage:
    if status is ReferralStatus.ACCEPTED:
        return SenderStage.STARTED if started else SenderStage.ACCEPTED
    return SenderStage(status)


_ALWAYS_TOLD: Final = frozenset(
    {
        EventName.SENT,
        EventName.RETURNED,
        EventName.RESENT,
        EventName.CANCELLED,
        EventName.EXPIRED,
        EventName.WITHDRAWN,
        EventName.VOIDED,
    }
)
_TOLD_AS_FEEDBACK: Final = frozenset(
    {
        EventName.ACCEPTED,
        EventName.STARTED,
        EventName.CLOSED,
        EventName.TRANSFERRED_OUT,
        # What was told is also taken back.
        EventName.ACCEPT_REVERSED,
        EventName.REOPENED,
    }
)


def sender_is_told(terms: ConsentTerms, event: EventName) -> bool:
    """Tell whether the event may stand in the sender's timeline and be announced to them."""
    return event in _ALWAYS_TOLD or (event in _TOLD_AS_FEEDBACK and covers(terms, Disclosure.FEEDBACK))


class Giver(StrEnum):
    """Who gave the consent."""

    CLIENT = "client"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"


class Method(StrEnum):
    """How the consent was given."""

    ORAL = "oral"
    WRITTEN = "written"


class Basis(StrEnum):
    """On what basis the giver may decide: the client's own understanding, or somebody's right to act."""

    UNDERSTANDS = "understands"
    """A client under 18 understands what it means (Act 785/1992, section 7; Act 812/2000, section 10)."""
    CUSTODY = "custody"
    """Custody of a child (Act 361/1983)."""
    LEGAL_GUARDIAN = "legal_guardian"
    """A guardian appointed for personal matters (Act 442/1999)."""
    CONTINUING_POWER = "continuing_power"
    """A confirmed continuing power of attorney (Act 648/2007)."""
    CLOSE_RELATIVE = "close_relative"
    """A close relative of an adult who cannot decide (Act 785/1992, section 6)."""


class Contact(StrEnum):
    """Whom the municipality contacts first."""

    CLIENT = "client"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"


class ConsentProblem(StrEnum):
    """Why a consent can't be relied on."""

    NOT_GIVEN = "not_given"
    NO_GIVER = "no_giver"
    NO_METHOD = "no_method"
    NO_TEXT_VERSION = "no_text_version"
    NO_LANGUAGE = "no_language"
    NO_RECIPIENT = "no_recipient"
    ITEMS_MISSING = "items_missing"
    NO_TIME = "no_time"
    TIME_IN_FUTURE = "time_in_future"
    NO_RECORDER = "no_recorder"
    NO_BASIS = "no_basis"
    BASIS_OF_ANOTHER = "basis_of_another"
    GUARDIAN_OF_ADULT = "guardian_of_adult"
    NO_CONTACT = "no_contact"
    CONTACT_NOT_A_PARTY = "contact_not_a_party"
    GUARDIANS_NOT_ANSWERED = "guardians_not_answered"
    GUARDIANS_NOT_TO_BE_TOLD = "guardians_not_to_be_told"


@dataclass(frozen=True, kw_only=True)
class ConsentRecord:
    """The evidence of one consent; None and empty mean "not answered"."""

    given: bool | None = None
    giver: Giver | None = None
    method: Method | None = None
    text_version: str = ""
    language: str = ""
    """The language in which the text was read, as a code."""
    recipient: str = ""
    """The municipality's code."""
    items: frozenset[DataItem] = frozenset()
    """The data items that the text named."""
    given_at: datetime | None = None
    recorded_by: str = ""
    """The account that recorded it."""


def record_problems(record: ConsentRecord, *, now: datetime) -> tuple[ConsentProblem, ...]:
    """Give what the evidence lacks: giver, text, language, recipient, items, method, time, recorder."""
    required = DISCLOSURE_ITEMS[Disclosure.REFERRAL]
    checks = (
        (record.given is not True, ConsentProblem.NOT_GIVEN),
        (record.giver is None, ConsentProblem.NO_GIVER),
        (record.method is None, ConsentProblem.NO_METHOD),
        (not record.text_version, ConsentProblem.NO_TEXT_VERSION),
        (not record.language, ConsentProblem.NO_LANGUAGE),
        (not record.recipient, ConsentProblem.NO_RECIPIENT),
        (not record.items.issuperset(required), ConsentProblem.ITEMS_MISSING),
        (record.given_at is None, ConsentProblem.NO_TIME),
        (record.given_at is not None and record.given_at > now, ConsentProblem.TIME_IN_FUTURE),
        (not record.recorded_by, ConsentProblem.NO_RECORDER),
    )
    return tuple(problem for is_so, problem in checks if is_so)


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Who decided for whom and who is contacted; None means "not answered"."""

    giver: Giver | None = None
    basis: Basis | None = None
    contact: Contact | None = None
    guardians_may_be_told: bool | None = None


_BASES: Final[Mapping[Giver, frozenset[Basis]]] = {
    Giver.CLIENT: frozenset({Basis.UNDERSTANDS}),
    Giver.GUARDIAN: frozenset({Basis.CUSTODY}),
    Giver.REPRESENTATIVE: frozenset({Basis.LEGAL_GUARDIAN, Basis.CONTINUING_POWER, Basis.CLOSE_RELATIVE}),
}
_ADULTS_ONLY: Final = frozenset({Basis.CONTINUING_POWER, Basis.CLOSE_RELATIVE})


def is_minor(birth_year: int, *, today: date) -> bool:
    """Tell whether the client is under 18 all year; the birth year is all that is known.

    Who turns 18 this year counts as an adult, as in the figures. Nothing reaches a guardian unless somebody
    said yes, so that is the careful side.
    """
    return today.year - birth_year < ADULT_AGE


def may_have_guardian(birth_year: int, *, today: date) -> bool:
    """Tell whether a guardian may still decide: under 18, or turning 18 this year."""
    return today.year - birth_year <= ADULT_AGE


def party_problems(parties: Parties, *, birth_year: int, today: date) -> tuple[ConsentProblem, ...]:
    """Give what stands against the answers about who consented and whom to contact.

    Under 18 all four are asked: who consented, on what basis, whom to contact, may guardians be told. An
    adult's own consent needs no more than "client"; an adult's representative a basis and whom to contact.
    """
    if parties.giver is None:
        return (ConsentProblem.NO_GIVER,)
    minor = is_minor(birth_year, today=today)
    problems: list[ConsentProblem] = []
    if parties.giver is Giver.GUARDIAN and not may_have_guardian(birth_year, today=today):
        problems.append(ConsentProblem.GUARDIAN_OF_ADULT)
    problems += _basis_problems(parties.giver, parties.basis, minor=minor)
    problems += _contact_problems(parties.giver, parties.contact, minor=minor)
    if minor and parties.guardians_may_be_told is None:
        problems.append(ConsentProblem.GUARDIANS_NOT_ANSWERED)
    if parties.contact is Contact.GUARDIAN and parties.guardians_may_be_told is False:
        problems.append(ConsentProblem.GUARDIANS_NOT_TO_BE_TOLD)
    return tuple(problems)


def guardian_may_receive(parties: Parties) -> bool:
    """Tell whether anything at all may go to a guardian: only after an explicit yes."""
    return parties.guardians_may_be_told is True


def _basis_problems(giver: Giver, basis: Basis | None, *, minor: bool) -> tuple[ConsentProblem, ...]:
    if basis is None:
        # An adult who consents for themselves needs no basis.
        return (ConsentProblem.NO_BASIS,) if minor or giver is not Giver.CLIENT else ()
    if basis not in _BASES[giver] or (minor and basis in _ADULTS_ONLY):
        return (ConsentProblem.BASIS_OF_ANOTHER,)
    return ()


def _contact_problems(giver: Giver, contact: Contact | None, *, minor: bool) -> tuple[ConsentProblem, ...]:
    if contact is None:
        return (ConsentProblem.NO_CONTACT,) if minor or giver is not Giver.CLIENT else ()
    adult_with_guardian = contact is Contact.GUARDIAN and not minor and giver is not Giver.GUARDIAN
    no_representative = contact is Contact.REPRESENTATIVE and giver is not Giver.REPRESENTATIVE
    return (ConsentProblem.CONTACT_NOT_A_PARTY,) if adult_with_guardian or no_representative else ()
