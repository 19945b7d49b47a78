"""Questions about the monthly reports."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from referrals.statistics.models import FrozenMonth
from referrals.statistics.report.models import MonthlyReport
from referrals.statistics.report.numbers import Numbers
from servicetray.core.db import db
from servicetray.core.periods import Month


@dataclass(frozen=True, kw_only=True)
class ReportHead:
    """A version of a month's report, without its numbers."""

    period: str
    version: int
    made_at: dt.datetime
    correction: str | None


def newest_heads() -> Sequence[ReportHead]:
    """Return the latest version of each month's report, the newest month first."""
    last = (
        select(MonthlyReport.period, func.max(MonthlyReport.version).label("version"))
        .group_by(MonthlyReport.period)
        .subquery()
    )
    return _heads(
        _head()
        .join(last, (MonthlyReport.period == last.c.period) & (MonthlyReport.version == last.c.version))
        .order_by(MonthlyReport.period.desc(), MonthlyReport.id)
    )


def versions_of(month: Month) -> Sequence[ReportHead]:
    """Return every version of a month's report, the newest first."""
    return _heads(
        _head()
        .where(MonthlyReport.period == str(month))
        .order_by(MonthlyReport.version.desc(), MonthlyReport.id)
    )


def report(month: Month, version: int) -> MonthlyReport | None:
    """Return one version of a month's report, or None."""
    return db.session.scalars(
        select(MonthlyReport).where(MonthlyReport.period == str(month), MonthlyReport.version == version)
    ).one_or_none()


def numbers_of(found: MonthlyReport) -> Numbers:
    """Return the numbers that a report was made of."""
    return Numbers.from_json(found.numbers)


def without_report() -> Sequence[tuple[str, int]]:
    """Return the latest versions of frozen months that no report tells of yet: (period, version), oldest first.

    Months that were brought in from an earlier system have none: what it counted is not ours to tell.
    """
    last = (
        select(FrozenMonth.period, func.max(FrozenMonth.version).label("version"))
        .where(FrozenMonth.source.is_(None))
        .group_by(FrozenMonth.period)
        .subquery()
    )
    rows = db.session.execute(
        select(last.c.period, last.c.version)
        .outerjoin(
            MonthlyReport,
            (MonthlyReport.period == last.c.period) & (MonthlyReport.version == last.c.version),
        )
        .where(MonthlyReport.id.is_(None))
        .order_by(last.c.period)
    )
    return [(period, version) for period, version in rows]


def _head() -> Select[str, int, dt.datetime, str | None]:
    return select(
        MonthlyReport.period, MonthlyReport.version, MonthlyReport.made_at, MonthlyReport.correction
    )


def _heads(statement: Select[str, int, dt.datetime, str | None]) -> Sequence[ReportHead]:
    return [
        ReportHead(period=period, version=version, made_at=made_at, correction=correction)
        for period, version, made_at, correction in db.session.execute(statement)
    ]
