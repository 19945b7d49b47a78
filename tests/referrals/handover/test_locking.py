"""Both records change in one order of locks: two people never wait for each other."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from referrals import handover
from referrals.county.models import Referral
from referrals.moves import MoveRefused, Outcome, ReferralStatus, Who
from referrals.municipality import queries as municipality
from referrals.municipality.models import Case
from referrals.statistics.models import StatisticsEvent
from servicetray.core.db import db, transaction
from tests import database as databases
from tests.committed import committed_app
from tests.referrals.scenes import HOUR, Scene, locked, scene, user

ROUNDS = 6
PATIENCE = 30

several_writers = pytest.mark.parametrize(
    "engine_name", [pytest.param(databases.POSTGRESQL, marks=pytest.mark.postgres)], indirect=True
)
"""For what can't happen on SQLite, which has one writer at a time."""


@pytest.fixture
def real_app(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application whose commits are real."""
    with committed_app(engine_name, request, tmp_path) as app:
        yield app


def apart(app: Flask, pool: ThreadPoolExecutor, work: Callable[[], bool]) -> Future[bool]:
    """Do something in a thread of its own; a move that came too late is no fault."""

    def one() -> bool:
        with app.app_context():
            try:
                return work()
            except MoveRefused:
                return False
            finally:
                db.session.remove()

    return pool.submit(one)


@several_writers
def test_a_withdrawal_meets_a_closing(real_app: Flask, now: dt.datetime):
    """One of the two comes first, the other is refused or follows; neither waits for ever."""
    with real_app.app_context():
        scenes = [scene("active", now=now, code=code) for code in ("286", "285") for _ in range(ROUNDS // 2)]
        people = [(it.referral_id, it.case_id, it.sender.id, it.adviser.id) for it in scenes]
        places = [it.case().catchment_id for it in scenes]
    for (referral_id, case_id, sender_id, adviser_id), place in zip(people, places, strict=True):
        together = threading.Barrier(2)

        def close(case_id=case_id, place=place, adviser_id=adviser_id, together=together) -> bool:
            with transaction():
                actor = user(adviser_id)
                together.wait(PATIENCE)
                case = municipality.case_in(case_id, catchment_ids=[place], reader_id=adviser_id, lock=True)
                if case is None:
                    return False
                handover.close(case, outcome=Outcome.COMPLETED, who=Who.ADVISER, actor=actor, now=now + HOUR)
            return True

        def withdraw(referral_id=referral_id, sender_id=sender_id, together=together) -> bool:
            with transaction():
                actor = user(sender_id)
                together.wait(PATIENCE)
                handover.hold_cases(referral_id)
                handover.withdraw(locked(referral_id), who=Who.SENDER, actor=actor, now=now + HOUR)
            return True

        with ThreadPoolExecutor(2) as pool:
            done = [apart(real_app, pool, each) for each in (close, withdraw)]
            _, withdrawn = (each.result(PATIENCE) for each in done)
        assert withdrawn
        with real_app.app_context():
            row, case = db.session.get_one(Referral, referral_id), db.session.get_one(Case, case_id)
            assert row.consent.withdrawn_at == case.withdrawn_at == now + HOUR
            assert row.status in {ReferralStatus.CANCELLED, ReferralStatus.CLOSED}
            directions = db.session.scalars(
                select(StatisticsEvent.direction).where(StatisticsEvent.referral_id == referral_id)
            ).all()
            assert (directions.count("in"), directions.count("out")) == (1, 1)


@several_writers
def test_a_case_made_while_waiting_is_held_too(real_app: Flask, now: dt.datetime):
    """Who waits for the referral while it is accepted comes to hold the case that this made, before it goes on."""
    with real_app.app_context():
        it: Scene = scene("sent", now=now)
        referral_id, adviser_id = it.referral_id, it.adviser.id
    begun, accepted, held, looked = (threading.Event() for _ in range(4))

    def accept() -> bool:
        with transaction():
            handover.accept(locked(referral_id), who=Who.ADVISER, actor=user(adviser_id), now=now)
            accepted.set()
            assert begun.wait(PATIENCE)
            # The other has asked for the cases, found none, and now waits for the referral.
            threading.Event().wait(0.5)
        return True

    def hold() -> bool:
        with transaction():
            assert accepted.wait(PATIENCE)
            begun.set()
            handover.hold_cases(referral_id)
            held.set()
            assert looked.wait(PATIENCE)
        return True

    def is_taken() -> bool:
        assert held.wait(PATIENCE)
        try:
            with transaction() as session:
                statement = select(Case.id).where(Case.referral_id == referral_id)
                session.scalars(statement.with_for_update(nowait=True)).all()
        except OperationalError:
            return True
        finally:
            looked.set()
        return False

    with ThreadPoolExecutor(3) as pool:
        done = [apart(real_app, pool, each) for each in (accept, hold, is_taken)]
        assert [each.result(PATIENCE) for each in done] == [True, True, True]
