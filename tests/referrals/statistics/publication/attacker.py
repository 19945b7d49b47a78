"""Somebody who has kept every page ever published, knows the rule, and reckons with integer programming.

They are told more than anybody is: of each hidden number whether it is small or only covers small ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from referrals.statistics.publication.masking import COMPLETED, Year
from referrals.statistics.publication.tables import COUNTY_ROW, PublicTable, Stage, quarter_of
from referrals.statistics.suppression import Mark, Shown

MOST = 5000
"""No number of a county's year is larger."""

Name = tuple[object, ...]


@dataclass
class Attacker:
    """What is known of one kind's year: unknowns with their bounds, and sums."""

    threshold: int
    bounds: dict[Name, tuple[int, int]] = field(default_factory=dict)
    truth: dict[Name, int] = field(default_factory=dict)
    hidden: set[Name] = field(default_factory=set)
    sums: set[tuple[tuple[tuple[Name, int], ...], int, int]] = field(default_factory=set)
    """Unknowns with their signs, and the least and the most that they come to."""

    def keep(
        self,
        cells: Mapping[tuple[PublicTable, str], Shown],
        totals: Mapping[PublicTable, Shown],
        exact: Year,
        basis: Mapping[str, int],
    ) -> None:
        """Keep a release: its cells, and which versions of the months they rest on (the page says which)."""
        all_of = tuple(sorted(basis.items()))
        of_month = {month: ((month, version),) for month, version in basis.items()}
        months = [
            self._know(
                ("months", str(month), of_month[str(month)]), cells[PublicTable.MONTHS, str(month)], number
            )
            for month, number in exact.months.items()
        ]
        year = self._know(("year", all_of), totals[PublicTable.MONTHS], sum(exact.months.values()), free=True)
        self._sum(months, year)
        for quarter in sorted({quarter_of(month) for month in exact.months}):
            if (PublicTable.PLACES, f"{quarter}/{COUNTY_ROW}") not in cells:
                continue
            own = {month: number for month, number in exact.months.items() if quarter_of(month) == quarter}
            rests = tuple(pair for month in sorted(own) for pair in of_month[str(month)])
            whole = self._know(
                ("quarter", quarter, rests),
                cells[PublicTable.PLACES, f"{quarter}/{COUNTY_ROW}"],
                sum(own.values()),
                free=True,
            )
            self._sum([("months", str(month), of_month[str(month)]) for month in own], whole)
            parts = {place: number for (of, place), number in exact.places.items() if of == quarter}
            if sum(parts.values()) == sum(own.values()):
                self._sum(
                    [
                        self._know(
                            ("places", quarter, place, rests),
                            cells[PublicTable.PLACES, f"{quarter}/{place}"],
                            number,
                        )
                        for place, number in parts.items()
                    ],
                    whole,
                )
        if exact.is_over:
            self._keep_year(cells, totals, exact, year, all_of)

    def _keep_year(
        self,
        cells: Mapping[tuple[PublicTable, str], Shown],
        totals: Mapping[PublicTable, Shown],
        exact: Year,
        year: Name,
        all_of: object,
    ) -> None:
        if sum(exact.ages.values()) == self.truth[year]:
            self._sum(
                [
                    self._know(("ages", group, all_of), cells[PublicTable.AGES, group], number)
                    for group, number in exact.ages.items()
                ],
                year,
            )
        if exact.reasons:
            codes = [
                self._know(
                    ("reasons", code, all_of), cells[PublicTable.REASONS, code], exact.reasons.get(code, 0)
                )
                for code in exact.reason_order
            ]
            # Everybody has a reason, and nobody one without a referral; who names one does not leave it open.
            self.sums.add(((*((code, 1) for code in codes), (year, -1)), 0, MOST * 20))
            unspecified = ("reasons", "unspecified", all_of)
            for code in codes:
                if code != unspecified:
                    self.sums.add((((year, 1), (code, -1), (unspecified, -1)), 0, MOST))
        if exact.outcomes:
            closed = self._know(
                ("closed", all_of), totals[PublicTable.OUTCOMES], sum(exact.outcomes.values()), free=True
            )
            self._sum(
                [
                    self._know(("outcomes", code, all_of), cells[PublicTable.OUTCOMES, code], number)
                    for code, number in exact.outcomes.items()
                ],
                closed,
            )
            self._know(
                ("outcomes", COMPLETED, all_of),
                cells[PublicTable.FUNNEL, COMPLETED],
                exact.outcomes[COMPLETED],
            )
        for stage in (Stage.ACCEPTED, Stage.REACHED, Stage.STARTED):
            if stage in exact.stages:
                self._know(
                    ("way", stage, all_of), cells[PublicTable.FUNNEL, stage.value], exact.stages[stage]
                )

    def _know(self, name: Name, cell: Shown, number: int, *, free: bool = False) -> Name:
        low, high = 0, MOST
        if isinstance(cell, int):
            low = high = cell
        elif cell is Mark.HIDDEN and not free:
            low, high = (0, self.threshold - 1) if number < self.threshold else (self.threshold, MOST)
        before = self.bounds.get(name, (0, MOST))
        self.bounds[name] = (max(low, before[0]), min(high, before[1]))
        self.truth[name] = number
        if isinstance(cell, int):
            self.hidden.discard(name)
        elif cell in (Mark.HIDDEN, Mark.WITHHELD) and self.bounds[name][0] < self.bounds[name][1]:
            self.hidden.add(name)
        return name

    def _sum(self, parts: Iterable[Name], whole: Name) -> None:
        self.sums.add(((*((part, 1) for part in parts), (whole, -1)), 0, 0))

    def ranges(self) -> Mapping[Name, tuple[int, int]]:
        """Return between which numbers each hidden cell may be: what is kept and the rule leave no others."""
        names = {name: place for place, name in enumerate(self.bounds)}
        rows, columns, values = [], [], []
        for line, (terms, _least, _most) in enumerate(sums := sorted(self.sums, key=repr)):
            for name, sign in terms:
                rows.append(line)
                columns.append(names[name])
                values.append(sign)
        matrix = csr_array((values, (rows, columns)), shape=(len(sums), len(names)))
        known = LinearConstraint(matrix, [least for _, least, _ in sums], [most for *_, most in sums])
        box = Bounds([low for low, _ in self.bounds.values()], [high for _, high in self.bounds.values()])
        for name, (low, high) in self.bounds.items():
            assert low <= self.truth[name] <= high, (name, low, high, self.truth[name])
        for terms, least, most in sums:
            assert least <= sum(sign * self.truth[name] for name, sign in terms) <= most, terms
        found = {}
        for name in self.hidden:
            ends = []
            for sign in (1, -1):
                aim = np.zeros(len(names))
                aim[names[name]] = sign
                answer = milp(aim, integrality=np.ones(len(names)), bounds=box, constraints=known)
                if answer.x is None:
                    raise AssertionError(f"{name}: {answer.message}")
                ends.append(round(answer.x[names[name]]))
            found[name] = (ends[0], ends[1])
        return found
