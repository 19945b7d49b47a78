"""Many choose at the same instant: the database decides, and no seat is had twice."""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from referrals import handover
from referrals.call_times import operations, publishing, queries
from referrals.call_times.models import CallBooking, CallTime
from referrals.call_times.operations import NotBookableError, TimeTakenError
from referrals.moves import STOCK, Who
from servicetray.core.db import db, transaction
from tests import database as databases
from tests.factories.referrals import professional, sent
from tests.referrals.call_times.conftest import make_unit
from tests.referrals.scenes import locked, user

NOW = dt.datetime(2026, 11, 19, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def real_app(engine_name, request, tmp_path) -> Iterator[Flask]:
    """An application whose commits are real: a race needs connections of its own."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    with databases.new_database(engine_name, tmp_path, server) as url:
        application = databases.migrated_app(url)
        yield application
        databases.dispose(application)


def at_once(app, works):
    """Let each piece of work begin in a thread of its own, all at the same instant."""
    together = threading.Barrier(len(works))

    def one(work) -> str:
        with app.app_context():
            together.wait(timeout=30)
            try:
                with transaction():
                    work()
            except (TimeTakenError, NotBookableError) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(one, works))


def scene(number: int, *, capacity: int = 1):
    """Publish times and send referrals; return the first time and the referrals."""
    unit = make_unit()
    unit.publish(now=NOW, capacity=capacity)
    place, sender = unit.place, professional()
    referrals = [sent(place, now=NOW, sender=sender, last_name=f"Tiainen {n}").id for n in range(number)]
    return unit, queries.free_times(unit.catchment_id, now=NOW)[0].id, referrals


def booking(time_id: uuid.UUID, referral_id: uuid.UUID):
    return lambda: operations.book(time_id, referral_id=referral_id, now=NOW)


def seats(time_id: uuid.UUID) -> list[int | None]:
    rows = select(CallBooking.seat).where(CallBooking.call_time_id == time_id).order_by(CallBooking.seat)
    return list(db.session.scalars(rows))


@pytest.mark.parametrize(("clients", "capacity"), [(20, 1), (10, 3)])
def test_no_more_have_a_time_than_there_are_seats(real_app, clients, capacity):
    with real_app.app_context():
        _unit, time_id, referrals = scene(clients, capacity=capacity)
    told = at_once(real_app, [booking(time_id, each) for each in referrals])
    assert told == {"done": capacity, "TimeTakenError": clients - capacity}
    with real_app.app_context():
        assert seats(time_id) == list(range(1, capacity + 1))


def test_whoever_withdraws_meanwhile_is_left_without_a_time(real_app):
    for _round in range(5):
        with real_app.app_context():
            unit, time_id, (referral_id,) = scene(1)

        def withdraw(unit=unit, referral_id=referral_id) -> None:
            handover.hold_cases(referral_id)
            handover.withdraw(locked(referral_id), who=Who.ADVISER, actor=user(unit.adviser_id), now=NOW)

        at_once(real_app, [booking(time_id, referral_id), withdraw])
        with real_app.app_context():
            assert locked(referral_id).status not in STOCK
            assert seats(time_id) == []
            db.session.rollback()


def test_taking_times_off_and_choosing_them_at_once_loses_no_booking(real_app):
    with real_app.app_context():
        unit, _time_id, referrals = scene(4)
        times = [each.id for each in queries.free_times(unit.catchment_id, now=NOW)[:4]]
        day = queries.free_times(unit.catchment_id, now=NOW)[0].starts_at.date()

    def close() -> None:
        publishing.add_exception(unit.id, first_day=day, last_day=day, actor=user(unit.adviser_id), now=NOW)

    told = at_once(
        real_app,
        [*(booking(time, each) for time, each in zip(times, referrals, strict=True)), close, close],
    )
    with real_app.app_context():
        held = db.session.scalars(select(CallBooking.call_time_id)).all()
        # The two who close count among those who are done.
        assert len(held) == told["done"] - 2
        offered = db.session.scalars(
            select(CallTime.id).where(CallTime.day == day, CallTime.offered.is_(True))
        ).all()
        assert offered == []
        assert {each.id for each in queries.conflicts_of([unit.id], now=NOW)} <= set(held)
