"""Which numbers may be published: pure, and the one place that decides.

The public table is the county's count of referrals by month and kind, with a total for each year that is
over. The rule, for each kind by itself (``docs/statistics.md`` says it in words):

1. A month below the threshold is hidden, 0 too: whoever sees that a month is hidden learns no more than
   that it is small. A month in which a kind was not in use yet has no number at all.
2. What was shown once stays shown, since it has been published; nothing is hidden later.
3. December is hidden whenever an earlier month of its year is, however large it is.
4. A year's total is published with its December, and never before: two running totals would give back the
   month between them. It is withheld if December alone is hidden, or if the hidden months together are
   below the threshold.
5. A row's sum over the kinds is shown only where every kind's own number is.

So a hidden month may be any number from 0 to the threshold, whatever else is known: December takes up what
is left of the total, and nothing in the rule depends on the hidden numbers but that they are small
(``tests/referrals/statistics/test_suppression.py`` tries every possible year).
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from typing import Final

from referrals.statistics.periods import Month

DECEMBER: Final = 12


class Mark(Enum):
    """What stands in place of a number."""

    HIDDEN = "hidden"
    NOT_IN_USE = "not_in_use"
    NOT_YET = "not_yet"
    """The total of a year that is not over."""


Shown = int | Mark


@dataclass(frozen=True, kw_only=True)
class PublicYear:
    """What is published of one kind and year."""

    year: int
    months: Mapping[Month, Shown]
    total: Shown


def publish(counts: Mapping[Month, int], *, threshold: int) -> dict[int, PublicYear]:
    """Return what may be shown of one kind's frozen months, by year.

    Args:
        counts: every frozen month in which the kind was in use.
        threshold: numbers below it are hidden.
    """
    years = sorted({month.year for month in counts})
    return {
        year: _publish_year(
            year, {month: number for month, number in counts.items() if month.year == year}, threshold
        )
        for year in years
    }


def sum_of(shown: Iterable[Shown]) -> Shown:
    """Return the sum over kinds: a number only if every kind that is in use shows one."""
    parts = [part for part in shown if part is not Mark.NOT_IN_USE]
    for mark in (Mark.NOT_YET, Mark.HIDDEN):
        if mark in parts:
            return mark
    numbers = [part for part in parts if isinstance(part, int)]
    return sum(numbers) if numbers else Mark.NOT_IN_USE


def _publish_year(year: int, counts: Mapping[Month, int], threshold: int) -> PublicYear:
    december = Month(year, DECEMBER)
    small = {month for month, number in counts.items() if number < threshold}
    earlier = small - {december}
    hidden = small | {december} & counts.keys() if earlier else small
    return PublicYear(
        year=year,
        months={month: Mark.HIDDEN if month in hidden else counts[month] for month in sorted(counts)},
        total=_total(counts, hidden, december, threshold),
    )


def _total(counts: Mapping[Month, int], hidden: AbstractSet[Month], december: Month, threshold: int) -> Shown:
    if december not in counts:
        return Mark.NOT_YET
    left = sum(counts[month] for month in hidden)
    told = hidden and (hidden == {december} or left < threshold)
    return Mark.HIDDEN if told else sum(counts.values())
