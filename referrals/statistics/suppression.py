"""Which numbers may be published: the rule for one split of a total into parts, pure.

A number below the threshold is *small* and hidden, 0 too (whoever sees that a number is hidden learns that it
may be small, and no more). For each split in which something is hidden, one part that is not small, the *cover*,
is hidden with it, and what is hidden together must be at least ``2 × threshold − 1``. So even somebody who is told
which of the hidden ones is the cover can't narrow a small one down: whatever it is from 0 to ``threshold − 1``, the
cover, of which nothing is known but that it is not small, takes up the rest.

Which part is the cover follows from a fixed order and from which parts are small, never from the hidden numbers
themselves; whether enough is hidden together follows from shown numbers alone.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DECEMBER: Final = 12


class Mark(StrEnum):
    """What stands in place of a number."""

    HIDDEN = "hidden"
    NOT_IN_USE = "not_in_use"
    NOT_YET = "not_yet"
    """Of a period that is not over."""
    WITHHELD = "withheld"
    """The whole table of the period is not published."""


Shown = int | Mark


@dataclass(frozen=True, kw_only=True)
class Split:
    """How one split is protected."""

    hidden: AbstractSet[str]
    left: int | None
    """What is hidden together at the least, as anybody can reckon; None where nothing is hidden."""


@dataclass(frozen=True, kw_only=True)
class Months:
    """How the months of a year are protected, by their number from 1 to 12."""

    hidden: AbstractSet[int]
    total_shown: bool
    left: int | None
    """What the hidden months are together, where the total is shown; else None."""
    low: Mapping[int, int]
    """The least that a month can be, as anybody can reckon: itself where it is shown."""
    most: int
    """The most that all months of a year that is over can be together, as anybody can reckon."""


def enough_hidden(threshold: int) -> int:
    """Return how much has to be hidden together: a small number of any size, and a cover that is not small."""
    return 2 * threshold - 1


def single(number: int, threshold: int) -> Shown:
    """Return a number that is part of no sum: itself, or hidden where it is small."""
    return number if number >= threshold else Mark.HIDDEN


def mask_split(parts: Mapping[str, int], *, low: int, exact: bool, threshold: int) -> Split | None:
    """Return which parts of a total are hidden; None where the whole split has to be withheld.

    Args:
        parts: in the order in which they are asked to be the cover; they add up to the total.
        low: the least that the total can be, as anybody can reckon from what is shown elsewhere.
        exact: whether the total is known to everybody; where not, showing every part would tell it.
        threshold: numbers below it are small.
    """
    small = {name for name, number in parts.items() if number < threshold}
    if exact and not small:
        return Split(hidden=frozenset(), left=None)
    cover = next((name for name in parts if name not in small), None)
    if cover is None:
        return None
    hidden = frozenset({*small, cover})
    left = low - sum(number for name, number in parts.items() if name not in hidden)
    return Split(hidden=hidden, left=left) if left >= enough_hidden(threshold) else None


def mask_months(counts: Mapping[int, int], *, is_over: bool, threshold: int) -> Months:
    """Return which months of a year are hidden, and whether its total is shown.

    Months are published one by one, and what was shown stays shown: so December is the cover of all earlier
    ones, and the total comes with it and never before (of two running totals the difference would be the month
    between them). Where December can't be the cover, being small itself, the total is withheld.

    Args:
        counts: the months in which the kind was in use, so far as they are frozen.
        is_over: whether December is frozen.
        threshold: numbers below it are small.
    """
    small = {month for month, number in counts.items() if number < threshold}
    earlier = small - {DECEMBER}
    covered = bool(earlier) and DECEMBER in counts and DECEMBER not in small
    hidden = frozenset(small | {DECEMBER}) if covered else frozenset(small)
    left = sum(counts[month] for month in hidden)
    total_shown = is_over and (not hidden or (covered and left >= enough_hidden(threshold)))
    low = {month: 0 if month in hidden else number for month, number in counts.items()}
    most = sum(low.values()) + (threshold - 1) * len(small)
    if covered:
        # With the total, anybody can reckon December's least; without it, that it is not small.
        low[DECEMBER] = max(threshold, left - (threshold - 1) * len(earlier)) if total_shown else threshold
        most = sum(counts.values())
        if not total_shown:
            most += enough_hidden(threshold) - 1 - left
    return Months(
        hidden=hidden,
        total_shown=total_shown,
        left=left if total_shown and hidden else None,
        low=low,
        most=most,
    )


def sum_of(shown: Iterable[Shown]) -> Shown:
    """Return the sum over kinds: a number only if every kind that is in use shows one."""
    parts = [part for part in shown if part is not Mark.NOT_IN_USE]
    for mark in (Mark.NOT_YET, Mark.WITHHELD, Mark.HIDDEN):
        if mark in parts:
            return mark
    numbers = [part for part in parts if isinstance(part, int)]
    return sum(numbers) if numbers else Mark.NOT_IN_USE
