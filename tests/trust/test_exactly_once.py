"""A month is frozen once and whole, whoever runs, dies, sleeps over it, or has a clock that is wrong."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals.statistics import monthly, overdue, queries
from referrals.statistics.counting import Cell, Measure
from referrals.statistics.models import FrozenMonth, FrozenRow, StatisticsEvent
from referrals.statistics.monthly import BalanceError, correct, due
from servicetray import scheduler
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.jobs import LEASE
from servicetray.core.periods import Month
from tests.committed import committed_app
from tests.factories import events
from tests.factories.events import helsinki
from tests.figures import Figure
from tests.trust.test_crash_points import killed_at

pytestmark = pytest.mark.trust

RUNNERS = 8
SAMPLE = 4
"""Every so many-th database call is a crash point in ``./dev test``; ``./dev trust`` takes them all."""
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
KIND = "exercise"
TURNS = (
    pytest.param("2030-03", 743, id="31.3.2030, 23 hours"),
    pytest.param("2027-10", 745, id="31.10.2027, 25 hours"),
    pytest.param("2028-02", 696, id="29.2.2028"),
    pytest.param("2026-12", 744, id="New Year"),
)


@pytest.fixture
def shared(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application that several processes share, with the monthly job alone."""
    with committed_app(engine_name, request, tmp_path) as app, app.app_context():
        registered = app.extensions["servicetray.jobs"]
        registered[:] = [job for job in registered if job.name == monthly.JOB_NAME]
        app.extensions["servicetray.chores"].clear()
        yield app
        db.session.remove()


def in_processes(app: Flask, number: int, now: dt.datetime) -> int:
    """Let so many processes do what is due, all at once; return how many periods were done among them."""
    db.session.remove()
    gate_read, gate_write = os.pipe()
    children = []
    for _ in range(number):
        child = os.fork()
        if child == 0:
            with app.app_context():
                # The parent's connections are the parent's.
                db.engine.dispose(close=False)
                os.close(gate_write)
                os.read(gate_read, 1)
                os._exit(scheduler.run_due(now=lambda: now))
        children.append(child)
    os.close(gate_read)
    # All that wait are let go when nobody can write any more.
    os.close(gate_write)
    return sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


def standing(at: dt.datetime) -> Callable[[], dt.datetime]:
    """Return a clock that stands still."""
    return lambda: at


def versions() -> Counter[str]:
    """Return how often each month was frozen."""
    db.session.rollback()
    return Counter(db.session.scalars(select(FrozenMonth.period)))


def referrals_of(month: Month) -> int:
    """Return the county's count of the newest version of a month."""
    frozen = queries.newest(month)
    assert frozen is not None
    return queries.frozen_counts(frozen).numbers[Cell(Measure.REFERRALS, KIND)]


def test_eight_processes_after_two_month_ends_freeze_each_month_once(shared: Flask, figure: Figure) -> None:
    """Eight processes that wake up after two month ends freeze each month once."""
    events.sent("2026-01-10 10:00", times=3)
    events.sent("2026-02-10 10:00", times=2)
    morning = helsinki("2026-03-04 07:00")
    assert due(morning) == ("2026-01", "2026-02")
    # One that found the first month claimed went on to the second, which may not balance yet: it is tried again.
    done = sum(in_processes(shared, RUNNERS, morning + turn * LEASE * 1.1) for turn in range(3))
    figure("runs per period", done / 2)
    assert versions() == {"2026-01": 1, "2026-02": 1}
    assert done == 2
    assert (referrals_of(Month(2026, 1)), referrals_of(Month(2026, 2))) == (3, 2)


def test_a_kill_at_any_call_of_freezing_leaves_no_half_and_no_second_month(
    shared: Flask, long: bool, figure: Figure
) -> None:
    """Freezing a month, killed at each database call and run again, leaves it frozen once and whole."""
    events.sent("2026-02-10 10:00", times=3)
    db.session.remove()
    morning = helsinki("2026-03-01 05:00")
    whole = len(monthly.counted(Month(2026, 2)).numbers)
    db.session.remove()
    call, points, half = 1, 0, 0

    def run(at: dt.datetime) -> Callable[[], object]:
        return lambda: scheduler.run_due(now=lambda: at)

    # Who died holds the month for as long as a lease runs; each try comes after it.
    while killed_at(shared, call, run(morning + points * LEASE)):
        points += 1
        months = db.session.scalar(select(func.count()).select_from(FrozenMonth))
        rows = db.session.scalar(select(func.count()).select_from(FrozenRow))
        half += (months, rows) not in {(0, 0), (1, whole)}
        db.session.remove()
        if months:
            break
        call += 1 if long else SAMPLE
    scheduler.run_due(now=lambda: morning + (points + 1) * LEASE)
    figure("crash points", points, "calls")
    figure("half months", half)
    assert points > 1
    assert half == 0
    assert versions() == {"2026-02": 1}
    assert referrals_of(Month(2026, 2)) == 3


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(("period", "hours"), TURNS)
def test_hour_by_hour_over_a_turn_no_referral_is_in_a_wrong_month(
    period: str, hours: int, figure: Figure
) -> None:
    """A worker that wakes every hour over a change of clocks, a leap day or New Year puts no referral wrong."""
    month = Month.parse(period)
    start, end = month.bounds
    assert (end - start) == hours * HOUR
    written: Counter[str] = Counter()
    at = end - 30 * HOUR
    while at < end + 6 * HOUR:
        for moment in (at, at + dt.timedelta(minutes=59, seconds=59)):
            events.sent(moment)
            # Said by the Helsinki wall clock, not by the code that is tried.
            written[f"{clock.helsinki(moment):%Y-%m}"] += 1
        scheduler.run_due(now=standing(at + HOUR))
        at += HOUR
    scheduler.run_due(now=lambda: month.next().bounds[1] + HOUR)
    counted = {str(each): referrals_of(each) for each in (month, month.next())}
    figure("referrals in the wrong month", sum((written - Counter(counted)).values()))
    assert counted == dict(written)
    assert set(versions().values()) == {1}


@pytest.mark.parametrize("wrong", [-DAY, DAY], ids=["a day slow", "a day fast"])
@pytest.mark.usefixtures("shared")
def test_a_clock_that_is_a_day_wrong_loses_doubles_and_misplaces_nothing(
    wrong: dt.timedelta, figure: Figure
) -> None:
    """A worker's clock that is a day wrong over a month's end leaves nothing lost, doubled or in a wrong month."""
    february, march = Month(2026, 2), Month(2026, 3)
    at, sent = helsinki("2026-02-27 12:00"), 0
    while at < helsinki("2026-03-02 12:00"):
        # Those who send have a clock that is right.
        events.sent(at)
        sent += 1
        scheduler.run_due(now=standing(at + wrong))
        at += 6 * HOUR
    # The clock is mended; April comes.
    april = helsinki("2026-04-01 07:00")
    scheduler.run_due(now=lambda: april)
    late = due(april)
    if wrong > dt.timedelta():
        # February had been frozen while it went on: March does not balance, and somebody is told.
        assert late == ("2026-03",)
        assert monthly.overdue(april + HOUR) == (march,)
        assert overdue.due(april + HOUR) == ("2026-04-01",)
        with pytest.raises(BalanceError):
            monthly.counted(march)
        db.session.rollback()
        with transaction():
            correct(february, reason="The clock of the server was a day fast.", actor=None, now=april)
        scheduler.run_due(now=lambda: april + 2 * LEASE)
    assert due(april) == ()
    assert versions() == {"2026-02": 1 if wrong < dt.timedelta() else 2, "2026-03": 1}
    counted = [referrals_of(february), referrals_of(march)]
    expected = [
        db.session.scalar(
            select(func.count()).where(
                StatisticsEvent.recorded_at >= month.bounds[0], StatisticsEvent.recorded_at < month.bounds[1]
            )
        )
        for month in (february, march)
    ]
    figure(
        "referrals in the wrong month", sum(abs(a - (b or 0)) for a, b in zip(counted, expected, strict=True))
    )
    assert counted == expected
    assert sum(counted) == sent
