"""Which words of a search may be kept. Pure.

People type names, numbers and illnesses into search boxes. A text is kept only where each of its words is one of our
own (of the names and keywords of services, and of the word lists), or where many have looked for it: its keyed
fingerprint has come ``OFTEN`` times on ``DAYS`` days. Whatever has a digit in it is dropped before anything else.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

OFTEN: Final = 5
DAYS: Final = 3
MOST_WORDS: Final = 8
LONGEST: Final = 100
"""Characters of a text that is kept."""
REMEMBERED: Final = dt.timedelta(days=90)
"""How long a fingerprint is remembered."""

_WORD: Final = re.compile(r"[^\s.,;:!?()\"/\\|<>\[\]{}]+")
_EDGES: Final = "-–—'’*+&%#@=~^_`´$€£"

KnowsAll = Callable[[Sequence[str]], bool]
"""Whether every one of some words is in our vocabulary."""


def words_of(query: str) -> tuple[str, ...]:
    """Return the words of a query that may be looked at: in lower case, without signs; digits and addresses gone.

    A word with a digit in it is left out as a whole, and so is what looks like an e-mail address: what stays of
    either would be a piece of somebody's name or number.
    """
    plain = unicodedata.normalize("NFKC", query).lower()
    kept = []
    for piece in plain.split():
        if "@" in piece:
            continue
        for match in _WORD.finditer(piece):
            word = match.group().strip(_EDGES)
            if word and all(sign.isalpha() or sign in "-'’" for sign in word):
                kept.append(unicodedata.normalize("NFC", word))
    return tuple(kept)


def text_of(query: str) -> str:
    """Return the text that a query is counted as; empty where it is too long or has no words."""
    words = words_of(query)
    text = " ".join(words)
    return text if 0 < len(words) <= MOST_WORDS and len(text) <= LONGEST else ""


def is_ours(text: str, knows_all: KnowsAll) -> bool:
    """Whether every word of a text is in our own vocabulary."""
    words = text.split()
    return bool(words) and knows_all(words)


def is_common(times: Mapping[dt.date, int]) -> bool:
    """Whether a text has come so often, on so many days, that it can't be about one person."""
    return sum(times.values()) >= OFTEN and sum(1 for count in times.values() if count > 0) >= DAYS
