"""The word lists as they are in force, and the catalogue's vocabulary: read once, and again when they change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from flask import current_app
from sqlalchemy import Select, func, select

from servicetray.core.content import kept
from servicetray.core.db import db
from themes.search.analysis import LANGUAGES
from themes.search.models import EditedSynonym, KnownWord
from themes.search.spelling import Vocabulary, fold, vocabularies
from themes.search.words import Pair, Words, standard

_KEPT = "servicetray.search.kept"
_SYNONYM_WEIGHT = 2
_WORDS_MARK: Final[Select[*tuple[Any, ...]]] = select(
    func.count(), func.max(EditedSynonym.id), func.max(EditedSynonym.changed_at)
)
_VOCABULARY_MARK: Final[Select[*tuple[Any, ...]]] = select(
    func.count(), func.sum(func.length(KnownWord.word) * KnownWord.weight), func.max(KnownWord.word)
)
T = TypeVar("T")


@dataclass
class _Kept:
    """What one process knows already, each by the mark of the tables that it was read from."""

    marks: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


def words() -> Words:
    """Return the word lists with the editors' changes; costs no more than one query while nothing has changed."""
    return kept(("search.words",), lambda: _read("words", _WORDS_MARK, _words))


def pairs(language: str, beginning: str, *, most: int) -> Sequence[tuple[Pair, bool]]:
    """Return pairs in force whose everyday or official word begins so, each with whether an editor added it.

    In the order of the alphabet, ``most`` at most. Without a beginning: those that editors added.
    """
    added = {
        (row.everyday, row.official)
        for row in db.session.scalars(
            select(EditedSynonym).where(EditedSynonym.language == language, EditedSynonym.removed.is_(False))
        )
    }
    found = [
        (Pair(language=language, everyday=everyday, official=official), (everyday, official) in added)
        for everyday, officials in words().synonyms.get(language, {}).items()
        for official in officials
        if (
            everyday.startswith(beginning) or official.startswith(beginning)
            if beginning
            else (everyday, official) in added
        )
    ]
    return sorted(found, key=lambda one: (one[0].everyday, one[0].official))[:most]


def removed(language: str) -> Sequence[Pair]:
    """Return the pairs of the software's own lists that editors took away, in the order of the alphabet."""
    rows = db.session.scalars(
        select(EditedSynonym)
        .where(EditedSynonym.language == language, EditedSynonym.removed.is_(True))
        .order_by(EditedSynonym.everyday, EditedSynonym.official)
    )
    return [Pair(language=language, everyday=row.everyday, official=row.official) for row in rows]


def vocabulary(lists: Words) -> Mapping[str, Vocabulary]:
    """Return the words of the catalogue and of the lists in force, by language."""
    return kept(
        ("search.vocabulary",),
        lambda: _read("vocabulary", _VOCABULARY_MARK, lambda: _vocabulary(lists), also=lists),
    )


def typed() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the words to suggest by language, each beside itself without its dots, in the order of these."""
    return kept(("search.typed",), _typed)


def _read(name: str, mark: Select[*tuple[Any, ...]], make: Callable[[], T], *, also: object = None) -> T:
    # Two threads may both read: they keep equal values, and the later one stays.
    known: _Kept = current_app.extensions.setdefault(_KEPT, _Kept())
    now = (tuple(db.session.execute(mark).one()), id(also))
    if known.marks.get(name) != now:
        known.values[name] = make()
        known.marks[name] = now
    value: T = known.values[name]
    return value


def _words() -> Words:
    rows = db.session.scalars(select(EditedSynonym).order_by(EditedSynonym.id)).all()
    if not rows:
        return standard()
    pairs = [
        (row.removed, Pair(language=row.language, everyday=row.everyday, official=row.official))
        for row in rows
    ]
    return standard().edited(
        added=[pair for removed, pair in pairs if not removed],
        removed=[pair for removed, pair in pairs if removed],
    )


def _typed() -> Mapping[str, Sequence[tuple[str, str]]]:
    stop = words().stop
    found: dict[str, list[tuple[str, str]]] = {language: [] for language in LANGUAGES}
    rows = db.session.execute(select(KnownWord.language, KnownWord.word).where(KnownWord.typed))
    for language, word in rows:
        if word not in stop and language in found:
            found[language].append((fold(word), word))
    return {language: sorted(some) for language, some in found.items()}


def _vocabulary(lists: Words) -> Mapping[str, Vocabulary]:
    rows = [
        (language, word, weight)
        for language, word, weight in db.session.execute(
            select(KnownWord.language, KnownWord.word, KnownWord.weight)
        )
    ]
    # An everyday word is spelt wrong as often as an official one.
    rows += [
        (language, word, _SYNONYM_WEIGHT) for language, table in lists.synonyms.items() for word in table
    ]
    found = vocabularies(rows)
    return {language: found.get(language) or Vocabulary({}) for language in LANGUAGES}
