"""What is published is stored, once, and stays."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from referrals import seed
from referrals.statistics import monthly
from referrals.statistics.publication import operations, queries
from referrals.statistics.publication.models import PublicNumber, PublicRelease
from referrals.statistics.publication.operations import NothingFrozenError, catch_up, publish
from referrals.statistics.publication.tables import PublicTable, WithheldReason
from referrals.statistics.suppression import Mark
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month
from tests.factories import events
from tests.factories.catalogue import foundation
from tests.factories.events import helsinki

pytestmark = pytest.mark.usefixtures("database")

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
NOW = helsinki("2026-03-01 06:00")


@pytest.fixture(autouse=True)
def frozen(database) -> None:
    """Two frozen months: 12 and 3 of exercise, none and 6 of culture."""
    foundation()
    seed.load()
    events.sent("2026-01-15 10:00", times=12)
    events.sent("2026-02-03 10:00", times=3)
    events.sent("2026-02-04 10:00", times=6, kind="culture", municipality="075")
    with transaction():
        for month in (JANUARY, FEBRUARY):
            monthly.freeze(month, now=NOW)


def published(threshold: int = 5) -> list[tuple[int, int]]:
    """Publish what is not yet; return the year and version of each release made."""
    with transaction():
        return [(row.year, row.version) for row in catch_up(now=NOW, threshold=threshold)]


def month_cells(version: int | None = None) -> dict[tuple[str, str], object]:
    """Return the months of 2026 as published."""
    release = queries.release(2026, version)
    assert release is not None
    return dict(release.tables[PublicTable.MONTHS].cells)


def correct(times: int) -> None:
    """Let some referrals more be found in January, and publish its correction."""
    events.sent("2026-01-20 10:00", times=times)
    with transaction():
        monthly.correct(JANUARY, reason="some had been missing", actor=None, now=NOW)
    published()


def test_each_month_makes_a_release_and_every_release_stays():
    assert published() == [(2026, 1), (2026, 2)]
    assert month_cells(1) == {("2026-01", "exercise"): 12}
    assert month_cells() == {
        ("2026-01", "exercise"): 12,
        ("2026-02", "exercise"): Mark.HIDDEN,
        ("2026-01", "culture"): Mark.NOT_IN_USE,
        ("2026-02", "culture"): 6,
    }
    release = queries.release(2026)
    assert release is not None
    assert release.tables[PublicTable.MONTHS].kinds == ("exercise", "culture")
    assert release.tables[PublicTable.MONTHS].total == {"exercise": Mark.NOT_YET, "culture": Mark.NOT_YET}
    assert (release.until, release.threshold, release.grouped) == (FEBRUARY, 5, ("489", "624", "935"))
    assert [head.version for head in queries.versions(2026)] == [2, 1]
    assert queries.years() == [2026]
    assert queries.release(2026, 3) is queries.release(2025) is None


def test_publishing_again_makes_nothing_new():
    published()
    assert published() == []
    with transaction():
        again = publish(JANUARY, now=NOW, threshold=5)
    assert again.version == 2
    assert db.session.scalar(select(func.count()).select_from(PublicRelease)) == 2


def test_publishing_is_logged():
    published()
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.FIGURES_PUBLISHED)).all()
    assert [row.object_id for row in rows] == ["2026/v1", "2026/v2"]


def test_a_month_that_is_not_frozen_is_not_published():
    with pytest.raises(NothingFrozenError), transaction():
        publish(Month(2026, 3), now=NOW, threshold=5)


def test_a_year_keeps_the_threshold_of_its_first_release():
    with transaction():
        publish(JANUARY, now=NOW, threshold=5)
    published(threshold=20)
    assert month_cells()["2026-01", "exercise"] == 12


def test_where_protection_leaves_no_way_on_the_month_is_withheld_and_freezing_does_not_wait(monkeypatch):
    with transaction():
        publish(JANUARY, now=NOW, threshold=5)
    monkeypatch.setattr(operations, "continues", lambda *args, **how: False)
    assert published() == [(2026, 2)]
    assert month_cells() == {
        ("2026-01", "exercise"): 12,
        ("2026-02", "exercise"): Mark.WITHHELD,
        ("2026-01", "culture"): Mark.NOT_IN_USE,
        ("2026-02", "culture"): 6,
    }


def test_a_correction_by_many_is_published_and_says_so():
    published()
    correct(8)
    release = queries.release(2026)
    assert release is not None
    assert month_cells()["2026-01", "exercise"] == 20
    assert month_cells(2)["2026-01", "exercise"] == 12
    [correction] = [each for each in release.corrections if each.period == "2026-01"]
    assert (correction.version, correction.reason) == (2, "some had been missing")
    assert correction.kinds_published == ("exercise",)
    assert release.withheld == []


def test_a_correction_by_few_is_withheld_and_says_so_until_it_is_more():
    published()
    correct(2)
    release = queries.release(2026)
    assert release is not None
    assert month_cells()["2026-01", "exercise"] == 12
    assert [(each.period, each.kind, each.reason_code) for each in release.withheld] == [
        ("2026-01", "exercise", WithheldReason.CORRECTION)
    ]
    assert next(each for each in release.corrections if each.period == "2026-01").kinds_published == ()
    correct(4)
    assert month_cells()["2026-01", "exercise"] == 18


def test_the_worker_publishes_what_it_freezes():
    events.sent("2026-03-03 10:00", times=9)
    with transaction():
        monthly.job().work("2026-03", helsinki("2026-04-01 06:00"))
    assert month_cells()["2026-03", "exercise"] == 9
    state = queries.publication_state(Month(2026, 3))
    assert state.is_current
    assert state.release is not None
    assert not queries.publication_state(Month(2026, 4)).is_current


@pytest.mark.parametrize(
    "statement", [update(PublicNumber).values(number=1, mark=None), delete(PublicRelease)]
)
def test_the_database_refuses_to_change_what_was_published(statement):
    published()
    with pytest.raises(DBAPIError, match="only added to"), db.session.begin_nested():
        db.session.execute(statement)


def test_a_release_is_read_with_few_queries(query_budget):
    published()
    with query_budget(4):
        queries.release(2026)
