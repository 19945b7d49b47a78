"""The world of random histories: its people and places, how a button is pressed, and what always holds."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from flask import Flask
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from referrals.consent import Giver, Method
from referrals.county import queries as county
from referrals.county.models import Referral, ReferralHistory
from referrals.county.operations import ConsentGiven
from referrals.moves import (
    CASE_MOVES,
    OPEN_CASE,
    REFERRAL_MOVES,
    STOCK,
    ContactChannel,
    EventDirection,
    MoveCode,
    Outcome,
    ReferralStatus,
    Who,
)
from referrals.municipality import queries
from referrals.municipality.models import Case, CaseHistory, Catchment
from referrals.questions import queries as questions
from referrals.statistics.models import StatisticsEvent
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.errors import DomainError
from tests import database as databases
from tests.factories import people
from tests.factories.referrals import catchment, professional, sent

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MANY = 4
"""With more referrals each would have a shorter history."""
SIGNS = {EventDirection.IN: 1, EventDirection.OUT: -1, EventDirection.NONE: 0}

Draw = Callable[[st.SearchStrategy[Any]], Any]
mostly = st.sampled_from((True, True, True, True, False))
reasons = st.sampled_from(("duplicate", "duplicate", "duplicate", ""))
which = st.integers(min_value=0, max_value=3)
outcomes = st.sampled_from((*Outcome, Outcome.COMPLETED, Outcome.DID_NOT_WANT, Outcome.MOVED))
GIVEN = ConsentGiven(
    giver=Giver.CLIENT,
    method=Method.ORAL,
    text_version="2026-1",
    text_language="fi",
    feedback=True,
    follow_up=False,
    transfer=True,
    channels=frozenset({ContactChannel.PHONE}),
)


class Ground(RuleBasedStateMachine):
    """Two municipalities, two kinds, one sender, and whatever they make of it."""

    app: Flask
    moves: Counter[MoveCode]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.now = START
        self.ids: list[uuid.UUID] = []

    @initialize()
    def settle(self) -> None:
        self.stack.enter_context(databases.undone(self.app))
        self.places: list[uuid.UUID] = []
        self.workers: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]] = {}
        self.sender_id = professional().id
        for code, kinds in (("286", ("exercise", "culture")), ("285", ("exercise",))):
            unit = people.unit(UnitKind.COUNSELLING, name=f"Neuvonta {code}", municipality_code=code)
            adviser = people.user(Role.ADVISER, units=[unit]).id
            lead = people.user(Role.MUNICIPAL_LEAD, units=[unit]).id
            for kind in kinds:
                place = catchment(unit, municipality_code=code, kind_code=kind)
                self.places.append(place.id)
                self.workers[place.id] = (adviser, lead)
        self.send(place=0, transfer=True, practice=False)

    def teardown(self) -> None:
        if hasattr(self, "sender_id"):
            self.moves.update(db.session.scalars(select(ReferralHistory.move)))
            self.moves.update(db.session.scalars(select(CaseHistory.move)))
        self.stack.close()

    # ---------------------------------------------------------------------------------- the means

    def press(self, n: int, work: Callable[[Referral, Case | None], object]) -> None:
        """Try something on a referral and its newest case, both held; what is refused leaves no trace."""
        self.sweep()
        # No two things at once: what comes first must not hang on an id, or a history could not be replayed.
        self.now += dt.timedelta(minutes=1)
        referral_id = self.ids[n % len(self.ids)]
        before = traces()
        try:
            with transaction():
                cases = queries.cases_of(referral_id, lock=True)
                referral = county.referral(referral_id, lock=True)
                assert referral is not None
                work(referral, cases[-1] if cases else None)
        except DomainError as refused:
            event(f"refused: {type(refused).__name__}")
            assert traces() == before

    def on_case(self, n: int, work: Callable[[Case], object]) -> None:
        self.press(n, lambda _, case: work(case) if case is not None else None)

    def actor(self, referral: Referral | Case, who: Who = Who.ADVISER) -> User:
        adviser, lead = self.workers[referral.catchment_id]
        chosen = accounts.user(
            {Who.LEAD: lead, Who.SENDER: self.sender_id, Who.CLIENT: self.sender_id}.get(who, adviser)
        )
        assert chosen is not None
        return chosen

    def sender(self) -> User:
        found = accounts.user(self.sender_id)
        assert found is not None
        return found

    def sweep(self) -> None:
        """Take up the referrals that transfers have made."""
        found = db.session.scalars(select(Referral.id).where(Referral.id.not_in(self.ids)))
        self.ids.extend(sorted(found))

    @precondition(lambda self: len(self.ids) < MANY)
    @rule(place=which, transfer=st.booleans(), practice=st.booleans())
    def send(self, place: int, transfer: bool, practice: bool) -> None:
        found = db.session.get_one(Catchment, self.places[place % len(self.places)])
        referral = sent(found, now=self.now, sender=self.sender(), transfer=transfer, practice=practice)
        self.ids.append(referral.id)

    # -------------------------------------------------------------------------- what always holds

    @invariant()
    def every_step_is_a_row_of_the_table(self) -> None:
        if not self.ids:
            return
        db.session.expire_all()
        before: dict[uuid.UUID, ReferralStatus | None] = {}
        for row in db.session.scalars(select(ReferralHistory).order_by(ReferralHistory.id)):
            assert row.from_status == before.get(row.referral_id)
            move = REFERRAL_MOVES[row.move]
            begins = move.new_referral if row.from_status is None else None
            if begins is not None:
                assert row.to_status is begins.status
            else:
                assert row.from_status in move.from_
                assert row.to_status is move.target(row.from_status)
            before[row.referral_id] = row.to_status
        assert before == {
            row.id: row.status for row in db.session.execute(select(Referral.id, Referral.status))
        }
        stands: dict[uuid.UUID, object] = {}
        for each in db.session.scalars(select(CaseHistory).order_by(CaseHistory.id)):
            assert each.from_status == stands.get(each.case_id)
            assert each.from_status in CASE_MOVES[each.move].from_
            allowed = {CASE_MOVES[each.move].target(each.from_status, ever_active=e) for e in (True, False)}
            assert each.to_status in allowed
            stands[each.case_id] = each.to_status
        assert stands == {row.id: row.status for row in db.session.execute(select(Case.id, Case.status))}

    @invariant()
    def a_referral_has_one_open_case_while_it_is_accepted(self) -> None:
        if not self.ids:
            return
        opened = Counter(db.session.scalars(select(Case.referral_id).where(Case.status.in_(OPEN_CASE))))
        accepted = select(Referral.id).where(Referral.status == ReferralStatus.ACCEPTED)
        assert opened == Counter(db.session.scalars(accepted))

    @invariant()
    def the_figures_balance_with_the_stock(self) -> None:
        if not self.ids:
            return
        counted: Counter[tuple[str, str]] = Counter()
        for row in db.session.scalars(select(StatisticsEvent)):
            counted[row.municipality_code, row.kind_code] += SIGNS[row.direction]
        waiting = select(Referral.municipality_code, Referral.kind_code).where(
            Referral.status.in_(STOCK), Referral.practice.is_(False)
        )
        stock = Counter((row.municipality_code, row.kind_code) for row in db.session.execute(waiting))
        assert +counted == stock
        assert min(counted.values(), default=0) >= 0

    @invariant()
    def what_is_over_offers_nothing_and_stops_no_clock(self) -> None:
        if not self.ids:
            return
        for row in db.session.scalars(select(Referral)):
            if row.status not in STOCK:
                assert transfers.open_offer_of(row.id) is None
                assert questions.pausing(row.id) is None
            assert questions.paused_days(row.id) <= 10


def traces() -> tuple[int, ...]:
    """Return how much has been written down, of every kind."""
    return tuple(
        int(db.session.scalar(select(func.count()).select_from(model)) or 0)
        for model in (ReferralHistory, CaseHistory, StatisticsEvent, AuditRow, Case, Referral)
    )
