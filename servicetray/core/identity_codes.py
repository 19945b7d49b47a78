"""Find Finnish personal identity codes (HETU) in free text, so that they can be refused or masked.

A code is DDMMYYCNNNX: a date, a sign of the century, an individual number and a check character (Decree
128/2010 on the population information system; since 2023 the signs are + for the 1800s, - Y X W V U for the
1900s and A B C D E F for the 2000s). python-stdnum judges the code; here it is found the way people write
it: in lower case, with dots in the date, with spaces around the sign, with a typographic dash, glued to a
word, pasted with invisible characters.

The check character keeps most dates and numbers out: of those that merely look like a code, one in 31
passes. Without a sign a code is only believed if its check character is a letter; else many a mobile number
would be suspect.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from stdnum.fi import hetu

MASK: Final = "******-****"

_DASHES: Final = frozenset("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d")
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")

_CODE: Final = re.compile(
    r"""
    (?<!\d)
    (?:
        (?P<date>\d\d [ .]? \d\d [ .]? \d\d)
        \s{0,2} (?P<century>[-+A-FU-Y]) \s{0,2} (?P<number>\d{3}) \s? (?P<check>[0-9A-FHJ-NPR-Y])
      | (?P<bare_date>\d{6}) [ ./_]{0,2} (?P<bare_number>\d{3}) \s? (?P<bare_check>[A-FHJ-NPR-Y]) (?![^\W\d_])
    )
    (?!\d)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where a code stands in the text: `text[start:end]`. The code itself is deliberately not kept."""

    start: int
    end: int


def find(text: str) -> tuple[Found, ...]:
    """Give the places of all personal identity codes in the text, in order and without overlaps."""
    plain, places = _plain(text)
    found: list[Found] = []
    at = 0
    while match := _CODE.search(plain, at):
        if _is_code(match):
            found.append(Found(start=places[match.start()], end=places[match.end() - 1] + 1))
            at = match.end()
        else:
            # What only looked like a code may hide the beginning of a real one.
            at = match.start() + 1
    return tuple(found)


def contains_code(text: str) -> bool:
    """Tell whether the text holds a personal identity code."""
    return bool(find(text))


def mask(text: str) -> str:
    """Give the text with every personal identity code replaced by MASK."""
    for place in reversed(find(text)):
        text = text[: place.start] + MASK + text[place.end :]
    return text


def _plain(text: str) -> tuple[str, list[int]]:
    """Give the text in ASCII digits, plain hyphens and upper case, and where each character was."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character not in _INVISIBLE:
            characters.append(_plain_character(character))
            places.append(place)
    return "".join(characters), places


def _plain_character(character: str) -> str:
    if character.isascii():
        return character.upper()
    if character in _DASHES:
        return "-"
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    # Full-width letters; anything that would become longer stays, so that places stay true.
    folded = unicodedata.normalize("NFKC", character).upper()
    return folded if len(folded) == 1 else character


def _is_code(match: re.Match[str]) -> bool:
    if match["century"]:
        return _is_valid(match["date"], match["century"], match["number"], match["check"])
    # The sign decides only whether 29 February existed in that year: one of these has it if any does.
    return any(
        _is_valid(match["bare_date"], sign, match["bare_number"], match["bare_check"]) for sign in "-A"
    )


def _is_valid(date: str, century: str, number: str, check: str) -> bool:
    # Numbers from 900 are temporary codes of hospitals: they name a person just the same.
    digits = date.replace(" ", "").replace(".", "")
    return hetu.is_valid(digits + century + number + check, allow_temporary=True)
