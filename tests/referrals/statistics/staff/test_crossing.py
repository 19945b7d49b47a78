"""Masking a crossing: nothing hidden can be worked out by somebody who knows all sums."""

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.statistics.staff.crossing import mask_both, mask_columns
from referrals.statistics.suppression import Mark, Shown

THRESHOLD = 3
MOST = 5

Table = Sequence[Sequence[int]]


def worlds(shape: tuple[int, int], most: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield every table of a shape with numbers up to a bound."""
    rows = list(itertools.product(range(most + 1), repeat=shape[1]))
    yield from itertools.product(rows, repeat=shape[0])


def sums(table: Table) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the sums of the rows and of the columns."""
    return tuple(map(sum, table)), tuple(map(sum, zip(*table, strict=True)))


def small_of(table: Table) -> tuple[tuple[bool, ...], ...]:
    return tuple(tuple(number < THRESHOLD for number in row) for row in table)


def test_who_knows_all_sums_and_which_are_small_still_finds_two_answers_for_each_hidden_number():
    """Every table of two by three: those that look alike hold at least two values of each hidden number."""
    alike: dict[Any, list[tuple[tuple[int, ...], ...]]] = {}
    for table in worlds((2, 3), MOST):
        masked = tuple(map(tuple, mask_both(table, threshold=THRESHOLD)))
        if any(cell is Mark.WITHHELD for row in masked for cell in row):
            continue
        flags = tuple(
            tuple(cell is Mark.HIDDEN and small for cell, small in zip(row, line, strict=True))
            for row, line in zip(masked, small_of(table), strict=True)
        )
        alike.setdefault((masked, flags, sums(table)), []).append(table)
    pinned = [
        tables[0]
        for (masked, _flags, _sums), tables in alike.items()
        for row, column in itertools.product(range(2), range(3))
        if masked[row][column] is Mark.HIDDEN and len({table[row][column] for table in tables}) == 1
    ]
    assert len(alike) > 100
    # The largest numbers of this trial could be larger in truth: their worlds are not all here.
    assert [table for table in pinned if max(map(max, table)) < MOST] == []


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=2, max_size=6))
def test_small_numbers_are_never_shown_and_sums_never_give_one_back(table):
    masked = mask_both(table, threshold=5)
    row_sums, column_sums = sums(table)
    for row, line in enumerate(masked):
        for column, cell in enumerate(line):
            if isinstance(cell, int) and cell < 5:
                # What is shown although it is small is told by a sum of 0 that is shown anyway.
                assert row_sums[row] == 0 or column_sums[column] == 0
    for line in (*masked, *map(list, zip(*masked, strict=True))):
        assert line.count(Mark.HIDDEN) != 1


def test_a_table_of_large_numbers_is_shown_whole():
    table = [[10, 11], [12, 13]]
    assert mask_both(table, threshold=5) == table


def test_what_can_not_be_protected_is_withheld():
    assert mask_both([[3, 20]], threshold=5) == [[Mark.WITHHELD, Mark.WITHHELD]]


def test_the_choice_does_not_depend_on_how_large_the_hidden_are():
    hidden = {
        tuple(tuple(isinstance(cell, int) for cell in row) for row in mask_both(table, threshold=5))
        for table in ([[1, 20, 30], [9, 40, 9]], [[2, 50, 30], [70, 8, 9]], [[4, 9, 9], [30, 60, 9]])
    }
    assert len(hidden) == 1


def test_real_sizes_lose_little_and_are_not_withheld():
    """A year of the county's kind: three larger municipalities and the small ones together."""
    chance = random.Random(7)
    for _round in range(50):
        table = [[max(0, round(chance.gauss(mean, mean**0.5))) for _ in range(12)] for mean in (22, 20, 9, 4)]
        cells = [cell for row in mask_both(table, threshold=5) for cell in row]
        assert Mark.WITHHELD not in cells
        assert sum(isinstance(cell, int) for cell in cells) >= 18


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ({"a": 20, "b": 9, "c": 2}, {"a": Mark.HIDDEN, "b": 9, "c": Mark.HIDDEN}),
        ({"a": 20, "b": 9, "c": 8}, {"a": 20, "b": 9, "c": 8}),
        ({"a": 0, "b": 0, "c": 0}, {"a": 0, "b": 0, "c": 0}),
        ({"a": 1, "b": 2, "c": 0}, {"a": Mark.WITHHELD, "b": Mark.WITHHELD, "c": Mark.WITHHELD}),
    ],
)
def test_columns_that_stand_alone(column: dict[str, int], expected: dict[str, Shown]):
    assert mask_columns({"x": column}, threshold=5) == {"x": expected}
