"""Reading frozen months as the years that are masked."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from referrals.county.content import AGE_GROUPS, OLDEST
from referrals.kinds.queries import reasons
from referrals.moves import Outcome
from referrals.statistics.counting import COUNTY, Dimension, Measure
from referrals.statistics.models import FrozenMonth, FrozenRow
from referrals.statistics.publication.masking import Year
from referrals.statistics.publication.tables import GROUP, SMALL_PLACE, LoopRow, Stage, quarter_of
from referrals.statistics.queries import figures
from servicetray.core.db import db
from servicetray.core.municipalities import municipalities
from servicetray.core.periods import Month, Period

AGES: Final = (*(name for _last, name in AGE_GROUPS), OLDEST)
STAGES: Final = {
    Stage.SENT: Measure.REFERRALS,
    Stage.ACCEPTED: Measure.ACCEPTED,
    Stage.REACHED: Measure.REACHED,
    Stage.STARTED: Measure.STARTED,
}
"""The last one, completed, is an outcome."""
SHARES: Final = {
    LoopRow.CLAIMED_IN_TIME: (Measure.CLAIMED_IN_WEEK, Measure.CLAIMS),
    LoopRow.LOOPS_CLOSED: (Measure.LOOPS_CLOSED, Measure.LOOPS),
}
MEDIANS: Final = {
    LoopRow.DAYS_TO_ACCEPTED: Measure.DAYS_TO_ACCEPTED,
    LoopRow.DAYS_TO_REACHED: Measure.DAYS_TO_REACHED,
}
PUBLISHED: Final = frozenset(
    {
        *STAGES.values(),
        Measure.CLOSED,
        *(measure for pair in SHARES.values() for measure in pair),
    }
)
"""Measures that public tables are made of; what else changes in a month changes nothing for them."""
DIMENSIONS: Final = frozenset({Dimension.NONE, Dimension.REASON, Dimension.AGE_GROUP, Dimension.OUTCOME})

Key = tuple[Measure, str, Dimension, str]
"""Measure, municipality, dimension, value."""
Numbers = Mapping[Key, int]
Versions = Mapping[Month, int]


@dataclass(frozen=True, kw_only=True)
class Places:
    """How municipalities stand in the public tables."""

    order: Sequence[str]
    """Those shown by themselves, the smallest first, and then the group."""
    grouped: Sequence[str]

    def of(self, municipality: str) -> str:
        """Return under what a municipality is shown; one that is not the county's own is in the group."""
        return municipality if municipality in self.order else GROUP


def places(*, grouped: Sequence[str] | None = None) -> Places:
    """Return how municipalities are shown: as they were grouped before, or else by their inhabitants."""
    known = municipalities()
    if grouped is None:
        grouped = sorted(each.code for each in known if each.population < SMALL_PLACE)
    large = sorted(
        (each for each in known if each.code not in grouped), key=lambda each: (each.population, each.code)
    )
    return Places(order=(*(each.code for each in large), GROUP), grouped=tuple(grouped))


def versions_until(year: int, until: Month) -> Mapping[Month, Sequence[FrozenMonth]]:
    """Return every version of the frozen months of a year up to one of them, the oldest version first."""
    rows = db.session.scalars(
        select(FrozenMonth)
        .where(FrozenMonth.period >= str(Month(year, 1)), FrozenMonth.period <= str(until))
        .order_by(FrozenMonth.period, FrozenMonth.version, FrozenMonth.id)
    )
    found: dict[Month, list[FrozenMonth]] = defaultdict(list)
    for row in rows:
        found[Month.parse(row.period)].append(row)
    return found


def numbers_of(months: Iterable[FrozenMonth]) -> Mapping[tuple[Month, int], Mapping[str, Numbers]]:
    """Return the numbers of frozen months by month and version, and in each by kind."""
    by_id = {row.id: (Month.parse(row.period), row.version) for row in months}
    found: dict[tuple[Month, int], dict[str, dict[Key, int]]] = {place: {} for place in by_id.values()}
    rows = db.session.execute(
        select(
            FrozenRow.month_id,
            FrozenRow.kind_code,
            FrozenRow.measure,
            FrozenRow.municipality_code,
            FrozenRow.dimension,
            FrozenRow.value,
            FrozenRow.number,
        )
        .where(
            FrozenRow.month_id.in_(by_id),
            FrozenRow.measure.in_(sorted(PUBLISHED)),
            FrozenRow.dimension.in_(sorted(DIMENSIONS)),
            (FrozenRow.municipality_code == COUNTY) | (FrozenRow.measure == Measure.REFERRALS.value),
        )
        .order_by(FrozenRow.id)
    )
    for month_id, kind, measure, municipality, dimension, value, number in rows:
        key = (Measure(measure), municipality, Dimension(dimension), value)
        found[by_id[month_id]].setdefault(kind, {})[key] = number
    return found


def year_of(
    kind: str, months: Mapping[Month, Numbers], *, year: int, until: Month, shown: Places, own: bool
) -> Year:
    """Return the numbers of a kind in a year from its months.

    Args:
        kind: its code.
        months: the months in which it was in use.
        year: the year.
        until: the last month that is frozen.
        shown: how municipalities are shown.
        own: whether all months were frozen from events of this system, so that medians can be had from them.
    """
    is_over, told = until >= Month(year, 12), _reasons(months)
    return Year(
        year=year,
        until=until,
        months={
            month: numbers[Measure.REFERRALS, COUNTY, Dimension.NONE, ""] for month, numbers in months.items()
        },
        places=_places(months, shown),
        place_order=shown.order,
        reasons=told,
        reason_order=tuple(dict.fromkeys((*(choice.code for choice in reasons(kind)), *sorted(told)))),
        ages=_by(months, Dimension.AGE_GROUP, Measure.REFERRALS, AGES),
        outcomes=_outcomes(months),
        stages={
            stage: total
            for stage, measure in STAGES.items()
            if (total := _total(months, measure)) is not None
        },
        shares={
            row: (part, whole)
            for row, (of, measure) in SHARES.items()
            if (part := _total(months, of)) is not None and (whole := _total(months, measure)) is not None
        },
        medians=_medians(kind, year) if is_over and own else {},
    )


def _places(months: Mapping[Month, Numbers], shown: Places) -> Mapping[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for month, numbers in months.items():
        for (measure, municipality, dimension, _value), number in numbers.items():
            if measure is Measure.REFERRALS and municipality and dimension is Dimension.NONE:
                found[quarter_of(month), shown.of(municipality)] += number
    return found


def _total(months: Mapping[Month, Numbers], measure: Measure) -> int | None:
    # None: a month of another system came without it.
    parts = [numbers.get((measure, COUNTY, Dimension.NONE, "")) for numbers in months.values()]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _by(
    months: Mapping[Month, Numbers], dimension: Dimension, measure: Measure, values: Iterable[str]
) -> dict[str, int]:
    found = Counter(dict.fromkeys(values, 0))
    for numbers in months.values():
        for (of, municipality, split, value), number in numbers.items():
            if (of, municipality, split) == (measure, COUNTY, dimension):
                found[value] += number
    return dict(found)


def _reasons(months: Mapping[Month, Numbers]) -> Mapping[str, int]:
    for numbers in months.values():
        told = sum(_by({Month(1, 1): numbers}, Dimension.REASON, Measure.REFERRALS, ()).values())
        if told < numbers[Measure.REFERRALS, COUNTY, Dimension.NONE, ""]:
            return {}
    return _by(months, Dimension.REASON, Measure.REFERRALS, ())


def _outcomes(months: Mapping[Month, Numbers]) -> Mapping[str, int]:
    found = _by(months, Dimension.OUTCOME, Measure.CLOSED, (each.value for each in Outcome))
    return found if sum(found.values()) == _total(months, Measure.CLOSED) else {}


def _medians(kind: str, year: int) -> Mapping[LoopRow, tuple[int, int]]:
    waits = figures(Period(dt.date(year, 1, 1), dt.date(year, 12, 31)), kind=kind).waits
    return {
        row: (found.p50, found.count)
        for row, measure in MEDIANS.items()
        if (found := waits.get(measure)) is not None
    }
