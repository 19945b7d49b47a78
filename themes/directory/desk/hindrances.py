"""Why residents don't see a service, or find it in fewer places than one would think. Pure."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from themes.directory.models import Area, ServiceStatus
from themes.directory.shown import HIDDEN_MONTHS, months_before

NEEDED_LANGUAGES: Final = ("fi", "sv")


class Hindrance(StrEnum):
    """One rule that keeps a service out, or out of some places."""

    RETIRED = "retired"
    HIDDEN = "hidden"
    UNCHECKED = "unchecked"
    NAMELESS = "nameless"
    NO_THEME = "no_theme"
    THEME_UNPUBLISHED = "theme_unpublished"
    ELSEWHERE = "elsewhere"
    NO_FINNISH = "no_finnish"
    NO_SWEDISH = "no_swedish"


KEEPS_OUT: Final = frozenset({Hindrance.RETIRED, Hindrance.HIDDEN, Hindrance.UNCHECKED, Hindrance.NAMELESS})
"""Those that keep a service out altogether; by the others it is only found in fewer places."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules look at."""

    status: ServiceStatus
    checked_on: dt.date | None
    languages: Collection[str]
    """In which it has a name."""
    themes: int
    published_themes: int
    area: Area
    municipalities: Collection[str]
    """Those of ours that it serves."""


def hindrances(facts: Facts, *, today: dt.date) -> Sequence[Hindrance]:
    """Return every rule that stands in the way, those that keep it out altogether first."""
    found = []
    if facts.status is ServiceStatus.RETIRED:
        found.append(Hindrance.RETIRED)
    if facts.status is ServiceStatus.HIDDEN:
        found.append(Hindrance.HIDDEN)
    if facts.checked_on is not None and facts.checked_on <= months_before(today, HIDDEN_MONTHS):
        found.append(Hindrance.UNCHECKED)
    if not facts.languages:
        found.append(Hindrance.NAMELESS)
    if not facts.themes:
        found.append(Hindrance.NO_THEME)
    elif not facts.published_themes:
        found.append(Hindrance.THEME_UNPUBLISHED)
    if facts.area is Area.LIMITED and not facts.municipalities:
        found.append(Hindrance.ELSEWHERE)
    if facts.languages:
        lacking = [code for code in NEEDED_LANGUAGES if code not in facts.languages]
        found += [{"fi": Hindrance.NO_FINNISH, "sv": Hindrance.NO_SWEDISH}[code] for code in lacking]
    return found
