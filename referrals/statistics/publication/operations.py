"""Publishing: the tables of a year are masked and stored as its next release, in the transaction of the freezing."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from referrals.kinds.queries import kinds
from referrals.statistics.models import FrozenMonth
from referrals.statistics.publication.frozen import (
    Numbers,
    Places,
    numbers_of,
    places,
    versions_until,
    year_of,
)
from referrals.statistics.publication.masking import Masked, continues, mask, merged_kinds
from referrals.statistics.publication.models import (
    PublicNumber,
    PublicRelease,
    PublicReleaseMonth,
    PublicWithheld,
)
from referrals.statistics.publication.queries import months_of, newest_release, unpublished_months
from referrals.statistics.publication.tables import PublicTable, WithheldReason
from referrals.statistics.suppression import Mark, Shown
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core.db import db
from servicetray.core.errors import DomainError
from servicetray.core.periods import Month

Basis = Mapping[Month, int]
"""On which version of each month the published numbers of a kind rest."""

BY_PERIOD: Final = frozenset({PublicTable.MONTHS, PublicTable.PLACES})


class NothingFrozenError(DomainError):
    """The month is not frozen."""


def publish(month: Month, *, now: dt.datetime, threshold: int) -> PublicRelease:
    """Publish what a frozen month adds to its year, or what its correction changes; return the year's release.

    Publishing again what is published already makes nothing new. A year keeps the threshold and the group of
    small municipalities of its first release: what they hid or showed can't be taken back.

    Args:
        month: a month that is frozen.
        now: when it is published.
        threshold: counts below it are hidden, where this is the year's first release.

    Raises:
        NothingFrozenError: if the month is not frozen.
    """
    last = newest_release(month.year)
    until = max(month, Month.parse(last.until)) if last else month
    frozen = versions_until(month.year, until)
    if month not in frozen:
        raise NothingFrozenError(str(month))
    making = _Making(
        year=month.year,
        until=until,
        before=Month.parse(last.until) if last else None,
        threshold=last.threshold if last else threshold,
        shown=places(grouped=last.grouped if last else None),
        frozen=frozen,
        numbers=numbers_of(chain.from_iterable(frozen.values())),
        known={Month.parse(each.period): each for each in (months_of(last.id) if last else ())},
    )
    made = {kind: making.published(kind) for kind in making.kinds()}
    release = PublicRelease(
        year=month.year,
        version=last.version + 1 if last else 1,
        published_at=now,
        until=str(until),
        digest=_digest(making, made),
        threshold=making.threshold,
        grouped=list(making.shown.grouped),
    )
    if last is not None and last.digest == release.digest:
        return last
    db.session.add(release)
    db.session.flush()
    db.session.add_all(_rows(release.id, making, made))
    db.session.flush()
    record(
        Action.FIGURES_PUBLISHED,
        actor=None,
        object_type="release",
        object_id=f"{release.year}/v{release.version}",
        now=now,
        detail={"until": release.until, "digest": release.digest},
    )
    return release


def catch_up(*, now: dt.datetime, threshold: int) -> Sequence[PublicRelease]:
    """Publish every frozen month, and every correction, that no release knows yet, oldest first."""
    return tuple(publish(month, now=now, threshold=threshold) for month in unpublished_months())


@dataclass(frozen=True, kw_only=True)
class _Published:
    """What a release holds of one kind."""

    basis: Basis
    masked: Masked
    withheld: Sequence[tuple[PublicTable, str, WithheldReason]]


@dataclass(frozen=True, kw_only=True)
class _Making:
    """One release in the making."""

    year: int
    until: Month
    before: Month | None
    """Until when the last release reached."""
    threshold: int
    shown: Places
    frozen: Mapping[Month, Sequence[FrozenMonth]]
    numbers: Mapping[tuple[Month, int], Mapping[str, Numbers]]
    known: Mapping[Month, PublicReleaseMonth]

    def newest(self, month: Month) -> FrozenMonth:
        return self.frozen[month][-1]

    def kinds(self) -> Sequence[str]:
        used = {kind for by_kind in self.numbers.values() for kind in by_kind}
        return merged_kinds((each.code for each in kinds()), used)

    def published(self, kind: str) -> _Published:
        """Decide on which versions a kind's numbers rest: on the newest, unless that told too much."""
        newest = self._in_use(kind, {month: self.newest(month).version for month in self.frozen})
        old = {month: row.basis[kind] for month, row in self.known.items() if kind in row.basis}
        before = self._masked(kind, old, self.before) if self.before and old else None
        # A version that changes nothing here (the open stock alone, or another kind) is taken without more ado.
        same = {
            month: newest[month] if self._equal(kind, month, version, newest.get(month)) else version
            for month, version in old.items()
        }
        added = {month: version for month, version in newest.items() if month not in self.known}
        later = {month: version for month, version in added.items() if not self.before or month > self.before}
        basis, masked = self._safest(kind, before, old, (newest, {**same, **added}, {**same, **later}))
        held = [
            (PublicTable.MONTHS, str(month), WithheldReason.CORRECTION)
            for month in sorted({*newest, *basis})
            if basis.get(month) != newest.get(month)
        ]
        return _Published(basis=basis, masked=masked, withheld=(*masked.withheld, *held))

    def _safest(
        self, kind: str, before: Masked | None, old: Basis, candidates: Sequence[Basis]
    ) -> tuple[Basis, Masked]:
        """Return the first that what was published before allows; where none is, a kind stays as it was."""
        for basis in candidates:
            masked = self._masked(kind, basis, self.until)
            if before is None or continues(before, masked, threshold=self.threshold):
                return basis, masked
        # What is new is then withheld, and says so: freezing the month must not wait for what may be published.
        assert before is not None
        return old, before

    def _masked(self, kind: str, basis: Basis, until: Month | None) -> Masked:
        months = {month: self.numbers[month, version][kind] for month, version in sorted(basis.items())}
        own = all(self.newest(month).source is None for month in months)
        year = year_of(kind, months, year=self.year, until=until or self.until, shown=self.shown, own=own)
        return mask(year, threshold=self.threshold)

    def _in_use(self, kind: str, basis: Basis) -> Basis:
        return {month: version for month, version in basis.items() if kind in self.numbers[month, version]}

    def _equal(self, kind: str, month: Month, old: int, new: int | None) -> bool:
        return new is not None and self.numbers[month, old][kind] == self.numbers[month, new][kind]


def _cells(made: Mapping[str, _Published]) -> Iterator[tuple[PublicTable, str, str, Shown]]:
    """Yield every published cell in the order of the pages; an empty row is the table's total."""
    for table in PublicTable:
        rows = dict.fromkeys(row for each in made.values() for of, row in each.masked.cells if of is table)
        ordered = sorted(rows, key=_period) if table in BY_PERIOD else list(rows)
        for kind, each in made.items():
            for row in ordered:
                yield table, kind, row, each.masked.cells.get((table, row), _missing(table, row, each))
            if table in each.masked.totals:
                yield table, kind, "", each.masked.totals[table]


def _missing(table: PublicTable, row: str, each: _Published) -> Mark:
    # A month may be missing because the kind was not in use, or because it came too late to be shown.
    late = (table, row, WithheldReason.CORRECTION) in each.withheld
    return Mark.WITHHELD if late else Mark.NOT_IN_USE


def _period(row: str) -> str:
    return row.partition("/")[0]


def _rows(
    release_id: int, making: _Making, made: Mapping[str, _Published]
) -> Iterator[PublicNumber | PublicReleaseMonth | PublicWithheld]:
    for month in sorted(making.frozen):
        yield PublicReleaseMonth(
            release_id=release_id,
            period=str(month),
            frozen_version=making.newest(month).version,
            basis={kind: each.basis[month] for kind, each in made.items() if month in each.basis},
        )
    for table, kind, row, cell in _cells(made):
        shown = isinstance(cell, int)
        yield PublicNumber(
            release_id=release_id,
            table_code=table,
            kind_code=kind,
            row_code=row,
            number=cell if shown else None,
            mark=None if shown else cell,
        )
    for kind, each in made.items():
        for table, period, reason in each.withheld:
            yield PublicWithheld(
                release_id=release_id, table_code=table, kind_code=kind, period=period, reason=reason
            )


def _digest(making: _Making, made: Mapping[str, _Published]) -> str:
    content = {
        "year": making.year,
        "until": str(making.until),
        "threshold": making.threshold,
        "grouped": list(making.shown.grouped),
        "months": [[str(month), making.newest(month).digest] for month in sorted(making.frozen)],
        "basis": [
            [kind, str(month), version]
            for kind, each in made.items()
            for month, version in sorted(each.basis.items())
        ],
        "cells": [[*map(str, names), cell] for *names, cell in _cells(made)],
        "withheld": [[kind, *map(str, held)] for kind, each in made.items() for held in each.withheld],
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
