"""What the figures count, and how: pure, the one place that says so.

Everything is counted from events alone. The same function counts a frozen month, a free period of
the coordinator and the answer of ``servicetray statistics period``.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median_low
from typing import Final, NamedTuple

from referrals.moves import EventDirection, EventName, Outcome


class Measure(StrEnum):
    """What a number counts. Values are stored in frozen months: one may be added, never renamed."""

    REFERRALS = "referrals"
    """``sent`` less ``voided``; ``resent`` and ``transferred_in`` don't count again."""
    VOIDED = "voided"
    RESENT = "resent"
    ACCEPTED = "accepted"
    """``accepted`` less ``accept_reversed``."""
    REACHED = "reached"
    """Clients reached for the first time."""
    STARTED = "started"
    CLOSED = "closed"
    REOPENED = "reopened"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    OPEN_AT_START = "open_at_start"
    IN = "in"
    OUT = "out"
    OPEN_AT_END = "open_at_end"
    DAYS_TO_ACCEPTED = "days_to_accepted"
    """Median of working days from sending: at least half waited at most so long."""
    DAYS_TO_REACHED = "days_to_reached"


class Dimension(StrEnum):
    """By what a measure is split, for the whole county."""

    NONE = ""
    REASON = "reason"
    AGE_GROUP = "age_group"
    OUTCOME = "outcome"
    SERVICE_AREA = "service_area"


COUNTY: Final = ""
"""In place of a municipality's code: all of them."""

_COUNTED: Final[Mapping[EventName, tuple[tuple[Measure, int], ...]]] = {
    EventName.SENT: ((Measure.REFERRALS, 1),),
    EventName.VOIDED: ((Measure.REFERRALS, -1), (Measure.VOIDED, 1)),
    EventName.RESENT: ((Measure.RESENT, 1),),
    EventName.ACCEPTED: ((Measure.ACCEPTED, 1),),
    EventName.ACCEPT_REVERSED: ((Measure.ACCEPTED, -1),),
    EventName.FIRST_CONTACT: ((Measure.REACHED, 1),),
    EventName.STARTED: ((Measure.STARTED, 1),),
    EventName.CLOSED: ((Measure.CLOSED, 1),),
    EventName.REOPENED: ((Measure.REOPENED, 1),),
    EventName.RETURNED: ((Measure.RETURNED, 1),),
    EventName.CANCELLED: ((Measure.CANCELLED, 1),),
    EventName.EXPIRED: ((Measure.EXPIRED, 1),),
    EventName.WITHDRAWN: ((Measure.WITHDRAWN, 1),),
    EventName.TRANSFERRED_IN: ((Measure.TRANSFERRED_IN, 1),),
    EventName.TRANSFERRED_OUT: ((Measure.TRANSFERRED_OUT, 1),),
}
_MOVES_STOCK: Final = {EventDirection.IN: Measure.IN, EventDirection.OUT: Measure.OUT}
_WAITS: Final = {
    EventName.ACCEPTED: Measure.DAYS_TO_ACCEPTED,
    EventName.FIRST_CONTACT: Measure.DAYS_TO_REACHED,
}

FLOWS: Final = (
    *dict.fromkeys(measure for pairs in _COUNTED.values() for measure, _ in pairs),
    Measure.IN,
    Measure.OUT,
)
"""Measures that count events of a period; each has a number wherever a kind is in use, 0 too."""


class Happening(NamedTuple):
    """An event as the figures read it."""

    at: dt.datetime
    name: EventName
    direction: EventDirection
    kind: str
    municipality: str
    service_area: str
    reasons: tuple[str, ...]
    age_group: str
    outcome: Outcome | None
    working_days: int | None


class Cell(NamedTuple):
    """What one number is of."""

    measure: Measure
    kind: str
    municipality: str = COUNTY
    dimension: Dimension = Dimension.NONE
    value: str = ""


@dataclass(frozen=True)
class Counts:
    """Numbers by cell; what did not happen is 0, what has no median is None."""

    numbers: Mapping[Cell, int]

    def of(self, measure: Measure, kind: str, municipality: str = COUNTY) -> int:
        """Return one number."""
        return self.numbers.get(Cell(measure, kind, municipality), 0)

    def median(self, measure: Measure, kind: str, municipality: str = COUNTY) -> int | None:
        """Return a median wait in working days, or None where nobody was counted."""
        return self.numbers.get(Cell(measure, kind, municipality))

    def by(self, dimension: Dimension, measure: Measure, kind: str) -> dict[str, int]:
        """Return the numbers of a measure by the values of a dimension."""
        return {
            cell.value: number
            for cell, number in sorted(self.numbers.items())
            if (cell.measure, cell.kind, cell.dimension) == (measure, kind, dimension)
        }


def count(events: Iterable[Happening]) -> Counts:
    """Count the events of a period by kind: in each municipality, in the county, and by each dimension."""
    numbers: Counter[Cell] = Counter()
    waits: dict[Cell, list[int]] = defaultdict(list)
    for event in events:
        for measure, step in _COUNTED[event.name]:
            _add(numbers, event, measure, step)
        if event.direction in _MOVES_STOCK:
            _add(numbers, event, _MOVES_STOCK[event.direction], 1)
        if event.name in _WAITS and event.working_days is not None:
            for place in (COUNTY, event.municipality):
                waits[Cell(_WAITS[event.name], event.kind, place)].append(event.working_days)
    medians = {cell: median_low(days) for cell, days in waits.items()}
    return Counts({**numbers, **medians})


def counted_as_referral(event: Happening) -> int:
    """Return by how much an event changes the count of referrals: 1, -1 or mostly 0."""
    return next((step for measure, step in _COUNTED[event.name] if measure is Measure.REFERRALS), 0)


def _add(numbers: Counter[Cell], event: Happening, measure: Measure, step: int) -> None:
    for place in (COUNTY, event.municipality):
        numbers[Cell(measure, event.kind, place)] += step
    for dimension, value in _split(event, measure):
        numbers[Cell(measure, event.kind, COUNTY, dimension, value)] += step


def _split(event: Happening, measure: Measure) -> Iterable[tuple[Dimension, str]]:
    if measure is Measure.REFERRALS:
        yield from ((Dimension.REASON, reason) for reason in dict.fromkeys(event.reasons))
        yield Dimension.AGE_GROUP, event.age_group
        yield Dimension.SERVICE_AREA, event.service_area
    elif measure is Measure.CLOSED and event.outcome is not None:
        yield Dimension.OUTCOME, event.outcome.value
