"""What a query asks for: each of its words as a choice of terms, some more to the point than others.

Pure. ``index`` looks the terms up, ``ranking`` weighs what was found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from themes.search.analysis import LANGUAGES, Analysis, analyse, tokenise
from themes.search.terms import Term
from themes.search.words import Words, standard

LONGEST_QUERY = 200
"""Characters; what comes after is left out."""
MOST_WORDS = 8
"""Words of a query that are looked up: each costs time that a stranger decides on."""
_MOST_PARTS = 4
_SHORTEST_BEGINNING = 4

# How much a find is worth, when not the word itself was found but …
_SYNONYM = 0.5
_ALL_PARTS = 0.4
_BEGINNING = 0.3
_ROOT = 0.25
_SOME_PART = 0.15


class Reach(IntEnum):
    """How far from the very words a search goes to find something."""

    WORDS = 1
    """Words in any form, their synonyms, compounds by all of their parts."""
    KIN = 2
    """And what they are derived from, and words that begin with them."""
    PIECES = 3
    """And single parts of compounds."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way for a service to have a word: all of these terms, in one language."""

    terms: tuple[Term, ...]
    factor: float
    reach: Reach


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One word of the query and every way to find it."""

    word: str
    also: tuple[str, ...]
    """Official words looked for as well, in the language of the page."""
    choices: tuple[Choice, ...]


def plan(query: str, *, language: str, words: Words | None = None) -> tuple[Wanted, ...]:
    """Return what the query asks for, at most ``MOST_WORDS`` words; empty if it has no words.

    Words that say nothing are left out, unless there are no others.
    """
    words = words or standard()
    tokens = list(dict.fromkeys(tokenise(query[:LONGEST_QUERY])))
    telling = [token for token in tokens if token not in words.stop] or tokens
    return tuple(_wanted(token, language, words) for token in telling[:MOST_WORDS])


def _wanted(token: str, page_language: str, words: Words) -> Wanted:
    choices: list[Choice] = []
    also: tuple[str, ...] = ()
    for language in LANGUAGES:
        analysis = analyse(token, language)
        synonyms = words.synonyms_of(analysis, language)
        choices += _choices(token, language, analysis, synonyms)
        if language == page_language:
            also = synonyms
    return Wanted(word=token, also=also, choices=tuple(choices))


def _choices(token: str, language: str, analysis: Analysis, synonyms: tuple[str, ...]) -> Iterator[Choice]:
    def choice(*texts: str, factor: float, reach: Reach, prefix: bool = False) -> Choice:
        terms = tuple(Term(text=text, language=language, prefix=prefix) for text in texts)
        return Choice(terms=terms, factor=factor, reach=reach)

    for term in analysis.strong:
        yield choice(term, factor=1, reach=Reach.WORDS)
    for synonym in synonyms:
        lemmas = (analyse(word, language).lemmas[0] for word in tokenise(synonym))
        yield choice(*lemmas, factor=_SYNONYM, reach=Reach.WORDS)
    parts = tuple(dict.fromkeys(analysis.parts))
    if 1 < len(parts) <= _MOST_PARTS:
        yield choice(*parts, factor=_ALL_PARTS, reach=Reach.WORDS)
    if len(token) >= _SHORTEST_BEGINNING:
        yield choice(token, factor=_BEGINNING, reach=Reach.KIN, prefix=True)
    if not parts:
        for term in analysis.weak:
            yield choice(term, factor=_ROOT, reach=Reach.KIN)
    elif len(parts) <= _MOST_PARTS:
        for term in analysis.weak:
            yield choice(term, factor=_SOME_PART, reach=Reach.PIECES)
