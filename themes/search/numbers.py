"""Sets of services as the bits of one integer, and where a term is in them. Pure.

Services are numbered in the order of their ids. To intersect two sets of twenty thousand is then one AND of 2.5 kB,
and to count one costs no more: nothing is done once a service, but for those that are shown.
"""

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from themes.search.terms import COLUMNS, EVERY_COLUMN

Places = Sequence[tuple[int, int]]
"""Pairs of columns (bit *n* stands for ``COLUMNS[n]``) and the set of those that have the term in just these."""


@dataclass(frozen=True, kw_only=True)
class Postings:
    """Where one term is."""

    places: Places = ()
    """No service is in two of them."""
    everywhere: int = 0
    """All services that have it."""
    rarity: float = 0.0
    """What it says of a service to have it: the inverse document frequency of BM25."""

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return 200 + sys.getsizeof(self.everywhere) + sum(80 + sys.getsizeof(bits) for _, bits in self.places)

    def within(self, columns: int) -> int:
        """Return the services that have it in one of these columns."""
        if columns == EVERY_COLUMN:
            return self.everywhere
        found = 0
        for places, bits in self.places:
            if places & columns:
                found |= bits
        return found

    def columns_of(self, number: int) -> int:
        """Return the columns in which a service has it; nought if it hasn't."""
        return next((columns for columns, bits in self.places if bits >> number & 1), 0)


_FEW = 6
"""So many numbers are taken out one by one sooner than the set is cut into pieces."""

ABSENT = Postings()


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts of one language."""

    size: int = 0
    lengths: Mapping[int, int] = field(default_factory=dict)
    """Words in the name → the services with such a name, the shortest first."""


def postings(by_column: Sequence[int], texts: Texts) -> Postings:
    """Return where a term is, of the sets of those that have it in each of ``COLUMNS``."""
    everywhere = 0
    for bits in by_column:
        everywhere |= bits
    if not everywhere:
        return ABSENT
    places = [(0, everywhere)]
    for at in range(len(COLUMNS)):
        here = by_column[at]
        parted = [
            part
            for columns, bits in places
            for part in ((columns | 1 << at, bits & here), (columns, bits & ~here))
        ]
        places = [part for part in parted if part[1]]
    has = everywhere.bit_count()
    return Postings(
        places=tuple(places),
        everywhere=everywhere,
        rarity=math.log(1 + (max(texts.size, has) - has + 0.5) / (has + 0.5)),
    )


def bits_of(numbers: Iterable[int], size: int) -> int:
    """Return the set of these numbers, all below ``size``."""
    marks = bytearray((size >> 3) + 1)
    for number in numbers:
        marks[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(marks, "little")


def numbers_of(bits: int) -> Iterator[int]:
    """Yield the numbers of a set, the lowest first."""
    if bits.bit_count() <= _FEW:
        while bits:
            lowest = bits & -bits
            yield lowest.bit_length() - 1
            bits ^= lowest
        return
    base = 0
    # Piece by piece: taking the lowest bit of a long integer copies all of it.
    for piece in memoryview(bits.to_bytes(-(-bits.bit_length() // 64) * 8, sys.byteorder)).cast("Q")[
        :: 1 if sys.byteorder == "little" else -1
    ]:
        while piece:
            lowest = piece & -piece
            yield base + lowest.bit_length() - 1
            piece ^= lowest  # noqa: PLW2901 - what is left of the piece
        base += 64
