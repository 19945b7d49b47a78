"""The table of moves: one test a row, every other combination refused, each need needed.

The rows that the code is held to are in `specification.py`, written by hand.
"""

import itertools
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from referrals.moves import (
    ASKED,
    BREACH_REASONS,
    CASE_MOVES,
    FINAL_OUTCOMES,
    OPEN_CASE,
    REFERRAL_MOVES,
    STOCK,
    TERMINAL,
    CaseFacts,
    CaseStatus,
    EventDirection,
    EventName,
    MoveCode,
    MoveRefused,
    Need,
    Outcome,
    ReferralFacts,
    ReferralMove,
    ReferralStatus,
    Refusal,
    SenderKind,
    SideEffect,
    VoidReason,
    Who,
    case_events,
    case_step,
    check_case_move,
    check_referral_move,
    diagram,
    may_begin_case,
    offered_case_moves,
    offered_referral_moves,
    permitted_case_moves,
    permitted_referral_moves,
    referral_step,
)
from referrals.moves.__main__ import PAGE
from tests.groups import ROOT
from tests.referrals.specification import (
    CASE_ROWS,
    ENOUGH,
    ENOUGH_FOR_CASE,
    LACKING,
    LACKING_FOR_CASE,
    REFERRAL_ROWS,
    SPECIFIED_NEEDS,
    TODAY,
    case_statuses,
    enough,
    enough_for_case,
    referral_statuses,
    whos,
)

# ---------------------------------------------------------------------------------- the rows


@pytest.mark.parametrize("row", REFERRAL_ROWS, ids=lambda row: row[0])
def test_referral_row(row: tuple[str, str, str, str, str | None, str, str | None]):
    code, letters, sources, to, event, stock, effect = row
    for status, who in itertools.product(referral_statuses(sources), whos(letters)):
        move = check_referral_move(MoveCode(code), status=status, who=who, facts=enough(MoveCode(code)))
        assert move.target(status) == (status if to == "." else to)
        assert move.event == event
        expected = stock.split(" if ")[0] if "if" not in stock or status in STOCK else "none"
        assert move.direction_from(status) == expected
        written = move.case_effect and " ".join(
            filter(None, (move.case_effect.move, move.case_effect.outcome))
        )
        assert written == effect


@pytest.mark.parametrize("row", CASE_ROWS, ids=lambda row: row[0])
def test_case_row(row: tuple[str, str, str, str, str, str, str | None]):
    code, letters, sources, to, to_if_active, events, brings = row
    for status, who in itertools.product(case_statuses(sources), whos(letters)):
        move = check_case_move(MoveCode(code), status=status, who=who, facts=enough_for_case(MoveCode(code)))
        if status is not None or to != ".":
            assert move.target(status, ever_active=False) == (status if to == "." else to)
            assert move.target(status, ever_active=True) == (status if to_if_active == "." else to_if_active)
        assert " ".join(move.events) == events
        assert move.brings == brings


def test_the_table_has_these_rows_and_no_others():
    assert [row[0] for row in REFERRAL_ROWS] == list(REFERRAL_MOVES)
    assert [row[0] for row in CASE_ROWS] == list(CASE_MOVES)
    assert {*REFERRAL_MOVES, *CASE_MOVES} == set(MoveCode)


def test_every_other_combination_of_referral_status_move_and_role_is_refused():
    rows = {code: (whos(who), referral_statuses(sources)) for code, who, sources, *_ in REFERRAL_ROWS}
    for code, status, who in itertools.product(REFERRAL_MOVES, (None, *ReferralStatus), Who):
        right_who, right_statuses = who in rows[code][0], status in rows[code][1]
        if right_who and right_statuses:
            continue
        with pytest.raises(MoveRefused) as refused:
            check_referral_move(code, status=status, who=who, facts=enough(code))
        assert refused.value.reason is (Refusal.WRONG_STATUS if right_who else Refusal.WRONG_WHO)
        assert REFERRAL_MOVES[code] not in permitted_referral_moves(status, who)


def test_every_other_combination_of_case_status_move_and_role_is_refused():
    rows = {code: (whos(who), case_statuses(sources)) for code, who, sources, *_ in CASE_ROWS}
    for code, status, who in itertools.product(CASE_MOVES, (None, *CaseStatus), Who):
        right_who, right_statuses = who in rows[code][0], status in rows[code][1]
        if right_who and right_statuses:
            continue
        with pytest.raises(MoveRefused) as refused:
            check_case_move(code, status=status, who=who, facts=enough_for_case(code))
        assert refused.value.reason is (Refusal.WRONG_STATUS if right_who else Refusal.WRONG_WHO)
        assert CASE_MOVES[code] not in permitted_case_moves(status, who)


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_only_a_mended_withdrawal_and_an_error_lead_on_from_a_terminal_status(status: ReferralStatus):
    onward = {row.code for who in Who for row in permitted_referral_moves(status, who)}
    mended = {MoveCode.R9C} if status is ReferralStatus.CANCELLED else set()
    error = {MoveCode.R11} if status is not ReferralStatus.ENTERED_IN_ERROR else set()
    assert onward == mended | error


@pytest.mark.parametrize("row", REFERRAL_MOVES.values(), ids=lambda row: row.code)
def test_events_say_truly_what_enters_and_leaves_the_stock(row: ReferralMove):
    for status in row.from_:
        before, after = status in STOCK, row.target(status) in STOCK
        expected = {(False, True): EventDirection.IN, (True, False): EventDirection.OUT}.get(
            (before, after), EventDirection.NONE
        )
        assert row.direction_from(status) is expected
        assert row.event is not None or expected is EventDirection.NONE


@pytest.mark.parametrize("row", REFERRAL_MOVES.values(), ids=lambda row: row.code)
def test_leaving_the_stock_ends_a_transfer_offer(row: ReferralMove):
    leaves = any(row.direction_from(status) is EventDirection.OUT for status in row.from_)
    assert not leaves or SideEffect.OFFER_ENDED in row.side_effects


def test_an_accepted_transfer_begins_an_accepted_referral_with_a_case_there():
    new = REFERRAL_MOVES[MoveCode.R13].new_referral
    assert new is not None
    assert (new.status, new.event, new.direction) == (
        ReferralStatus.ACCEPTED,
        EventName.TRANSFERRED_IN,
        EventDirection.IN,
    )
    step = case_step(new.case_effect, status=None)
    assert step is not None
    assert step.status is CaseStatus.CONTACTING


# --------------------------------------------------------------------------------- the needs


@pytest.mark.parametrize(("code", "words"), SPECIFIED_NEEDS.items())
def test_each_move_has_the_needs_of_the_specification(code: str, words: str):
    row = REFERRAL_MOVES.get(MoveCode(code)) or CASE_MOVES[MoveCode(code)]
    assert " ".join(row.needs) == words


@pytest.mark.parametrize(
    ("code", "need"), [(row.code, need) for row in REFERRAL_MOVES.values() for need in row.needs]
)
def test_a_referral_move_is_refused_for_each_need_that_is_not_met(code: MoveCode, need: Need):
    row = REFERRAL_MOVES[code]
    # "At the target" is asked of people, "the offer has run out" of the system.
    who = row.who[-1] if need is Need.OFFER_EXPIRED else row.who[0]
    facts = replace(enough(code), **LACKING[need])
    with pytest.raises(MoveRefused) as refused:
        check_referral_move(code, status=row.from_[0], who=who, facts=facts)
    assert (refused.value.reason, refused.value.needs) == (Refusal.NEED_NOT_MET, (need,))
    offered = row in offered_referral_moves(status=row.from_[0], who=who, facts=facts)
    assert offered is (need in ASKED)


@pytest.mark.parametrize(
    ("code", "need"), [(row.code, need) for row in CASE_MOVES.values() for need in row.needs]
)
def test_a_case_move_is_refused_for_each_need_that_is_not_met(code: MoveCode, need: Need):
    row = CASE_MOVES[code]
    facts = replace(enough_for_case(code), **LACKING_FOR_CASE[need])
    with pytest.raises(MoveRefused) as refused:
        check_case_move(code, status=row.from_[0], who=row.who[0], facts=facts)
    assert (refused.value.reason, refused.value.needs) == (Refusal.NEED_NOT_MET, (need,))
    offered = row in offered_case_moves(status=row.from_[0], who=row.who[0], facts=facts)
    assert offered is (need in ASKED)


@pytest.mark.parametrize("row", REFERRAL_MOVES.values(), ids=lambda row: row.code)
def test_facts_that_nobody_stated_never_meet_a_need(row: ReferralMove):
    # The system is left out of R14: it acts for nobody, so it needn't be at the target.
    if row.needs:
        with pytest.raises(MoveRefused) as refused:
            check_referral_move(row.code, status=row.from_[0], who=row.who[0], facts=ReferralFacts())
        people_only = {Need.OFFER_EXPIRED} if row.who[0] is not Who.SYSTEM else set()
        assert set(refused.value.needs) == set(row.needs) - people_only


def test_a_return_expires_only_after_the_reminders():
    facts = replace(ENOUGH, days_since_returned=90, reminders=2)
    with pytest.raises(MoveRefused):
        check_referral_move(MoveCode.R6, status=ReferralStatus.RETURNED, who=Who.SYSTEM, facts=facts)


def test_a_review_lies_ahead():
    facts = replace(ENOUGH_FOR_CASE, review_on=TODAY)
    with pytest.raises(MoveRefused):
        check_case_move(MoveCode.C3, status=CaseStatus.ACTIVE, who=Who.ADVISER, facts=facts)


def test_a_lead_hands_over_any_case_an_adviser_only_an_own_one():
    facts = replace(ENOUGH_FOR_CASE, own_case=False)
    check_case_move(MoveCode.C10, status=CaseStatus.ACTIVE, who=Who.LEAD, facts=facts)
    with pytest.raises(MoveRefused):
        check_case_move(MoveCode.C10, status=CaseStatus.ACTIVE, who=Who.ADVISER, facts=facts)


@pytest.mark.parametrize("outcome", sorted(FINAL_OUTCOMES))
def test_a_case_that_ended_for_good_is_not_reopened(outcome: Outcome):
    facts = replace(ENOUGH_FOR_CASE, outcome=outcome)
    with pytest.raises(MoveRefused):
        check_case_move(MoveCode.C8, status=CaseStatus.CLOSED, who=Who.ADVISER, facts=facts)


def test_the_message_of_a_refusal_names_no_facts_of_the_client():
    with pytest.raises(MoveRefused) as refused:
        check_referral_move(
            MoveCode.R3,
            status=ReferralStatus.SENT,
            who=Who.ADVISER,
            facts=ReferralFacts(client_reached=True, sender=SenderKind.ACCOUNT),
        )
    assert str(refused.value) == "R3: need_not_met (reason, client_not_reached)"


# ------------------------------------------------------------------------- effects on the other


@pytest.mark.parametrize("status", CaseStatus)
def test_a_withdrawal_closes_an_open_case_and_passes_a_closed_one_by(status: CaseStatus):
    step = case_step(REFERRAL_MOVES[MoveCode.R9].case_effect, status=status)
    assert (step is not None) == (status in OPEN_CASE)
    if step is not None:
        assert (step.move.code, step.status, step.outcome) == (
            MoveCode.C7,
            CaseStatus.CLOSED,
            Outcome.WITHDRAWN,
        )


def test_a_referral_without_a_case_can_be_withdrawn_and_voided():
    assert case_step(REFERRAL_MOVES[MoveCode.R9].case_effect, status=None) is None
    assert case_step(REFERRAL_MOVES[MoveCode.R11].case_effect, status=None) is None


def test_accepting_again_makes_a_new_case_beside_the_closed_one():
    step = case_step(REFERRAL_MOVES[MoveCode.R2].case_effect, status=CaseStatus.CLOSED)
    assert step is not None
    assert step.status is CaseStatus.CONTACTING


@pytest.mark.parametrize(
    ("case_move", "referral_move"), [(MoveCode.C7, MoveCode.R15), (MoveCode.C8, MoveCode.R16)]
)
def test_closing_and_reopening_a_case_moves_the_referral(case_move: MoveCode, referral_move: MoveCode):
    assert referral_step(CASE_MOVES[case_move]) is REFERRAL_MOVES[referral_move]
    assert referral_step(CASE_MOVES[MoveCode.C5]) is None


def test_a_referral_may_have_many_cases_but_one_open():
    assert may_begin_case(())
    assert may_begin_case((CaseStatus.CLOSED, CaseStatus.ENTERED_IN_ERROR))
    assert not may_begin_case((CaseStatus.CLOSED, CaseStatus.WAITING))


@pytest.mark.parametrize(
    ("code", "facts", "events"),
    [
        (MoveCode.C2, {"reached": True}, [EventName.FIRST_CONTACT]),
        (MoveCode.C2, {"reached": False}, []),
        (MoveCode.C2, {"reached": True, "first_contact_recorded": True}, []),
        (MoveCode.C5, {"counselling_held": True}, [EventName.FIRST_CONTACT, EventName.STARTED]),
        (MoveCode.C5, {"counselling_held": True, "first_contact_recorded": True}, [EventName.STARTED]),
        (MoveCode.C5, {"counselling_held": True, "first_contact_recorded": True, "ever_active": True}, []),
    ],
)
def test_first_contact_and_start_are_recorded_once(
    code: MoveCode, facts: dict[str, Any], events: list[EventName]
):
    assert list(case_events(CASE_MOVES[code], CaseFacts(today=TODAY, **facts))) == events


def test_a_misdirected_referral_is_a_breach():
    assert {VoidReason.WRONG_PERSON, VoidReason.WRONG_RECIPIENT} == BREACH_REASONS


# --------------------------------------------------------------------------------- the module


def test_the_page_in_the_docs_is_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == diagram(), "run `python -m referrals.moves`"


def test_the_rules_need_neither_web_nor_database():
    # The package around them registers screens, so it is left out of the question.
    program = (
        "import sys, types;"
        "package = sys.modules['referrals'] = types.ModuleType('referrals');"
        "package.__path__ = ['referrals'];"
        "import referrals.moves, referrals.consent, servicetray.core.identity_codes;"
        "print([name for name in ('flask', 'sqlalchemy', 'wtforms') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
