"""Misspelt words, and the words of the catalogue that were meant. Pure.

Compared are letters as a hurried hand types them: *a* for *ä* costs next to nothing. An inflected word is also
compared without its ending, and a compound part by part, since the very compound may stand nowhere.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST_WORD = 32
"""Characters; a longer word is left as it is, since each letter is a place to divide it."""
_SHORTEST = 4
_SHORTEST_PART = 3
_MOST_CANDIDATES = 8

_FOLD = str.maketrans({"ä": "a", "ö": "o", "å": "a", "é": "e", "ü": "u", "š": "s", "ž": "z"})
_ENDINGS = re.compile(
    r"(?:ssa|sta|lla|lta|lle|ksi|tta|na|ta|isiin|eista|illa|ille|ilta|ista|issa|iin|oihin|ihin|in|ien|jen"
    r"|den|iden|ita|oita|ja|a|n|t|an|en|on|un|lleni|ani)$"
)
_UNLIKE_BEGINNING = 0.6
_ENDING_OFF = 0.3
_DIACRITIC = 0.1
_DIVIDED = 0.4
_SLIP = 1.0 + _ENDING_OFF
_NAMED = 2
"""The least weight of a word that is worth suggesting."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A word that may have been meant."""

    word: str
    cost: float
    """In mistakes: below 0.5 it is the same word, bent or without its dots."""


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    cost: float
    weight: int
    word: str

    @property
    def order(self) -> tuple[float, int, str]:
        return (self.cost, -self.weight, self.word)


class Vocabulary:
    """The words of one language that the catalogue knows, by how much they weigh."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """Take words in lower case, each with its weight: of two as near the heavier is meant."""
        self.words = dict(words)
        self._by_folded: dict[str, list[str]] = {}
        for word in sorted(self.words):
            if _SHORTEST_PART <= len(word) <= LONGEST_WORD:
                self._by_folded.setdefault(fold(word), []).append(word)
        self._folded: Sequence[str] = sorted(self._by_folded, key=lambda word: (len(word), word))
        # Where the words of each length begin: a word so many letters longer is so many mistakes away at least.
        self._begins = [bisect_left(self._folded, size, key=len) for size in range(LONGEST_WORD + 2)]

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def correction(self, word: str) -> Correction | None:
        """Return the known word that was most likely meant; None if none is near enough."""
        if not _SHORTEST <= len(word) <= LONGEST_WORD or not word.replace("-", "").isalpha():
            return None
        found = [*self._near(word), *self._divided(word)]
        best = min(found, key=lambda one: one.order, default=None)
        return Correction(word=best.word, cost=best.cost) if best and best.word != word else None

    def slip(self, word: str) -> Correction | None:
        """Return the known word of which this is one mistake away, its beginning right; None if there is none.

        For a word that may be right as well (*lasilisä*, but *lapsilisä* is known), and so must be near.
        """
        if not _SHORTEST <= len(word) <= LONGEST_WORD or not word.isalpha() or word in self.words:
            return None
        near = (one for one in self._near(word) if one.cost <= _SLIP and one.weight >= _NAMED)
        best = min(near, key=lambda one: one.order, default=None)
        return Correction(word=best.word, cost=best.cost) if best else None

    def _near(self, word: str, *, bent: bool = True) -> Iterator[_Candidate]:
        for stem, off in _stems(fold(word)) if bent else ((fold(word), 0.0),):
            most = _most_mistakes(len(stem))
            first, last = max(0, len(stem) - most), min(len(stem) + most, LONGEST_WORD) + 1
            of_length = self._folded[self._begins[first] : self._begins[last]]
            for known, mistakes, _ in process.extract(
                stem, of_length, scorer=OSA.distance, score_cutoff=most, limit=_MOST_CANDIDATES
            ):
                beginning = _UNLIKE_BEGINNING if known[0] != stem[0] else 0.0
                if mistakes + beginning > most:
                    continue
                for meant in self._by_folded[known]:
                    dots = _DIACRITIC if not off and meant != word and mistakes == 0 else 0.0
                    yield _Candidate(
                        cost=mistakes + beginning + off + dots, weight=self.words[meant], word=meant
                    )

    def _divided(self, word: str) -> Iterator[_Candidate]:
        """Yield compounds of two known words, where one of the parts is misspelt."""
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            head, tail = word[:at], word[at:]
            heads = self._by_folded.get(fold(head), ())
            if heads and len(tail) >= _SHORTEST:
                for near in self._near(tail):
                    yield _joined(heads[0], near.word, near.cost + _DIVIDED, near.weight)
            if len(head) < _SHORTEST:
                continue
            for stem, off in _stems(fold(tail)):
                for known in self._by_folded.get(stem, ()):
                    for near in self._near(head, bent=False):
                        cost = near.cost + off + _DIVIDED
                        yield _joined(near.word, known, cost, near.weight)


def _joined(head: str, tail: str, cost: float, weight: int) -> _Candidate:
    # Short pieces fit together by chance: the shorter of the two counts.
    chance = 1.0 if min(len(head), len(tail)) <= _SHORTEST_PART else 0.0
    return _Candidate(cost=cost + chance, weight=weight, word=head + tail)


def fold(word: str) -> str:
    """Return a word without its dots and rings."""
    return unicodedata.normalize("NFC", word).translate(_FOLD)


def vocabularies(rows: Iterable[tuple[str, str, int]]) -> dict[str, Vocabulary]:
    """Return the vocabularies by language, of rows of language, word and weight."""
    words: dict[str, dict[str, int]] = {}
    for language, word, weight in rows:
        known = words.setdefault(language, {})
        known[word] = max(weight, known.get(word, 0))
    return {language: Vocabulary(known) for language, known in words.items()}


def _stems(folded: str) -> Iterator[tuple[str, float]]:
    yield folded, 0.0
    for size in range(1, 6):
        stem = folded[:-size]
        if len(stem) >= _SHORTEST and _ENDINGS.fullmatch(folded[-size:]):
            yield stem, _ENDING_OFF


def _most_mistakes(length: int) -> int:
    if length < _SHORTEST:
        return 0
    return 1 if length < 7 else 2 if length < 14 else 3  # noqa: PLR2004 - one mistake in about six letters
