"""The word lists: everyday words for official ones, words that say nothing, words that say little."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from themes.search.analysis import LANGUAGES, Analysis, analyse, tokenise
from themes.search.memory import ours

_FOLDER = Path(__file__).resolve().parent
_LISTS = (
    "synonyms",
    "official_words",
    "catalogue_words",
    "stopwords",
    "lightwords",
    "needs",
    "crossings",
)
MOST_SYNONYMS = 14
"""Official words of one everyday word that are looked for: each costs a look-up."""
_ANY_OF = "@"
"""Begins the name of a group of words in a need: any of them may be said there."""

Synonyms = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Official words by language, then by everyday word."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An everyday word and the official one to which it leads."""

    language: str
    everyday: str
    official: str


@dataclass(frozen=True, kw_only=True)
class Need:
    """Words that together say what somebody needs, in any order and form, and what services call that."""

    words: frozenset[str]
    """Dictionary forms; two at least, since one word alone is a synonym."""
    official: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """Word lists, ready to be asked. ``synonyms`` are by language, then by dictionary form or stem."""

    synonyms: Synonyms
    stop: frozenset[str]
    light: frozenset[str] = frozenset()
    """Dictionary forms of words without which a service answers as well (*apua*, *haluta*)."""
    needs: Mapping[str, Mapping[str, tuple[Need, ...]]] = field(default_factory=dict)
    """Needs by language and one of their words, the longest of each (*hoitaa*)."""
    crossings: Synonyms = field(default_factory=dict)
    """Finnish official words for those of another language, by that: most texts are in Finnish alone."""

    @cached_property
    def all_words(self) -> frozenset[str]:
        """Every word that stands in the lists, in whichever of them."""
        officials = {word for table in self.synonyms.values() for found in table.values() for word in found}
        return frozenset().union(
            *self.synonyms.values(),
            *self.crossings.values(),
            *map(tokenise, officials),
            self.stop,
            self.light,
            *self._of_needs(),
        )

    def _of_needs(self) -> Iterable[Iterable[str]]:
        every = (needs for by_word in self.needs.values() for needs in by_word.values())
        for needs in every:
            for need in needs:
                yield need.words
                yield tokenise(need.official)

    def synonyms_of(self, analysis: Analysis, language: str) -> tuple[str, ...]:
        """Return the official words for a word, as the list has them; likeliest reading first."""
        return self.official_words(analysis.strong, language)

    def crossed(self, analysis: Analysis, language: str) -> tuple[str, ...]:
        """Return the Finnish official words for a word of another language."""
        table = self.crossings.get(language, {})
        found = dict.fromkeys(word for term in analysis.strong for word in table.get(term, ()))
        return tuple(found)[:MOST_SYNONYMS]

    def official_words(self, terms: Iterable[str], language: str) -> tuple[str, ...]:
        """Return the official words for any of these dictionary forms."""
        table = self.synonyms.get(language, {})
        found = dict.fromkeys(word for term in terms for word in table.get(term, ()) if word)
        return tuple(found)[:MOST_SYNONYMS]

    def needs_in(self, said: AbstractSet[str], language: str) -> tuple[Need, ...]:
        """Return the needs all of whose words are said, those of more words first."""
        by_word = self.needs.get(language, {})
        found = {need for word in said if word in by_word for need in by_word[word] if need.words <= said}
        return tuple(sorted(found, key=lambda need: (-len(need.words), need.official, sorted(need.words))))

    @ours()
    def edited(self, *, added: Iterable[Pair] = (), removed: Iterable[Pair] = ()) -> "Words":
        """Return the lists with some pairs more and some less; those that were added come first."""
        tables = {language: dict(table) for language, table in self.synonyms.items()}
        for pair in removed:
            table = tables.get(pair.language, {})
            for form in forms_of(pair.everyday, pair.language):
                table[form] = tuple(word for word in table.get(form, ()) if word != pair.official)
        for pair in added:
            table = tables.setdefault(pair.language, {})
            for form in forms_of(pair.everyday, pair.language):
                table[form] = tuple(dict.fromkeys((pair.official, *table.get(form, ()))))
        return replace(self, synonyms=tables)


def forms_of(everyday: str, language: str) -> tuple[str, ...]:
    """Return the forms under which a word of a list is met: itself in Finnish, else its stem too."""
    return (everyday,) if language == "fi" else analyse(everyday, language).strong


@cache
def standard() -> Words:
    """Return the lists that stand beside this module."""
    texts = {name: (_FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in _LISTS}
    return read(
        texts["synonyms"],
        texts["stopwords"],
        official=(texts["official_words"], texts["catalogue_words"]),
        light=texts["lightwords"],
        needs=texts["needs"],
        crossings=texts["crossings"],
    )


@ours()
def read(
    synonyms: str,
    stopwords: str,
    *,
    official: Sequence[str] = (),
    light: str = "",
    needs: str = "",
    crossings: str = "",
) -> Words:
    """Read the lists from TOML.

    Args:
        synonyms: by language, everyday word → official words.
        stopwords: by language, words that say nothing, as they are typed.
        official: lists by language, official word → everyday words in one string.
        light: by language, dictionary forms of words that say little.
        needs: by language, official word → needs, each as its words in one string; in ``any-of``, by language,
            groups of words, for each of which ``@`` and the name of the group stands in a need.
        crossings: by language, Finnish official word → words of that language in one string.

    Raises:
        ValueError: if a language is unknown, a key isn't one word, a word has no synonyms, or a need has
            fewer than two words.
    """
    return Words(
        synonyms=_tables(_entries(synonyms, official)),
        stop=_flat(stopwords),
        light=_flat(light),
        needs=_needs(needs),
        crossings=_tables(_entries("", (crossings,))),
    )


def _tables(entries: Iterable[tuple[str, str, tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, everyday, found in entries:
        if language not in LANGUAGES:
            raise ValueError(f"synonyms in an unknown language: {language}")
        if len(tokenise(everyday)) != 1 or not found:
            raise ValueError(f"not a word with its synonyms: {everyday!r} ({language})")
        table = tables.setdefault(language, {})
        for form in forms_of(everyday, language):
            table[form] = tuple(dict.fromkeys((*table.get(form, ()), *found)))
    return tables


def _needs(text: str) -> dict[str, dict[str, tuple[Need, ...]]]:
    found: dict[str, dict[str, tuple[Need, ...]]] = {}
    tables = tomllib.loads(text)
    any_of = tables.pop("any-of", {})
    for language, entries in tables.items():
        if language not in LANGUAGES:
            raise ValueError(f"needs in an unknown language: {language}")
        for official, lines in entries.items():
            for words in (each for line in lines for each in _said(line, any_of.get(language, {}))):
                if len(words) < 2:  # noqa: PLR2004 - one word is a synonym
                    raise ValueError(f"not a need: {sorted(words)} ({language})")
                by_word, key = found.setdefault(language, {}), max(words, key=lambda word: (len(word), word))
                by_word[key] = (*by_word.get(key, ()), Need(words=words, official=official))
    return found


def _said(line: str, any_of: Mapping[str, str]) -> Iterable[frozenset[str]]:
    """Yield the words of a need, once for each word of a group that may be said in it."""
    for word in line.split():
        if word.startswith(_ANY_OF) and word[1:] not in any_of:
            raise ValueError(f"no such group of words: {word!r}")
    choices = [any_of[word[1:]].split() if word.startswith(_ANY_OF) else (word,) for word in line.split()]
    yield from map(frozenset, product(*choices))


def _entries(synonyms: str, official: Sequence[str]) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    for language, entries in tomllib.loads(synonyms).items():
        for everyday, found in entries.items():
            yield language, everyday, tuple(found)
    for text in official:
        for language, entries in tomllib.loads(text).items():
            for word, everydays in entries.items():
                yield from (
                    (language, everyday, (word,)) for everyday in everydays.split() if everyday != word
                )


def _flat(text: str) -> frozenset[str]:
    return frozenset(word for words in tomllib.loads(text).values() for word in words.split())
