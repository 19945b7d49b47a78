"""What the search page shows for a query."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicetray.core.content import kept
from servicetray.core.municipalities import Municipality, municipalities
from themes.directory import queries as directory
from themes.directory.filters import Entries, Entry, Group
from themes.finding.coming import coming
from themes.finding.named import NamedChoice, named_choices
from themes.finding.narrowing import Facets
from themes.finding.places import NamedPlace, named_place, terms_of_places
from themes.happenings.cards import DateCard
from themes.search.catalogue import Catalogue
from themes.search.plan import LONGEST_QUERY
from themes.search.queries import SearchAnswer, search
from themes.topics.queries import PublishedTheme, published_themes

FEW = 5
"""Fewer services than this in a municipality: the page says how many the whole region has."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for; the query is cut to its longest length and to what can be printed."""

    query: str
    municipality: str | None = None
    literal: bool = False
    """Whether to look for the words as they are, misspelt or not."""

    def __post_init__(self) -> None:
        # Shown again in the page, where control characters have no place.
        plain = "".join(sign if sign.isprintable() else " " for sign in self.query[:LONGEST_QUERY])
        object.__setattr__(self, "query", " ".join(plain.split()))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found, and what else there is."""

    asked: Asked
    answer: SearchAnswer
    places: Sequence[Municipality]
    themes: Sequence[PublishedTheme]
    place: Municipality | None
    """Read from the query, and not chosen: services were looked for there alone."""
    named: NamedPlace | None
    choices: tuple[NamedChoice, ...]
    """Further choices read from the query, and in force."""
    loosened: tuple[NamedChoice, ...]
    """Those that would have left nothing, so that they are not."""
    entries: Entries
    """All services to see, found or not."""
    by_id: Mapping[UUID, Entry]
    facets: Facets | None
    """What each choice finds; None where there were no words."""
    elsewhere: int
    """Where the named municipality has few of them: how many the whole region has, if it has more."""
    coming: Sequence[DateCard]
    """Events and groups that have the words."""
    services: int
    """How many services there are in the named municipality, or in all."""


def find(asked: Asked, *, language: str, today: dt.date) -> Finding:
    """Find services, events and groups by words, and by what else the words name.

    A place that was chosen in the address goes before one that is named in the words; an unknown one is passed
    over.

    Args:
        asked: the words and the municipality as they stand in the address.
        language: of the page.
        today: the Helsinki day.
    """
    places = municipalities()
    by_code = {place.code: place for place in places}
    known_places = kept(
        ("finding.places",), lambda: terms_of_places({place.code: place.name for place in places})
    )
    named = named_place(asked.query, known_places)
    if asked.municipality in by_code:
        named = None
    place = by_code[named.code] if named else None
    words = named.other_words if named and named.other_words else asked.query
    choices = named_choices(asked.query)

    entries = directory.entries(language=language, today=today)
    by_id = kept(("finding.by_id", language, today), lambda: {entry.id: entry for entry in entries})

    def facets(known: Catalogue) -> Facets:
        # The same in every language.
        return known.kept(("finding.facets", today), lambda numbered: Facets(entries, numbered))

    def here(known: Catalogue) -> int:
        shown = facets(known)
        return shown.shown if place is None else shown.masks[Group.MUNICIPALITY][place.code]

    def chosen(known: Catalogue) -> int:
        left = here(known)
        for choice in choices:
            left &= _fitting(facets(known), choice)
        return left

    answer = search(
        words,
        language=language,
        limit=0,
        allowed=here,
        narrowings=[chosen] if choices else (),
        optional=frozenset(choice.word.lower() for choice in choices),
        correct=not asked.literal,
    )
    in_force = bool(choices) and answer.narrowing == 0
    return Finding(
        asked=asked,
        answer=answer,
        places=places,
        themes=published_themes(language=language, today=today),
        place=place,
        named=named,
        choices=choices if in_force else (),
        loosened=() if in_force else choices,
        entries=entries,
        by_id=by_id,
        facets=facets(answer.catalogue) if answer.catalogue else None,
        elsewhere=answer.everywhere if place and answer.total < min(FEW, answer.everywhere) else 0,
        coming=coming(
            answer.wanted,
            municipality=asked.municipality
            if asked.municipality in by_code
            else place.code
            if place
            else None,
            language=language,
            today=today,
            places=places,
        ),
        services=len(directory.shown_ids(today=today, municipality=place.code if place else None)),
    )


def _fitting(facets: Facets, choice: NamedChoice) -> int:
    fitting = facets.masks[choice.group][choice.value]
    # Where nobody has told for whom it is, it may well be for these, too.
    return fitting | facets.of_any_age if choice.group is Group.LIFE_STAGE else fitting
