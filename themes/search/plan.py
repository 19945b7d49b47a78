"""What a query asks for: each of its words as a choice of terms, some more to the point than others.

Pure. ``index`` looks the terms up, ``ranking`` weighs what was found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from themes.search.analysis import LANGUAGES, Analysis, analyse, tokenise
from themes.search.finnish import readings
from themes.search.terms import EVERY_COLUMN, Term, bits_of_columns
from themes.search.words import Words, standard

LONGEST_QUERY = 200
"""Characters; what comes after is left out."""
MOST_WORDS = 8
"""Words of a query that are looked up: each costs time that a stranger decides on."""
_MOST_PARTS = 4
_SHORTEST_BEGINNING = 4
_SHORTEST_PIECE = 3
_WORDS_OF_THEIR_OWN = bits_of_columns("name", "keywords", "summary")
_PIECES_OF_NAMES = _WORDS_OF_THEIR_OWN | bits_of_columns("name_parts")
_BEGINNINGS = bits_of_columns("name", "keywords")
_BUT_BODY = EVERY_COLUMN & ~bits_of_columns("body")

# How much a find is worth, when not the word itself was found but …
_SYNONYM = 0.5
"""Below the weight of ``name_parts`` by that of ``name``: the very word in a compound of a name comes first."""
_ALL_PARTS = 0.5
_BEGINNING = 0.3
_ROOT = 0.3
_SOME_PART = 0.2
_PART_SYNONYM = 0.15
_ROOT_SYNONYM = 0.4
_CROSSED = 0.4
_PARTS_SYNONYM = 0.3
_NEED = 0.8
_SAID_BESIDE = 0.3
"""What the other words count where a need is understood, and words that say little beside those that say much."""

_MOST_SAID = 24
"""Words of a query in which a need is looked for; those that say nothing by themselves are among them."""
_MOST_NEEDS = 6
_MOST_PARTS_SYNONYMS = 6


class Reach(IntEnum):
    """How far from the very words a search goes to find something."""

    WORDS = 1
    """Words in any form, their synonyms, compounds by all of their parts."""
    KIN = 2
    """And what they are derived from, and words that begin with them."""
    PIECES = 3
    """And single parts of compounds."""


class Choice(NamedTuple):
    """One way for a service to have a word: all of these terms, in one language."""

    terms: tuple[Term, ...]
    factor: float
    reach: Reach
    columns: int = EVERY_COLUMN
    """Where the terms have to stand."""


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
    understood: bool = False
    """Whether it is what a whole sentence asks for, and ``word`` the words that say it."""

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return 500 + 600 * len(self.choices)


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
    is_known: Callable[[str], bool] = lambda _: False,
    reading: Callable[[str], Wanted] | None = None,
) -> tuple[Wanted, ...]:
    """Return what the query asks for, at most ``MOST_WORDS`` words; empty if it has no words.

    Words that say nothing are left out, unless there are no others.

    Args:
        query: as typed.
        language: of the page.
        words: the word lists; the standard ones if not given.
        corrections: misspelt words of the query → what to look for in their place.
        optional: words of the query without which a service answers as well.
        is_known: whether the catalogue has a Finnish word, in its dictionary form: two words of the query may be
            the parts of it.
        reading: gives what ``read_word`` makes of a word, where the caller keeps it; such a word is given again.
    """
    words = words or standard()
    read = reading or partial(read_word, language=language, words=words)
    tokens = tokens_of(query, words)
    fixed = corrections or {}
    need = _need(query, words, fixed)
    needed = {token for token in tokens if token not in optional and not _is_light(token, words)}
    needed = needed or {token for token in tokens if token not in optional} or set(tokens)
    if need:
        needed = set()
    joined = _joined(tokens, fixed, words, is_known)
    return (
        *need,
        *(
            _as_said(
                token,
                read(fixed.get(token, token)),
                words,
                needed=token in needed,
                joined=joined.get(token, ()),
            )
            for token in tokens[: MOST_WORDS - len(need)]
        ),
    )


def _need(query: str, words: Words, fixed: Mapping[str, str]) -> tuple[Wanted, ...]:
    """Return what a sentence as a whole asks for: *en jaksa enää hoitaa äitiä* → *omaishoito*; often nothing."""
    tokens = [fixed.get(token, token) for token in tokenise(query[:LONGEST_QUERY])[:_MOST_SAID]]
    if len(tokens) < 2:  # noqa: PLR2004 - one word is no sentence
        return ()
    for language in LANGUAGES:
        meant = {token: analyse(token, language).meant for token in tokens}
        said = frozenset().union(*meant.values())
        needs = words.needs_in(said, language)[:_MOST_NEEDS]
        if needs:
            used = frozenset().union(*(need.words for need in needs))
            official = tuple(dict.fromkeys(need.official for need in needs))
            return (
                Wanted(
                    word=" ".join(token for token in meant if not used.isdisjoint(meant[token])),
                    also=official,
                    choices=tuple(_official(language, official, _NEED, Reach.WORDS)),
                    understood=True,
                ),
            )
    return ()


def _joined(
    tokens: Sequence[str], fixed: Mapping[str, str], words: Words, is_known: Callable[[str], bool]
) -> dict[str, tuple[str, ...]]:
    """Return words that two neighbours make (*uima hallissa*, *burn out*), by each of the two.

    In a compound the last part alone bends, so its dictionary form is known already: to read the whole anew would
    cost more than all the rest of a search.
    """
    found: dict[str, tuple[str, ...]] = {}
    for first, second in pairwise(tokens):
        head = fixed.get(first, first)
        wholes = [head + tail for tail in analyse(fixed.get(second, second)).strong]
        wholes = [whole for whole in wholes if words.official_words((whole,), "fi") or is_known(whole)]
        for one in (first, second) if wholes else ():
            found[one] = (*found.get(one, ()), *wholes)
    return found


def _is_light(token: str, words: Words) -> bool:
    return any(not words.light.isdisjoint(analyse(token, language).lemmas) for language in LANGUAGES)


def read_word(word: str, *, language: str, words: Words) -> Wanted:
    """Return every way to find a word by itself, whatever stands beside it in the query.

    Args:
        word: as ``tokenise`` gives it, spelt right.
        language: of the page.
        words: the word lists.
    """
    choices: list[Choice] = []
    also: tuple[str, ...] = ()
    for each in LANGUAGES:
        analysis = analyse(word, each)
        synonyms = words.synonyms_of(analysis, each)
        choices += _choices(word, each, analysis, synonyms)
        choices += _part_synonyms(each, analysis, words, synonyms)
        choices += _by_parts_and_synonyms(each, analysis, words)
        if each == language or not readings(word):
            choices += _official("fi", words.crossed(analysis, each), _CROSSED, Reach.WORDS)
        if each == language:
            also = synonyms
    return Wanted(word=word, also=also, choices=tuple(choices))


def _as_said(token: str, read: Wanted, words: Words, *, needed: bool, joined: Sequence[str]) -> Wanted:
    """Return a word as it stands in the query: perhaps misspelt, perhaps beside its other half."""
    choices = read.choices
    for whole in joined:
        official = _official("fi", words.official_words((whole,), "fi"), _SYNONYM, Reach.WORDS)
        choices = (*choices, _choice("fi", whole, factor=1, reach=Reach.WORDS), *official)
    if not needed:
        choices = tuple(choice._replace(factor=choice.factor * _SAID_BESIDE) for choice in choices)
    if choices is read.choices and token == read.word:
        return read
    mended = read.word if read.word != token else ""
    return replace(read, word=token, choices=choices, needed=needed, read_for=mended)


def _choice(
    language: str,
    *texts: str,
    factor: float,
    reach: Reach,
    prefix: bool = False,
    columns: int = EVERY_COLUMN,
) -> Choice:
    terms = tuple(Term(text=text, language=language, prefix=prefix) for text in texts)
    return Choice(terms=terms, factor=factor, reach=reach, columns=columns)


def _official(language: str, words: tuple[str, ...], factor: float, reach: Reach) -> Iterator[Choice]:
    for word in words:
        lemmas = _lemmas(word, language)
        if lemmas:
            yield _choice(language, *lemmas, factor=factor, reach=reach)
        # No transducer parts Swedish compounds: *tobak* must find *tobaksavvänjning* by its beginning.
        if language == "sv" and len(lemmas) == 1 and len(lemmas[0]) >= _SHORTEST_BEGINNING:
            yield _choice(language, lemmas[0], factor=factor * _ALL_PARTS, reach=reach, prefix=True)


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
        yield from _pieces(language, analysis)


def _pieces(language: str, analysis: Analysis) -> Iterator[Choice]:
    """Yield single pieces of a compound, where such a piece says something of a service.

    A piece that stands in a service's name as a word of its own does, or in its keywords or summary. Of compounds
    that only have a piece in common, those in names alone do: *velkaongelma* → *velkaneuvonta*; and not where both
    end with it, since those are two different things: *hotellihuone*, *olohuone*.
    """
    for term in analysis.weak:
        if len(term) < _SHORTEST_PIECE:
            continue
        last = any(lemma.endswith(term) for lemma in analysis.lemmas)
        where = _WORDS_OF_THEIR_OWN if last else _PIECES_OF_NAMES
        yield _choice(language, term, factor=_SOME_PART, reach=Reach.PIECES, columns=where)
        if last and len(term) >= _SHORTEST_BEGINNING:
            yield _choice(
                language, term, factor=_SOME_PART, reach=Reach.PIECES, columns=_BEGINNINGS, prefix=True
            )


def _by_parts_and_synonyms(language: str, analysis: Analysis, words: Words) -> Iterator[Choice]:
    """Yield a compound by one end of it beside what the other is called: *hammaslääkäri|päivystys*.

    Of three parts and more, its two ends will do: *hammas|lääkäri|päivystys* finds *hammaspäivystys*.
    """
    parts = analysis.parts
    if language != "fi" or not 1 < len(parts) <= _MOST_PARTS:
        return
    first, last = parts[0], parts[-1]
    heads = [term for term in analysis.weak if any(lemma.startswith(term) for lemma in analysis.lemmas)]
    ways = [
        *([(first, last)] if len(parts) > 2 else []),  # noqa: PLR2004 - two parts are looked for together already
        *((*_lemmas(word, language), last) for word in _few(words.official_words((*heads, first), language))),
        *((first, *_lemmas(word, language)) for word in _few(words.official_words((last,), language))),
    ]
    for terms in ways:
        yield _choice(language, *terms, factor=_PARTS_SYNONYM, reach=Reach.WORDS, columns=_BUT_BODY)


def _few(words: Sequence[str]) -> Sequence[str]:
    return words[:_MOST_PARTS_SYNONYMS]


def _lemmas(words: str, language: str) -> list[str]:
    return [analyse(word, language).lemmas[0] for word in tokenise(words)]


def _part_synonyms(
    language: str, analysis: Analysis, words: Words, known: tuple[str, ...]
) -> Iterator[Choice]:
    """Yield the official words for what a word is made of: *viinaongelma* → *päihde*.

    For a word that the list doesn't have, but has what it is derived from (*kuumeinen*), they are as good as its own.
    """
    if len(analysis.parts) > _MOST_PARTS:
        return
    others = words.official_words(analysis.weak, language)
    new = tuple(word for word in others if word not in known)
    if known or analysis.parts:
        for choice in _official(language, new, _PART_SYNONYM, Reach.PIECES):
            yield choice._replace(columns=_PIECES_OF_NAMES)
    else:
        yield from _official(language, new, _ROOT_SYNONYM, Reach.WORDS)
