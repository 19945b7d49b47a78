"""Making the report of a frozen month: once for each of its versions, announced to the coordinators."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from referrals import notifications
from referrals.kinds import queries as kinds
from referrals.statistics import queries as figures
from referrals.statistics.counting import COUNTY, Dimension, Measure
from referrals.statistics.models import FrozenMonth
from referrals.statistics.report import queries
from referrals.statistics.report.models import MonthlyReport
from referrals.statistics.report.numbers import Numbers, Source, Which, chosen, digest
from referrals.statistics.report.published import published_months
from referrals.statistics.report.sections import added_sections
from servicetray.core.db import db
from servicetray.core.errors import DomainError
from servicetray.core.jobs import Job, done_periods
from servicetray.core.periods import Month

JOB_NAME = "figures.report"
NEWS: Final = dt.timedelta(days=62)
"""How long after its end a month's report is still announced. Where many months are caught up with, as after
taking this product version into use, only the last ones are news; all of them are on the list."""
FRESH_CORRECTION: Final = dt.timedelta(days=7)
"""A correction is announced however old its month is, if it was made just now."""


class NotFrozenError(DomainError):
    """There is no frozen month to tell of."""


def due(now: dt.datetime) -> Sequence[str]:
    """Return what the job has to make: ``2024-12``, or for a correction ``2024-12/2``, oldest first."""
    del now
    done = done_periods(JOB_NAME)
    wanted = (_key(period, version) for period, version in queries.without_report())
    return tuple(key for key in wanted if key not in done)


def make(month: Month, *, now: dt.datetime) -> MonthlyReport:
    """Make and store the report of the newest version of a frozen month.

    Raises:
        NotFrozenError: if the month is not frozen, or was brought in from an earlier system.
    """
    frozen = figures.newest(month)
    if frozen is None or frozen.source is not None:
        raise NotFrozenError(str(month))
    numbers = numbers_of(frozen)
    made = MonthlyReport(
        period=frozen.period,
        version=frozen.version,
        made_at=now,
        digest=digest(numbers),
        correction=frozen.correction,
        numbers=numbers.as_json(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def numbers_of(frozen: FrozenMonth) -> Numbers:
    """Gather what the report of a frozen month tells."""
    month = Month.parse(frozen.period)
    found = {
        Which.THIS: frozen,
        Which.BEFORE: figures.newest(month.previous()),
        Which.YEAR_BEFORE: figures.newest(Month(month.year - 1, month.month)),
    }
    sources = {
        which: _source(which, each)
        for which, each in found.items()
        # An earlier system may have counted otherwise: its months are shown apart and never compared with ours.
        if each is not None and each.source is None
    }
    cells = sources[Which.THIS].cells
    used = {
        cell.kind
        for cell in cells
        if cell.measure is Measure.REFERRALS
        and (cell.municipality, cell.dimension) == (COUNTY, Dimension.NONE)
    }
    # Kinds in their own order; those that are not taken into use any more come last.
    in_order = [kind.code for kind in kinds.kinds() if kind.code in used]
    return Numbers(
        month=month,
        kinds=[*in_order, *sorted(used - set(in_order))],
        sources=sources,
        published=published_months(month),
        sections=_collected(month),
    )


def job() -> Job:
    """Return the job that makes each report once."""
    return Job(name=JOB_NAME, due=due, work=_work)


def _work(key: str, now: dt.datetime) -> None:
    period, _slash, _version = key.partition("/")
    month = Month.parse(period)
    made = make(month, now=now)
    if _is_news(month, correction=made.correction, now=now):
        notifications.tell_coordinators_of_report(period, version=made.version, now=now)


def _is_news(month: Month, *, correction: str | None, now: dt.datetime) -> bool:
    if now - month.bounds[1] <= NEWS:
        return True
    frozen = figures.newest(month)
    return bool(correction) and frozen is not None and now - frozen.frozen_at <= FRESH_CORRECTION


def _key(period: str, version: int) -> str:
    return period if version == 1 else f"{period}/{version}"


def _source(which: Which, frozen: FrozenMonth) -> Source:
    return Source(
        period=frozen.period,
        version=frozen.version,
        digest=frozen.digest,
        cells=chosen(figures.frozen_counts(frozen).numbers.items(), which=which),
    )


def _collected(month: Month) -> Mapping[str, Mapping[str, Any]]:
    told = {section.name: section.collect(month) for section in added_sections()}
    return {name: found for name, found in told.items() if found is not None}
