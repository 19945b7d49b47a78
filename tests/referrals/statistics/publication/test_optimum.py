"""Protection costs little: on five years kept here, hardly more cells are hidden than would have to be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from referrals.statistics.publication.masking import Masked, Year, mask
from referrals.statistics.publication.tables import COUNTY_ROW, PublicTable, quarter_of
from servicetray.core.periods import Month
from tests.figures import Figure
from tests.referrals.statistics.publication.worlds import PLACES

THRESHOLD = 5
MOST_ABOVE = 1.05
BIG = 10_000
INSTANCES = json.loads((Path(__file__).parent / "instances.json").read_text(encoding="utf-8"))
SPLIT = PublicTable.MONTHS, PublicTable.PLACES, PublicTable.AGES, PublicTable.OUTCOMES


def year_of(instance: Mapping[str, Mapping[str, int]]) -> Year:
    """Return a kept year as the rule takes it."""
    return Year(
        year=2024,
        until=Month(2024, 12),
        months={Month(2024, int(month)): number for month, number in instance["months"].items()},
        places={
            (quarter, place): number
            for quarter, parts in instance["places"].items()
            for place, number in parts.items()  # type: ignore[attr-defined]  # a case of several types
        },
        place_order=PLACES,
        ages=instance["ages"],
        outcomes=instance["outcomes"],
    )


def hidden_in(masked: Masked) -> int:
    """Return the cost: how many cells and totals of the split tables show no number.

    The year's total stands in two tables and counts once.
    """
    cells = [cell for (table, _row), cell in masked.cells.items() if table in SPLIT]
    totals = [masked.totals[table] for table in (PublicTable.MONTHS, PublicTable.OUTCOMES)]
    return sum(not isinstance(cell, int) for cell in (*cells, *totals))


@dataclass
class Program:
    """The fewest cells that have to be hidden: an integer program with one choice a cell."""

    numbers: dict[str, int] = field(default_factory=dict)
    forced: dict[str, int] = field(default_factory=dict)
    sums: list[tuple[Sequence[str], str, Mapping[str, int] | None]] = field(default_factory=list)
    """Parts, their total, and for a total that other cells tell of: how unsure each hidden one makes it."""

    def cell(self, name: str, number: int, *, total: bool = False, published: bool = False) -> str:
        """Add a cell; a small one has to be hidden, one that was published large can't be."""
        self.numbers[name] = number
        if number < THRESHOLD and not total:
            self.forced[name] = 1
        elif published:
            self.forced[name] = 0
        return name

    def fewest(self) -> int:
        """Return the optimum among all patterns that protect as well as the rule does.

        In each sum with something hidden, its total counted as a part: at least two cells are hidden, one of
        them not small; and what is hidden together, reckoned from the least that the total can be, leaves room for
        a small number of any size beside covers that are not small. Or all parts are hidden. Which parts those are may follow from the hidden numbers, as it may not in the rule.
        """
        count = range(len(self.sums))
        names = [*self.numbers, *(f"any {place}" for place in count), *(f"all {place}" for place in count)]
        at = {name: place for place, name in enumerate(names)}
        rows: list[np.ndarray] = []
        least: list[float] = []

        def hold(terms: Mapping[str, float], at_least: float = 0) -> None:
            row = np.zeros(len(names))
            for name, value in terms.items():
                row[at[name]] += value
            rows.append(row)
            least.append(at_least)

        room = THRESHOLD - 1
        for place, (parts, total, unsure) in enumerate(self.sums):
            some, all_of = f"any {place}", f"all {place}"
            for name in (*parts, total):
                hold({some: 1, name: -1})
            for name in parts:
                hold({name: 1, all_of: -1})
            covers = {name: 1 for name in parts if self.numbers[name] >= THRESHOLD}
            hold({**dict.fromkeys(parts, 1), total: 1, some: -2})
            hold({**covers, total: 1, some: -1, **({all_of: 1} if unsure is not None else {})})
            hidden = {name: self.numbers[name] - THRESHOLD * (name in covers) for name in parts}
            if unsure is None:
                hold({**hidden, total: room, some: -room})
            else:
                hold({**covers, some: -1, all_of: 1})
                hold({**hidden, some: -room, all_of: BIG, total: BIG})
                hold(
                    {**hidden, some: -room, all_of: BIG, total: -BIG, **{n: -u for n, u in unsure.items()}},
                    -BIG,
                )
        low = [float(self.forced.get(name, 0)) for name in names]
        high = [float(self.forced.get(name, 1)) for name in names]
        cost = np.array([1.0 if name in self.numbers else 0.0 for name in names])
        answer = milp(
            cost,
            integrality=np.ones(len(names)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(np.array(rows), lb=least),
        )
        assert answer.x is not None, answer.message
        fewest: int = round(answer.fun)
        return fewest


def program_of(year: Year) -> Program:
    """Return the integer program of a year: its sums, and what was published before December."""
    program = Program()
    total = program.cell("year", sum(year.months.values()), total=True)
    months = {
        month: program.cell(str(month), number, published=month.month != 12)
        for month, number in year.months.items()
    }
    program.sums.append((list(months.values()), total, None))
    small = sum(number < THRESHOLD for number in year.months.values())
    # December may be as small as the other hidden months are large; they are whatever small number.
    unsure = {
        months[month]: number if number < THRESHOLD else min(number - THRESHOLD, (THRESHOLD - 1) * small)
        for month, number in year.months.items()
    }
    for quarter in sorted({quarter for quarter, _place in year.places}):
        own = [month for month in year.months if quarter_of(month) == quarter]
        whole = program.cell(f"{quarter}/{COUNTY_ROW}", sum(year.months[month] for month in own), total=True)
        program.sums.append(([months[month] for month in own], whole, None))
        parts = [
            program.cell(f"{quarter}/{place}", number)
            for (of, place), number in year.places.items()
            if of == quarter
        ]
        program.sums.append((parts, whole, {months[month]: unsure[months[month]] for month in own}))
    ages = [program.cell(group, number) for group, number in year.ages.items()]
    program.sums.append((ages, total, unsure))
    closed = program.cell("closed", sum(year.outcomes.values()), total=True)
    outcomes = [program.cell(outcome, number) for outcome, number in year.outcomes.items()]
    program.sums.append((outcomes, closed, None))
    return program


@pytest.mark.parametrize("instance", INSTANCES, ids=[each["name"] for each in INSTANCES])
def test_hardly_more_is_hidden_than_has_to_be(instance, figure: Figure):
    """The rule hides at most 5 % more cells than the optimum."""
    year = year_of(instance)
    cost, fewest = hidden_in(mask(year, threshold=THRESHOLD)), program_of(year).fewest()
    figure("hidden", cost)
    figure("optimum", fewest)
    assert fewest <= cost <= fewest * MOST_ABOVE
