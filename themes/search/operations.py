"""Keep the index in step with the catalogue. Called by the operations that change services.

The index holds what the public may find: a service that is hidden or retired is removed from it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, select

from servicetray.core.db import Texts, db
from themes.search import analysis, index
from themes.search.models import IndexedText


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
    db.session.expire_all()
    count = 0
    for document in documents:
        index_service(document)
        count += 1
    return count


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
