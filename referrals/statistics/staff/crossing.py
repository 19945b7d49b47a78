"""Masking one table that crosses two dimensions, read by somebody who knows its sums: pure.

A number below the threshold is hidden, 0 too. With it goes whatever would give it back: the table is shown beside
exact one-way counts, so the sums of all rows and columns count as known. Where a line with a small number has a
large one, a large one is always hidden beside it, so that not even "they are all 0" can be read from the sum. What
is hidden besides is chosen by place and by which numbers are small, never by how large they are: the choice tells
nothing.

At the end every hidden number is tried as a reader would who knows the rule and even which of the hidden are small:
if one of them could only be what it is, the whole table is withheld.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from referrals.statistics.suppression import Mark, Shown, mask_split

At = tuple[int, int]
"""A row and a column, by number."""


def mask_both(numbers: Sequence[Sequence[int]], *, threshold: int) -> list[list[Shown]]:
    """Return a table whose rows and columns add up to known sums, with what must be hidden hidden.

    Args:
        numbers: rows of equal length, none negative.
        threshold: numbers below it are hidden.
    """
    table = _Table(numbers, threshold)
    hidden = table.hidden()
    safe = hidden is not None and all(table.may_differ(at, hidden) for at in hidden)
    gone, mark = (hidden or frozenset(), Mark.HIDDEN) if safe else (table.free, Mark.WITHHELD)
    return [
        [mark if (row, column) in gone else number for column, number in enumerate(line)]
        for row, line in enumerate(numbers)
    ]


def mask_columns(columns: Mapping[str, Mapping[str, int]], *, threshold: int) -> dict[str, dict[str, Shown]]:
    """Return columns that each add up to a known sum, and rows that don't, with what must be hidden hidden.

    Args:
        columns: by their code, each with its numbers in the order in which they are asked to cover small ones.
        threshold: numbers below it are hidden.
    """
    found: dict[str, dict[str, Shown]] = {}
    for code, parts in columns.items():
        total = sum(parts.values())
        split = mask_split(parts, low=total, exact=True, threshold=threshold) if total else None
        if not total:
            found[code] = dict(parts)
        elif split is None:
            found[code] = dict.fromkeys(parts, Mark.WITHHELD)
        else:
            found[code] = {row: Mark.HIDDEN if row in split.hidden else n for row, n in parts.items()}
    return found


class _Table:
    def __init__(self, numbers: Sequence[Sequence[int]], threshold: int) -> None:
        self.numbers, self.threshold = numbers, threshold
        self.rows = range(len(numbers))
        self.columns = range(len(numbers[0]) if numbers else 0)
        empty_rows = {row for row in self.rows if not any(numbers[row])}
        empty_columns = {column for column in self.columns if not any(line[column] for line in numbers)}
        self.free = frozenset(
            (row, column)
            for row, column in product(self.rows, self.columns)
            if row not in empty_rows and column not in empty_columns
        )
        """What the sums don't give away by being 0."""
        self.small = frozenset(at for at in self.free if numbers[at[0]][at[1]] < threshold)

    def hidden(self) -> frozenset[At] | None:
        """Return what is hidden, or None where nothing can protect a small number."""
        found = set(self.small)
        for at in sorted(self.small):
            more = min(
                (frozenset(shelter) - found for shelter in self._shelters(at)),
                key=lambda cells: (len(cells), sorted(cells)),
                default=None,
            )
            if more is None:
                return None
            found |= more
        return frozenset(found)

    def _shelters(self, at: At) -> Iterator[tuple[At, At, At]]:
        """Yield the rectangles that could be hidden with a small number."""
        row, column = at
        under = self._partners([(other, column) for other in self.rows if other != row])
        beside = self._partners([(row, other) for other in self.columns if other != column])
        for below, right in product(under, beside):
            corner = (below[0], right[1])
            if corner in self.free:
                yield below, right, corner

    def _partners(self, line: Sequence[At]) -> Sequence[At]:
        free = [each for each in line if each in self.free]
        return [each for each in free if each not in self.small] or free

    def may_differ(self, at: At, hidden: frozenset[At]) -> bool:
        """Whether a hidden number could be another one, all sums, all that is shown and all bounds being kept.

        From the true table a number can go up by one where the numbers of its lines make way in turn: a closed
        walk that goes along a column to one that goes down and along its row to one that goes up.
        """
        return any(self._can(at, up=up) and self._returns(at, hidden, up=up) for up in (True, False))

    def _returns(self, at: At, hidden: frozenset[At], *, up: bool) -> bool:
        others = hidden - {at}
        passed: set[int] = set()
        waiting, seen = [at[1]], {at[1]}
        while waiting:
            column = waiting.pop()
            makes_way = {row for row, c in others if c == column and self._can((row, c), up=not up)}
            if at[0] in makes_way:
                return True
            for row in makes_way - passed:
                passed.add(row)
                onwards = {c for r, c in others if r == row and self._can((r, c), up=up)} - seen
                seen |= onwards
                waiting += sorted(onwards)
        return False

    def _can(self, at: At, *, up: bool) -> bool:
        number, small = self.numbers[at[0]][at[1]], at in self.small
        if up:
            return not small or number < self.threshold - 1
        return number > (0 if small else self.threshold)
