"""Find services by words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from servicetray.core.db import db
from themes.search import index, wordlist
from themes.search.analysis import LANGUAGES
from themes.search.finnish import readings
from themes.search.models import IndexedText
from themes.search.plan import Reach, Wanted, plan
from themes.search.ranking import Hit, rank
from themes.search.spelling import Vocabulary
from themes.search.terms import Found, Term

FEW = 5
"""Where fewer services have all of the words, some with a part of them follow."""
MOST_LOOSE = 10
_MOST_CORRECTED = 3
"""Words of a query that are compared with the vocabulary: it is the dearest step."""

_Answers = dict[Term, list[Found]]
Chooses = Callable[[UUID], bool]
"""Says of a service, by its id, whether it is in question."""


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """What was found; empty if the query has no words."""

    hits: tuple[Hit, ...] = ()
    """The wanted stretch of them, best first: those with all of the words, then those with some."""
    total: int = 0
    complete: int = 0
    """How many of them have all of the words."""
    used_any: bool = False
    """Whether no service has all of the words, so that those with some of them are answered."""
    everywhere: int = 0
    """How many there are, allowed or not, that are found in no looser way than these."""
    wanted: tuple[Wanted, ...] = ()
    """The words that were looked for, and how."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Misspelt words that nothing was found for → the known words that were looked for in their place."""
    suggested: Mapping[str, str] = field(default_factory=dict)
    """Words that look misspelt, although something was found → known words near to them."""
    narrowing: int = 0
    """Which of the narrowings was used, by its place among them; their number if none left anything."""


def search(
    words: str,
    *,
    language: str,
    limit: int = 20,
    offset: int = 0,
    allowed: Collection[UUID] | Select[Any] | Chooses | None = None,
    narrowings: Sequence[Chooses] = (),
    optional: frozenset[str] = frozenset(),
    correct: bool = True,
) -> SearchAnswer:
    """Find services that have these words: all of them, else all in a wider sense, else some.

    Words are found in any inflected form, as parts of compounds, by their official synonyms, and in
    all three languages at once. Hits in the page's language come first. A word that finds nothing is
    taken for the known word that is nearest to it, if one is near.

    Args:
        words: as typed; anything goes.
        language: of the page.
        limit: hits at most.
        offset: hits to leave out from the beginning.
        allowed: says whether a service is in question, by its id: a set, a select or a function; None for all.
        narrowings: further such functions, the narrowest first: the first that leaves a service as close to
            the words as any is used, or none of them.
        optional: words of the query (lower case) without which a service answers as well.
        correct: whether misspelt words are mended.
    """
    search_ = _Search(words, language=language, optional=optional)
    if not search_.wanted:
        return SearchAnswer()
    if correct:
        search_.correct()
    tried = (*narrowings, _chooses(allowed))
    ranked, used = search_.complete(tried)
    hits = [hit for hit in ranked if tried[used](hit.service_id)]
    loose: list[Hit] = []
    if not hits or (len(hits) < FEW and sum(one.needed for one in search_.wanted) > 1):
        known = {hit.service_id for hit in hits}
        some = search_.some()
        if not hits:
            ranked, used = some, _first(some, tried)
        loose = [hit for hit in some if hit.service_id not in known and tried[used](hit.service_id)]
        loose = loose[:MOST_LOOSE] if hits else loose
    everything = [*hits, *loose]
    start = max(0, offset)
    return SearchAnswer(
        hits=tuple(everything[start : start + max(0, limit)]),
        total=len(everything),
        complete=len(hits),
        used_any=bool(loose) and not hits and len(search_.wanted) > 1,
        everywhere=len(ranked),
        wanted=search_.wanted,
        corrected=search_.corrected,
        suggested=search_.suggested() if correct else {},
        narrowing=used,
    )


class _Search:
    """One search under way: what is wanted, and what was found of it so far."""

    def __init__(self, query: str, *, language: str, optional: frozenset[str]) -> None:
        self.query = query
        self.language = language
        self.optional = optional
        self.lists = wordlist.words()
        self.corrected: dict[str, str] = {}
        self.wanted = self._plan({})
        self.found: _Answers = {}
        self._sizes: dict[str, int] | None = None

    def _plan(self, corrections: Mapping[str, str]) -> tuple[Wanted, ...]:
        return plan(
            self.query,
            language=self.language,
            words=self.lists,
            corrections=corrections,
            optional=self.optional,
        )

    def correct(self) -> None:
        """Take words that find nothing at all for the known words that are nearest to them."""
        self._look_up(Reach.WORDS)
        missing = [one for one in self.wanted if not self._has(one, Reach.WORDS)]
        if not missing:
            return
        self._look_up(Reach.KIN)
        missing = [one for one in missing if not self._has(one, Reach.KIN)]
        corrections = {}
        for one in missing[:_MOST_CORRECTED]:
            # A word that the language has is spelt right, whether or not anybody offers such a thing.
            if not readings(one.word) and (word := self._nearest(one.word)):
                corrections[one.word] = word
        if corrections:
            self.wanted = self._plan(corrections)
            self._look_up(Reach.WORDS)
            self.corrected = {
                one.word: one.read_for for one in self.wanted if one.read_for and self._has(one, Reach.WORDS)
            }
            if len(self.corrected) < len(corrections):
                self.wanted = self._plan(self.corrected)

    def suggested(self) -> dict[str, str]:
        """Return known words near to such as look misspelt, although they found something."""
        found = {}
        for word in self._strange()[:1]:
            if not any(word in known for known in self.vocabulary.values()) and (near := self._nearest(word)):
                found[word] = near
        return found

    def _strange(self) -> list[str]:
        return [
            one.word
            for one in self.wanted
            if not one.read_for and not readings(one.word) and not self._has(one, Reach.WORDS)
        ]

    def _nearest(self, word: str) -> str | None:
        known = self.vocabulary
        languages = dict.fromkeys((self.language, *LANGUAGES))
        found = [
            (near.cost, at, near.word)
            for at, language in enumerate(languages)
            if (near := known[language].correction(word))
        ]
        return min(found)[2] if found else None

    def complete(self, tried: Sequence[Chooses]) -> tuple[list[Hit], int]:
        """Return the hits with all words, in the closest sense that has any, and which narrowing leaves some."""
        for reach in (Reach.WORDS, Reach.KIN):
            ranked = self._rank(reach, every_word=True)
            used = _first(ranked, tried)
            if any(tried[used](hit.service_id) for hit in ranked):
                return ranked, used
        return [], len(tried) - 1

    def some(self) -> list[Hit]:
        """Return the hits with some of the words, or pieces of them."""
        return self._rank(Reach.PIECES, every_word=False)

    def _rank(self, reach: Reach, *, every_word: bool) -> list[Hit]:
        self._look_up(reach)
        return rank(
            self.wanted,
            self.found,
            sizes=self.sizes,
            language=self.language,
            reach=reach,
            every_word=every_word,
        )

    @cached_property
    def vocabulary(self) -> Mapping[str, Vocabulary]:
        """The known words by language; only a strange word needs them."""
        return wordlist.vocabulary()

    @property
    def sizes(self) -> dict[str, int]:
        """How many texts there are in each language."""
        if self._sizes is None:
            rows = db.session.execute(
                select(IndexedText.language, func.count()).group_by(IndexedText.language)
            )
            self._sizes = dict(rows.all())
        return self._sizes

    def _look_up(self, reach: Reach) -> None:
        terms = (
            term
            for one in self.wanted
            for choice in one.choices
            if choice.reach <= reach
            for term in choice.terms
        )
        new = [term for term in dict.fromkeys(terms) if term not in self.found]
        if new:
            self.found |= index.find(db.session(), new)

    def _has(self, one: Wanted, reach: Reach) -> bool:
        return any(
            choice.reach <= reach and all(self.found.get(term) for term in choice.terms)
            for choice in one.choices
        )


def _first(ranked: Sequence[Hit], tried: Sequence[Chooses]) -> int:
    """Return the place of the first that chooses any of the hits; of the last, if none does."""
    for at, chooses in enumerate(tried):
        if any(chooses(hit.service_id) for hit in ranked):
            return at
    return len(tried) - 1


def _chooses(allowed: Collection[UUID] | Select[Any] | Chooses | None) -> Chooses:
    if allowed is None:
        return lambda _: True
    if isinstance(allowed, Select):
        return frozenset(db.session.scalars(allowed)).__contains__
    return allowed if callable(allowed) else frozenset(allowed).__contains__
