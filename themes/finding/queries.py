"""What the search page shows for a query."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from servicetray.core.municipalities import Municipality, municipalities
from themes.directory import queries as directory
from themes.directory.filters import Entry, Group, page_number
from themes.directory.queries import ServiceCard
from themes.finding.places import NamedPlace, named_place
from themes.search.plan import LONGEST_QUERY
from themes.search.queries import ReadAs, search
from themes.topics.queries import published_themes

PAGE_SIZE = 20
FEW = 5
"""Fewer services than this in a municipality: the page says how many the whole region has."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for; the query is cut to its longest length and to what can be printed."""

    query: str
    municipality: str | None = None
    page: str | None = None

    def __post_init__(self) -> None:
        # Shown again in the page, where control characters have no place.
        plain = "".join(sign if sign.isprintable() else " " for sign in self.query[:LONGEST_QUERY])
        object.__setattr__(self, "query", " ".join(plain.split()))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found, and what else there is."""

    query: str
    places: Sequence[Municipality]
    municipality: Municipality | None
    """Where services were looked for; None is everywhere."""
    named: NamedPlace | None
    """Set if the place was read from the query, and not chosen."""
    cards: Sequence[ServiceCard]
    total: int
    used_any: bool
    read_as: tuple[ReadAs, ...]
    """Empty if the query has no words."""
    elsewhere: int
    """Where the municipality has few of them: how many the whole region has, if it has more."""
    services: int
    """How many services there are in the municipality, or in all."""
    themes: int
    page: int
    last: int


def find(asked: Asked, *, language: str, today: dt.date) -> Finding:
    """Find services by words and place.

    A place that was chosen goes before one that is named in the words; an unknown one is passed over.

    Args:
        asked: query, municipality and page number as they stand in the address.
        language: of the page.
        today: the Helsinki day.
    """
    places = municipalities()
    by_code = {place.code: place for place in places}
    named = named_place(asked.query, {place.code: place.name for place in places})
    chosen = by_code.get(asked.municipality or "")
    place = chosen or (by_code[named.code] if named else None)
    words = named.other_words if named and named.other_words else asked.query

    entries = directory.entries(language=language, today=today)
    here = _ids(entries, place.code if place else None)
    answer = search(
        words,
        language=language,
        limit=len(entries),
        allowed=here,
        wider=_ids(entries, None) if place else (),
    )
    page, last = page_number(asked.page, total=answer.total, size=PAGE_SIZE)
    themes = published_themes(language=language, today=today)
    return Finding(
        query=asked.query,
        places=places,
        municipality=place,
        named=named if chosen is None else None,
        cards=directory.cards(
            [hit.service_id for hit in answer.hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
            language,
            today=today,
            themes=themes,
            places=places,
        ),
        total=answer.total,
        used_any=answer.used_any,
        read_as=answer.read_as,
        elsewhere=answer.wider_total if answer.total < min(FEW, answer.wider_total) else 0,
        services=len(here),
        themes=len(themes),
        page=page,
        last=last,
    )


def _ids(entries: Sequence[Entry], municipality: str | None) -> frozenset[UUID]:
    return frozenset(
        entry.id for entry in entries if municipality is None or entry.has(Group.MUNICIPALITY, municipality)
    )
