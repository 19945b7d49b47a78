"""What a query asks for: each of its words as a choice of terms, some more to the point than others.

Pure. ``index`` looks the terms up, ``ranking`` weighs what was found.
"""

from collections.abc import Iterator, Mapping
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
_SHORTEST_PIECE = 3

# How much a find is worth, when not the word itself was found but …
_SYNONYM = 0.6
_ALL_PARTS = 0.5
_BEGINNING = 0.3
_ROOT = 0.3
_SOME_PART = 0.2
_PART_SYNONYM = 0.15


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
    """As typed, in lower case."""
    also: tuple[str, ...]
    """Official words looked for as well, in the language of the page."""
    choices: tuple[Choice, ...]
    needed: bool = True
    """Whether a service without it lacks something of the query."""
    read_for: str = ""
    """The word that was looked for in place of a misspelt one; empty if it was this one."""


def tokens_of(query: str, words: Words) -> list[str]:
    """Return the words of a query that are looked for: those that say something, or all if none does."""
    tokens = list(dict.fromkeys(tokenise(query[:LONGEST_QUERY])))
    return ([token for token in tokens if token not in words.stop] or tokens)[:MOST_WORDS]


def plan(
    query: str,
    *,
    language: str,
    words: Words | None = None,
    corrections: Mapping[str, str] | None = None,
    optional: frozenset[str] = frozenset(),
) -> tuple[Wanted, ...]:
    """Return what the query asks for, at most ``MOST_WORDS`` words; empty if it has no words.

    Words that say nothing are left out, unless there are no others.

    Args:
        query: as typed.
        language: of the page.
        words: the word lists; the standard ones if not given.
        corrections: misspelt words of the query → what to look for in their place.
        optional: words of the query without which a service answers as well.
    """
    words = words or standard()
    tokens = tokens_of(query, words)
    needed = {token for token in tokens if token not in optional and not _is_light(token, words)}
    needed = needed or {token for token in tokens if token not in optional} or set(tokens)
    fixed = corrections or {}
    return tuple(
        _wanted(token, fixed.get(token, token), language, words, needed=token in needed) for token in tokens
    )


def _is_light(token: str, words: Words) -> bool:
    return any(not words.light.isdisjoint(analyse(token, language).lemmas) for language in LANGUAGES)


def _wanted(token: str, looked_for: str, page_language: str, words: Words, *, needed: bool) -> Wanted:
    choices: list[Choice] = []
    also: tuple[str, ...] = ()
    for language in LANGUAGES:
        analysis = analyse(looked_for, language)
        synonyms = words.synonyms_of(analysis, language)
        choices += _choices(looked_for, language, analysis, synonyms)
        choices += _part_synonyms(language, analysis, words, synonyms)
        if language == page_language:
            also = synonyms
    return Wanted(
        word=token,
        also=also,
        choices=tuple(choices),
        needed=needed,
        read_for=looked_for if looked_for != token else "",
    )


def _choice(language: str, *texts: str, factor: float, reach: Reach, prefix: bool = False) -> Choice:
    terms = tuple(Term(text=text, language=language, prefix=prefix) for text in texts)
    return Choice(terms=terms, factor=factor, reach=reach)


def _official(language: str, words: tuple[str, ...], factor: float, reach: Reach) -> Iterator[Choice]:
    for word in words:
        lemmas = [analyse(each, language).lemmas[0] for each in tokenise(word)]
        if lemmas:
            yield _choice(language, *lemmas, factor=factor, reach=reach)


def _choices(token: str, language: str, analysis: Analysis, synonyms: tuple[str, ...]) -> Iterator[Choice]:
    for term in analysis.strong:
        yield _choice(language, term, factor=1, reach=Reach.WORDS)
    yield from _official(language, synonyms, _SYNONYM, Reach.WORDS)
    parts = tuple(dict.fromkeys(analysis.parts))
    if 1 < len(parts) <= _MOST_PARTS:
        yield _choice(language, *parts, factor=_ALL_PARTS, reach=Reach.WORDS)
    if len(token) >= _SHORTEST_BEGINNING:
        yield _choice(language, token, factor=_BEGINNING, reach=Reach.KIN, prefix=True)
    if not parts:
        for term in analysis.weak:
            yield _choice(language, term, factor=_ROOT, reach=Reach.KIN)
    elif len(parts) <= _MOST_PARTS:
        for term in analysis.weak:
            if len(term) >= _SHORTEST_PIECE:
                yield _choice(language, term, factor=_SOME_PART, reach=Reach.PIECES)


def _part_synonyms(
    language: str, analysis: Analysis, words: Words, known: tuple[str, ...]
) -> Iterator[Choice]:
    """Yield the official words for the pieces of a compound: *viinaongelma* → *päihde*."""
    if len(analysis.parts) <= _MOST_PARTS:
        others = words.official_words(analysis.weak, language)
        new = tuple(word for word in others if word not in known)
        yield from _official(language, new, _PART_SYNONYM, Reach.PIECES)
