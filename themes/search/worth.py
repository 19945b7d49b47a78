"""What one word of a query is worth to which texts. Pure.

A term is worth more in the name than in the description, and more the fewer services have it (the
inverse document frequency of BM25). How often a text repeats a word says little here: descriptions
are short, and their writers differ.

What a text is worth follows from the columns that have its terms and from the length of its name. So all that are
worth the same are one set (``numbers``).
"""

import sys
from collections.abc import Callable, Iterator, Mapping

from themes.search.numbers import ABSENT, Postings, Texts
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

Level = tuple[float, int]
"""What a word is worth, and the texts to which it is worth that."""


def weight(columns: int, name_length: int) -> float:
    """Return what a term is worth in these columns of a text with so many words in its name."""
    focus = _LONG_NAME + (1 - _LONG_NAME) / max(1, name_length)
    return sum(
        WEIGHTS[column] * (focus if column in _NAMES else 1)
        for at, column in enumerate(COLUMNS)
        if columns >> at & 1
    )


class Found:
    """One word of a query in the texts of one language: which have it, and what it is worth to each."""

    def __init__(
        self, one: Wanted, places: Callable[[Term], Postings], *, texts: Texts, language: str, reach: Reach
    ) -> None:
        """Find the texts that have the word.

        Args:
            one: the word.
            places: tells where a term is.
            texts: of the language.
            language: of the texts.
            reach: how far from the very word to go.
        """
        self._places = places
        self._lengths = texts.lengths
        self._choices = [
            choice for choice in one.choices if choice.reach <= reach and choice.terms[0].language == language
        ]
        self._reckoned: list[Level] | None = None
        self.services = 0
        """The set of those that have it."""
        for choice in self._choices:
            self.services |= have_all(choice, places)
        self.is_known = bool(self.services) or any(
            all(places(term).within(choice.columns) for term in choice.terms) for choice in self._choices
        )
        """Whether all that makes it up is there, be it in one text or in several."""

    def reckon(self) -> None:
        """Reckon what it is worth to all of them, so that it may be kept without what it was found by."""
        self._reckoned = self.levels(self.services)
        self._choices, self._places = [], lambda _: ABSENT

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return 500 + sum(100 + sys.getsizeof(bits) for _, bits in self._reckoned or ())

    def levels(self, among: int) -> list[Level]:
        """Return what the word is worth to these texts, the most first, each text in one level: its best."""
        if self._reckoned is not None:
            return [(score, part) for score, bits in self._reckoned if (part := bits & among)]
        found = [level for choice in self._choices for level in self._worth(choice, among)]
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
