"""Which services answer a query, in which order. Pure, and so the same on either database.

A term is worth more in the name than in the description, and more the fewer services have it (the
inverse document frequency of BM25). How often a text repeats a word says little here: descriptions
are short, and their writers differ.

What a text is worth follows from the columns that have its terms and from the length of its name. So all that are
worth the same are one set (``numbers``), and a query takes the sets in the order of their worth until enough are
found: what it costs hangs on how many are shown, hardly on how many there are. ``tests/themes/search/by_each.py``
says the same by weighing each text; a test compares the two.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush, merge
from uuid import UUID

from themes.search.numbers import Postings, Texts, numbers_of
from themes.search.plan import Choice, Reach, Wanted
from themes.search.terms import COLUMNS, Term

WEIGHTS: Mapping[str, float] = {
    "name": 10,
    "name_parts": 6,
    "keywords": 5,
    "summary": 3,
    "body": 1,
    "parts": 1,
}
_NAMES = frozenset({"name", "name_parts"})
_NAME_BITS = sum(1 << at for at, column in enumerate(COLUMNS) if column in _NAMES)
_LONG_NAME = 0.6
"""What of a find in the name is left, at least, when the name has many other words."""
_LIGHT = 0.3
"""What a word counts without which a service answers as well."""
_SURELY = 1 + 1e-9
"""Lets what may still become of a set stand before what is already reckoned, however the last digit was rounded."""

Level = tuple[float, int]
"""What a word is worth, and the texts to which it is worth that."""

Place = tuple[float, int, int, str]
"""Of a text among those of its language: negative score, words in the name, the service's number, the language."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A service that was found; ``score`` compares only within one answer."""

    service_id: UUID
    score: float
    language: str
    """Of the text in which it was found."""


def weight(columns: int, name_length: int) -> float:
    """Return what a term is worth in these columns of a text with so many words in its name."""
    focus = _LONG_NAME + (1 - _LONG_NAME) / max(1, name_length)
    return sum(
        WEIGHTS[column] * (focus if column in _NAMES else 1)
        for at, column in enumerate(COLUMNS)
        if columns >> at & 1
    )


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
        places: Callable[[Term], Postings],
        *,
        texts: Mapping[str, Texts],
        language: str,
        reach: Reach,
        every_word: bool,
    ) -> None:
        """Find the services.

        Args:
            wanted: the words of the query.
            places: tells where a term is.
            texts: of each language that is searched.
            language: of the page.
            reach: how far from the very words to go.
            every_word: whether one text must have all of the words.
        """
        self._walks = {
            each: _Walk(wanted, places, texts=texts[each], language=each, reach=reach, every_word=every_word)
            for each in sorted(texts)
        }
        self._language = language
        self.services = 0
        """The set of all that were found."""
        for walk in self._walks.values():
            self.services |= walk.services

    def hits(self, among: int) -> Iterator[tuple[int, float, str]]:
        """Yield number, score and language of the hits among these services, best first.

        A service is answered once, by its text that fits best; texts in the page's language come before all
        others. Equal ones stand by the length of the name, then by number.
        """
        own = self._walks.get(self._language)
        if own is not None:
            for negative, _, number, _ in own.read(among):
                yield number, -negative, self._language
            among &= ~own.services
        others = [
            walk.read(among)
            for language, walk in self._walks.items()
            if language != self._language and walk.services & among
        ]
        answered = 0
        for negative, _, number, language in merge(*others):
            if not answered >> number & 1:
                answered |= 1 << number
                yield number, -negative, language


class _Walk:
    """The texts of one language that answer a query."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        places: Callable[[Term], Postings],
        *,
        texts: Texts,
        language: str,
        reach: Reach,
        every_word: bool,
    ) -> None:
        self._language = language
        self._wanted = wanted
        self._places = places
        self._lengths = texts.lengths
        self._every_word = every_word
        self._choices = [
            [
                choice
                for choice in one.choices
                if choice.reach <= reach and choice.terms[0].language == language
            ]
            for one in wanted
        ]
        self._having = [self._have_one(choices) for choices in self._choices]
        self.services = 0
        for having in self._having:
            self.services |= having
        if every_word:
            for one, having in zip(wanted, self._having, strict=True):
                if one.needed:
                    self.services &= having

    def _have_one(self, choices: Sequence[Choice]) -> int:
        found = 0
        for choice in choices:
            found |= have_all(choice, self._places)
        return found

    def read(self, among: int) -> Iterator[Place]:
        """Yield the places of those among these services, best first.

        The open ends of the search lie in a heap by the most that can still become of them: a set of texts with
        what the first words are worth to each. The best is taken out and parted by what the next word is worth.
        """
        start = self.services & among
        if not start:
            return
        levels = [self._levels(choices, start) for choices in self._choices]
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
                    key = -sum(told) * share(self._wanted, told)
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
                    yield negative, length, number, self._language

    def _levels(self, choices: Sequence[Choice], among: int) -> list[Level]:
        """Return what a word is worth to these texts, the most first, each text in one level: its best."""
        found = [level for choice in choices for level in self._worth(choice, among)]
        found.sort(key=_score, reverse=True)
        levels: list[Level] = []
        for score, bits in found:
            part = bits & among
            if part:
                among ^= part
                if levels and levels[-1][0] == score:
                    part |= levels.pop()[1]
                levels.append((score, part))
        return levels

    def _worth(self, choice: Choice, among: int) -> Iterator[Level]:
        parts: list[tuple[tuple[float, ...], int]] = [((), among)]
        for term in choice.terms:
            weighed = list(self._weighed(self._places(term), choice.columns, among))
            parts = [
                ((*told, worth), part)
                for told, bits in parts
                for worth, having in weighed
                if (part := bits & having)
            ]
        for told, bits in parts:
            yield choice.factor * sum(told) / len(told), bits

    def _weighed(self, places: Postings, within: int, among: int) -> Iterator[Level]:
        for everywhere, having in places.places:
            columns = everywhere & within
            bits = having & among if columns else 0
            if not bits:
                continue
            if columns & _NAME_BITS:
                for length, texts in self._lengths.items():
                    part = bits & texts
                    if part:
                        yield places.rarity * weight(columns, length), part
            else:
                yield places.rarity * weight(columns, 1), bits


def have_all(choice: Choice, places: Callable[[Term], Postings]) -> int:
    """Return the set of services that have all terms of a choice."""
    found = -1
    for term in choice.terms:
        found &= places(term).within(choice.columns)
        if not found:
            return 0
    return found


def _score(level: Level) -> float:
    return level[0]
