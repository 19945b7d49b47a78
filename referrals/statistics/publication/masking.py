"""Which numbers of a kind and year may be shown, over all public tables together: pure.

The referrals of a year are split in several ways: into months, months into quarters, a quarter into places, the
year into age groups. Each split is protected by itself, in this order, such that nothing that a later one shows
narrows what an earlier one hides: a later split never takes its total from a hidden number, only from the least
that the shown ones allow. Why that is enough is said and proven in ``docs/adr/0012-what-is-published.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from referrals.statistics.publication.tables import (
    COUNTY_ROW,
    LEAST_FOR_SHARES,
    LoopRow,
    PublicTable,
    Stage,
    WithheldReason,
    quarter_of,
)
from referrals.statistics.suppression import Mark, Months, Shown, mask_months, mask_split, single
from servicetray.core.periods import Month

AGE_ORDER: Final = ("75+", "65-74", "18-29", "30-64", "0-17")
"""In which order age groups are asked to cover the small ones, where there are many to divide."""
MANY: Final = 20
"""So many times the threshold are many: a part of middle size is enough of a cover then; else the largest is."""
COMPLETED: Final = Stage.COMPLETED.value
"""Row of the outcomes that is the funnel's last stage too."""

CellKey = tuple[PublicTable, str]
NamedWithheld = tuple[PublicTable, str, WithheldReason]


@dataclass(frozen=True, kw_only=True)
class Year:
    """The exact numbers of one kind in one year, so far as its months are frozen."""

    year: int
    until: Month
    """The last frozen month; what is over is seen from it."""
    months: Mapping[Month, int]
    """Months in which the kind was in use."""
    places: Mapping[tuple[str, str], int]
    """By quarter and place: places in use. Empty where a source has no places."""
    place_order: Sequence[str]
    """All places, in the order in which they are asked to cover small ones where there are many to divide."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    reason_order: Sequence[str] = ()
    ages: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[Stage, int] = field(default_factory=dict)
    shares: Mapping[LoopRow, tuple[int, int]] = field(default_factory=dict)
    """How many of how many."""
    medians: Mapping[LoopRow, tuple[int, int]] = field(default_factory=dict)
    """The median, and of how many."""

    @property
    def is_over(self) -> bool:
        """Whether December is frozen."""
        return self.until >= Month(self.year, 12)


@dataclass(frozen=True, kw_only=True)
class Masked:
    """What is published of one kind and year."""

    cells: Mapping[CellKey, Shown]
    totals: Mapping[PublicTable, Shown]
    withheld: Sequence[NamedWithheld]
    told: Mapping[str, int]
    """Numbers that can be had from the shown ones: what is hidden in a split together, parts behind a percentage."""


def mask(year: Year, *, threshold: int) -> Masked:
    """Return what may be shown of a kind and year.

    The pattern depends on which numbers are below the threshold and on shown numbers, and never on more of the
    hidden ones. It is the same whenever it is asked for, and later months only add to it.
    """
    made = _Masking(year, threshold)
    made.by_month()
    made.by_place()
    if year.is_over:
        made.by_age()
        made.by_reason()
        made.by_outcome()
        made.on_the_way()
        made.loop()
    return Masked(
        cells=made.cells,
        totals=made.totals,
        withheld=tuple(made.withheld),
        told=dict(sorted(made.told.items())),
    )


def continues(before: Masked, after: Masked, *, threshold: int) -> bool:
    """Whether a newer version may stand beside an older one.

    What was shown is shown, what was hidden is hidden, and every difference that can be had from the two is
    either nothing or not small.
    """
    pairs = [(cell, after.cells.get(key), key[0]) for key, cell in before.cells.items()]
    pairs += [(total, after.totals.get(table), table) for table, total in before.totals.items()]
    for old, new, table in pairs:
        if old is Mark.NOT_YET or (isinstance(old, Mark) and old is new):
            continue
        if not isinstance(old, int) or not isinstance(new, int):
            return False
        if table is not PublicTable.LOOP and not _apart(old, new, threshold):
            return False
    return all(
        name in after.told and _apart(number, after.told[name], threshold)
        for name, number in before.told.items()
    )


def _apart(old: int, new: int, threshold: int) -> bool:
    return old == new or abs(old - new) >= threshold


class _Masking:
    def __init__(self, year: Year, threshold: int) -> None:
        self.year, self.threshold = year, threshold
        self.cells: dict[CellKey, Shown] = {}
        self.totals: dict[PublicTable, Shown] = {}
        self.withheld: list[NamedWithheld] = []
        self.told: dict[str, int] = {}
        self.months: Months = mask_months(
            {month.month: number for month, number in year.months.items()},
            is_over=year.is_over,
            threshold=threshold,
        )

    def by_month(self) -> None:
        """Months, the year's total with December, and the county's quarters that follow from shown months."""
        for month in sorted(self.year.months):
            shown = Mark.HIDDEN if month.month in self.months.hidden else self.year.months[month]
            self.cells[PublicTable.MONTHS, str(month)] = shown
        self.totals[PublicTable.MONTHS] = self._year_total()
        if self.months.left is not None:
            self.told["months"] = self.months.left

    def by_place(self) -> None:
        """Places of each quarter that is over."""
        for number in range(1, self.year.until.month // 3 + 1):
            quarter = quarter_of(Month(self.year.year, 3 * number))
            own = [month for month in self.year.months if quarter_of(month) == quarter]
            if own:
                self._quarter(quarter, own)

    def _quarter(self, quarter: str, own: Sequence[Month]) -> None:
        table = PublicTable.PLACES
        total = sum(self.year.months[month] for month in own)
        exact = not any(month.month in self.months.hidden for month in own)
        self.cells[table, f"{quarter}/{COUNTY_ROW}"] = total if exact else Mark.HIDDEN
        numbers = {place: number for (of, place), number in self.year.places.items() if of == quarter}
        low = sum(self.months.low[month.month] for month in own)
        shown = self._split(
            table, quarter, numbers, order=self.year.place_order, total=total, low=low, exact=exact
        )
        for place in self.year.place_order:
            unused = Mark.NOT_IN_USE if numbers else Mark.WITHHELD
            self.cells[table, f"{quarter}/{place}"] = shown.get(place, unused)

    def by_age(self) -> None:
        """Age groups of the year."""
        table, total = PublicTable.AGES, sum(self.year.months.values())
        numbers = {group: number for group, number in self.year.ages.items() if group in AGE_ORDER}
        low = total if self.months.total_shown else sum(self.months.low.values())
        exact = self.months.total_shown
        shown = self._split(
            table, str(self.year.year), numbers, order=AGE_ORDER, total=total, low=low, exact=exact
        )
        for group in sorted(AGE_ORDER):
            self.cells[table, group] = shown.get(group, Mark.WITHHELD)
        self.totals[table] = self._year_total()

    def by_reason(self) -> None:
        """Reasons of the year: no sum holds for them, but two bounds do.

        Nobody has a reason without a referral, and everybody has one; a hidden reason may be any small number
        only while the shown ones already account for every referral, and leave room beside the commonest.
        """
        table, small = PublicTable.REASONS, self.threshold - 1
        self.totals[table] = self._year_total()
        numbers = {code: self.year.reasons.get(code, 0) for code in self.year.reason_order}
        cells = {code: single(number, self.threshold) for code, number in numbers.items()}
        shown = [number for number in cells.values() if isinstance(number, int)]
        hidden = len(cells) - len(shown)
        total = sum(self.year.months.values())
        low = total if self.months.total_shown else sum(self.months.low.values())
        reasons_exist = bool(self.year.reasons) or not total
        told = sum(shown) < self.months.most or low - max(shown, default=0) < small
        if not reasons_exist:
            self._withhold(table, str(self.year.year), WithheldReason.NO_DETAIL)
        elif told and (hidden or not self.months.total_shown):
            self._withhold(table, str(self.year.year), WithheldReason.PROTECTION)
        else:
            self.cells |= {(table, code): cell for code, cell in cells.items()}
            return
        self.cells |= {(table, code): Mark.WITHHELD for code in cells}

    def by_outcome(self) -> None:
        """Outcomes of the year: their total is shown with all of them, or not at all."""
        table = PublicTable.OUTCOMES
        cells = {code: single(number, self.threshold) for code, number in self.year.outcomes.items()}
        if not cells:
            self._withhold(table, str(self.year.year), WithheldReason.NO_DETAIL)
            self.totals[table] = Mark.WITHHELD
            return
        self.cells |= {(table, code): cell for code, cell in cells.items()}
        numbers = [cell for cell in cells.values() if isinstance(cell, int)]
        self.totals[table] = sum(numbers) if len(numbers) == len(cells) else Mark.HIDDEN

    def on_the_way(self) -> None:
        """How many came to each stage in the year; the first is the total, the last an outcome."""
        for stage in Stage:
            number = self.year.stages.get(stage)
            shown: Shown = Mark.WITHHELD if number is None else single(number, self.threshold)
            if stage is Stage.SENT:
                shown = self._year_total()
            elif stage is Stage.COMPLETED and (PublicTable.OUTCOMES, COMPLETED) in self.cells:
                shown = self.cells[PublicTable.OUTCOMES, COMPLETED]
            self.cells[PublicTable.FUNNEL, stage.value] = shown

    def loop(self) -> None:
        """Shares whose both parts are protected, and medians of enough."""
        for row in LoopRow:
            self.cells[PublicTable.LOOP, row.value] = self._loop_row(row)

    def _loop_row(self, row: LoopRow) -> Shown:
        if row in self.year.shares:
            part, whole = self.year.shares[row]
            if whole < LEAST_FOR_SHARES or min(part, whole - part) < self.threshold:
                return Mark.HIDDEN
            self.told[f"{row.value}+"], self.told[f"{row.value}-"] = part, whole - part
            return (200 * part + whole) // (2 * whole)
        if row in self.year.medians:
            median, of = self.year.medians[row]
            return median if of >= LEAST_FOR_SHARES else Mark.HIDDEN
        return Mark.WITHHELD

    def _split(
        self,
        table: PublicTable,
        period: str,
        numbers: Mapping[str, int],
        *,
        order: Sequence[str],
        total: int,
        low: int,
        exact: bool,
    ) -> Mapping[str, Shown]:
        if sum(numbers.values()) != total:
            # Numbers of another system that do not add up, or came without this detail.
            self._withhold(table, period, WithheldReason.NO_DETAIL)
            return dict.fromkeys(numbers, Mark.WITHHELD)
        # Which order holds is decided by what everybody can reckon: the least that the total can be.
        asked = [name for name in order if name in numbers]
        if low < MANY * self.threshold:
            asked = [*reversed(asked[:-1]), *asked[-1:]]
        parts = {name: numbers[name] for name in asked}
        found = mask_split(parts, low=low, exact=exact, threshold=self.threshold)
        if found is None:
            self._withhold(table, period, WithheldReason.PROTECTION)
            return dict.fromkeys(numbers, Mark.WITHHELD)
        if found.left is not None:
            self.told[f"{table.value} {period}"] = found.left
        return {place: Mark.HIDDEN if place in found.hidden else number for place, number in numbers.items()}

    def _withhold(self, table: PublicTable, period: str, reason: WithheldReason) -> None:
        self.withheld.append((table, period, reason))

    def _year_total(self) -> Shown:
        if not self.year.is_over:
            return Mark.NOT_YET
        return sum(self.year.months.values()) if self.months.total_shown else Mark.HIDDEN


def merged_kinds(known: Iterable[str], used: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds in use in the catalogue's order, those that it no longer has at the end."""
    using = set(used)
    ordered = [code for code in known if code in using]
    return (*ordered, *sorted(using - set(ordered)))
