"""The sheet that a client takes home, in any language that somebody has written it in.

A sheet's language is the client's, not the page's, so its words are data (``sheets.toml``) and not messages of
the interface: a new one needs neither a translated interface nor a release of it.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Formatter

import segno
from babel import Locale
from babel.dates import format_date, format_datetime

from servicetray.core import clock

TEXTS = Path(__file__).with_name("sheets.toml")
MODEL = "fi"
"""The language whose words in braces every other one has, too."""
DIRECTIONS = frozenset({"ltr", "rtl"})
QR_SCALE = 4


class SheetTextsError(ValueError):
    """The data of a language can't be used: which, and what is wrong."""

    def __init__(self, language: str, what: str) -> None:
        super().__init__(f"sheet in {language}: {what}")


@dataclass(frozen=True, kw_only=True)
class SheetTexts:
    """Every text of the sheet in one language; words in braces are filled in."""

    language: str
    name: str
    """The language's own name."""
    direction: str
    """ltr or rtl."""
    day_pattern: str
    time_pattern: str
    title: str
    referred: str
    reference: str
    sent: str
    by: str
    contact: str
    booked: str
    booked_contact: str
    after: str
    meet: str
    changed: str
    call: str
    follow: str
    open_page: str
    code: str
    keep_code: str
    qr: str
    mind: str
    withdraw: str
    withdraw_there: str
    removed: str

    def day(self, day: dt.date) -> str:
        """Return a day with its weekday, as this language says it after "by"."""
        return format_date(day, self.day_pattern, locale=self.language)

    def time(self, instant: dt.datetime) -> str:
        """Return a Helsinki day and time."""
        return format_datetime(clock.helsinki(instant), self.time_pattern, locale=self.language)


def languages() -> Mapping[str, SheetTexts]:
    """Return the sheets there are, by language code, in the order of the data.

    Raises:
        SheetTextsError: if a language lacks a text, or its words in braces differ from the Finnish.
    """
    return _read(TEXTS)


def qr_of(address: str) -> str:
    """Return the QR code of an address as a data URI of an SVG."""
    # White stays white in dark mode: readers of codes need it.
    return segno.make(address, error="m").svg_data_uri(scale=QR_SCALE, border=2, light="#fff")


@cache
def _read(path: Path) -> Mapping[str, SheetTexts]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: _checked(code, texts, tables[MODEL]) for code, texts in tables.items()}


def _checked(code: str, texts: Mapping[str, str], model: Mapping[str, str]) -> SheetTexts:
    wanted = {each.name for each in fields(SheetTexts)} - {"language"}
    if set(texts) != wanted:
        raise SheetTextsError(code, f"differs in {', '.join(sorted(set(texts) ^ wanted))}")
    if texts["direction"] not in DIRECTIONS:
        raise SheetTextsError(code, "direction is ltr or rtl")
    for name in sorted(wanted):
        if _braces(texts[name]) != _braces(model[name]):
            raise SheetTextsError(code, f"{name} has other words in braces")
    # Days are written by it: an unknown code is better found here than on a client's sheet.
    Locale.parse(code)
    return SheetTexts(language=code, **texts)


def _braces(text: str) -> frozenset[str]:
    return frozenset(name for _before, name, _form, _how in Formatter().parse(text) if name is not None)
