"""The words of the printed plan: data, since a sheet's language is the client's and not the page's."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime

from servicetray.core import clock

TEXTS = Path(__file__).with_name("sheets.toml")
MODEL = "fi"


@dataclass(frozen=True, kw_only=True)
class PlanTexts:
    """Every text of the printed plan in one language; words in braces are filled in."""

    language: str
    name: str
    direction: str
    title: str
    made: str
    goals: str
    steps: str
    services: str
    done: str
    next: str
    phone: str
    kind: str
    day_pattern: str
    time_pattern: str

    def day(self, day: dt.date) -> str:
        """Return a day as this language writes it."""
        return format_date(day, self.day_pattern, locale=self.language)

    def time(self, instant: dt.datetime) -> str:
        """Return a Helsinki day and time."""
        return format_datetime(clock.helsinki(instant), self.time_pattern, locale=self.language)


@cache
def languages() -> Mapping[str, PlanTexts]:
    """Return the sheets there are, by language code; a missing or superfluous text is a TypeError."""
    tables = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return {code: PlanTexts(language=code, **texts) for code, texts in tables.items()}


def texts_in(language: str) -> PlanTexts:
    """Return the sheet in a language, else in Finnish."""
    found = languages()
    return found.get(language, found[MODEL])
