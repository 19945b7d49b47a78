"""The report makes itself: once for each version of a frozen month, stored, announced without a figure."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from referrals import notifications
from referrals.kinds.operations import load_seed
from referrals.statistics import monthly
from referrals.statistics.counting import Measure
from referrals.statistics.models import FrozenMonth
from referrals.statistics.report import making, queries
from referrals.statistics.report.making import NotFrozenError, make
from referrals.statistics.report.models import MonthlyReport
from referrals.statistics.report.numbers import Numbers, Which, digest
from referrals.statistics.report.sections import ReportSection, Section, add_section
from servicetray import scheduler
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from servicetray.core.periods import Month
from tests.factories import events, people
from tests.factories.events import helsinki

NOW = helsinki("2026-03-01 00:10")


@pytest.fixture
def county(database):
    """Kinds, a municipality, and a coordinator."""
    people.municipality("286")
    with transaction():
        load_seed()
    people.user(Role.COORDINATOR)
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", municipality_code="286")
    people.user(Role.MUNICIPAL_LEAD, units=[unit])


def run(now: dt.datetime = NOW) -> int:
    """Let the worker do what is due."""
    return scheduler.run_due(now=lambda: now)


def stored() -> list[tuple[str, int]]:
    """Return which reports there are."""
    rows = db.session.execute(
        select(MonthlyReport.period, MonthlyReport.version).order_by(
            MonthlyReport.period, MonthlyReport.version
        )
    )
    return [(period, version) for period, version in rows]


def announced() -> list[dict[str, str]]:
    """Return what was written to the coordinators."""
    return list(
        db.session.scalars(
            select(OutboxMessage.context)
            .where(OutboxMessage.template == "monthly_report")
            .order_by(OutboxMessage.id)
        )
    )


@pytest.mark.usefixtures("county")
def test_a_frozen_month_has_its_report_at_once_and_once():
    events.sent("2026-02-10 10:00", times=3)
    run()
    run()
    assert stored() == [("2026-02", 1)]
    assert announced() == [{"reference": "2/2026", "path": "/raportti/2026-02"}]


@pytest.mark.usefixtures("county")
def test_it_goes_to_coordinators_alone_and_holds_no_figure():
    events.sent("2026-02-10 10:00", times=37)
    run()
    messages = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.template == "monthly_report")
    ).all()
    assert len(messages) == 1
    assert "37" not in str(messages[0].context)


@pytest.mark.usefixtures("county")
def test_after_days_of_downtime_each_month_has_one_and_the_old_are_not_announced():
    for month in range(1, 7):
        events.sent(f"2026-{month:02}-10 10:00")
    run(helsinki("2026-07-09 12:00"))
    assert stored() == [(f"2026-{month:02}", 1) for month in range(1, 7)]
    assert [each["reference"] for each in announced()] == ["5/2026", "6/2026"]


@pytest.mark.usefixtures("county")
def test_a_correction_makes_another_version_and_the_older_stays():
    events.sent("2026-02-10 10:00", times=3)
    run()
    before = db.session.scalars(select(MonthlyReport)).one()
    kept = before.numbers
    events.sent("2026-02-11 10:00")
    with transaction():
        monthly.freeze(Month(2026, 2), now=NOW, correction="Yksi lähete puuttui.")
    run()
    run()
    assert stored() == [("2026-02", 1), ("2026-02", 2)]
    first, second = (queries.report(Month(2026, 2), version) for version in (1, 2))
    assert first is not None
    assert second is not None
    assert first.numbers == kept
    assert second.correction == "Yksi lähete puuttui."
    told = [queries.numbers_of(each).of(Measure.REFERRALS, "exercise") for each in (first, second)]
    assert told == [3, 4]
    assert announced()[-1] == {"reference": "2/2026", "path": "/raportti/2026-02", "version": "2"}


@pytest.mark.usefixtures("county")
def test_it_is_read_as_it_was_stored():
    events.sent("2026-01-10 10:00", times=6)
    events.sent("2026-02-10 10:00", times=7, kind="culture")
    run()
    report = queries.report(Month(2026, 2), 1)
    assert report is not None
    db.session.refresh(report)
    numbers = queries.numbers_of(report)
    assert numbers == Numbers.from_json(numbers.as_json())
    assert digest(numbers) == report.digest
    assert set(numbers.sources) == {Which.THIS, Which.BEFORE}
    assert numbers.of(Measure.REFERRALS, "exercise", which=Which.BEFORE) == 6
    assert numbers.of(Measure.REFERRALS, "culture", which=Which.BEFORE) is None
    assert (numbers.total(), numbers.total(which=Which.BEFORE)) == (7, 6)


@pytest.mark.usefixtures("county")
def test_what_is_not_frozen_or_not_ours_has_no_report():
    with pytest.raises(NotFrozenError), transaction():
        make(Month(2026, 2), now=NOW)
    with transaction():
        db.session.add(
            FrozenMonth(
                period="2026-02",
                version=1,
                frozen_at=NOW,
                digest="0" * 64,
                correction=None,
                source="Keksitty",
            )
        )
    assert making.due(NOW) == ()
    with pytest.raises(NotFrozenError), transaction():
        make(Month(2026, 2), now=NOW)


@pytest.mark.usefixtures("county")
def test_another_part_of_the_house_tells_its_own(app):
    kept = list(app.extensions.get("referrals.report.sections", ()))
    add_section(
        app,
        ReportSection(
            name="visits",
            position=10,
            collect=lambda month: {"visits": 412} if month == Month(2026, 2) else None,
            tell=lambda told, language: Section(
                name="visits", heading=language, paragraphs=[f"{told['visits']}"]
            ),
        ),
    )
    try:
        events.sent("2026-01-10 10:00")
        run()
        sections = [
            report.numbers["sections"]
            for report in db.session.scalars(select(MonthlyReport).order_by(MonthlyReport.period))
        ]
        assert sections == [{}, {"visits": {"visits": 412}}]
    finally:
        app.extensions["referrals.report.sections"] = kept


@pytest.mark.usefixtures("county")
def test_a_failure_leaves_neither_report_nor_message(monkeypatch):
    events.sent("2026-02-10 10:00")

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(notifications, "tell_coordinators_of_report", broken)
    run()
    assert db.session.scalars(select(func.count()).select_from(MonthlyReport)).one() == 0
    monkeypatch.undo()
    # The lease of the run that failed has to run out first.
    run(NOW + dt.timedelta(minutes=11))
    assert stored() == [("2026-02", 1)]
    assert len(announced()) == 1
