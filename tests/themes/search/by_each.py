"""The order of what was found, by weighing each text: what ``themes.search.ranking`` has to give too."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from themes.search.plan import Choice, Reach, Wanted
from themes.search.ranking import Hit, share
from themes.search.terms import Term
from themes.search.worth import weight


@dataclass(frozen=True, kw_only=True)
class Found:
    """A term in the text of a service."""

    service_id: UUID
    columns: int
    """Bit *n* is set if the term is in ``COLUMNS[n]``."""
    name_length: int
    """Words in the name of the service, in the language of the term."""


def rank(
    wanted: Sequence[Wanted],
    found: Mapping[Term, Iterable[Found]],
    *,
    sizes: Mapping[str, int],
    language: str,
    reach: Reach,
    every_word: bool,
) -> list[Hit]:
    """Return the services with every (or any) wanted word, best first.

    A service is answered once, by its text that fits best; texts in ``language`` come before all
    others. Equal ones stand by the length of the name, then by id.

    Args:
        wanted: the words of the query.
        found: where their terms are.
        sizes: how many texts there are in each language.
        language: of the page.
        reach: how far from the very words to go.
        every_word: whether one text must have all of the words.
    """
    texts: dict[tuple[UUID, str], list[float]] = {}
    name_lengths: dict[tuple[UUID, str], int] = {}
    weights = {
        (term, columns): _weights(places, sizes.get(term.language, 0), name_lengths, term.language, columns)
        for term, places in found.items()
        for columns in {choice.columns for one in wanted for choice in one.choices if term in choice.terms}
    }
    for at, one in enumerate(wanted):
        for choice in one.choices:
            if choice.reach <= reach:
                for service_id, score in _scores(choice, weights).items():
                    scores = texts.setdefault(
                        (service_id, choice.terms[0].language),
                        [0.0] * len(wanted),
                    )
                    scores[at] = max(scores[at], score)
    best: dict[UUID, tuple[bool, float, int, UUID, str]] = {}
    for (service_id, text_language), scores in texts.items():
        if every_word and not all(score for one, score in zip(wanted, scores, strict=True) if one.needed):
            continue
        key = (
            text_language != language,
            -sum(scores) * share(wanted, scores),
            name_lengths[service_id, text_language],
            service_id,
            text_language,
        )
        if service_id not in best or key < best[service_id]:
            best[service_id] = key
    return [
        Hit(service_id=service_id, score=-negative, language=text_language)
        for _, negative, _, service_id, text_language in sorted(best.values())
    ]


def _weights(
    places: Iterable[Found],
    size: int,
    name_lengths: dict[tuple[UUID, str], int],
    language: str,
    columns: int,
) -> dict[UUID, float]:
    rows = list(places)
    rarity = math.log(1 + (max(size, len(rows)) - len(rows) + 0.5) / (len(rows) + 0.5))
    for row in rows:
        name_lengths[row.service_id, language] = row.name_length
    return {
        row.service_id: rarity * weight(row.columns & columns, row.name_length)
        for row in rows
        if row.columns & columns
    }


def _scores(choice: Choice, weights: Mapping[tuple[Term, int], Mapping[UUID, float]]) -> dict[UUID, float]:
    lists = [weights.get((term, choice.columns), {}) for term in choice.terms]
    everywhere = set(lists[0]).intersection(*lists[1:])
    return {
        service_id: choice.factor * sum(one[service_id] for one in lists) / len(lists)
        for service_id in everywhere
    }
