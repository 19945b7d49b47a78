"""Whatever the table of moves lets happen, every month balances, for every municipality and kind."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.moves import REFERRAL_MOVES, STOCK, ReferralMove, ReferralStatus, Who
from referrals.statistics import queries
from referrals.statistics.counting import COUNTY, Cell, Measure
from referrals.statistics.monthly import freeze
from referrals.statistics.operations import Dimensions, record_event
from servicetray.core.db import transaction
from servicetray.core.periods import Month, months_between
from tests import database as databases

START = dt.datetime(2026, 1, 20, 9, 0, tzinfo=dt.UTC)
LAST = Month(2026, 6)
PLACES = ("286", "285", "075")
KINDS = ("exercise", "culture")

choice = st.integers(min_value=0, max_value=10_000)
steps = st.lists(
    st.tuples(choice, choice, st.sampled_from((0, 1, 20, 24 * 3, 24 * 11))), min_size=1, max_size=40
)


@dataclass
class Walker:
    """A referral on its way through the table."""

    id: uuid.UUID
    status: ReferralStatus
    kind: str
    place: str


def write(walker: Walker, move: ReferralMove, before: ReferralStatus | None, now: dt.datetime) -> None:
    """Write the event of a move, as the operations do."""
    if move.event is None:
        return
    direction = move.direction if before is None else move.direction_from(before)
    _event(walker, move.event, direction, now)


def _event(walker, name, direction, now) -> None:
    record_event(
        name,
        direction=direction,
        dimensions=Dimensions(
            kind_code=walker.kind,
            municipality_code=walker.place,
            service_area="",
            reasons=(),
            age_group="30-64",
            origin="professional",
        ),
        referral_id=walker.id,
        now=now,
    )


@pytest.mark.usefixtures("engine_name")
@given(history=steps)
def test_every_month_balances_for_every_municipality_and_kind(app, history):
    """Random histories of the table of moves: open at start + in = out + open at end, in every cell."""
    with app.app_context(), databases.undone(app):
        walkers, now = _walk(history)
        with transaction():
            for month in months_between(Month.of(START), LAST):
                freeze(month, now=LAST.bounds[1] + dt.timedelta(days=40))
        for month in months_between(Month.of(START), LAST):
            frozen = queries.newest(month)
            assert frozen is not None
            numbers = queries.frozen_counts(frozen).numbers
            for kind, place in {(cell.kind, cell.municipality) for cell in numbers}:
                stock = [
                    numbers[Cell(measure, kind, place)]
                    for measure in (Measure.OPEN_AT_START, Measure.IN, Measure.OUT, Measure.OPEN_AT_END)
                ]
                assert stock[0] + stock[1] == stock[2] + stock[3]
        assert now < LAST.bounds[1]
        last = queries.newest(LAST)
        assert last is not None
        stands = Counter((each.kind, each.place) for each in walkers if each.status in STOCK)
        numbers = queries.frozen_counts(last).numbers
        assert {
            (cell.kind, cell.municipality): number
            for cell, number in numbers.items()
            if cell.measure is Measure.OPEN_AT_END and cell.municipality != COUNTY and number
        } == dict(stands)


def _walk(history: list[tuple[int, int, int]]) -> tuple[list[Walker], dt.datetime]:
    walkers: list[Walker] = []
    now = START
    with transaction():
        for which, what, hours in history:
            now += dt.timedelta(hours=hours, minutes=1)
            at = which % (len(walkers) + 2)
            if at >= len(walkers):
                _send(walkers, what, now)
                continue
            walker = walkers[at]
            fitting = [move for move in REFERRAL_MOVES.values() if walker.status in move.from_]
            if not fitting:
                continue
            move = fitting[what % len(fitting)]
            before, walker.status = walker.status, move.target(walker.status)
            if move.new_referral is not None:
                begins = move.new_referral
                other = PLACES[(PLACES.index(walker.place) + 1) % len(PLACES)]
                arrived = Walker(uuid.uuid4(), begins.status, walker.kind, other)
                walkers.append(arrived)
                _event(arrived, begins.event, begins.direction, now)
            write(walker, move, before, now)
    return walkers, now


def _send(walkers: list[Walker], what: int, now: dt.datetime) -> None:
    send = next(move for move in REFERRAL_MOVES.values() if move.from_ == (None,) and Who.SENDER in move.who)
    assert send.to is not None
    walker = Walker(uuid.uuid4(), send.to, KINDS[what % 2], PLACES[what % 3])
    walkers.append(walker)
    write(walker, send, None, now)
