"""Whatever people do, in whatever order: the table of moves alone keeps the records and the figures right.

A world of referrals and Cases is driven by random moves, roles and facts, many of them not allowed. Only what the
table lets through is applied, by the same functions that the operations use.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from referrals.moves import (
    CASE_MOVES,
    OPEN_CASE,
    REFERRAL_MOVES,
    STOCK,
    SYSTEM_OUTCOMES,
    TERMINAL,
    AttemptFact,
    CaseEffect,
    CaseFacts,
    CaseMove,
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveCode,
    MoveRefused,
    Outcome,
    ReferralFacts,
    ReferralMove,
    ReferralStatus,
    SenderKind,
    SideEffect,
    Who,
    case_events,
    case_step,
    check_case_move,
    check_referral_move,
    may_begin_case,
    referral_step,
)
from tests.figures import Figure

TODAY = date(2026, 3, 10)
MANY = 4

whos = st.sampled_from(Who)
mostly = st.integers(min_value=0, max_value=7).map(bool)
days = st.integers(min_value=0, max_value=12)
attempts = st.lists(
    st.builds(
        AttemptFact,
        day=st.integers(min_value=0, max_value=20).map(lambda ago: TODAY - dt.timedelta(days=ago)),
        channel=st.none() | st.sampled_from(ContactChannel),
        reached=st.booleans(),
    ),
    max_size=5,
)


def a_move(table: Mapping[MoveCode, Any], status: object) -> st.SearchStrategy[tuple[MoveCode, Who]]:
    """A code and a role: mostly of those that the status allows (or little would happen), at times any."""
    anything = st.tuples(st.sampled_from(list(table)), whos)
    fitting = [row for row in table.values() if status in row.from_]
    if not fitting:
        return anything
    sensible = st.sampled_from(fitting).flatmap(
        lambda row: st.tuples(st.just(row.code), st.sampled_from(row.who))
    )
    return mostly.flatmap(lambda is_sensible: sensible if is_sensible else anything)


@dataclass
class Case:
    """A municipality's record in the test's world."""

    status: CaseStatus
    ever_active: bool = False
    first_contact: bool = False
    outcome: Outcome | None = None
    events: list[EventName] = field(default_factory=list)


@dataclass
class Referral:
    """A county's record in the test's world, with the Cases made of it."""

    status: ReferralStatus
    cases: list[Case] = field(default_factory=list)
    consent: bool = True
    withdrawn: bool = False
    offer: bool = False

    @property
    def case(self) -> Case | None:
        return self.cases[-1] if self.cases else None


class World(RuleBasedStateMachine):
    """Referrals, Cases, events; a month may end at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.referrals: list[Referral] = []
        self.month: list[EventDirection] = []
        self.open_at_start = 0
        self.done: list[MoveCode] = []

    # ------------------------------------------------------------------------------ what is done

    @initialize()
    def first(self) -> None:
        """Begin with one, so that every run has something to move."""
        self._new(REFERRAL_MOVES[MoveCode.R1])

    @precondition(lambda self: len(self._lively()) < MANY)
    @rule(who=st.just(Who.SENDER) | whos, complete=mostly, consent=mostly, open_catchment=mostly)
    def send(self, who: Who, *, complete: bool, consent: bool, open_catchment: bool) -> None:
        """Somebody fills in the form."""
        facts = ReferralFacts(
            all_fields=complete, consent=consent, open_catchment=open_catchment, form_key=True
        )
        try:
            move = check_referral_move(MoveCode.R1, status=None, who=who, facts=facts)
        except MoveRefused:
            return
        assert who is Who.SENDER
        assert complete
        assert consent
        assert open_catchment
        self._new(move)

    @rule(data=st.data(), asked=mostly, consent_anew=mostly, waited=days, tried=days)
    def move_referral(
        self, data: st.DataObject, *, asked: bool, consent_anew: bool, waited: int, tried: int
    ) -> None:
        """Somebody tries a move of the county's table; R15 and R16 come only with a Case's move."""
        referral = data.draw(st.sampled_from(self._lively()))
        code, who = data.draw(a_move(REFERRAL_MOVES, referral.status))
        case = referral.case
        facts = ReferralFacts(
            consent=referral.consent or (code in {MoveCode.R4, MoveCode.R9C} and consent_anew),
            open_catchment=asked,
            reason_given=asked,
            mended=asked,
            acknowledged=asked,
            client_heard=asked,
            has_open_case=not may_begin_case(tuple(one.status for one in referral.cases)),
            client_reached=bool(case and case.first_contact),
            sender=SenderKind.ACCOUNT if asked else SenderKind.RESIDENT,
            attempts=tried % 2,
            days_since_returned=waited * 4,
            reminders=waited,
            days_since_withdrawn=waited if referral.withdrawn else None,
            working_days_since_accepted=waited % 3,
            transfer_consent=asked,
            target_open=asked,
            offer_open=referral.offer,
            at_target=asked,
            working_days_since_offer=waited,
        )
        try:
            move = check_referral_move(code, status=referral.status, who=who, facts=facts)
        except MoveRefused:
            return
        before = referral.status
        self._apply(referral, move)
        if code in {MoveCode.R4, MoveCode.R9C}:
            referral.consent, referral.withdrawn = True, False
        assert before not in TERMINAL or code in {MoveCode.R9C, MoveCode.R11}

    @precondition(lambda self: any(referral.cases for referral in self.referrals))
    @rule(
        data=st.data(),
        asked=mostly,
        reached=st.booleans(),
        outcome=st.sampled_from(Outcome),
        attempts=attempts,
    )
    def move_case(
        self,
        data: st.DataObject,
        *,
        asked: bool,
        reached: bool,
        outcome: Outcome,
        attempts: list[AttemptFact],
    ) -> None:
        """Somebody tries a move of the municipality's table on the latest Case of a referral."""
        with_cases = [referral for referral in self.referrals if referral.cases]
        at_work = [referral for referral in with_cases if referral.status is ReferralStatus.ACCEPTED]
        referral = data.draw(st.sampled_from(at_work or with_cases) | st.sampled_from(with_cases))
        case = referral.cases[-1]
        code, who = data.draw(a_move(CASE_MOVES, case.status))
        facts = CaseFacts(
            today=TODAY,
            appointment_set=asked,
            reason_given=asked,
            review_on=TODAY + dt.timedelta(days=30),
            counselling_held=asked,
            attempt_recorded=asked,
            reached=reached,
            first_contact_recorded=case.first_contact,
            ever_active=case.ever_active,
            own_case=asked,
            sender=SenderKind.ACCOUNT if asked else SenderKind.PAPER,
            consent=referral.consent,
            outcome=case.outcome if code is MoveCode.C8 else outcome,
            attempts=tuple(attempts),
            allowed_channels=frozenset({ContactChannel.PHONE}),
            closed_on=TODAY,
        )
        try:
            move = check_case_move(code, status=case.status, who=who, facts=facts)
        except MoveRefused:
            return
        self._apply_to_case(referral, case, move, facts)

    @rule()
    def month_ends(self) -> None:
        """Freeze the month: the next one starts from what is open now."""
        self.balances()
        self.open_at_start, self.month = self._open(), []

    # ------------------------------------------------------------------------- what must hold

    @invariant()
    def balances(self) -> None:
        """What was open and what came in went out or is open still."""
        came = self.month.count(EventDirection.IN)
        went = self.month.count(EventDirection.OUT)
        assert self.open_at_start + came == went + self._open()

    @invariant()
    def at_most_one_open_case_and_only_of_an_accepted_referral(self) -> None:
        """A Case is open exactly while its referral is accepted."""
        for referral in self.referrals:
            open_cases = [case for case in referral.cases if case.status in OPEN_CASE]
            assert len(open_cases) == (referral.status is ReferralStatus.ACCEPTED)

    @invariant()
    def outcomes_fit(self) -> None:
        """A closed Case has an outcome; a referral that is closed got it from a person, not the system."""
        for referral in self.referrals:
            for case in referral.cases:
                assert (case.outcome is not None) == (case.status is CaseStatus.CLOSED)
                assert case.outcome is not Outcome.INTERRUPTED or case.ever_active
            if referral.status is ReferralStatus.CLOSED:
                assert referral.case is not None
                assert referral.case.status is CaseStatus.CLOSED
                assert referral.case.outcome not in SYSTEM_OUTCOMES

    @invariant()
    def nothing_is_disclosed_after_a_withdrawal(self) -> None:
        """Withdrawn means that nobody works on it, and no transfer is on offer."""
        for referral in self.referrals:
            assert not referral.withdrawn or referral.status not in STOCK
            assert not referral.offer or referral.status in STOCK

    @invariant()
    def first_contact_and_start_are_counted_once(self) -> None:
        """And no counselling starts before a first contact."""
        for case in (case for referral in self.referrals for case in referral.cases):
            assert case.events in (
                [],
                [EventName.FIRST_CONTACT],
                [EventName.FIRST_CONTACT, EventName.STARTED],
            )
            assert (EventName.STARTED in case.events) == case.ever_active

    # ------------------------------------------------------------------------------ how it is done

    def _lively(self) -> list[Referral]:
        lively = [one for one in self.referrals if one.status is not ReferralStatus.ENTERED_IN_ERROR]
        return lively or self.referrals

    def _open(self) -> int:
        return sum(referral.status in STOCK for referral in self.referrals)

    def _new(self, move: ReferralMove) -> None:
        self.referrals.append(Referral(status=move.target(None)))
        self.month.append(move.direction_from(None))
        self.done.append(move.code)

    def _apply(self, referral: Referral, move: ReferralMove) -> None:
        self.month.append(move.direction_from(referral.status))
        referral.status = move.target(referral.status)
        self._apply_effect(referral, move.case_effect)
        if move.new_referral is not None:
            there = Referral(status=move.new_referral.status)
            self._apply_effect(there, move.new_referral.case_effect)
            self.referrals.append(there)
            self.month.append(move.new_referral.direction)
        if move.event is EventName.WITHDRAWN:
            referral.consent, referral.withdrawn = False, True
        if SideEffect.OFFER_MADE in move.side_effects:
            referral.offer = True
        if SideEffect.OFFER_ENDED in move.side_effects:
            referral.offer = False
        self.done.append(move.code)

    def _apply_effect(self, referral: Referral, effect: CaseEffect | None) -> None:
        step = case_step(effect, status=referral.case.status if referral.case else None)
        if step is None:
            return
        if step.move.code is MoveCode.C1:
            referral.cases.append(Case(status=step.status))
        else:
            assert referral.case is not None
            referral.case.status, referral.case.outcome = step.status, step.outcome
        self.done.append(step.move.code)

    def _apply_to_case(self, referral: Referral, case: Case, move: CaseMove, facts: CaseFacts) -> None:
        case.status = move.target(case.status, ever_active=case.ever_active)
        if move.code is MoveCode.C7:
            case.outcome = facts.outcome
        if move.code is MoveCode.C8:
            case.outcome = None
        for event in case_events(move, facts):
            case.events.append(event)
            case.first_contact |= event is EventName.FIRST_CONTACT
            case.ever_active |= event is EventName.STARTED
        if (follows := referral_step(move)) is not None:
            self._apply(
                referral,
                check_referral_move(
                    follows.code,
                    status=referral.status,
                    who=Who.SYSTEM,
                    facts=ReferralFacts(with_move=move.code),
                ),
            )
        self.done.append(move.code)


@pytest.mark.trust
def test_no_sequence_of_moves_breaks_the_records_or_the_balance(figure: Figure, long: bool):
    """No sequence of moves breaks the records or the balance of the figures."""
    runs, steps = (500, 80) if long else (100, 40)
    made: list[MoveCode] = []
    worlds: list[int] = []

    class Watched(World):
        def teardown(self) -> None:
            made.extend(self.done)
            worlds.append(len(self.referrals))

    Watched.TestCase.settings = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, derandomize=not long
    )
    Watched.TestCase("runTest").runTest()
    figure("random histories", len(worlds), "")
    figure("referrals in them", sum(worlds), "")
    figure("moves made in them", len(made), "")
    figure("rows of the table among these", f"{len(set(made))} of {len(MoveCode)}", "")
    # A property over a world in which little happens would prove little.
    assert len(set(made)) > len(MoveCode) * (0.9 if long else 0.6)
