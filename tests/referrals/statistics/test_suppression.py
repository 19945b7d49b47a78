"""Small numbers stay hidden, also from somebody who knows the rule and keeps every earlier page."""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.statistics.periods import Month
from referrals.statistics.suppression import Mark, publish, sum_of

SEPTEMBER = Month(2023, 9)


def months(*numbers: int, first: Month = SEPTEMBER) -> dict[Month, int]:
    """Return consecutive months with these numbers."""
    found, month = {}, first
    for number in numbers:
        found[month] = number
        month = month.next()
    return found


def shown(*numbers: int, first: Month = SEPTEMBER, threshold: int = 5) -> list[object]:
    """Return what the first year publishes: its months in order, then its total."""
    year = publish(months(*numbers, first=first), threshold=threshold)[first.year]
    return [*(year.months[month] for month in sorted(year.months)), year.total]


def test_large_numbers_are_shown_with_their_total():
    assert shown(22, 41, 48, 35) == [22, 41, 48, 35, 146]


def test_small_months_that_the_total_would_give_back_are_covered_by_december():
    """Their sum, 7, leaves only (3, 4) and (4, 3): December is hidden too, as nobody has seen it yet."""
    culture = shown(6, 9, 3, 4, 5, 9, 8, 10, 5, first=Month(2024, 4))
    assert culture == [6, 9, Mark.HIDDEN, Mark.HIDDEN, 5, 9, 8, 10, Mark.HIDDEN, 59]


def test_a_single_small_month_is_covered_by_december():
    assert shown(2, 41, 48, 35) == [Mark.HIDDEN, 41, 48, Mark.HIDDEN, 126]


def test_a_small_december_can_cover_nothing_so_the_total_is_withheld():
    assert shown(22, 41, 48, 3) == [22, 41, 48, Mark.HIDDEN, Mark.HIDDEN]


def test_a_total_that_leaves_little_for_the_hidden_months_is_withheld():
    """96 of 96 shown would say that the other months had none."""
    assert shown(0, 48, 48, 0)[-1] is Mark.HIDDEN
    assert shown(0, 48, 48, 5)[-1] == 101


def test_zero_is_hidden_as_well():
    assert shown(0, 41, 48)[0] is Mark.HIDDEN


def test_a_year_that_is_not_over_has_no_total():
    assert shown(22, 41, 48)[-1] is Mark.NOT_YET


def test_the_sum_over_kinds_shows_only_what_its_parts_show():
    assert sum_of([22, 6]) == 28
    assert sum_of([22, Mark.NOT_IN_USE]) == 22
    assert sum_of([22, Mark.HIDDEN]) is Mark.HIDDEN
    assert sum_of([Mark.NOT_IN_USE]) is Mark.NOT_IN_USE
    assert sum_of([22, Mark.NOT_YET]) is Mark.NOT_YET


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(2, 8))
def test_what_was_shown_once_stays_shown(numbers, threshold):
    whole = _cells(numbers, threshold)
    for length in range(1, len(numbers)):
        for month, cell in _cells(numbers[:length], threshold).items():
            assert whole[month] == cell


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(2, 8))
def test_no_number_below_the_threshold_is_ever_shown(numbers, threshold):
    cells = _cells(numbers, threshold).values()
    assert all(cell is Mark.HIDDEN or (isinstance(cell, int) and cell >= threshold) for cell in cells)


@pytest.mark.parametrize(("threshold", "most", "length"), [(5, 16, 3), (3, 9, 4)])
def test_attacker_who_knows_the_rule(threshold, most, length, long, figure):
    """An attacker with every page ever published, who knows the rule, narrows no hidden month down.

    Every possible year is published month by month; years that look the same from outside are put together.
    In each such heap a hidden month has to have as many possible values as there are small numbers. Years
    that sum up to more than the largest number tried are left out: there the trial itself is narrow.
    """
    most -= 0 if long else 4
    first = Month(2023, 13 - length)
    alike = defaultdict(list)
    for world in itertools.product(range(most + 1), repeat=length):
        pages = tuple(
            tuple(shown(*world[:known], first=first, threshold=threshold)) for known in range(1, length + 1)
        )
        alike[pages].append(world)
    hidden, possible = 0, []
    for pages, worlds in alike.items():
        total = pages[-1][-1]
        if isinstance(total, int) and total > most:
            continue
        for place in (place for place in range(length) if pages[-1][place] is Mark.HIDDEN):
            hidden += len(worlds)
            possible.append(len({world[place] for world in worlds}))
    figure("years published", (most + 1) ** length)
    figure("months hidden", hidden)
    figure("hidden months recovered", sum(values == 1 for values in possible))
    figure("fewest possible values of a hidden month", min(possible))
    assert min(possible) >= threshold


def _cells(numbers: list[int], threshold: int) -> dict[Month, object]:
    years = publish(months(*numbers), threshold=threshold).values()
    return {month: cell for year in years for month, cell in year.months.items()}
