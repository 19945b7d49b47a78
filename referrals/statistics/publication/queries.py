"""What was published, read as it was stored."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from referrals.statistics.models import FrozenMonth
from referrals.statistics.publication.models import (
    PublicNumber,
    PublicRelease,
    PublicReleaseMonth,
    PublicWithheld,
)
from referrals.statistics.publication.tables import (
    Correction,
    PublicationState,
    PublicNumbers,
    PublicTable,
    Release,
    ReleaseHead,
    Withheld,
)
from referrals.statistics.suppression import Mark, Shown
from servicetray.core.db import db
from servicetray.core.periods import Month


def years() -> Sequence[int]:
    """Return the years that have a release, newest first."""
    return db.session.scalars(select(PublicRelease.year).distinct().order_by(PublicRelease.year.desc())).all()


def release(year: int, version: int | None = None) -> Release | None:
    """Return a year's release, the newest one where no version is asked for; None where there is none."""
    found = newest_release(year) if version is None else _release(year, version)
    if found is None:
        return None
    head = _head(found)
    frozen = _months_with_frozen(found.id)
    return Release(
        year=head.year,
        version=head.version,
        published_at=head.published_at,
        until=head.until,
        digest=head.digest,
        threshold=found.threshold,
        tables=_tables(found),
        corrections=[
            Correction(
                period=row.period,
                version=month.version,
                reason=month.correction,
                frozen_at=month.frozen_at,
                kinds_published=tuple(kind for kind, basis in row.basis.items() if basis >= month.version),
            )
            for row, month in frozen
            if month.correction
        ],
        withheld=[
            Withheld(table=row.table_code, kind=row.kind_code, period=row.period, reason_code=row.reason)
            for row in db.session.scalars(
                select(PublicWithheld)
                .where(PublicWithheld.release_id == found.id)
                .order_by(PublicWithheld.id)
            )
        ],
        sources={row.period: month.source for row, month in frozen if month.source},
        grouped=tuple(found.grouped),
    )


def versions(year: int) -> Sequence[ReleaseHead]:
    """Return the releases of a year, newest first."""
    rows = db.session.scalars(
        select(PublicRelease).where(PublicRelease.year == year).order_by(PublicRelease.version.desc())
    )
    return tuple(_head(row) for row in rows)


def publication_state(month: Month) -> PublicationState:
    """Return whether a month is published, and where first."""
    first = db.session.scalars(
        select(PublicRelease)
        .join(PublicReleaseMonth, PublicReleaseMonth.release_id == PublicRelease.id)
        .where(PublicReleaseMonth.period == str(month))
        .order_by(PublicRelease.version)
        .limit(1)
    ).first()
    return PublicationState(
        month=month,
        release=_head(first) if first else None,
        is_current=first is not None and month not in unpublished_months(),
    )


def unpublished_months() -> Sequence[Month]:
    """Return the frozen months of which no release of their year knows the newest version, oldest first."""
    latest = (
        select(PublicRelease.year, func.max(PublicRelease.version).label("version"))
        .group_by(PublicRelease.year)
        .subquery()
    )
    known = (
        select(PublicReleaseMonth.period, PublicReleaseMonth.frozen_version)
        .join(PublicRelease, PublicReleaseMonth.release_id == PublicRelease.id)
        .join(latest, (PublicRelease.year == latest.c.year) & (PublicRelease.version == latest.c.version))
        .subquery()
    )
    rows = db.session.scalars(
        select(FrozenMonth.period)
        .outerjoin(known, known.c.period == FrozenMonth.period)
        .group_by(FrozenMonth.period, known.c.frozen_version)
        .having(func.max(FrozenMonth.version) > func.coalesce(known.c.frozen_version, 0))
        .order_by(FrozenMonth.period)
    )
    return tuple(Month.parse(period) for period in rows)


def newest_release(year: int) -> PublicRelease | None:
    """Return the newest release of a year as it is stored, or None."""
    return db.session.scalars(
        select(PublicRelease)
        .where(PublicRelease.year == year)
        .order_by(PublicRelease.version.desc())
        .limit(1)
    ).first()


def months_of(release_id: int) -> Sequence[PublicReleaseMonth]:
    """Return the frozen months that a release knows, oldest first."""
    return db.session.scalars(
        select(PublicReleaseMonth)
        .where(PublicReleaseMonth.release_id == release_id)
        .order_by(PublicReleaseMonth.period)
    ).all()


def _release(year: int, version: int) -> PublicRelease | None:
    return db.session.scalars(
        select(PublicRelease).where(PublicRelease.year == year, PublicRelease.version == version)
    ).first()


def _head(row: PublicRelease) -> ReleaseHead:
    return ReleaseHead(
        year=row.year,
        version=row.version,
        published_at=row.published_at,
        until=Month.parse(row.until),
        digest=row.digest,
    )


def _months_with_frozen(release_id: int) -> Sequence[tuple[PublicReleaseMonth, FrozenMonth]]:
    rows = db.session.execute(
        select(PublicReleaseMonth, FrozenMonth)
        .join(
            FrozenMonth,
            (FrozenMonth.period == PublicReleaseMonth.period)
            & (FrozenMonth.version == PublicReleaseMonth.frozen_version),
        )
        .where(PublicReleaseMonth.release_id == release_id)
        .order_by(PublicReleaseMonth.period)
    )
    return tuple((row, month) for row, month in rows)


def _tables(found: PublicRelease) -> Mapping[PublicTable, PublicNumbers]:
    numbers = db.session.scalars(
        select(PublicNumber).where(PublicNumber.release_id == found.id).order_by(PublicNumber.id)
    ).all()
    kinds = tuple(dict.fromkeys(each.kind_code for each in numbers))
    tables = {}
    for table in PublicTable:
        own = [each for each in numbers if each.table_code is table]
        tables[table] = PublicNumbers(
            table=table,
            year=found.year,
            rows=tuple(dict.fromkeys(each.row_code for each in own if each.row_code)),
            kinds=kinds,
            cells={(each.row_code, each.kind_code): _cell(each) for each in own if each.row_code},
            total={each.kind_code: _cell(each) for each in own if not each.row_code},
        )
    return tables


def _cell(row: PublicNumber) -> Shown:
    if row.number is not None:
        return row.number
    return row.mark or Mark.WITHHELD
