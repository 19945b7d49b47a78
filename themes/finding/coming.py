"""Events and groups that have the words of a query: there are few enough to be looked through in memory."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from servicetray.core.content import kept
from servicetray.core.db import Texts
from servicetray.core.municipalities import Municipality
from themes.directory.queries import provider_names
from themes.happenings.cards import DateCard, date_card
from themes.happenings.queries import Dated, next_of
from themes.search.analysis import LANGUAGES, strong_terms, weak_terms
from themes.search.plan import Choice, Reach, Wanted

MOST = 4
_LOOKED_THROUGH = 400
_NAME, _REST = 3, 1


@dataclass(frozen=True, kw_only=True)
class _Text:
    happening_id: uuid.UUID
    municipality: str | None
    names: Mapping[str, frozenset[str]]
    rest: Mapping[str, frozenset[str]]


def coming(
    wanted: Sequence[Wanted],
    *,
    municipality: str | None,
    language: str,
    today: dt.date,
    places: Sequence[Municipality],
) -> Sequence[DateCard]:
    """Return the next dates of events and groups that have every needed word, the best first.

    Args:
        wanted: the words, as the search for services understood them.
        municipality: code of the one to look in; what is for the whole county is always looked at.
        language: of the page.
        today: the Helsinki day.
        places: the municipalities.
    """
    if not wanted:
        return ()
    texts = kept(("finding.coming", today), lambda: _texts(next_of(today=today, most=_LOOKED_THROUGH)))
    scores = {
        text.happening_id: score
        for text in texts
        if municipality is None or text.municipality in {None, municipality}
        if (score := _score(text, wanted))
    }
    if not scores:
        return ()
    order = sorted(scores, key=lambda each: (-scores[each], each))[:MOST]
    dated = {
        each.happening.id: each
        for each in next_of(today=today, most=_LOOKED_THROUGH)
        if each.happening.id in scores
    }
    shown = [dated[each] for each in order if each in dated]
    providers = provider_names({each.happening.provider_id for each in shown})
    return [date_card(each, language=language, places=places, providers=providers) for each in shown]


def _texts(dates: Sequence[Dated]) -> Sequence[_Text]:
    return [
        _Text(
            happening_id=each.happening.id,
            municipality=each.happening.municipality_code,
            names={code: _terms((each.happening.name,), code) for code in LANGUAGES},
            rest={
                code: _terms((each.happening.summary, each.happening.description), code) for code in LANGUAGES
            },
        )
        for each in dates
    ]


def _terms(texts: Collection[Texts], language: str) -> frozenset[str]:
    words = [text[language] for text in texts if text.get(language)]
    return frozenset(strong_terms(words, language)) | frozenset(weak_terms(words, language))


def _score(text: _Text, wanted: Sequence[Wanted]) -> float:
    total = 0.0
    for one in wanted:
        best = max(
            (_worth(text, choice) for choice in one.choices if choice.reach is Reach.WORDS), default=0.0
        )
        if not best and one.needed:
            return 0.0
        total += best
    return total


def _worth(text: _Text, choice: Choice) -> float:
    language = choice.terms[0].language
    terms = {term.text for term in choice.terms}
    if terms <= text.names[language]:
        return choice.factor * _NAME
    return choice.factor * _REST if terms <= text.names[language] | text.rest[language] else 0.0
