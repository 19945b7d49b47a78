"""Keep the index in step with the catalogue. Called by the operations that change services.

The index holds what the public may find: a service that is hidden or retired is removed from it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import and_, case, delete, not_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core.db import Texts, db, is_sqlite
from themes.search import analysis, index
from themes.search.memory import ours
from themes.search.models import EditedSynonym, IndexedText, KnownWord
from themes.search.words import Pair, standard

_SHORTEST_WORD = 3
LONGEST_OFFICIAL = 100
MOST_OFFICIAL_WORDS = 5


@dataclass(frozen=True, kw_only=True)
class SearchDocument:
    """What of a service can be found, by language code; languages but fi, sv and en are left out."""

    service_id: UUID
    name: Texts
    alternative_name: Texts = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Keywords, and the names of classes, ontology terms, themes and places."""
    summary: Texts = field(default_factory=dict)
    body: Texts = field(default_factory=dict)


@ours()
def index_service(document: SearchDocument) -> bool:
    """Make a service findable by these texts and no others.

    Returns:
        Whether anything in the index changed; unchanged texts cost one query and no analysis.
    """
    known = {
        row.language: row
        for row in db.session.scalars(
            select(IndexedText).where(IndexedText.service_id == document.service_id),
        )
    }
    changed = False
    for language in analysis.LANGUAGES:
        row = known.pop(language, None)
        if not document.name.get(language):
            if row is not None:
                db.session.delete(row)
                changed = True
            continue
        fingerprint = _fingerprint(document, language)
        if row is not None and row.fingerprint == fingerprint:
            continue
        if row is None:
            row = IndexedText(service_id=document.service_id, language=language)
            db.session.add(row)
        row.name_length = max(1, len(analysis.tokenise(document.name[language])))
        row.fingerprint = fingerprint
        db.session.flush()
        index.put(db.session(), row.id, _terms(document, language))
        _learn(document, language)
        changed = True
    db.session.flush()
    return changed


def remove_service(service_id: UUID) -> bool:
    """Make a service unfindable; return whether it was in the index."""
    removed = db.session.execute(
        delete(IndexedText).where(IndexedText.service_id == service_id).returning(IndexedText.id),
    ).all()
    return bool(removed)


def rebuild(documents: Iterable[SearchDocument]) -> int:
    """Empty the index and fill it with these services; return how many there were."""
    db.session.execute(delete(IndexedText))
    db.session.execute(delete(KnownWord))
    db.session.expire_all()
    count = 0
    for document in documents:
        index_service(document)
        count += 1
    return count


def _learn(document: SearchDocument, language: str) -> None:
    """Put the words of a document into the vocabulary: misspelt words are mended by it, and words suggested."""
    names = _names(document, language)
    keywords, summary, _body = _others(document, language)
    weights: dict[str, int] = {}
    # A text's word bent as it stands there says nothing of how it is spelt at the desk: its dictionary forms do.
    in_text = [
        lemma for word in analysis.tokenise(summary) for lemma in analysis.analyse(word, language).lemmas
    ]
    for weight, found in (
        (1, [*in_text, *analysis.weak_terms(in_text, language)]),
        (1, [*analysis.weak_terms(keywords, language), *analysis.weak_terms(names, language)]),
        (2, analysis.strong_terms(keywords, language)),
        (3, analysis.strong_terms(names, language)),
    ):
        weights |= dict.fromkeys(found, weight)
    typed = frozenset(analysis.typed_terms([*keywords, *names], language))
    rows = [
        {"language": language, "word": word, "weight": weight, "typed": word in typed}
        for word, weight in sorted(weights.items())
        if _SHORTEST_WORD <= len(word) <= analysis.LONGEST_TERM and not word.isdigit()
    ]
    if not rows:
        return
    insert = (sqlite if is_sqlite(db.session()) else postgresql).insert(KnownWord)
    heavier = KnownWord.weight < insert.excluded.weight
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=[KnownWord.language, KnownWord.word],
            set_={
                "weight": case((heavier, insert.excluded.weight), else_=KnownWord.weight),
                "typed": or_(KnownWord.typed, insert.excluded.typed),
            },
            where=or_(heavier, and_(insert.excluded.typed, not_(KnownWord.typed))),
        ),
        rows,
    )


def _fingerprint(document: SearchDocument, language: str) -> str:
    texts = [analysis.VERSION, *_names(document, language), *_others(document, language)]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def _terms(document: SearchDocument, language: str) -> dict[str, list[str]]:
    names = _names(document, language)
    keywords, summary, body = _others(document, language)
    return {
        "name": analysis.strong_terms(names, language),
        "name_parts": analysis.weak_terms(names, language),
        "keywords": analysis.strong_terms(keywords, language),
        "summary": analysis.strong_terms([summary], language),
        "body": analysis.strong_terms([body], language),
        "parts": analysis.weak_terms([*keywords, summary, body], language),
    }


def _names(document: SearchDocument, language: str) -> list[str]:
    return [document.name.get(language, ""), document.alternative_name.get(language, "")]


def _others(document: SearchDocument, language: str) -> tuple[list[str], str, str]:
    return (
        list(document.keywords.get(language, ())),
        document.summary.get(language, ""),
        document.body.get(language, ""),
    )


def add_synonym(pair: Pair, *, actor: Actor | None, now: dt.datetime) -> bool:
    """Let an everyday word lead to an official one; return whether that is new.

    Args:
        pair: as ``tidy`` gives it.
        actor: the editor.
        now: the time.
    """
    row = _edited(pair)
    in_lists = pair.official in standard().official_words((pair.everyday,), pair.language)
    if row is not None and row.removed:
        db.session.delete(row)
    elif row is not None or in_lists:
        return False
    else:
        db.session.add(_row(pair, removed=False, now=now))
    return _noted("synonym added", pair, actor=actor, now=now)


def remove_synonym(pair: Pair, *, actor: Actor | None, now: dt.datetime) -> bool:
    """Let an everyday word no longer lead to an official one; return whether it did."""
    row = _edited(pair)
    if row is not None and row.removed:
        return False
    if row is not None:
        db.session.delete(row)
    elif pair.official in standard().synonyms.get(pair.language, {}).get(pair.everyday, ()):
        db.session.add(_row(pair, removed=True, now=now))
    else:
        return False
    return _noted("synonym removed", pair, actor=actor, now=now)


def tidy(language: str, everyday: str, official: str) -> Pair | None:
    """Return a pair as the lists hold it, the everyday word in its dictionary form.

    None if the language is unknown, the everyday word isn't one word, or the official one is none, too long or
    the same.
    """
    words, terms = analysis.tokenise(everyday), analysis.tokenise(official)
    if language not in analysis.LANGUAGES or len(words) != 1 or not 1 <= len(terms) <= MOST_OFFICIAL_WORDS:
        return None
    word = words[0]
    if language == "fi":
        lemmas = analysis.analyse(word).lemmas
        word = word if word in lemmas else lemmas[0]
    said = " ".join(terms)
    if word == said or len(said) > LONGEST_OFFICIAL:
        return None
    return Pair(language=language, everyday=word, official=said)


def _edited(pair: Pair) -> EditedSynonym | None:
    return db.session.scalars(
        select(EditedSynonym).where(
            EditedSynonym.language == pair.language,
            EditedSynonym.everyday == pair.everyday,
            EditedSynonym.official == pair.official,
        )
    ).one_or_none()


def _row(pair: Pair, *, removed: bool, now: dt.datetime) -> EditedSynonym:
    return EditedSynonym(
        language=pair.language,
        everyday=pair.everyday,
        official=pair.official,
        removed=removed,
        changed_at=now,
    )


def _noted(what: str, pair: Pair, *, actor: Actor | None, now: dt.datetime) -> bool:
    db.session.flush()
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="search_synonym",
        object_id=pair.language,
        now=now,
        detail={"what": what},
    )
    return True
