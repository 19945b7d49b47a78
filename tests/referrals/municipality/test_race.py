"""Several advisers press the same button at the same instant: the database lets one through."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals import handover
from referrals.county import queries as county
from referrals.moves import ContactChannel, EventName, MoveRefused, Who
from referrals.municipality import operations, queries
from referrals.municipality.models import Attempt, AttemptResult, Case
from referrals.municipality.operations import StaleVersionError
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from tests import database as databases
from tests.factories import people
from tests.factories.referrals import catchment, sent

ADVISERS = 8


@pytest.fixture
def real_app(engine_name, request, tmp_path) -> Iterator[Flask]:
    """An application whose commits are real: a race needs connections of its own."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    with databases.new_database(engine_name, tmp_path, server) as url:
        application = databases.migrated_app(url)
        yield application
        databases.dispose(application)


def at_once(app, work, people_ids):
    """Let each person do the work in a thread of their own, all at the same instant."""
    together = threading.Barrier(len(people_ids))

    def one(person_id) -> bool:
        with app.app_context():
            together.wait(timeout=30)
            return bool(work(person_id))

    with ThreadPoolExecutor(len(people_ids)) as pool:
        return list(pool.map(one, people_ids))


def advisers_of(unit) -> list[uuid.UUID]:
    return [
        people.user(Role.ADVISER, units=[unit], name=f"Neuvoja {number}").id for number in range(ADVISERS)
    ]


def test_of_many_claims_one_wins(real_app, now):
    with real_app.app_context():
        unit = people.unit(UnitKind.COUNSELLING)
        referral_id, advisers = sent(catchment(unit), now=now).id, advisers_of(unit)
        catchment_ids = [row.id for row in queries.catchments_of(frozenset({unit.id}))]

    def claim(person_id: uuid.UUID) -> bool:
        try:
            with transaction():
                row = county.waiting_referral_in(referral_id, catchment_ids=catchment_ids, lock=True)
                actor = accounts.user(person_id)
                if row is None or actor is None:
                    return False
                handover.accept(row, who=Who.ADVISER, actor=actor, now=now)
        except (handover.AlreadyClaimedError, MoveRefused):
            return False
        return True

    assert sum(at_once(real_app, claim, advisers)) == 1
    with real_app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 1
        accepted = select(func.count(StatisticsEvent.id)).where(StatisticsEvent.name == EventName.ACCEPTED)
        assert db.session.scalar(accepted) == 1


def test_of_many_entries_on_one_page_s_version_one_is_saved(real_app, now):
    with real_app.app_context():
        unit = people.unit(UnitKind.COUNSELLING)
        place, advisers = catchment(unit), advisers_of(unit)
        referral_id, catchment_ids = sent(place, now=now).id, [place.id]
        with transaction():
            row, actor = county.referral(referral_id), accounts.user(advisers[0])
            assert row is not None
            assert actor is not None
            case = handover.accept(row, who=Who.ADVISER, actor=actor, now=now)
            case_id, version = case.id, case.version

    def log(person_id: uuid.UUID) -> bool:
        try:
            with transaction():
                row = queries.case_in(case_id, catchment_ids=catchment_ids, reader_id=person_id, lock=True)
                actor = accounts.user(person_id)
                assert row is not None
                assert actor is not None
                operations.check_version(row, version)
                operations.log_attempt(
                    row,
                    channel=ContactChannel.PHONE,
                    result=AttemptResult.NO_ANSWER,
                    note="",
                    actor=actor,
                    now=now + dt.timedelta(minutes=1),
                )
        except StaleVersionError:
            return False
        return True

    assert sum(at_once(real_app, log, advisers)) == 1
    with real_app.app_context():
        assert db.session.scalar(select(func.count(Attempt.id))) == 1
