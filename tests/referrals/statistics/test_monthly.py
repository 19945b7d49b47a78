"""A finished month is frozen once, balances, and gives the same when it is counted again."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals.moves import EventName, Outcome
from referrals.statistics import monthly, queries
from referrals.statistics.counting import Cell, Dimension, Measure
from referrals.statistics.models import FrozenMonth, FrozenRow
from referrals.statistics.monthly import (
    AlreadyFrozenError,
    BalanceError,
    NotFinishedError,
    NotFrozenError,
    NothingToCorrectError,
    UnfitReasonError,
    correct,
    due,
    freeze,
)
from servicetray import scheduler
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.jobs import LEASE
from servicetray.core.periods import Month
from tests.committed import all_at_once, committed_app
from tests.factories import events
from tests.factories.events import helsinki

KIND = "exercise"
FEBRUARY = Month(2026, 2)
RUNNERS = 8


def freeze_now(month: Month, *, now: str = "2026-06-01 05:00", correction: str | None = None) -> FrozenMonth:
    """Freeze a month in a transaction of its own."""
    with transaction():
        frozen = freeze(month, now=helsinki(now), correction=correction)
    db.session.refresh(frozen)
    return frozen


def number(frozen: FrozenMonth, measure: Measure, municipality: str = "") -> int:
    """Return one number of a frozen month."""
    return queries.frozen_counts(frozen).numbers[Cell(measure, KIND, municipality)]


@pytest.mark.usefixtures("database")
def test_what_came_and_what_went_is_what_is_open():
    events.sent("2026-01-15 10:00", times=3)
    events.sent("2026-02-03 10:00", times=2)
    events.sent("2026-02-04 10:00", municipality="075")
    events.event(EventName.CLOSED, "2026-02-20 12:00", outcome=Outcome.COMPLETED)
    events.event(EventName.RETURNED, "2026-02-21 12:00", municipality="075")
    freeze_now(Month(2026, 1))
    frozen = freeze_now(FEBRUARY)
    stock = [
        number(frozen, measure)
        for measure in (Measure.OPEN_AT_START, Measure.IN, Measure.OUT, Measure.OPEN_AT_END)
    ]
    assert stock == [3, 3, 2, 4]
    assert number(frozen, Measure.OPEN_AT_END, "075") == 0
    assert number(frozen, Measure.REFERRALS) == 3
    assert number(frozen, Measure.CLOSED) == 1


@pytest.mark.usefixtures("database")
def test_a_quiet_month_has_zeros_and_a_kind_not_in_use_has_nothing():
    events.sent("2026-01-15 10:00")
    events.sent("2026-03-02 10:00", kind="culture")
    numbers = queries.frozen_counts(freeze_now(FEBRUARY)).numbers
    assert numbers[Cell(Measure.REFERRALS, KIND)] == 0
    assert numbers[Cell(Measure.OPEN_AT_END, KIND, "286")] == 1
    assert not [cell for cell in numbers if cell.kind == "culture"]


@pytest.mark.usefixtures("database")
def test_outcomes_and_waits_are_frozen():
    events.sent("2026-02-02 10:00", times=3)
    for days in (2, 4, 9):
        events.event(EventName.ACCEPTED, "2026-02-20 12:00", working_days=days)
    events.event(EventName.CLOSED, "2026-02-20 12:00", outcome=Outcome.NOT_REACHED)
    numbers = queries.frozen_counts(freeze_now(FEBRUARY)).numbers
    assert numbers[Cell(Measure.CLOSED, KIND, "", Dimension.OUTCOME, "not_reached")] == 1
    assert numbers[Cell(Measure.REFERRALS, KIND, "", Dimension.SERVICE_AREA, "vastaanottopalvelut")] == 3
    assert numbers[Cell(Measure.DAYS_TO_ACCEPTED, KIND)] == 4


@pytest.mark.usefixtures("database")
def test_counting_a_month_again_gives_the_same():
    events.sent("2026-02-02 10:00", times=3)
    events.sent("2026-02-28 10:00", kind="culture", municipality="285")
    first = freeze_now(FEBRUARY)
    digest = first.digest
    again = freeze_now(FEBRUARY, correction="counted again")
    assert (again.version, again.digest) == (2, digest)


@pytest.mark.usefixtures("database")
def test_a_frozen_month_changes_only_by_a_correction_with_its_reason():
    events.sent("2026-02-02 10:00")
    freeze_now(FEBRUARY)
    with pytest.raises(AlreadyFrozenError):
        freeze_now(FEBRUARY)
    events.sent("2026-02-27 10:00")
    freeze_now(FEBRUARY, correction="one had been missing")
    newest = queries.newest(FEBRUARY)
    assert newest is not None
    assert number(newest, Measure.REFERRALS) == 2
    assert [month.correction for month in queries.versions_of(FEBRUARY)] == [None, "one had been missing"]
    assert queries.frozen_referrals() == {FEBRUARY: {KIND: 2}}


@pytest.mark.usefixtures("database")
def test_an_event_slipped_into_a_frozen_month_is_found_by_the_next():
    events.sent("2026-02-02 10:00")
    freeze_now(FEBRUARY)
    events.sent("2026-02-27 10:00")
    with pytest.raises(BalanceError) as caught:
        freeze_now(Month(2026, 3))
    assert caught.value.numbers[Measure.OPEN_AT_START] == 1
    assert caught.value.numbers[Measure.OPEN_AT_END] == 2
    assert queries.newest(Month(2026, 3)) is None


@pytest.mark.usefixtures("database")
def test_a_correction_makes_the_next_versions_of_all_months_that_change_by_it():
    events.sent("2026-02-02 10:00")
    for month in (FEBRUARY, Month(2026, 3), Month(2026, 4)):
        freeze_now(month)
    events.sent("2026-03-09 10:00")
    with transaction():
        made = correct(
            Month(2026, 3),
            reason="  A paper had been\nleft out. ",
            actor=None,
            now=helsinki("2026-06-02 08:00"),
        )
        assert [(each.period, each.version) for each in made] == [("2026-03", 2), ("2026-04", 2)]
    assert [month.correction for month in queries.frozen_months()] == [
        None,
        *["A paper had been left out."] * 2,
    ]
    april = queries.newest(Month(2026, 4))
    assert april is not None
    assert number(april, Measure.OPEN_AT_START) == number(april, Measure.OPEN_AT_END) == 2
    assert number(queries.versions_of(Month(2026, 4))[0], Measure.OPEN_AT_END) == 1
    rows = db.session.query(AuditRow).filter_by(action=Action.FIGURES_CORRECTED).all()
    assert [row.object_id for row in rows] == ["2026-03", "2026-04"]
    # The month that had to wait for the mistake to be mended can be frozen now.
    freeze_now(Month(2026, 5))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "Of 131052-308T."])
def test_a_correction_without_a_reason_that_can_be_shown_is_refused(reason):
    events.sent("2026-02-02 10:00")
    freeze_now(FEBRUARY)
    events.sent("2026-02-09 10:00")
    with pytest.raises(UnfitReasonError), transaction():
        correct(FEBRUARY, reason=reason, actor=None, now=helsinki("2026-06-02 08:00"))
    assert len(queries.versions_of(FEBRUARY)) == 1


@pytest.mark.usefixtures("database")
def test_what_counts_as_it_was_frozen_or_was_never_frozen_is_not_corrected():
    events.sent("2026-02-02 10:00")
    freeze_now(FEBRUARY)
    with pytest.raises(NothingToCorrectError), transaction():
        correct(FEBRUARY, reason="To be sure.", actor=None, now=helsinki("2026-06-02 08:00"))
    with pytest.raises(NotFrozenError), transaction():
        correct(Month(2026, 3), reason="To be sure.", actor=None, now=helsinki("2026-06-02 08:00"))
    assert len(queries.versions_of(FEBRUARY)) == 1


@pytest.mark.usefixtures("database")
def test_a_month_that_goes_on_is_not_frozen():
    events.sent("2026-02-02 10:00")
    with pytest.raises(NotFinishedError):
        freeze_now(FEBRUARY, now="2026-02-28 23:59")
    assert due(helsinki("2026-02-28 23:59")) == ()
    assert due(helsinki("2026-03-01 00:05")) == ("2026-02",)


@pytest.mark.usefixtures("database")
def test_a_month_just_over_waits_for_what_is_still_being_committed():
    events.sent("2026-02-02 10:00")
    assert due(helsinki("2026-03-01 00:00")) == due(helsinki("2026-03-01 00:04")) == ()


@pytest.mark.usefixtures("database")
def test_nothing_is_due_before_the_first_event():
    assert due(helsinki("2026-03-01 00:00")) == ()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        (
            ("2030-03-01 00:00", "2030-03-31 03:30", "2030-03-31 23:59"),
            ("2030-02-28 23:59", "2030-04-01 00:00"),
        ),
        (
            ("2027-10-01 00:00", "2027-10-31 03:30", "2027-10-31 23:59"),
            ("2027-09-30 23:59", "2027-11-01 00:00"),
        ),
        (
            ("2028-02-01 00:00", "2028-02-29 00:00", "2028-02-29 23:59"),
            ("2028-01-31 23:59", "2028-03-01 00:00"),
        ),
        (
            ("2026-12-01 00:00", "2026-12-31 23:59"),
            ("2026-11-30 23:59", "2027-01-01 00:00", "2027-01-01 01:59"),
        ),
    ],
)
def test_referrals_count_in_their_helsinki_month(inside, outside, figure):
    """No referral is counted in a wrong month at a change of clocks, a leap day or New Year."""
    for wall in (*inside, *outside):
        events.sent(wall)
    month = Month.of(helsinki(inside[0]))
    counted = number(freeze_now(month, now="2031-01-01 00:00"), Measure.REFERRALS)
    figure("referrals in the wrong month", abs(counted - len(inside)))
    assert counted == len(inside)


@pytest.fixture
def committed(engine_name, request, tmp_path) -> Iterator[Flask]:
    """An application that several runners share."""
    with committed_app(engine_name, request, tmp_path) as application, application.app_context():
        # Other jobs are due on these days too; what runs is counted here.
        registered = application.extensions["servicetray.jobs"]
        registered[:] = [job for job in registered if job.name == monthly.JOB_NAME]
        yield application


def test_eight_runners_after_two_month_ends_freeze_each_month_once(committed, figure):
    """However many runners wake up after days of downtime, each month is frozen once."""
    events.sent("2026-01-10 10:00", times=2)
    events.sent("2026-02-10 10:00")
    db.session.remove()
    morning = helsinki("2026-03-04 07:00")
    done = all_at_once(committed, RUNNERS, lambda: scheduler.run_due(now=lambda: morning))
    # Who found a month claimed tries again later.
    later = all_at_once(committed, RUNNERS, lambda: scheduler.run_due(now=lambda: morning + LEASE))
    versions = [(month.period, month.version) for month in queries.frozen_months()]
    figure("runs per period", (sum(done) + sum(later)) / 2)
    assert versions == [("2026-01", 1), ("2026-02", 1)]
    assert sum(done) + sum(later) == 2
    assert db.session.scalar(select(func.count()).select_from(FrozenMonth)) == 2
    assert due(morning) == ()


def test_a_runner_that_dies_while_freezing_leaves_no_half_month(committed, monkeypatch):
    """What dies before the commit leaves nothing; the next one freezes the whole month."""
    events.sent("2026-02-10 10:00")
    db.session.remove()
    whole = monthly.freeze

    def half(month: Month, *, now: dt.datetime, correction: str | None = None) -> FrozenMonth:
        whole(month, now=now, correction=correction)
        raise MemoryError

    monkeypatch.setattr(monthly, "freeze", half)
    morning = helsinki("2026-03-01 05:00")
    assert scheduler.run_due(now=lambda: morning) == 0
    assert db.session.scalar(select(func.count()).select_from(FrozenRow)) == 0
    monkeypatch.undo()
    assert scheduler.run_due(now=lambda: morning) == 0, "its lease still runs"
    db.session.rollback()
    assert scheduler.run_due(now=lambda: morning + LEASE) == 1
    assert [month.version for month in queries.frozen_months()] == [1]
    assert committed
