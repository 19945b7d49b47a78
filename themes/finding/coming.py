"""Events and groups that have the words of a query: there are few enough to be looked through in memory."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from servicetray.core.content import kept, kept_many
from servicetray.core.db import Texts
from servicetray.core.municipalities import Municipality
from themes.directory.queries import provider_names
from themes.happenings.cards import DateCard, date_card
from themes.happenings.queries import Dated, next_of
from themes.search.analysis import LANGUAGES, strong_terms, weak_terms
from themes.search.memory import ours
from themes.search.numbers import numbers_of
from themes.search.plan import Choice, Reach, Wanted

MOST = 4
_LOOKED_THROUGH = 400
_NAME, _REST = 3, 1
_Sets = Mapping[str, Mapping[str, int]]
"""Language → term → the set of those that have it, by number."""


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is coming, numbered from the soonest on; sets as in ``themes.search.numbers``."""

    ids: Sequence[uuid.UUID]
    of_place: Mapping[str | None, int]
    """Those of a municipality by its code; under None what is for the whole county."""
    names: _Sets
    everywhere: _Sets


def coming(
    wanted: Sequence[Wanted],
    *,
    municipality: str | None,
    language: str,
    today: dt.date,
    places: Sequence[Municipality],
) -> Sequence[DateCard]:
    """Return the next dates of events and groups that have every needed word, the best first, then the soonest.

    Args:
        wanted: the words, as the search for services understood them.
        municipality: code of the one to look in; what is for the whole county is always looked at.
        language: of the page.
        today: the Helsinki day.
        places: the municipalities.
    """
    if not wanted:
        return ()
    known = kept(("finding.coming", today), lambda: _known(next_of(today=today, most=_LOOKED_THROUGH)))
    worth = [_worth(one, known) for one in wanted]
    found = reduce(or_, (each for some in worth for _, each in some), 0)
    if municipality is not None:
        found &= known.of_place.get(municipality, 0) | known.of_place.get(None, 0)
    for one, some in zip(wanted, worth, strict=True):
        if one.needed:
            found &= reduce(or_, (each for _, each in some), 0)
    scores = {number: sum(_best(some, number) for some in worth) for number in numbers_of(found)}
    shown = [known.ids[number] for number in sorted(scores, key=lambda each: (-scores[each], each))[:MOST]]

    def make(missing: Sequence[uuid.UUID]) -> dict[uuid.UUID, DateCard]:
        dated = next_of(today=today, happenings=missing, most=_LOOKED_THROUGH)
        providers = provider_names({each.happening.provider_id for each in dated})
        return {
            each.happening.id: date_card(each, language=language, places=places, providers=providers)
            for each in dated
        }

    cards = kept_many("finding.coming_card", shown, make, language, today) if shown else {}
    return [cards[each] for each in shown if each in cards]


@ours()
def _known(dates: Sequence[Dated]) -> _Known:
    each_once = {each.happening.id: each.happening for each in dates}
    ids = tuple(each_once)
    of_place: dict[str | None, int] = {}
    names: dict[str, dict[str, int]] = {language: {} for language in LANGUAGES}
    everywhere: dict[str, dict[str, int]] = {language: {} for language in LANGUAGES}
    for number, happening_id in enumerate(ids):
        it, bit = each_once[happening_id], 1 << number
        of_place[it.municipality_code] = of_place.get(it.municipality_code, 0) | bit
        for language in LANGUAGES:
            named = _terms((it.name,), language)
            for term in named:
                names[language][term] = names[language].get(term, 0) | bit
            for term in named | _terms((it.summary, it.description), language):
                everywhere[language][term] = everywhere[language].get(term, 0) | bit
    return _Known(ids=ids, of_place=of_place, names=names, everywhere=everywhere)


def _terms(texts: Collection[Texts], language: str) -> frozenset[str]:
    words = [text[language] for text in texts if text.get(language)]
    return frozenset(strong_terms(words, language)) | frozenset(weak_terms(words, language))


def _worth(one: Wanted, known: _Known) -> Sequence[tuple[float, int]]:
    """Return what a word is worth to which of them, where it is worth anything."""
    worth: list[tuple[float, int]] = []
    for choice in one.choices:
        # Most are in none: a name has nothing that isn't anywhere.
        if choice.reach is Reach.WORDS and (found := _having(choice, known.everywhere)):
            worth.append((choice.factor * _REST, found))
            if named := _having(choice, known.names):
                worth.append((choice.factor * _NAME, named))
    return worth


def _having(choice: Choice, sets: _Sets) -> int:
    found = -1
    for term in choice.terms:
        found &= sets[term.language].get(term.text, 0)
        if not found:
            return 0
    return found


def _best(worth: Sequence[tuple[float, int]], number: int) -> float:
    return max((each for each, found in worth if found >> number & 1), default=0.0)
