"""Find services by words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from servicetray.core.db import db
from themes.search import index
from themes.search.models import IndexedText
from themes.search.plan import Reach, Wanted, plan
from themes.search.ranking import Hit, rank
from themes.search.terms import Term


@dataclass(frozen=True, kw_only=True)
class ReadAs:
    """How a word of the query was understood."""

    word: str
    also: tuple[str, ...]
    """Official words that were looked for too."""


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """What was found."""

    hits: tuple[Hit, ...]
    """The wanted stretch of them, best first."""
    total: int
    used_any: bool
    """Whether no service has all of the words, so that those with some of them are answered."""
    wider_total: int
    """How many there are among the wider services, found in no looser way than these."""
    read_as: tuple[ReadAs, ...]
    """The words that were looked for; empty if the query has none."""


def search(
    words: str,
    *,
    language: str,
    limit: int = 20,
    offset: int = 0,
    allowed: Collection[UUID] | Select[Any] | None = None,
    wider: Collection[UUID] = frozenset(),
) -> SearchAnswer:
    """Find services that have these words: all of them, else all in a wider sense, else some.

    Words are found in any inflected form, as parts of compounds, by their official synonyms, and in
    all three languages at once. Hits in the page's language come first.

    Args:
        words: as typed; anything goes.
        language: of the page.
        limit: hits at most.
        offset: hits to leave out from the beginning.
        allowed: the ids of the services in question, or a select of them; None for all.
        wider: more services, that are only counted: what would be found without a narrowing.
    """
    wanted = plan(words, language=language)
    read_as = tuple(ReadAs(word=one.word, also=one.also) for one in wanted)
    if not wanted:
        return SearchAnswer(hits=(), total=0, used_any=False, wider_total=0, read_as=())
    ids = _ids(allowed)
    sizes = _sizes()
    hits: list[Hit] = []
    used_any = False
    wider_total = 0
    for reach, every_word in ((Reach.WORDS, True), (Reach.KIN, True), (Reach.PIECES, False)):
        found = index.find(db.session(), _terms(wanted, reach))
        ranked = rank(wanted, found, sizes=sizes, language=language, reach=reach, every_word=every_word)
        hits = [hit for hit in ranked if ids is None or hit.service_id in ids]
        wider_total = wider_total or sum(hit.service_id in wider for hit in ranked)
        if hits:
            used_any = not every_word and len(wanted) > 1
            break
    start = max(0, offset)
    return SearchAnswer(
        hits=tuple(hits[start : start + max(0, limit)]),
        total=len(hits),
        used_any=used_any,
        wider_total=wider_total,
        read_as=read_as,
    )


def _terms(wanted: tuple[Wanted, ...], reach: Reach) -> list[Term]:
    return [
        term for one in wanted for choice in one.choices if choice.reach <= reach for term in choice.terms
    ]


def _ids(allowed: Collection[UUID] | Select[Any] | None) -> frozenset[UUID] | None:
    if allowed is None:
        return None
    return frozenset(db.session.scalars(allowed) if isinstance(allowed, Select) else allowed)


def _sizes() -> dict[str, int]:
    rows = db.session.execute(select(IndexedText.language, func.count()).group_by(IndexedText.language))
    return dict(rows.all())
