"""Simulated months at the real sizes, frozen and published one by one as the product does."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from referrals.moves import EventDirection, EventName, Outcome
from referrals.statistics import monthly, queries
from referrals.statistics.counting import COUNTY, FLOWS, Cell, Counts, Happening, Measure, count
from referrals.statistics.publication import operations
from servicetray.core.db import transaction
from servicetray.core.periods import Month, months_between
from tests.referrals.statistics.publication.worlds import poisson

RATES: Final = {"exercise": 54.0, "culture": 6.0}
"""About sixty referrals a month of both kinds together."""
START: Final = Month(2023, 3)
IN_USE: Final = {"exercise": START, "culture": Month(2024, 4)}
OWN_FROM: Final = Month(2023, 9)
"""Months before it come from an earlier system, as totals of the county."""
PLACES: Final = {"286": 0.51, "285": 0.30, "075": 0.127, "624": 0.032, "935": 0.02, "489": 0.011}
"""The last three have about 3.6 a month together."""
REASONS: Final = {
    "exercise": {
        "inactivity": 0.6,
        "overweight": 0.35,
        "mental_health": 0.2,
        "diabetes": 0.1,
        "unemployment": 0.04,
    },
    "culture": {"loneliness": 0.6, "mood": 0.5, "participation": 0.2, "memory": 0.05},
}
AGES: Final = {"0-17": 0.03, "18-29": 0.15, "30-64": 0.46, "65-74": 0.2, "75+": 0.16}
OUTCOMES: Final = {
    Outcome.COMPLETED: 0.55,
    Outcome.NOT_REACHED: 0.15,
    Outcome.DID_NOT_WANT: 0.12,
    Outcome.INTERRUPTED: 0.1,
    Outcome.REFERRED_ON: 0.05,
    Outcome.MOVED: 0.02,
    Outcome.DECEASED: 0.01,
}
T = TypeVar("T")

SOURCE: Final = "An earlier system (invented)"
CORRECTED: Final = 0.2
"""The share of months after which an older one is corrected."""


class Simulation:
    """Months of single invented referrals."""

    def __init__(self, *, months: int, seed: int, threshold: int, now: dt.datetime) -> None:
        self.chance = random.Random(seed)
        self.threshold, self.now = threshold, now
        last = START
        for _ in range(months - 1):
            last = last.next()
        self.months = tuple(months_between(START, last))
        self.happened: dict[Month, list[Happening]] = {}
        self.corrections = 0

    def run(self) -> None:
        """Freeze and publish one month after the other; correct an older one now and then."""
        for month in self.months:
            self.happened[month] = [
                event
                for kind, first in IN_USE.items()
                if month >= first
                for _ in range(poisson(RATES[kind] * self._season(month), self.chance))
                for event in self._referral(kind, month, PLACES)
            ]
            self._freeze(month)
            if month > OWN_FROM and self.chance.random() < CORRECTED:
                self._correct(self.chance.choice([each for each in self.happened if each >= OWN_FROM]))

    def _correct(self, month: Month) -> None:
        # One had been missing, or a whole week's of one municipality.
        kind = self.chance.choice([kind for kind, first in IN_USE.items() if month >= first])
        place = self.chance.choice(list(PLACES))
        for _ in range(self.chance.choice([1, 2, 5, 8, 12])):
            self.happened[month] += self._referral(kind, month, {place: 1})
        self.corrections += 1
        self._freeze(month, correction="some had been missing")

    def _freeze(self, month: Month, *, correction: str | None = None) -> None:
        own = month >= OWN_FROM
        numbers = dict(count(self.happened[month]).numbers)
        for kind, first in IN_USE.items():
            for place in (COUNTY, *PLACES) if month >= first else ():
                for measure in FLOWS:
                    numbers.setdefault(Cell(measure, kind, place), 0)
        if not own:
            numbers = {
                cell: number for cell, number in numbers.items() if cell == Cell(Measure.REFERRALS, cell.kind)
            }
        with transaction():
            monthly.store(
                month,
                Counts(numbers),
                version=len(queries.versions_of(month)) + 1,
                now=self.now,
                correction=correction,
                source=None if own else SOURCE,
            )
            operations.publish(month, now=self.now, threshold=self.threshold)

    def _season(self, month: Month) -> float:
        return {7: 0.5, 12: 0.7}.get(month.month, 1.0)

    def _referral(self, kind: str, month: Month, places: Mapping[str, float]) -> Iterator[Happening]:
        draw = self.chance
        reasons = tuple(code for code, share in REASONS[kind].items() if draw.random() < share)
        place, age = self._one(places), self._one(AGES)
        voided = draw.random() < 0.03

        def event(name: EventName, *, outcome: Outcome | None = None, days: int | None = None) -> Happening:
            return Happening(
                month.bounds[0],
                name,
                EventDirection.NONE,
                kind,
                place,
                "vastaanottopalvelut",
                reasons or ("unspecified",),
                age,
                outcome,
                days,
                *([True] if outcome else [None]),
            )

        yield event(EventName.SENT)
        if voided:
            yield event(EventName.VOIDED)
            return
        yield event(EventName.ACCEPTED, days=draw.choice([1, 2, 3, 8]))
        if draw.random() < 0.85:
            yield event(EventName.FIRST_CONTACT, days=draw.choice([2, 4, 9]))
            if draw.random() < 0.8:
                yield event(EventName.STARTED)
        if draw.random() < 0.9:
            yield event(EventName.CLOSED, outcome=self._one(OUTCOMES))

    def _one(self, shares: Mapping[T, float]) -> T:
        return self.chance.choices(list(shares), list(shares.values()))[0]


def years_of(months: Sequence[Month]) -> list[int]:
    """Return the years of months, oldest first."""
    return sorted({month.year for month in months})
