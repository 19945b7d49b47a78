"""What the figures count, and how: pure, the one place that says so.

Everything is counted from events alone. ``count`` is the specification: it takes events one by one. What counts a
frozen month or a free period (``tallying``) lets the database group them, and a test holds it to the same answers.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Self

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
    CLAIMS = "claims"
    """Acceptances whose wait is known, each of them."""
    CLAIMED_IN_WEEK = "claimed_in_week"
    """Of those, the ones within seven days of sending: five working days."""
    LOOPS = "loops"
    """Ends that a sender waits to hear of: closed, or returned and then acknowledged or run out."""
    LOOPS_CLOSED = "loops_closed"
    """Of those, the ones of which the sender knows."""


class Dimension(StrEnum):
    """By what a measure is split, for the whole county; the spread of a wait also for each municipality."""

    NONE = ""
    REASON = "reason"
    AGE_GROUP = "age_group"
    OUTCOME = "outcome"
    SERVICE_AREA = "service_area"
    SPREAD = "spread"
    """Of a wait: how many were counted, and within how many working days a quarter, three quarters and nine
    tenths had waited; the median is the number without a dimension."""


class Stage(StrEnum):
    """How far a referral has come on the way from sending to counselling completed."""

    SENT = "sent"
    ACCEPTED = "accepted"
    REACHED = "reached"
    STARTED = "started"
    COMPLETED = "completed"


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
WAITS: Final = {
    EventName.ACCEPTED: Measure.DAYS_TO_ACCEPTED,
    EventName.FIRST_CONTACT: Measure.DAYS_TO_REACHED,
}
"""Whose working days since sending are a wait."""
WEEK: Final = 5
"""The working days of seven days without a holiday."""
ON_THE_WAY: Final[Mapping[EventName, tuple[Stage, int]]] = {
    EventName.SENT: (Stage.SENT, 1),
    EventName.VOIDED: (Stage.SENT, -1),
    EventName.ACCEPTED: (Stage.ACCEPTED, 1),
    EventName.ACCEPT_REVERSED: (Stage.ACCEPTED, -1),
    EventName.FIRST_CONTACT: (Stage.REACHED, 1),
    EventName.STARTED: (Stage.STARTED, 1),
    EventName.CLOSED: (Stage.COMPLETED, 1),
}
"""Which event takes how many to which stage; a closing only where counselling was completed."""

FLOWS: Final = (
    *dict.fromkeys(measure for pairs in _COUNTED.values() for measure, _ in pairs),
    Measure.IN,
    Measure.OUT,
    Measure.CLAIMS,
    Measure.CLAIMED_IN_WEEK,
    Measure.LOOPS,
    Measure.LOOPS_CLOSED,
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
    sender_told: bool | None = None
    """Of a closing: whether the sender was told of it; None where there is no sender to tell."""


@dataclass(frozen=True)
class Waits:
    """How long people waited, in working days: within each number, at least that share of them."""

    count: int
    p25: int
    p50: int
    p75: int
    p90: int

    @classmethod
    def of(cls, spread: Mapping[int, int]) -> Self | None:
        """Make it of how many waited so many days, by days; None of nobody."""
        total = sum(spread.values())
        if not total:
            return None
        days, within = sorted(spread), 0
        found: list[int] = []
        for day in days:
            within += spread[day]
            # In whole numbers: a share of a hundred may not depend on how a fraction is rounded.
            while len(found) < len(_SHARES) and within * 100 >= _SHARES[len(found)] * total:
                found.append(day)
        return cls(total, *found)


_SHARES: Final = (25, 50, 75, 90)
SPREAD: Final = ("count", "p25", "p75", "p90")
"""What is stored of a spread beside its median."""


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

    def waits(self, measure: Measure, kind: str, municipality: str = COUNTY) -> Waits | None:
        """Return the spread of a wait, or None where nobody was counted or only the median is known."""
        median = self.median(measure, kind, municipality)
        spread = [
            self.numbers.get(Cell(measure, kind, municipality, Dimension.SPREAD, value)) for value in SPREAD
        ]
        if median is None or any(each is None for each in spread):
            return None
        total, p25, p75, p90 = (each or 0 for each in spread)
        return Waits(total, p25, median, p75, p90)

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
    spreads: dict[Cell, Counter[int]] = defaultdict(Counter)
    for event in events:
        for measure, step in steps_of(event):
            _add(numbers, event, measure, step)
        if event.name in WAITS and event.working_days is not None:
            for place in (COUNTY, event.municipality):
                spreads[Cell(WAITS[event.name], event.kind, place)][event.working_days] += 1
    return Counts({**numbers, **spread_cells(spreads)})


def steps_of(event: Happening) -> Iterator[tuple[Measure, int]]:
    """Yield which measures an event changes, and by how much; its reasons, age and service area don't matter."""
    yield from _COUNTED[event.name]
    if event.direction in _MOVES_STOCK:
        yield _MOVES_STOCK[event.direction], 1
    if event.name is EventName.ACCEPTED and event.working_days is not None:
        yield Measure.CLAIMS, 1
        if event.working_days <= WEEK:
            yield Measure.CLAIMED_IN_WEEK, 1
    known = _end_known(event)
    if known is not None:
        yield Measure.LOOPS, 1
        if known:
            yield Measure.LOOPS_CLOSED, 1


def spread_cells(spreads: Mapping[Cell, Mapping[int, int]]) -> dict[Cell, int]:
    """Return the median and the spread of each wait, from how many waited so many days."""
    numbers: dict[Cell, int] = {}
    for cell, spread in spreads.items():
        waits = Waits.of(spread)
        if waits is not None:
            numbers[cell] = waits.p50
            for value, number in zip(SPREAD, (waits.count, waits.p25, waits.p75, waits.p90), strict=True):
                numbers[cell._replace(dimension=Dimension.SPREAD, value=value)] = number
    return numbers


def counted_as_referral(event: Happening) -> int:
    """Return by how much an event changes the count of referrals: 1, -1 or mostly 0."""
    return referral_step(event.name)


def referral_step(name: EventName) -> int:
    """Return by how much an event of this name changes the count of referrals."""
    return next((step for measure, step in _COUNTED[name] if measure is Measure.REFERRALS), 0)


def _end_known(event: Happening) -> bool | None:
    """Whether the sender knows of the end that an event is; None if it is none that a sender waits for."""
    if event.name is EventName.CLOSED:
        return event.sender_told
    if event.name is EventName.CANCELLED:
        # After a return it is the sender's acknowledgement (R5); else the sender's own wish (R7).
        return True if event.direction is EventDirection.NONE else None
    return False if event.name is EventName.EXPIRED else None


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
