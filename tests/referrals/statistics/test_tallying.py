"""What the database counts in groups is what counting one event after another gives."""

import datetime as dt
import random

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from referrals.moves import EventName, Outcome
from referrals.statistics import queries
from referrals.statistics.counting import (
    WAITS,
    Dimension,
    Happening,
    Measure,
    Stage,
    count,
    counted_as_referral,
)
from referrals.statistics.models import FrozenMonth, FrozenRow, StatisticsEvent
from referrals.statistics.monthly import freeze
from referrals.statistics.operations import cut_link
from referrals.statistics.tallying import Span, tally
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month, Period
from tests.factories import events, figures
from tests.factories.events import helsinki
from tests.referrals import scenes

FIRST, LAST = dt.date(2026, 2, 10), dt.date(2026, 4, 20)
PERIOD = Period(FIRST, LAST)


@pytest.fixture
def some(database) -> list[Happening]:
    """Random events around the period: some before it, some after it."""
    del database
    made = figures.happenings(
        random.Random(26),
        600,
        start=helsinki("2026-01-15 00:00"),
        end=helsinki("2026-05-10 00:00"),
    )
    figures.write(made)
    return made


def within(made: list[Happening], *, kind: str, places: tuple[str, ...] | None = None) -> list[Happening]:
    """Return the events of the period that a question asks for."""
    start, end = PERIOD.bounds
    return [
        each
        for each in made
        if start <= each.at < end and each.kind == kind and (places is None or each.municipality in places)
    ]


def test_the_database_counts_as_the_specification_does(some):
    start, end = PERIOD.bounds
    expected = count(each for each in some if start <= each.at < end)
    assert dict(tally(Span(start=start, end=end)).numbers) == dict(expected.numbers)


@pytest.mark.parametrize("places", [None, ("286", "075"), ("286",), ()])
def test_a_free_period_of_some_places_is_what_its_events_give(some, places):
    mine = within(some, kind="exercise", places=places)
    found = queries.figures(PERIOD, kind="exercise", municipalities=places)
    expected = count(mine)
    assert dict(found.counts.numbers) == dict(expected.numbers)
    assert found.by_municipality == {
        place: expected.of(Measure.REFERRALS, "exercise", place)
        for place in sorted({each.municipality for each in mine})
    }
    assert found.by_month == {
        month: sum(counted_as_referral(each) for each in mine if Month.of(each.at) == month)
        for month in PERIOD.months
    }
    assert found.total == sum(found.by_month.values())
    assert found.waits == {measure: expected.waits(measure, "exercise") for measure in WAITS.values()}


def test_the_way_of_each_reason_counts_its_events(some):
    mine = within(some, kind="culture")
    found = queries.funnel_by(Dimension.REASON, PERIOD, kind="culture")
    for reason, way in found.items():
        with_it = [each for each in mine if reason in each.reasons]
        names = [each.name for each in with_it]
        assert way == {
            Stage.SENT: names.count(EventName.SENT) - names.count(EventName.VOIDED),
            Stage.ACCEPTED: names.count(EventName.ACCEPTED) - names.count(EventName.ACCEPT_REVERSED),
            Stage.REACHED: names.count(EventName.FIRST_CONTACT),
            Stage.STARTED: names.count(EventName.STARTED),
            Stage.COMPLETED: sum(each.outcome is Outcome.COMPLETED for each in with_it),
        }
    assert set(found) == set(figures.REASONS)
    assert set(queries.funnel_by(Dimension.AGE_GROUP, PERIOD, kind="culture")) == set(figures.AGES)


def test_loops_are_counted_with_the_rest(some):
    expected = count(within(some, kind="exercise"))
    health = queries.loop_health(PERIOD, kind="exercise")
    assert (health.claims, health.claimed_in_week, health.loops, health.loops_closed) == tuple(
        expected.of(measure, "exercise")
        for measure in (Measure.CLAIMS, Measure.CLAIMED_IN_WEEK, Measure.LOOPS, Measure.LOOPS_CLOSED)
    )


@pytest.mark.usefixtures("database")
def test_what_is_open_and_late_now_is_told_by_kind_and_municipality(now):
    sent_at = now - dt.timedelta(days=40)
    scenes.scene("sent", now=sent_at)
    scenes.scene("active", now=sent_at)
    found = queries.open_and_late(now)
    assert [(each.kind, each.municipality) for each in found] == [("exercise", "286")]
    assert (found[0].open, found[0].waiting, found[0].waiting_late, found[0].under_way) == (2, 1, 1, 1)
    assert queries.open_and_late(sent_at)[0].waiting_late == 0


@pytest.mark.usefixtures("database")
def test_what_has_been_recorded_can_not_be_changed_nor_deleted(figure):
    """Events and frozen months can only be added to; an event's link may be cut, once and for good."""
    events.sent("2026-02-03 10:00")
    with transaction():
        freeze(Month(2026, 2), now=helsinki("2026-03-02 08:00"))
    row = db.session.query(StatisticsEvent).one()
    referral_id = row.referral_id
    assert referral_id is not None
    attempts = [
        update(StatisticsEvent).values(municipality_code="075"),
        update(StatisticsEvent).values(recorded_at=helsinki("2026-01-01 10:00")),
        update(StatisticsEvent).values(reasons=["pain"]),
        update(StatisticsEvent).values(referral_id=None, working_days=3),
        delete(StatisticsEvent),
        update(FrozenMonth).values(correction="never"),
        delete(FrozenMonth),
        update(FrozenRow).values(number=7),
        delete(FrozenRow),
    ]
    refused = 0
    for attempt in attempts:
        with pytest.raises(DBAPIError, match=r"only added to|permission denied"), db.session.begin_nested():
            db.session.execute(attempt)
        refused += 1
    figure("changes refused", f"{refused} of {len(attempts)}")
    db.session.rollback()
    with transaction():
        cut_link(referral_id)
    assert db.session.query(StatisticsEvent).one().referral_id is None
