"""What a consent covers, what the sender may see, and who may consent."""

import dataclasses
import datetime as dt
from datetime import date

import pytest

from referrals.consent import (
    DISCLOSURE_ITEMS,
    Basis,
    ConsentProblem,
    ConsentRecord,
    ConsentTerms,
    Contact,
    DataItem,
    Disclosure,
    Giver,
    Method,
    Parties,
    SenderStage,
    allows_contact,
    covers,
    feedback_shows,
    guardian_may_receive,
    is_minor,
    may_have_guardian,
    party_problems,
    record_problems,
    sender_is_told,
)
from referrals.moves import ContactChannel, EventName, Outcome, ReferralStatus

TODAY = date(2026, 3, 10)
NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
ALL = ConsentTerms(
    disclosure=True, feedback=True, follow_up=True, transfer=True, channels=frozenset({ContactChannel.PHONE})
)
NO_FEEDBACK = dataclasses.replace(ALL, feedback=False)
WITHDRAWN = dataclasses.replace(ALL, withdrawn=True)
REFUSED = dataclasses.replace(ALL, disclosure=False)

P = ConsentProblem


# ------------------------------------------------------------------------------- what it covers


@pytest.mark.parametrize("disclosure", Disclosure)
def test_each_disclosure_has_its_own_answer(disclosure: Disclosure):
    only = {name: name == disclosure.value for name in ("feedback", "follow_up", "transfer")}
    terms = ConsentTerms(disclosure=True, channels=frozenset(), **only)
    covered = {one for one in Disclosure if covers(terms, one)}
    assert covered == {Disclosure.REFERRAL, disclosure}


@pytest.mark.parametrize("terms", [WITHDRAWN, REFUSED], ids=["withdrawn", "refused"])
@pytest.mark.parametrize("disclosure", Disclosure)
def test_withdrawn_or_refused_consent_covers_nothing(terms: ConsentTerms, disclosure: Disclosure):
    assert not covers(terms, disclosure)
    assert not allows_contact(terms, ContactChannel.PHONE)


@pytest.mark.parametrize("channel", ContactChannel)
def test_only_the_channels_that_were_said_yes_to_may_be_used(channel: ContactChannel):
    assert allows_contact(ALL, channel) is (channel is ContactChannel.PHONE)


def test_every_disclosure_names_its_data_and_every_item_is_in_one():
    assert {item for items in DISCLOSURE_ITEMS.values() for item in items} == set(DataItem)
    assert set(DISCLOSURE_ITEMS) == set(Disclosure)


# --------------------------------------------------------------------------- what the sender sees


@pytest.mark.parametrize(
    ("status", "started", "with_yes", "with_no"),
    [
        (ReferralStatus.SENT, False, SenderStage.SENT, SenderStage.SENT),
        (ReferralStatus.ACCEPTED, False, SenderStage.ACCEPTED, SenderStage.RECEIVED),
        (ReferralStatus.ACCEPTED, True, SenderStage.STARTED, SenderStage.RECEIVED),
        (ReferralStatus.CLOSED, True, SenderStage.CLOSED, SenderStage.RECEIVED),
        (ReferralStatus.TRANSFERRED, False, SenderStage.TRANSFERRED, SenderStage.RECEIVED),
        (ReferralStatus.RETURNED, False, SenderStage.RETURNED, SenderStage.RETURNED),
        (ReferralStatus.CANCELLED, False, SenderStage.CANCELLED, SenderStage.CANCELLED),
        (ReferralStatus.ENTERED_IN_ERROR, False, SenderStage.ENTERED_IN_ERROR, SenderStage.ENTERED_IN_ERROR),
    ],
)
def test_the_feedback_answer_decides_how_far_the_sender_sees(
    status: ReferralStatus, started: bool, with_yes: SenderStage, with_no: SenderStage
):
    outcome = Outcome.COMPLETED if status is ReferralStatus.CLOSED else None
    yes = feedback_shows(ALL, status=status, started=started, outcome=outcome)
    no = feedback_shows(NO_FEEDBACK, status=status, started=started, outcome=outcome)
    assert (yes.stage, yes.outcome) == (with_yes, outcome)
    assert (no.stage, no.outcome) == (with_no, None)


@pytest.mark.parametrize("status", ReferralStatus)
def test_without_a_yes_counselling_and_outcome_make_no_difference_to_what_is_seen(status: ReferralStatus):
    seen = {
        feedback_shows(NO_FEEDBACK, status=status, started=started, outcome=outcome)
        for started in (True, False)
        for outcome in (None, *Outcome)
    }
    assert len(seen) == 1


@pytest.mark.parametrize("terms", [ALL, NO_FEEDBACK], ids=["yes", "no"])
def test_the_reason_of_a_return_is_always_shown(terms: ConsentTerms):
    assert feedback_shows(terms, status=ReferralStatus.RETURNED, started=False, outcome=None).return_reason


@pytest.mark.parametrize("status", [ReferralStatus.CANCELLED, ReferralStatus.CLOSED, ReferralStatus.RETURNED])
def test_after_a_withdrawal_the_sender_sees_only_that(status: ReferralStatus):
    seen = feedback_shows(WITHDRAWN, status=status, started=True, outcome=Outcome.COMPLETED)
    assert (seen.stage, seen.outcome, seen.return_reason) == (SenderStage.WITHDRAWN, None, False)


def test_without_a_yes_no_event_of_the_municipality_is_told_but_the_return():
    assert {event for event in EventName if sender_is_told(NO_FEEDBACK, event)} == {
        EventName.SENT,
        EventName.RETURNED,
        EventName.RESENT,
        EventName.CANCELLED,
        EventName.EXPIRED,
        EventName.WITHDRAWN,
        EventName.VOIDED,
    }


def test_with_a_yes_all_is_told_but_contacts_and_arrivals_elsewhere():
    untold = {event for event in EventName if not sender_is_told(ALL, event)}
    assert untold == {EventName.FIRST_CONTACT, EventName.TRANSFERRED_IN}


# ------------------------------------------------------------------------------------ the evidence

EVIDENCE = ConsentRecord(
    given=True,
    giver=Giver.CLIENT,
    method=Method.ORAL,
    text_version="2026-1",
    language="sv",
    recipient="286",
    items=frozenset(DISCLOSURE_ITEMS[Disclosure.REFERRAL]),
    given_at=NOW,
    recorded_by="someone",
)


def test_complete_evidence_has_no_problems():
    assert record_problems(EVIDENCE, now=NOW) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"given": None}, P.NOT_GIVEN),
        ({"given": False}, P.NOT_GIVEN),
        ({"giver": None}, P.NO_GIVER),
        ({"method": None}, P.NO_METHOD),
        ({"text_version": ""}, P.NO_TEXT_VERSION),
        ({"language": ""}, P.NO_LANGUAGE),
        ({"recipient": ""}, P.NO_RECIPIENT),
        ({"items": EVIDENCE.items - {DataItem.REASONS}}, P.ITEMS_MISSING),
        ({"given_at": None}, P.NO_TIME),
        ({"given_at": NOW + dt.timedelta(seconds=1)}, P.TIME_IN_FUTURE),
        ({"recorded_by": ""}, P.NO_RECORDER),
    ],
)
def test_evidence_lacking_any_one_thing_is_refused(change: dict[str, object], problem: ConsentProblem):
    assert record_problems(dataclasses.replace(EVIDENCE, **change), now=NOW) == (problem,)  # type: ignore[arg-type]  # any field, by its name


def test_nothing_is_chosen_beforehand():
    problems = record_problems(ConsentRecord(), now=NOW)
    assert {P.NOT_GIVEN, P.NO_GIVER, P.NO_METHOD} <= set(problems)


# -------------------------------------------------------------------------------- who may consent

CHILD, TURNS_18, ADULT = 2012, 2008, 1960
OWN = Parties(
    giver=Giver.CLIENT, basis=Basis.UNDERSTANDS, contact=Contact.CLIENT, guardians_may_be_told=False
)
BY_GUARDIAN = Parties(
    giver=Giver.GUARDIAN, basis=Basis.CUSTODY, contact=Contact.GUARDIAN, guardians_may_be_told=True
)
BY_REPRESENTATIVE = Parties(
    giver=Giver.REPRESENTATIVE,
    basis=Basis.LEGAL_GUARDIAN,
    contact=Contact.REPRESENTATIVE,
    guardians_may_be_told=False,
)


@pytest.mark.parametrize("birth_year", [2009, 2012, 2025])
def test_under_18_all_year_is_a_minor(birth_year: int):
    assert is_minor(birth_year, today=TODAY)
    assert may_have_guardian(birth_year, today=TODAY)


def test_who_turns_18_this_year_counts_as_adult_but_may_still_have_a_guardian():
    assert not is_minor(TURNS_18, today=TODAY)
    assert may_have_guardian(TURNS_18, today=TODAY)
    assert not may_have_guardian(TURNS_18 - 1, today=TODAY)


@pytest.mark.parametrize("parties", [OWN, BY_GUARDIAN, BY_REPRESENTATIVE], ids=["own", "guardian", "other"])
def test_complete_answers_about_a_minor_are_accepted(parties: Parties):
    assert party_problems(parties, birth_year=CHILD, today=TODAY) == ()


@pytest.mark.parametrize(
    "parties",
    [
        Parties(giver=Giver.CLIENT),
        Parties(giver=Giver.CLIENT, contact=Contact.CLIENT),
        Parties(giver=Giver.REPRESENTATIVE, basis=Basis.LEGAL_GUARDIAN, contact=Contact.CLIENT),
        Parties(giver=Giver.REPRESENTATIVE, basis=Basis.CONTINUING_POWER, contact=Contact.REPRESENTATIVE),
        Parties(giver=Giver.REPRESENTATIVE, basis=Basis.CLOSE_RELATIVE, contact=Contact.REPRESENTATIVE),
    ],
)
def test_an_adult_decides_alone_or_through_a_representative(parties: Parties):
    assert party_problems(parties, birth_year=ADULT, today=TODAY) == ()


def test_a_guardian_may_decide_until_the_year_of_18():
    assert party_problems(BY_GUARDIAN, birth_year=TURNS_18, today=TODAY) == ()
    assert P.GUARDIAN_OF_ADULT in party_problems(BY_GUARDIAN, birth_year=ADULT, today=TODAY)


@pytest.mark.parametrize(
    ("parties", "birth_year", "problem"),
    [
        (Parties(), CHILD, P.NO_GIVER),
        (Parties(), ADULT, P.NO_GIVER),
        (dataclasses.replace(OWN, basis=None), CHILD, P.NO_BASIS),
        (dataclasses.replace(BY_REPRESENTATIVE, basis=None), ADULT, P.NO_BASIS),
        (dataclasses.replace(OWN, basis=Basis.CUSTODY), CHILD, P.BASIS_OF_ANOTHER),
        (dataclasses.replace(BY_REPRESENTATIVE, basis=Basis.CONTINUING_POWER), CHILD, P.BASIS_OF_ANOTHER),
        (dataclasses.replace(OWN, contact=None), CHILD, P.NO_CONTACT),
        (dataclasses.replace(BY_REPRESENTATIVE, contact=None), ADULT, P.NO_CONTACT),
        (dataclasses.replace(OWN, contact=Contact.GUARDIAN), ADULT, P.CONTACT_NOT_A_PARTY),
        (dataclasses.replace(OWN, contact=Contact.REPRESENTATIVE), CHILD, P.CONTACT_NOT_A_PARTY),
        (dataclasses.replace(OWN, guardians_may_be_told=None), CHILD, P.GUARDIANS_NOT_ANSWERED),
        (dataclasses.replace(BY_GUARDIAN, guardians_may_be_told=False), CHILD, P.GUARDIANS_NOT_TO_BE_TOLD),
    ],
)
def test_answers_that_do_not_fit_together_are_named(
    parties: Parties, birth_year: int, problem: ConsentProblem
):
    assert problem in party_problems(parties, birth_year=birth_year, today=TODAY)


@pytest.mark.parametrize("answer", [None, False, True])
def test_nothing_goes_to_a_guardian_without_a_yes(answer: bool | None):
    assert guardian_may_receive(dataclasses.replace(OWN, guardians_may_be_told=answer)) is (answer is True)
