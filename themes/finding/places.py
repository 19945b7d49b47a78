"""A municipality named among the words of a query (``jumppaa kouvolassa``). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicetray.core.db import Texts
from themes.search.analysis import analyse, tokenise
from themes.search.memory import ours


@dataclass(frozen=True, kw_only=True)
class NamedPlace:
    """A municipality that a query names."""

    code: str
    word: str
    """As it was typed."""
    other_words: str
    """The query without it; empty if it has no other words."""


Known = Mapping[str, Mapping[str, str]]
"""Codes of municipalities by language and dictionary form of their names."""


@ours()
def terms_of_places(names: Mapping[str, Texts]) -> Known:
    """Return what ``named_place`` knows municipalities by.

    Args:
        names: of the municipalities by code, each in its languages.
    """
    known: dict[str, dict[str, str]] = {}
    for code, texts in names.items():
        for language, name in texts.items():
            known.setdefault(language, {}).update(dict.fromkeys(analyse(name.lower(), language).lemmas, code))
    return known


def named_place(query: str, known: Known) -> NamedPlace | None:
    """Return the municipality that a query names in any form and language.

    None where it names none, or several: then they are words like any others.

    Args:
        query: as typed.
        known: the municipalities.
    """
    words = query.split()
    found = [(at, code) for at, word in enumerate(words) if (code := _code(word, known)) is not None]
    if len({code for _, code in found}) != 1:
        return None
    at, code = found[0]
    places = {at for at, _ in found}
    others = [word for at, word in enumerate(words) if at not in places]
    return NamedPlace(code=code, word=words[at].strip(".,;:!?"), other_words=" ".join(others))


def _code(word: str, known: Known) -> str | None:
    tokens = tokenise(word)
    if len(tokens) != 1:
        return None
    for language, codes in known.items():
        for term in analyse(tokens[0], language).strong:
            if term in codes:
                return codes[term]
    return None
