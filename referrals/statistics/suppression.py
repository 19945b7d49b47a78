"""Which numbers may be published: pure, and the one place that decides.

The public table is the county's count of referrals by month and kind, with a total for each year that is
over. The rule, for each kind by itself (``docs/statistics.md`` says it in words):

1. A month below the threshold is hidden, 0 too: whoever knows that a month is hidden learns no more than
   that it is small. A month in which a kind was not in use yet has no number at all.
2. What was shown once stays shown, since it has been published; nothing is hidden later.
3. A year's total is published when its December is frozen, and never before: two running totals would give
   back the month between them.
4. If the hidden months could be worked out from that total (fewer than three values would be possible for
   one of them), December is hidden as well. If that is not enough, the total is withheld.
5. A row's sum over the kinds is shown only where every kind's own number is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from referrals.statistics.periods import Month

DECEMBER: Final = 12
POSSIBLE_VALUES: Final = 3
"""For each hidden month at least so many values have to be possible."""


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
            year, {month: counts[month] for month in sorted(counts) if month.year == year}, threshold
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
    hidden = {month for month, number in counts.items() if number < threshold}
    december = Month(year, DECEMBER)
    if december not in counts:
        return PublicYear(year=year, months=_masked(counts, hidden), total=Mark.NOT_YET)
    total: Shown = sum(counts.values())
    if not _safe([counts[month] for month in sorted(hidden)], threshold=threshold, complement=False):
        small = [counts[month] for month in sorted(hidden)]
        hidden = hidden | {december}
        complement = counts[december] >= threshold
        if not (complement and _safe(small, threshold=threshold, complement=True, extra=counts[december])):
            total = Mark.HIDDEN
            # The total is withheld: December needs no cover of its own.
            hidden = {month for month in hidden if counts[month] < threshold}
    return PublicYear(year=year, months=_masked(counts, hidden), total=total)


def _masked(counts: Mapping[Month, int], hidden: set[Month]) -> dict[Month, Shown]:
    return {month: Mark.HIDDEN if month in hidden else number for month, number in counts.items()}


def _safe(small: Sequence[int], *, threshold: int, complement: bool, extra: int = 0) -> bool:
    """Whether somebody who knows the rule and the hidden months' sum can't work one of them out.

    Each small one lies between 0 and the threshold; a complement (``extra``) may be anything.
    """
    if not small:
        return True
    total, most = sum(small) + extra, threshold - 1
    if complement:
        return min(most, total) + 1 >= POSSIBLE_VALUES
    others = most * (len(small) - 1)
    return min(most, total) - max(0, total - others) + 1 >= POSSIBLE_VALUES
