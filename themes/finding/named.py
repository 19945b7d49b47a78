"""What a query names besides what is looked for: for whom, for how much, in which way. Pure.

*Mummolle jumppaa* asks for exercise and means older people; *ilmainen* is a price. Such a word becomes a choice
that can be taken back. It stays among the words, too, but a service without it answers as well.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from themes.directory.filters import Group
from themes.search.analysis import LANGUAGES, analyse, tokenise
from themes.search.finnish import readings
from themes.search.memory import ours

_FILE = Path(__file__).resolve().parent / "named_choices.toml"
_AS_TYPED = "as_typed"
_FOR_WHOM = frozenset({"all", "g"})
"""Cases in which a Finnish word says for whom something is: *lapselle*, *lasten*."""
_NOMINATIVE = "n"
_FEW_WORDS = 3
"""In a query so short, a word in its basic form says it too: *teini jooga*."""


@dataclass(frozen=True, kw_only=True)
class NamedChoice:
    """A choice that a word of the query makes."""

    group: Group
    value: str
    word: str
    """As it was typed."""
    other_words: str
    """The query without it."""


def named_choices(query: str) -> tuple[NamedChoice, ...]:
    """Return the choices that a query names, each once, in the order of their first words."""
    typed = query.split()
    found: dict[tuple[Group, str], list[int]] = {}
    for at, word in enumerate(typed):
        tokens = tokenise(word)
        if len(tokens) == 1:
            for choice in _choices(tokens[0], is_short=len(typed) <= _FEW_WORDS):
                found.setdefault(choice, []).append(at)
    return tuple(
        NamedChoice(
            group=group,
            value=value,
            word=typed[places[0]].strip(".,;:!?"),
            other_words=" ".join(word for at, word in enumerate(typed) if at not in places),
        )
        for (group, value), places in found.items()
    )


def _choices(word: str, *, is_short: bool) -> Iterator[tuple[Group, str]]:
    as_typed, by_term = _known()
    if word in as_typed:
        yield as_typed[word]
        return
    for language in LANGUAGES:
        for term in analyse(word, language).strong:
            choice = by_term.get((term, language))
            if choice is None:
                continue
            if (
                language != "fi"
                or choice[0] is not Group.LIFE_STAGE
                or _says_for_whom(word, is_short=is_short)
            ):
                yield choice
                return


def _says_for_whom(word: str, *, is_short: bool) -> bool:
    cases = {reading.parts[-1].case for reading in readings(word)}
    return not cases.isdisjoint(_FOR_WHOM) or (is_short and _NOMINATIVE in cases)


@cache
@ours()
def _known() -> tuple[Mapping[str, tuple[Group, str]], Mapping[tuple[str, str], tuple[Group, str]]]:
    as_typed: dict[str, tuple[Group, str]] = {}
    by_term: dict[tuple[str, str], tuple[Group, str]] = {}
    for group, values in tomllib.loads(_FILE.read_text(encoding="utf-8")).items():
        for value, lists in values.items():
            for language, words in lists.items():
                for word in words.split():
                    choice = (Group(group), value)
                    if language == _AS_TYPED:
                        as_typed[word] = choice
                    else:
                        forms = (word,) if language == "fi" else analyse(word, language).strong
                        by_term |= {(form, language): choice for form in forms}
    return as_typed, by_term
