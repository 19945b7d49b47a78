"""The two editable word lists: everyday words for official ones, and words that say nothing."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from themes.search.analysis import LANGUAGES, Analysis, analyse, tokenise

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Words:
    """Word lists, ready to be asked. ``synonyms`` are by language, then by dictionary form."""

    synonyms: Mapping[str, Mapping[str, tuple[str, ...]]]
    stop: frozenset[str]

    def synonyms_of(self, analysis: Analysis, language: str) -> tuple[str, ...]:
        """Return the official words for a word, as the list has them; likeliest reading first."""
        table = self.synonyms.get(language, {})
        return tuple(
            dict.fromkeys(word for term in analysis.strong for word in table.get(term, ()) if word),
        )


@cache
def standard() -> Words:
    """Return the lists that stand beside this module."""
    return read(
        (_FOLDER / "synonyms.toml").read_text(encoding="utf-8"),
        (_FOLDER / "stopwords.toml").read_text(encoding="utf-8"),
    )


def read(synonyms: str, stopwords: str) -> Words:
    """Read both lists from TOML.

    Raises:
        ValueError: if a language is unknown, a key isn't one word, or a word has no synonyms.
    """
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, entries in tomllib.loads(synonyms).items():
        if language not in LANGUAGES:
            raise ValueError(f"synonyms in an unknown language: {language}")
        table = tables[language] = {}
        for everyday, official in entries.items():
            if len(tokenise(everyday)) != 1 or not official:
                raise ValueError(f"not a word with its synonyms: {everyday!r} ({language})")
            # A stem stands for all forms of a Swedish or English word; Finnish keys are lemmas already.
            forms = (everyday,) if language == "fi" else analyse(everyday, language).strong
            for form in forms:
                table.setdefault(form, tuple(official))
    stop = frozenset(word for words in tomllib.loads(stopwords).values() for word in words.split())
    return Words(synonyms=tables, stop=stop)
