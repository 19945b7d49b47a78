"""What a monthly report is made of: every number that it uses, as it is stored with it. Pure.

The numbers are cells of frozen months (the month itself, the one before, the same a year earlier) and of what is
published. Differences and sums are worked out when the report is read, from these alone; so a report that was made
once tells the same for ever, whatever is corrected later.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from referrals.statistics.counting import COUNTY, Cell, Dimension, Measure
from referrals.statistics.suppression import Mark, Shown
from servicetray.core.periods import Month

WAITS: Final = (Measure.DAYS_TO_ACCEPTED, Measure.DAYS_TO_REACHED)
REPORTED: Final = frozenset(
    {
        Measure.REFERRALS,
        Measure.ACCEPTED,
        Measure.REACHED,
        Measure.STARTED,
        Measure.CLOSED,
        Measure.RETURNED,
        Measure.CANCELLED,
        Measure.EXPIRED,
        Measure.WITHDRAWN,
        Measure.VOIDED,
        Measure.OPEN_AT_START,
        Measure.IN,
        Measure.OUT,
        Measure.OPEN_AT_END,
        *WAITS,
    }
)
COMPARED: Final = frozenset({Measure.REFERRALS, *WAITS})
"""What is told of the other two months."""
SPLIT_BY: Final = frozenset({Dimension.NONE, Dimension.REASON, Dimension.AGE_GROUP, Dimension.OUTCOME})


class Which(StrEnum):
    """A month of the three, seen from the report's own."""

    THIS = "this"
    BEFORE = "before"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A frozen month that was read."""

    period: str
    version: int
    digest: str
    cells: Mapping[Cell, int]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "period": self.period,
            "version": self.version,
            "digest": self.digest,
            "cells": [[*map(str, cell), number] for cell, number in sorted(self.cells.items())],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read it as it was stored."""
        return cls(
            period=stored["period"],
            version=stored["version"],
            digest=stored["digest"],
            cells={
                Cell(Measure(measure), kind, place, Dimension(dimension), value): number
                for measure, kind, place, dimension, value, number in stored["cells"]
            },
        )


@dataclass(frozen=True, kw_only=True)
class PublishedMonths:
    """What is published of the report's month and those before it: numbers that anybody may be told."""

    releases: Sequence[tuple[int, int, str]]
    """Year, version and digest of each release that was read."""
    months: Mapping[Month, Mapping[str, Shown]]
    """By kind; oldest month first."""
    year: Mapping[str, Shown]
    """The total of the month's year by kind; none before it is over."""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "releases": [list(release) for release in self.releases],
            "months": {str(month): _stored(shown) for month, shown in self.months.items()},
            "year": _stored(self.year),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read it as it was stored."""
        return cls(
            releases=[(year, version, digest) for year, version, digest in stored["releases"]],
            months={Month.parse(month): _shown(cells) for month, cells in sorted(stored["months"].items())},
            year=_shown(stored["year"]),
        )


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Everything that one version of a month's report tells."""

    month: Month
    kinds: Sequence[str]
    """Codes of the kinds that were in use, in the order in which they are told."""
    sources: Mapping[Which, Source]
    """A month that was not frozen when the report was made is not there."""
    published: PublishedMonths | None
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What other parts of the house have to tell, by the name of their section."""

    def of(
        self, measure: Measure, kind: str, place: str = COUNTY, *, which: Which = Which.THIS
    ) -> int | None:
        """Return a number; None where the kind was not in use in that month, or nobody was counted."""
        source = self.sources.get(which)
        return None if source is None else source.cells.get(Cell(measure, kind, place))

    def flow(self, measure: Measure, kind: str, place: str = COUNTY) -> int:
        """Return how many of something there were in the month."""
        return self.of(measure, kind, place) or 0

    def total(self, place: str = COUNTY, *, which: Which = Which.THIS) -> int | None:
        """Return the referrals of all kinds; None where none was in use, or the month is not known."""
        found = [self.of(Measure.REFERRALS, kind, place, which=which) for kind in self.kinds]
        known = [number for number in found if number is not None]
        return sum(known) if known else None

    def by(self, dimension: Dimension, measure: Measure, kind: str) -> dict[str, int]:
        """Return the month's numbers of the county by the values of a dimension."""
        return {
            cell.value: number
            for cell, number in sorted(self.sources[Which.THIS].cells.items())
            if (cell.measure, cell.kind, cell.dimension) == (measure, kind, dimension)
        }

    def places(self) -> list[str]:
        """Return the municipalities that have numbers, by code."""
        cells = self.sources[Which.THIS].cells
        return sorted({cell.municipality for cell in cells if cell.municipality != COUNTY})

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "month": str(self.month),
            "kinds": list(self.kinds),
            "sources": {which.value: source.as_json() for which, source in self.sources.items()},
            "published": self.published.as_json() if self.published else None,
            "sections": {name: dict(told) for name, told in self.sections.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read it as it was stored."""
        published = stored["published"]
        return cls(
            month=Month.parse(stored["month"]),
            kinds=stored["kinds"],
            sources={Which(which): Source.from_json(each) for which, each in stored["sources"].items()},
            published=PublishedMonths.from_json(published) if published else None,
            sections=stored["sections"],
        )


def chosen(cells: Iterable[tuple[Cell, int]], *, which: Which) -> dict[Cell, int]:
    """Return those cells of a frozen month that the report tells of."""
    if which is Which.THIS:
        return {
            cell: number for cell, number in cells if cell.measure in REPORTED and cell.dimension in SPLIT_BY
        }
    return {
        cell: number
        for cell, number in cells
        if cell.measure in COMPARED and cell.dimension is Dimension.NONE
    }


def digest(numbers: Numbers) -> str:
    """Return the SHA-256 of a report's numbers: the same frozen months give the same."""
    text = json.dumps(numbers.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _stored(cells: Mapping[str, Shown]) -> dict[str, int | str]:
    return {kind: cell.value if isinstance(cell, Mark) else cell for kind, cell in cells.items()}


def _shown(cells: Mapping[str, int | str]) -> dict[str, Shown]:
    return {kind: Mark(cell) if isinstance(cell, str) else cell for kind, cell in cells.items()}
