"""Why residents don't see a service, or find it in fewer places than one would think; what it always needs. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from servicetray.core.db import FALLBACK
from themes.directory.models import Area, ServiceStage, ServiceStatus
from themes.directory.shown import HIDDEN_MONTHS, months_before

NEEDED_LANGUAGES: Final = ("fi", "sv")


class Hindrance(StrEnum):
    """One rule that keeps a service out, or out of some places."""

    RETIRED = "retired"
    DRAFT = "draft"
    WAITING = "waiting"
    HIDDEN = "hidden"
    UNCHECKED = "unchecked"
    NAMELESS = "nameless"
    NO_WAY_ON = "no_way_on"
    NO_THEME = "no_theme"
    THEME_UNPUBLISHED = "theme_unpublished"
    ELSEWHERE = "elsewhere"
    NO_FINNISH = "no_finnish"
    NO_SWEDISH = "no_swedish"


KEEPS_OUT: Final = frozenset(
    {
        *(Hindrance.RETIRED, Hindrance.DRAFT, Hindrance.WAITING),
        *(Hindrance.HIDDEN, Hindrance.UNCHECKED, Hindrance.NAMELESS),
    }
)
"""Those that keep a service out altogether; by the others it is only found in fewer places."""

ALWAYS_NEEDED: Final = frozenset(
    {Hindrance.NAMELESS, Hindrance.NO_WAY_ON, Hindrance.NO_THEME, Hindrance.ELSEWHERE}
)
"""Without these a resident can't read what it is, find it, know that it is for them, or do anything about it.

A name in the language that it is told in belongs to them as well: ``lacks``.
"""
_STAGES: Final = {ServiceStage.DRAFT: Hindrance.DRAFT, ServiceStage.WAITING: Hindrance.WAITING}
_UNNAMED: Final[Mapping[str, Hindrance]] = {"fi": Hindrance.NO_FINNISH, "sv": Hindrance.NO_SWEDISH}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules look at."""

    status: ServiceStatus
    stage: ServiceStage | None = None
    checked_on: dt.date | None
    languages: Collection[str]
    """In which it has a name."""
    told: Collection[str]
    """In which its name or its summary is told."""
    themes: int
    published_themes: int
    area: Area
    municipalities: Collection[str]
    """Those of ours that it serves."""
    ways: bool
    """Whether there is a number, an address of post or mail, a page or a place to go on to."""


def hindrances(facts: Facts, *, today: dt.date) -> Sequence[Hindrance]:
    """Return every rule that stands in the way, those that keep it out altogether first."""
    found = []
    if facts.status is ServiceStatus.RETIRED:
        found.append(Hindrance.RETIRED)
    elif facts.stage is not None:
        found.append(_STAGES[facts.stage])
    elif facts.status is ServiceStatus.HIDDEN:
        found.append(Hindrance.HIDDEN)
    if facts.checked_on is not None and facts.checked_on <= months_before(today, HIDDEN_MONTHS):
        found.append(Hindrance.UNCHECKED)
    return [*found, *_of_content(facts)]


def _of_content(facts: Facts) -> list[Hindrance]:
    found = []
    if not facts.languages:
        found.append(Hindrance.NAMELESS)
    if not facts.ways:
        found.append(Hindrance.NO_WAY_ON)
    if not facts.themes:
        found.append(Hindrance.NO_THEME)
    elif not facts.published_themes:
        found.append(Hindrance.THEME_UNPUBLISHED)
    if facts.area is Area.LIMITED and not facts.municipalities:
        found.append(Hindrance.ELSEWHERE)
    if facts.languages:
        found += [_UNNAMED[code] for code in NEEDED_LANGUAGES if code not in facts.languages]
    return found


def lacks(facts: Facts) -> Sequence[Hindrance]:
    """Return what a service lacks of what each one that is published has to have.

    That is: a name in the language that it is told in, a way to go on, a theme, and a municipality of ours (unless
    it serves all of Finland). An import may bring one that falls short; nobody here makes one so.
    """
    main = main_language(facts.told)
    unnamed = {_UNNAMED[main]} if main in _UNNAMED and main not in facts.languages else set()
    return [rule for rule in _of_content(facts) if rule in ALWAYS_NEEDED | unnamed]


def main_language(told: Collection[str]) -> str:
    """Return the language that a service is told in: Finnish where any of it is, else Swedish, else English."""
    return next((code for code in FALLBACK if code in told), FALLBACK[0])
