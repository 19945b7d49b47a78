"""Small numbers stay hidden, also from somebody who knows the rule and keeps every earlier page."""

import itertools
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.statistics.suppression import (
    Mark,
    Shown,
    enough_hidden,
    mask_months,
    mask_split,
    single,
    sum_of,
)


def shown(*numbers: int, first: int = 9, threshold: int = 5) -> list[Shown]:
    """Return what a year publishes of consecutive months: the months in order, then the total."""
    counts = dict(enumerate(numbers, start=first))
    is_over = 12 in counts
    months = mask_months(counts, is_over=is_over, threshold=threshold)
    cells: list[Shown] = [Mark.HIDDEN if each in months.hidden else counts[each] for each in counts]
    if not is_over:
        return [*cells, Mark.NOT_YET]
    return [*cells, sum(numbers) if months.total_shown else Mark.HIDDEN]


def split(*parts: int, low: int | None = None, threshold: int = 5) -> list[Shown] | None:
    """Return what is shown of the parts of a total, which is known unless its least is given."""
    named = {str(place): number for place, number in enumerate(parts)}
    total = sum(parts) if low is None else low
    found = mask_split(named, low=total, exact=low is None, threshold=threshold)
    if found is None:
        return None
    return [Mark.HIDDEN if name in found.hidden else number for name, number in named.items()]


def test_large_numbers_are_shown_with_their_total():
    assert shown(22, 41, 48, 35) == [22, 41, 48, 35, 146]


def test_december_covers_the_small_months_before_it():
    culture = shown(6, 9, 3, 4, 5, 9, 8, 10, 5, first=4)
    assert culture == [6, 9, Mark.HIDDEN, Mark.HIDDEN, 5, 9, 8, 10, Mark.HIDDEN, 59]


def test_a_small_december_can_cover_nothing_so_the_total_is_withheld():
    assert shown(22, 41, 48, 3) == [22, 41, 48, Mark.HIDDEN, Mark.HIDDEN]
    assert shown(2, 41, 48, 3) == [Mark.HIDDEN, 41, 48, Mark.HIDDEN, Mark.HIDDEN]


def test_a_total_that_leaves_too_little_for_the_hidden_months_is_withheld():
    """5 hidden in two months would say, to whoever knows that December is not small: none and 5."""
    assert shown(0, 48, 48, 5)[-1] is Mark.HIDDEN
    assert shown(3, 48, 48, 6)[-1] == 105


def test_a_year_that_is_not_over_has_no_total():
    assert shown(22, 41, 48)[-1] is Mark.NOT_YET


def test_parts_are_covered_by_the_first_that_is_not_small():
    assert split(30, 40, 50) == [30, 40, 50]
    assert split(30, 40, 2) == [Mark.HIDDEN, 40, Mark.HIDDEN]
    assert split(3, 40, 20) == [Mark.HIDDEN, Mark.HIDDEN, 20]


def test_parts_that_would_tell_a_hidden_total_have_one_hidden():
    """A month is hidden, so that the quarter's total is not known: all places together would be that total."""
    assert split(30, 40, 50, low=117) == [Mark.HIDDEN, 40, 50]


def test_parts_that_can_not_be_protected_are_withheld():
    assert split(2, 3, 1) is None
    assert split(6, 40, 2) is None, "8 together: the small one would be at most 3"
    assert split(30, 40, 50, low=97) is None, "the least that the total can be leaves 7 to the hidden part"


def test_zero_is_hidden_as_well():
    assert shown(0, 41, 48)[0] is Mark.HIDDEN
    assert single(0, 5) is Mark.HIDDEN
    assert single(5, 5) == 5


def test_the_sum_over_kinds_shows_only_what_its_parts_show():
    assert sum_of([22, 6]) == 28
    assert sum_of([22, Mark.NOT_IN_USE]) == 22
    assert sum_of([22, Mark.HIDDEN]) is Mark.HIDDEN
    assert sum_of([22, Mark.WITHHELD]) is Mark.WITHHELD
    assert sum_of([Mark.NOT_IN_USE]) is Mark.NOT_IN_USE
    assert sum_of([22, Mark.NOT_YET]) is Mark.NOT_YET


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(2, 8))
def test_what_was_shown_or_hidden_once_stays_so(numbers, threshold):
    whole = shown(*numbers, first=13 - len(numbers), threshold=threshold)
    for known in range(1, len(numbers)):
        assert shown(*numbers[:known], first=13 - len(numbers), threshold=threshold)[:-1] == whole[:known]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(3, 8), st.integers(0, 20))
def test_no_small_part_is_shown_and_what_is_hidden_together_is_enough(parts, threshold, unsure):
    named = {str(place): number for place, number in enumerate(parts)}
    exact = unsure == 0
    found = mask_split(named, low=sum(parts) - unsure, exact=exact, threshold=threshold)
    if found is None:
        return
    assert {name for name, number in named.items() if number < threshold} <= found.hidden
    if found.left is not None:
        assert found.hidden
        assert found.left == sum(named[name] for name in found.hidden) - unsure
        assert found.left >= enough_hidden(threshold)
        assert any(named[name] >= threshold for name in found.hidden)
    else:
        assert exact


def _worlds(most: int, places: int, quarters: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield every last quarter of so many months, and how its referrals fall on places."""
    for months in itertools.product(range(most + 1), repeat=quarters):
        total = sum(months)
        for parts in itertools.product(range(total + 1), repeat=places - 1):
            if sum(parts) <= total:
                yield months, (*parts, total - sum(parts))


@pytest.mark.parametrize(("threshold", "most", "months", "places"), [(2, 5, 2, 3), (3, 8, 2, 2)])
def test_attacker_who_knows_the_rule(threshold, most, months, places, long, figure):
    """An attacker with every page ever published, who knows the rule, narrows no hidden number down to one.

    Every possible short year is published month by month, then by place; worlds that look the same from outside
    are put together. Worlds at the edge of what was tried are left out: there the trial itself is narrow.
    """
    most += 2 if long else 0
    first = 13 - months
    alike: dict[tuple[tuple[object, ...] | None, ...], list[tuple[tuple[int, ...], tuple[int, ...]]]] = (
        defaultdict(list)
    )
    for world in _worlds(most, places, months):
        counts = dict(enumerate(world[0], start=first))
        pages: list[tuple[object, ...] | None] = [
            tuple(shown(*world[0][:known], first=first, threshold=threshold))
            for known in range(1, months + 1)
        ]
        known = mask_months(counts, is_over=True, threshold=threshold)
        low = sum(known.low.values())
        exact = not known.hidden
        found = mask_split(
            {str(place): number for place, number in enumerate(world[1])},
            low=sum(world[0]) if exact else low,
            exact=exact,
            threshold=threshold,
        )
        pages.append(
            None
            if found is None
            else tuple(
                None if str(place) in found.hidden else number for place, number in enumerate(world[1])
            )
        )
        alike[tuple(pages)].append(world)
    hidden, possible = 0, []
    for published, worlds in alike.items():
        if max(max(world[0]) for world in worlds) >= most:
            continue
        for place, cell in enumerate((published[months - 1] or ())[:-1]):
            if cell is Mark.HIDDEN:
                hidden += len(worlds)
                possible.append(len({world[0][place] for world in worlds}))
        for place in range(places):
            last = published[-1]
            if last is None or last[place] is None:
                hidden += len(worlds)
                possible.append(len({world[1][place] for world in worlds}))
    figure("years published", sum(len(worlds) for worlds in alike.values()))
    figure("numbers hidden", hidden)
    figure("hidden numbers recovered", sum(values == 1 for values in possible))
    figure("fewest possible values of a hidden number", min(possible))
    assert min(possible) >= 2
