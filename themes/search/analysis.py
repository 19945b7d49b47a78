"""From text to the terms that the index holds and a query looks for.

Finnish by its readings (``finnish``), Swedish and English by their stems. Pure: no database.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import snowballstemmer

from themes.search import finnish
from themes.search.memory import remembered

VERSION = 2
"""Of the rules in this module and its data: raise it when they change, so that texts are analysed anew."""

LONGEST_TERM = 64
"""Characters; a longer string without a space is no word, and is cut."""

LANGUAGES = ("fi", "sv", "en")
_STEMMERS = {"sv": "swedish", "en": "english"}

_SWEDISH_TAILS = Path(__file__).resolve().parent / "swedish_tails.txt"
_SHORTEST_HEAD = 3
_LONGEST_BARE_AN = 5

# Letters and digits, held together by inner hyphens ("vapaa-aika") and colons ("SPR:n").
_WORD = re.compile(r"[^\W_]+(?:[-:][^\W_]+)*")
_CASE_ENDING = re.compile(r"(?<=\w):[^\W\d]+$")
_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00ad": None, "\u200b": None})


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The terms of one word."""

    lemmas: tuple[str, ...]
    """Its dictionary forms or its stem, likeliest first; an unknown word is its own."""
    strong: tuple[str, ...]
    """What the word is: the word as written and its lemmas."""
    weak: tuple[str, ...] = ()
    """What it has in it: compound parts, longer pieces of the compound, what it is derived from."""
    parts: tuple[str, ...] = ()
    """The parts of the likeliest compound reading, in order; empty for a simple word."""

    @cached_property
    def meant(self) -> frozenset[str]:
        """What saying the word says: of a compound, not its parts."""
        return frozenset(self.strong if self.parts else (*self.strong, *self.weak))


def tokenise(text: str) -> list[str]:
    """Return the words of a text in order, in NFC and lower case; hyphens and colons inside are kept."""
    plain = unicodedata.normalize("NFC", text.translate(_DASHES)).lower()
    # Lowering may part a letter from its dot (İ); composing again keeps one form for one word.
    return [word[:LONGEST_TERM] for word in _WORD.findall(unicodedata.normalize("NFC", plain))]


def analyse(word: str, language: str = "fi") -> Analysis:
    """Return the terms of one word as ``tokenise`` gives it.

    Never fails: a word that is unknown, too long or not a word at all is its own only term.
    """
    return remembered(_analyse, word, language)


def _analyse(word: str, language: str) -> Analysis:
    if not word:
        return _analysis("", ())
    if language == "fi":
        return _analyse_finnish(word)
    if language == "sv":
        return _analyse_swedish(word)
    return _analysis(word, (_stem(word, language),))


def _analyse_finnish(word: str) -> Analysis:
    found = finnish.readings(word)
    if found:
        return _from_readings(word, found)
    if ending := _CASE_ENDING.search(word):  # SPR:n, Kela:sta; not 10:30
        analysis = analyse(word[: ending.start()])
        return _analysis(word, analysis.lemmas, analysis.weak, analysis.parts)
    head, _, tail = word.rpartition("-")
    heads = tuple(filter(None, head.split("-")))
    if heads and tail:  # zumba-ryhmässä: only the tail bends
        rest = analyse(tail)
        lemmas = tuple(f"{head}-{lemma}" for lemma in rest.lemmas)
        return _analysis(word, lemmas, (*heads, *rest.strong, *rest.weak), (*heads, rest.lemmas[0]))
    return _analysis(word, (word,))


def _analyse_swedish(word: str) -> Analysis:
    stems = [_stem(word, "sv")]
    if word.endswith("an") and len(word) > _LONGEST_BARE_AN:
        # Snowball doesn't know the definite form of nouns in -a: skolan, gympan.
        stems.insert(0, _stem(word[:-1], "sv"))
    for stem in stems:
        for tail in _swedish_tails():
            head = stem.removesuffix(tail)
            if head != stem and len(head) >= _SHORTEST_HEAD:
                parts = (_stem(_unlinked(head), "sv"), tail)
                return _analysis(word, tuple(stems), parts, parts)
    return _analysis(word, tuple(stems))


def _unlinked(head: str) -> str:
    """Return the first part of a Swedish compound without its joint: motion-s-grupp, but buss-resa."""
    head = head.removesuffix("-")
    return head[:-1] if head.endswith("s") and not head.endswith("ss") else head


@cache
def _swedish_tails() -> tuple[str, ...]:
    lines = _SWEDISH_TAILS.read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    return tuple(sorted({_stem(word, "sv") for word in words}, key=lambda stem: (-len(stem), stem)))


def _stem(word: str, language: str) -> str:
    if language not in _STEMMERS or len(word) > LONGEST_TERM:
        return word
    # A stemmer holds the word it works on: a new one for each call is safe in threads.
    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))


def _from_readings(word: str, found: tuple[finnish.Reading, ...]) -> Analysis:
    weak: list[str] = []
    for reading in found:
        count = len(reading.parts)
        weak += (part.base for part in reading.parts if count > 1)
        weak += (reading.lemma_of(0, end) for end in range(2, count))
        weak += (reading.lemma_of(first, count) for first in range(1, count - 1))
        weak += (base for part in reading.parts for base in reversed(part.derived_from))
    best = found[0]
    parts = tuple(part.base for part in best.parts) if len(best.parts) > 1 else ()
    return _analysis(word, tuple(lemma for reading in found for lemma in reading.lemmas), weak, parts)


def _analysis(
    word: str,
    lemmas: tuple[str, ...],
    weak: Iterable[str] = (),
    parts: tuple[str, ...] = (),
) -> Analysis:
    strong = _unique(word, *lemmas)
    return Analysis(
        lemmas=_unique(*lemmas),
        strong=strong,
        weak=tuple(term for term in _unique(*weak) if term not in strong),
        parts=parts,
    )


def _unique(*terms: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for term in terms if term))


def strong_terms(texts: Iterable[str], language: str) -> list[str]:
    """Return the strong terms of every word of the texts, each term once, in order of appearance."""
    return _terms(texts, language, weak=False)


def weak_terms(texts: Iterable[str], language: str) -> list[str]:
    """Return the weak terms of every word of the texts, each term once, in order of appearance."""
    return _terms(texts, language, weak=True)


def typed_terms(texts: Iterable[str], language: str) -> list[str]:
    """Return the words of the texts that somebody would type, each once: Finnish ones in their dictionary form."""
    words = [word for text in texts for word in tokenise(text)]
    if language != "fi":
        return list(dict.fromkeys(words))
    found: list[str] = []
    for word in words:
        read = finnish.readings(word)
        found += [reading.lemmas[0] for reading in read if reading.says_what][:1] if read else [word]
    return list(dict.fromkeys(found))


def _terms(texts: Iterable[str], language: str, *, weak: bool) -> list[str]:
    analyses = (analyse(word, language) for text in texts for word in tokenise(text))
    return list(dict.fromkeys(term for one in analyses for term in (one.weak if weak else one.strong)))
