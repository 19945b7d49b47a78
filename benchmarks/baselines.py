"""What the search is measured against: SQLite's full text as it comes, and with Snowball's Finnish stems."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence

import snowballstemmer

from themes.search.operations import SearchDocument

_WORD = re.compile(r"\w+")
_LANGUAGES = {"fi": "finnish", "sv": "swedish", "en": "english"}
MOST = 20

Ask = Callable[[str, str], Sequence[str]]


def plain(texts: Sequence[SearchDocument], keys: Mapping[str, str]) -> Ask:
    """Return a search of the words as they stand (FTS5, unicode61)."""
    return _engine(texts, keys, lambda word, _language: word.lower())


def stemmed(texts: Sequence[SearchDocument], keys: Mapping[str, str]) -> Ask:
    """Return a search of the words by their Snowball stems."""
    stemmers = {code: snowballstemmer.stemmer(name) for code, name in _LANGUAGES.items()}
    return _engine(texts, keys, lambda word, language: str(stemmers[language].stemWord(word.lower())))


def _engine(texts: Sequence[SearchDocument], keys: Mapping[str, str], form: Callable[[str, str], str]) -> Ask:
    connection = sqlite3.connect(":memory:")
    tables = {code: f"texts_{code}" for code in _LANGUAGES}
    for code, table in tables.items():
        connection.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5(key UNINDEXED, name, keywords, summary, body,"
            " tokenize = 'unicode61')"
        )
        for text in texts:
            parts = (
                f"{text.name.get(code, '')} {text.alternative_name.get(code, '')}",
                " ".join(text.keywords.get(code, ())),
                text.summary.get(code, ""),
                text.body.get(code, ""),
            )
            row = [" ".join(form(word, code) for word in _WORD.findall(part)) for part in parts]
            values = (keys[str(text.service_id)], *row)
            connection.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", values)  # noqa: S608 - our own names

    def ask(words: str, language: str) -> list[str]:
        query = " OR ".join(f'"{form(word, language)}"' for word in _WORD.findall(words))
        if not query:
            return []
        table = tables[language]
        rows = connection.execute(
            f"SELECT key FROM {table} WHERE {table} MATCH ? ORDER BY bm25({table}, 0, 10, 5, 3, 1) LIMIT ?",  # noqa: S608 - our own names
            (query, MOST),
        )
        return [key for (key,) in rows]

    return ask


BASELINES: Mapping[str, Callable[[Sequence[SearchDocument], Mapping[str, str]], Ask]] = {
    "FTS5 as it comes": plain,
    "FTS5, Snowball stems": stemmed,
}
