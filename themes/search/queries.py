"""Find services by words."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from servicetray.core.db import db
from themes.search import wordlist
from themes.search.analysis import LANGUAGES
from themes.search.catalogue import Catalogue, catalogue
from themes.search.finnish import readings
from themes.search.memory import keep, searching
from themes.search.numbers import Postings
from themes.search.plan import Reach, Wanted, plan, read_word
from themes.search.ranking import Having, Hit, Ranking
from themes.search.spelling import Vocabulary
from themes.search.terms import Term
from themes.search.worth import Found

FEW = 5
"""Where fewer services have all of the words, some with a part of them follow."""
MOST_LOOSE = 10
_MOST_CORRECTED = 3
"""Words of a query that are compared with the vocabulary: it is the dearest step."""

Chooses = Callable[[Catalogue], int]
"""Gives the set of the services that are in question, by their numbers in the catalogue."""
_Ranked = tuple[Ranking, int]
"""A ranking, and those of its services that are answered."""


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
    catalogue: Catalogue | None = None
    """Numbers the services; None where there were no words."""
    ranked: tuple[_Ranked, ...] = ()
    """All that was found, in stretches: those with all of the words first."""

    @property
    def services(self) -> int:
        """The set of all services that were found, by their numbers."""
        found = 0
        for _, services in self.ranked:
            found |= services
        return found

    @property
    def with_all_words(self) -> int:
        """The set of those that have all of the words."""
        return self.ranked[0][1] if self.complete else 0

    def numbers(self, among: int = -1) -> Iterator[int]:
        """Yield the numbers of the services found, best first; those among these alone, where some are given."""
        for ranking, services in self.ranked:
            for number, _, _ in ranking.hits(services & among):
                yield number

    def read(self, among: int = -1) -> Iterator[Hit]:
        """Yield the hits, best first; those among these services alone, where some are given."""
        if self.catalogue is not None:
            ids = self.catalogue.ids
            for ranking, services in self.ranked:
                for number, score, language in ranking.hits(services & among):
                    yield Hit(service_id=ids[number], score=score, language=language)


@searching()
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
        allowed: the services that are in question, by their ids, or a function that gives their set; None for all.
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
    tried = [chooses(search_.catalogue) for chooses in (*narrowings, _chooses(allowed))]
    ranking, used = search_.complete(tried)
    hits = ranking.services & tried[used]
    complete, everywhere = hits.bit_count(), ranking.services.bit_count()
    ranked: list[_Ranked] = [(ranking, hits)] if hits else []
    if not hits or (complete < FEW and search_.of_many_words):
        some = search_.some()
        if not hits:
            used, everywhere = _first(some.services, tried), some.services.bit_count()
        loose = some.services & tried[used] & ~hits
        if hits:
            loose = _best(some, loose, MOST_LOOSE)
        if loose:
            ranked.append((some, loose))
    answer = SearchAnswer(
        total=sum(services.bit_count() for _, services in ranked),
        complete=complete,
        used_any=bool(ranked) and not hits and len(search_.wanted) > 1,
        everywhere=everywhere,
        wanted=search_.wanted,
        corrected=search_.corrected,
        suggested=search_.suggested() if correct else {},
        narrowing=used,
        catalogue=search_.catalogue,
        ranked=tuple(ranked),
    )
    keep(search_.knows)
    if limit <= 0:
        return answer
    start = max(0, offset)
    return replace(answer, hits=tuple(islice(answer.read(), start, start + limit)))


class _Search:
    """One search under way: what is wanted, and what was found of it so far."""

    def __init__(self, query: str, *, language: str, optional: frozenset[str]) -> None:
        self.query = query
        self.language = language
        self.optional = optional
        self.lists = wordlist.words()
        self.corrected: dict[str, str] = {}
        self._ours: dict[str, Wanted] = {}
        self._found: dict[Term, Postings] = {}
        self._having: dict[tuple[str, bool, Reach], Having] = {}
        self.wanted = self._plan({})

    @cached_property
    def catalogue(self) -> Catalogue:
        """The services, numbered."""
        return catalogue()

    def _plan(self, corrections: Mapping[str, str]) -> tuple[Wanted, ...]:
        self._having.clear()
        return plan(
            self.query,
            language=self.language,
            words=self.lists,
            corrections=corrections,
            optional=self.optional,
            is_known=lambda word: word in self.vocabulary["fi"],
            reading=self._read,
        )

    def _read(self, word: str) -> Wanted:
        """Read a word; one that we wrote ourselves is read once while no content changes."""
        if not self.knows(word):
            return read_word(word, language=self.language, words=self.lists)
        room, key = self.catalogue.words, (self.language, word)
        found: Wanted | None = room.get(key)
        if found is None:
            found = read_word(word, language=self.language, words=self.lists)
            room.put(key, found, weight=found.size)
        self._ours[word] = found
        return found

    def correct(self) -> None:
        """Take words that find nothing at all for the known words that are nearest to them."""
        self._look_up(Reach.WORDS, self.wanted)
        missing = [one for one in self.wanted if not self._has(one, Reach.WORDS)]
        if not missing:
            return
        self._look_up(Reach.KIN, missing)
        missing = [one for one in missing if not self._has(one, Reach.KIN)]
        corrections = {}
        for one in missing[:_MOST_CORRECTED]:
            if word := self._nearest(one.word):
                corrections[one.word] = word
        if corrections:
            self.wanted = self._plan(corrections)
            self._look_up(Reach.WORDS, self.wanted)
            self.corrected = {
                one.word: one.read_for for one in self.wanted if one.read_for and self._has(one, Reach.WORDS)
            }
            if len(self.corrected) < len(corrections):
                self.wanted = self._plan(self.corrected)

    @property
    def of_many_words(self) -> bool:
        """Whether services with some of the words are worth showing after those with all."""
        return sum(one.needed for one in self.wanted) > 1 or any(one.understood for one in self.wanted)

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
        """Return the known word that was meant by one that finds nothing.

        A word that the language has is spelt right, whether or not anybody offers such a thing. One that is read
        only as a compound put together (*lasilisä*) may be a slip; then the word meant is close.
        """
        read = readings(word)
        if not all(reading.is_put_together for reading in read):
            return None
        known = self.vocabulary
        languages = dict.fromkeys((self.language, *LANGUAGES))
        found = [
            (near.cost, at, near.word)
            for at, language in enumerate(languages)
            if (near := known[language].slip(word) if read else known[language].correction(word))
        ]
        return min(found)[2] if found else None

    def complete(self, tried: Sequence[int]) -> tuple[Ranking, int]:
        """Return those with all words, in the closest sense that has any, and which narrowing leaves some."""
        ranking = self._rank(Reach.WORDS, every_word=True)
        if not any(ranking.services & chosen for chosen in tried):
            ranking = self._rank(Reach.KIN, every_word=True)
        return ranking, _first(ranking.services, tried)

    def some(self) -> Ranking:
        """Return those with some of the words, or pieces of them."""
        return self._rank(Reach.PIECES, every_word=False)

    def _rank(self, reach: Reach, *, every_word: bool) -> Ranking:
        return Ranking(
            self.wanted,
            self._look_up(reach, self.wanted),
            texts=self.catalogue.texts,
            language=self.language,
            every_word=every_word,
        )

    @cached_property
    def vocabulary(self) -> Mapping[str, Vocabulary]:
        """The known words by language; a strange word needs them, and two that may be one."""
        return wordlist.vocabulary(self.lists)

    def _look_up(self, reach: Reach, wanted: Sequence[Wanted]) -> Sequence[Having]:
        """Tell where each of these words is found; of a word that is ours, read by itself, that is kept."""
        for one in wanted:
            if self._ours.get(one.word) is one and (known := self.catalogue.words.get(self._key(one, reach))):
                self._having[one.word, one.understood, reach] = known
        missing = [one for one in wanted if (one.word, one.understood, reach) not in self._having]
        terms = (
            term
            for one in missing
            for choice in one.choices
            if choice.reach <= reach
            for term in choice.terms
        )
        new = [term for term in dict.fromkeys(terms) if term not in self._found]
        if new:
            self._found |= self.catalogue.look_up(new, is_ours=self._is_ours)
        for one in missing:
            self._having[one.word, one.understood, reach] = self._found_of(one, reach)
        return [self._having[one.word, one.understood, reach] for one in wanted]

    def _found_of(self, one: Wanted, reach: Reach) -> Having:
        having = {
            language: Found(one, self._found.__getitem__, texts=texts, language=language, reach=reach)
            for language, texts in self.catalogue.texts.items()
        }
        if self._ours.get(one.word) is one:
            for each in having.values():
                each.reckon()
            weight = sum(each.size for each in having.values())
            self.catalogue.words.put(self._key(one, reach), having, weight=weight)
        return having

    def _key(self, one: Wanted, reach: Reach) -> Hashable:
        return (self.language, one.word, reach)

    def _is_ours(self, term: Term) -> bool:
        """Whether a term is made of one word that we wrote ourselves: two, put together, are the query's."""
        of = [one for one in self.wanted if any(term in choice.terms for choice in one.choices)]
        return len(of) == 1 and (of[0].understood or self.knows(of[0].read_for or of[0].word))

    def knows(self, word: str) -> bool:
        """Whether a word is of our own lists or texts."""
        return word in self.lists.all_words or self.catalogue.has(word)

    def _has(self, one: Wanted, reach: Reach) -> bool:
        (having,) = self._look_up(reach, [one])
        return any(each.is_known for each in having.values())


def _first(services: int, tried: Sequence[int]) -> int:
    """Return the place of the first that leaves any of the services; of the last, if none does."""
    return next((at for at, chosen in enumerate(tried) if services & chosen), len(tried) - 1)


def _best(ranking: Ranking, among: int, most: int) -> int:
    """Return the set of so many of these services, the best."""
    return sum(1 << number for number, _, _ in islice(ranking.hits(among), most))


def _chooses(allowed: Collection[UUID] | Select[Any] | Chooses | None) -> Chooses:
    if allowed is None:
        return lambda known: known.everything
    if isinstance(allowed, Select):
        ids = db.session.scalars(allowed)
        return lambda known: known.bits(ids)
    if callable(allowed):
        return allowed
    if isinstance(allowed, frozenset):
        # Kept by whoever gives it, and so given again.
        return lambda known: known.kept(allowed, lambda _: known.bits(allowed))
    return lambda known: known.bits(allowed)
