"""Which services answer a query, in which order. Pure, and so the same on either database.

All texts to which a word is worth the same are one set (``worth``), and a query takes the sets in the order of their
worth until enough are found: what it costs hangs on how many are shown, hardly on how many there are.
``tests/themes/search/by_each.py`` says the same by weighing each text; a test compares the two.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush, merge
from uuid import UUID

from themes.search.numbers import Texts, numbers_of
from themes.search.plan import Wanted
from themes.search.worth import Found, Level

_LIGHT = 0.3
"""What a word counts without which a service answers as well."""
_SURELY = 1 + 1e-9
"""Lets what may still become of a set stand before what is already reckoned, however the last digit was rounded."""

Having = Mapping[str, Found]
"""One word of a query in the texts of each language."""
Place = tuple[float, int, int, str]
"""Of a text among those of its language: negative score, words in the name, the service's number, the language."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A service that was found; ``score`` compares only within one answer."""

    service_id: UUID
    score: float
    language: str
    """Of the text in which it was found."""


def share(wanted: Sequence[Wanted], scores: Sequence[float]) -> float:
    """Return how much of the query a text has: of two as good ones that with more words comes first."""
    of = [_LIGHT if not one.needed else 1.0 for one in wanted]
    has = sum(part for part, score in zip(of, scores, strict=True) if score)
    return math.sqrt(has / sum(of))


class Ranking:
    """The services with every (or any) wanted word: which they are at once, their order as far as it is read."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        having: Sequence[Having],
        *,
        texts: Mapping[str, Texts],
        language: str,
        every_word: bool,
    ) -> None:
        """Find the services.

        Args:
            wanted: the words of the query.
            having: where each of them was found.
            texts: of each language that is searched.
            language: of the page.
            every_word: whether one text must have all of the words.
        """
        walks = {
            each: _Walk(
                wanted, [one[each] for one in having], texts=texts[each], language=each, every_word=every_word
            )
            for each in sorted(texts)
        }
        self._own = walks.pop(language, None)
        self._others = [walk for walk in walks.values() if walk.services]
        self.services = self._own.services if self._own else 0
        """The set of all that were found."""
        for walk in self._others:
            self.services |= walk.services

    def hits(self, among: int) -> Iterator[tuple[int, float, str]]:
        """Yield number, score and language of the hits among these services, best first.

        A service is answered once, by its text that fits best; texts in the page's language come before all
        others. Equal ones stand by the length of the name, then by number.
        """
        own = self._own
        if own is not None:
            for negative, _, number, _ in own.read(among):
                yield number, -negative, own.language
            among &= ~own.services
        answered = 0
        for negative, _, number, language in merge(*(walk.read(among) for walk in self._others)):
            if not answered >> number & 1:
                answered |= 1 << number
                yield number, -negative, language


class _Walk:
    """The texts of one language that answer a query."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        found: Sequence[Found],
        *,
        texts: Texts,
        language: str,
        every_word: bool,
    ) -> None:
        self.language = language
        self._wanted = wanted
        self._found = found
        self._lengths = texts.lengths
        self._every_word = every_word
        self.services = 0
        for each in found:
            self.services |= each.services
        if every_word:
            for one, each in zip(wanted, found, strict=True):
                if one.needed:
                    self.services &= each.services

    def read(self, among: int) -> Iterator[Place]:
        """Yield the places of those among these services, best first.

        The open ends of the search lie in a heap by the most that can still become of them: a set of texts with
        what the first words are worth to each. The best is taken out and parted by what the next word is worth.
        """
        start = self.services & among
        if not start:
            return
        levels = [each.levels(start) for each in self._found]
        counts = [1.0 if one.needed else _LIGHT for one in self._wanted]
        # Most that the words from each place on can add: in worth, and in share of the query.
        more = [sum(each[0][0] for each in levels[at:] if each) for at in range(len(levels) + 1)]
        rest = [
            sum(count for count, each in zip(counts[at:], levels[at:], strict=True) if each)
            for at in range(len(levels) + 1)
        ]
        whole, tie = sum(counts), 0
        heap: list[tuple[float, int, tuple[float, ...], int]] = [(-math.inf, 0, (), start)]
        while heap:
            negative, _, scores, bits = heappop(heap)
            at = len(scores)
            if at == len(levels):
                while heap and heap[0][0] == negative:
                    bits |= heappop(heap)[3]
                yield from self._one_by_one(negative, bits)
                continue
            for score, part in self._parted(at, levels[at], bits):
                tie += 1
                told = (*scores, score)
                if at + 1 == len(levels):
                    has = sum(count for count, each in zip(counts, told, strict=True) if each)
                    key = -sum(told) * math.sqrt(has / whole)
                else:
                    has = sum(count for count, each in zip(counts, told, strict=False) if each) + rest[at + 1]
                    key = -(sum(told) + more[at + 1]) * math.sqrt(has / whole) * _SURELY
                heappush(heap, (key, tie, told, part))

    def _parted(self, at: int, levels: Sequence[Level], bits: int) -> Iterator[Level]:
        """Part a set by what a word is worth to each text."""
        for score, texts in levels:
            part = bits & texts
            if part:
                yield score, part
                bits ^= part
                if not bits:
                    return
        if not (self._every_word and self._wanted[at].needed):
            yield 0.0, bits

    def _one_by_one(self, negative: float, bits: int) -> Iterator[Place]:
        for length, texts in self._lengths.items():
            part = bits & texts
            if part:
                for number in numbers_of(part):
                    yield negative, length, number, self.language
                bits ^= part
                if not bits:
                    return
