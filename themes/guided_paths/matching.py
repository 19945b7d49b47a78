"""Which paths fit what somebody has written: by words in any form, rare ones first. Pure.

The text itself goes nowhere from here.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from servicetray.core.i18n import LANGUAGES
from themes.guided_paths.tree import GuidedPath
from themes.search.analysis import analyse, tokenise
from themes.search.memory import ours, remembered, searching
from themes.search.words import standard

MOST_WORDS = 12
"""Words of a text that are looked at: each costs time that a stranger decides on."""
_NAME, _WORDS, _SUMMARY = 3.0, 3.0, 1.0
_PART = 0.3
_SYNONYM = 0.5
_OTHER_LANGUAGE = 0.6
_ENOUGH = 4.0
"""A path fits from here on: about one telling word of its name or of its list of words."""
_BESIDE_BEST = 0.5
"""Of the best one's score, at least, to be shown beside it."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """The terms of all paths, ready to be asked."""

    places: Mapping[str, int]
    """Slug → its place among the paths."""
    weights: Mapping[str, Mapping[str, Mapping[str, float]]]
    """By language, then term: what it weighs in which path."""


@ours()
def index_of(paths: Sequence[GuidedPath]) -> Index:
    """Analyse the names, words and summaries of paths."""
    weights: dict[str, dict[str, dict[str, float]]] = {language: {} for language in LANGUAGES}
    for path in paths:
        for language in LANGUAGES:
            for term, weight in _terms(path, language).items():
                weights[language].setdefault(term, {})[path.slug] = weight
    for found in (found for by_term in weights.values() for found in by_term.values()):
        rare = math.log(1 + len(paths) / len(found))
        for slug in found:
            found[slug] *= rare
    return Index(places={path.slug: place for place, path in enumerate(paths)}, weights=weights)


@searching()
def best(index: Index, text: str, *, language: str, most: int) -> Sequence[str]:
    """Return the slugs of the paths that fit a text, best first; none where nothing fits well.

    Args:
        index: of the paths.
        text: as typed.
        language: of the page; words of the other languages count less.
        most: slugs at most.
    """
    scores: dict[str, float] = {}
    for token in _telling(text):
        gained: dict[str, float] = {}
        for code in LANGUAGES:
            nearness, by_term = 1.0 if code == language else _OTHER_LANGUAGE, index.weights[code]
            known = (
                (by_term[term], factor) for term, factor in remembered(_asked, token, code) if term in by_term
            )
            for paths, factor in known:
                for slug, weight in paths.items():
                    gained[slug] = max(gained.get(slug, 0.0), weight * factor * nearness)
        for slug, weight in gained.items():
            scores[slug] = scores.get(slug, 0.0) + weight
    ranked = sorted(scores, key=lambda slug: (-scores[slug], index.places[slug]))
    enough = max(_ENOUGH, scores[ranked[0]] * _BESIDE_BEST) if ranked else 0
    return [slug for slug in ranked if scores[slug] >= enough][:most]


def _telling(text: str) -> Sequence[str]:
    tokens = list(dict.fromkeys(tokenise(text[:200])))
    stop = standard().stop
    return [token for token in tokens if token not in stop][:MOST_WORDS]


def _asked(token: str, language: str) -> Sequence[tuple[str, float]]:
    return tuple(_looked_for(token, language))


def _looked_for(token: str, language: str) -> Iterable[tuple[str, float]]:
    analysis = analyse(token, language)
    yield from ((term, 1.0) for term in analysis.strong)
    yield from ((term, _PART) for term in analysis.weak)
    for synonym in standard().synonyms_of(analysis, language):
        for word in tokenise(synonym):
            yield analyse(word, language).lemmas[0], _SYNONYM


def _terms(path: GuidedPath, language: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    stop = standard().stop
    for texts, weight in ((path.name, _NAME), (path.words, _WORDS), (path.summary, _SUMMARY)):
        for token in tokenise(texts.get(language, "")):
            if token in stop:
                continue
            analysis = analyse(token, language)
            for term in analysis.strong:
                found[term] = max(found.get(term, 0.0), weight)
            for term in analysis.weak:
                found[term] = max(found.get(term, 0.0), weight * _PART)
    return found
