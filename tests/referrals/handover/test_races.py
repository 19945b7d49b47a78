"""Several people act on one referral in the same instant: one of them wins, and nobody waits for ever."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals import handover
from referrals.county.models import Referral
from referrals.moves import CaseStatus, EventName, Outcome, ReferralStatus, Who
from referrals.municipality import operations
from referrals.municipality.models import Case
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.errors import DomainError
from tests.committed import committed_app
from tests.factories import people
from tests.factories.referrals import catchment
from tests.referrals.scenes import locked, scene, user


@pytest.fixture
def real_app(engine_name, request, tmp_path) -> Iterator[Flask]:
    """An application whose commits are real: a race needs connections of its own."""
    with committed_app(engine_name, request, tmp_path) as application:
        yield application


def together(app: Flask, *works: Callable[[], object]) -> list[bool]:
    """Do these at the same instant, each in a transaction of its own; tell which went through."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> bool:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                with transaction():
                    work()
            except DomainError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(len(works)) as pool:
        return [running.result() for running in [pool.submit(one, work) for work in works]]


def events(name: EventName) -> int:
    return int(
        db.session.scalar(select(func.count(StatisticsEvent.id)).where(StatisticsEvent.name == name)) or 0
    )


def offered(now: dt.datetime, *, takers: int) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, list[uuid.UUID]]:
    """Offer a referral; return referral, sender, offer, and who may take it."""
    it = scene("accepted", now=now)
    unit = people.unit(UnitKind.COUNSELLING, name="Kotkan neuvonta", municipality_code="285")
    place_id = catchment(unit, municipality_code="285").id
    ids = [people.user(Role.ADVISER, units=[unit]).id for _ in range(takers)]
    sender_id, adviser_id = it.sender.id, it.adviser.id
    with transaction():
        referral = locked(it.referral_id)
        referral.consent.transfer = True
        offer_id = handover.offer_transfer(
            referral, to_catchment_id=place_id, who=Who.ADVISER, actor=user(adviser_id), now=now
        ).id
    return it.referral_id, sender_id, offer_id, ids


def test_of_many_who_take_one_offer_one_gets_it(real_app, now):
    with real_app.app_context():
        referral_id, _, offer_id, takers = offered(now, takers=4)

    def take(taker: uuid.UUID) -> Callable[[], object]:
        return lambda: handover.accept_offer(offer_id, who=Who.ADVISER, actor=user(taker), now=now)

    assert sum(together(real_app, *(take(taker) for taker in takers))) == 1
    with real_app.app_context():
        assert db.session.get_one(Referral, referral_id).status is ReferralStatus.TRANSFERRED
        assert db.session.scalar(select(func.count(Referral.id))) == 2
        assert events(EventName.TRANSFERRED_IN) == events(EventName.TRANSFERRED_OUT) == 1


def test_a_withdrawal_and_a_transfer_do_not_both_happen(real_app, now):
    with real_app.app_context():
        referral_id, sender_id, offer_id, (taker,) = offered(now, takers=1)

    def withdraw() -> None:
        handover.hold_cases(referral_id)
        handover.withdraw(locked(referral_id), who=Who.SENDER, actor=user(sender_id), now=now)

    done = together(
        real_app,
        withdraw,
        lambda: handover.accept_offer(offer_id, who=Who.ADVISER, actor=user(taker), now=now),
    )
    assert sum(done) == 1
    with real_app.app_context():
        status = db.session.get_one(Referral, referral_id).status
        assert status is (ReferralStatus.CANCELLED if done[0] else ReferralStatus.TRANSFERRED)
        assert events(EventName.WITHDRAWN) + events(EventName.TRANSFERRED_OUT) == 1


def test_a_case_is_handed_over_and_closed_without_either_being_lost(real_app, now):
    with real_app.app_context():
        it = scene("active", now=now)
        case_id, adviser_id = it.case_id, it.adviser.id
        other_id = people.user(Role.ADVISER, units=[it.unit]).id

    def held() -> Case:
        return db.session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()

    done = together(
        real_app,
        lambda: operations.assign(held(), to=user(other_id), who=Who.LEAD, actor=user(adviser_id), now=now),
        lambda: handover.close(
            held(), outcome=Outcome.COMPLETED, who=Who.ADVISER, actor=user(adviser_id), now=now
        ),
    )
    # A lead may hand a closed case on as well: both hold, in whichever order.
    assert done == [True, True]
    with real_app.app_context():
        case = db.session.get_one(Case, case_id)
        assert (case.status, case.handler_id) == (CaseStatus.CLOSED, other_id)


def test_a_question_is_answered_once(real_app, now):
    with real_app.app_context():
        it = scene("sent", now=now)
        sender_id, adviser_id = it.sender.id, it.adviser.id
        with transaction():
            question_id = handover.ask(
                locked(it.referral_id), question="Mikä?", actor=user(adviser_id), now=now
            ).id

    def answer() -> None:
        handover.answer(question_id, text="Tämä", actor=user(sender_id), now=now)

    assert sum(together(real_app, answer, answer, answer)) == 1


def test_two_questions_at_once_stop_the_clock_once(real_app, now):
    with real_app.app_context():
        it = scene("sent", now=now)
        adviser_id, referral_id = it.adviser.id, it.referral_id

    def ask() -> None:
        handover.hold_cases(referral_id)
        handover.ask(locked(referral_id), question="Mikä?", actor=user(adviser_id), now=now)

    assert sum(together(real_app, ask, ask)) == 1
