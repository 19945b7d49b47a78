"""How many referrals the demonstration has on each day, of which kind and for which municipality.

The pilots' months have exactly the counts that were published: 937 exercise referrals from September 2023
and 59 culture referrals from April 2024, both to the end of 2024. How they fall on months and
municipalities is invented. Later days go on at about the same rate; each day has a seed of its own, so that
a day is the same whenever it is made.
"""

import datetime as dt
import math
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from referrals.demonstration.units import WINDOWS, Window, key
from servicetray.core import clock

SEED: Final = "servicetray"
START: Final = dt.date(2023, 9, 1)
COUNTED_TO: Final = dt.date(2024, 12, 31)
"""The last day of the published counts."""

EXERCISE_MONTHS: Final = (22, 41, 48, 35, 66, 71, 74, 78, 69, 44, 21, 63, 82, 88, 79, 56)
"""From September 2023."""
CULTURE_MONTHS: Final = (6, 9, 3, 4, 5, 9, 8, 10, 5)
"""From April 2024."""

SHARES: Final = {
    "exercise": {"286": 402, "285": 291, "075": 126, "624": 58, "935": 34, "489": 26},
    "culture": {"286": 31, "075": 19, "285": 9},
}
"""Referrals to the end of 2024 by municipality; afterwards the weights of each."""

MONTHLY_RATE: Final = {"exercise": 66, "culture": 9}
SUMMER: Final = {6: 0.7, 7: 0.35, 12: 0.8}
"""July is quiet everywhere."""
WORKING_DAYS_A_MONTH: Final = 21


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One referral that is to be made."""

    day: dt.date
    number: int
    """Of its day, from 0."""
    kind: str
    municipality: str

    @property
    def name(self) -> str:
        """What its fixed id and its random choices are made of."""
        return f"{self.day.isoformat()}:{self.number}"

    @property
    def rng(self) -> random.Random:
        """A fresh source of its choices, always the same."""
        return random.Random(f"{SEED}:{self.name}")  # noqa: S311 - invented data are to be repeatable

    @property
    def window(self) -> Window:
        """The catchment that it goes to."""
        return window_of(self.kind, self.municipality, self.day)


def window_of(kind: str, municipality: str, day: dt.date) -> Window:
    """Return the window in which a municipality takes referrals of a kind on a day.

    Raises:
        LookupError: if it takes none.
    """
    for window in open_windows(day):
        if (window.kind, window.municipality) == (kind, municipality):
            return window
    raise LookupError(f"{municipality} takes no {kind} referrals on {day}")


def open_windows(day: dt.date) -> tuple[Window, ...]:
    """Return the windows that are open on a day."""
    return tuple(w for w in WINDOWS if w.opens_on <= day and (w.closes_on is None or day <= w.closes_on))


def slots_of(day: dt.date) -> Sequence[Slot]:
    """Return the referrals of a day, in order."""
    wanted = _counted_plan().get(day, ()) if day <= COUNTED_TO else tuple(_later(day))
    return tuple(
        Slot(day=day, number=number, kind=kind, municipality=municipality)
        for number, (kind, municipality) in enumerate(wanted)
    )


def referral_id(slot: Slot) -> uuid.UUID:
    """Return the fixed id of a slot's referral."""
    return key(f"referral:{slot.name}")


@cache
def _counted_plan() -> dict[dt.date, tuple[tuple[str, str], ...]]:
    rng = random.Random(f"{SEED}:plan")  # noqa: S311 - as above
    plan: dict[dt.date, list[tuple[str, str]]] = defaultdict(list)
    for kind, start, months in (
        ("exercise", START, EXERCISE_MONTHS),
        ("culture", dt.date(2024, 4, 2), CULTURE_MONTHS),
    ):
        for day, municipality in _placed(kind, _days(start, months, rng), rng):
            plan[day].append((kind, municipality))
    return {day: tuple(sorted(pairs, reverse=True)) for day, pairs in plan.items()}


def _days(start: dt.date, months: Sequence[int], rng: random.Random) -> list[dt.date]:
    """Spread each month's count over its working days."""
    days: list[dt.date] = []
    year, month = start.year, start.month
    for number in months:
        first = max(start, dt.date(year, month, 1))
        year, month = clock.next_month(year, month)
        length = (dt.date(year, month, 1) - first).days
        working = [
            day for day in (first + dt.timedelta(days=n) for n in range(length)) if clock.is_working_day(day)
        ]
        days += rng.choices(working, k=number)
    return sorted(days)


def _placed(kind: str, days: Sequence[dt.date], rng: random.Random) -> Iterator[tuple[dt.date, str]]:
    """Give each day a municipality that was open on it, with the exact numbers of ``SHARES``."""
    opened = {
        municipality: min(w.opens_on for w in WINDOWS if (w.kind, w.municipality) == (kind, municipality))
        for municipality in SHARES[kind]
    }
    free = list(range(len(days)))
    # Who opened last has the fewest days to choose from, and so chooses first.
    for municipality in sorted(opened, key=lambda code: (opened[code], code), reverse=True):
        possible = [place for place in free if days[place] >= opened[municipality]]
        for place in rng.sample(possible, SHARES[kind][municipality]):
            free.remove(place)
            yield days[place], municipality


def _later(day: dt.date) -> Iterator[tuple[str, str]]:
    if not clock.is_working_day(day):
        return
    rng = random.Random(f"{SEED}:{day.isoformat()}")  # noqa: S311 - as above
    for kind, monthly in MONTHLY_RATE.items():
        mean = monthly * SUMMER.get(day.month, 1.0) / WORKING_DAYS_A_MONTH
        places = [window.municipality for window in open_windows(day) if window.kind == kind]
        weights = [SHARES[kind][place] for place in places]
        for place in rng.choices(places, weights, k=_poisson(mean, rng)):
            yield kind, place


def _poisson(mean: float, rng: random.Random) -> int:
    """Draw how often something happens that happens so often on average (Knuth's way)."""
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number
