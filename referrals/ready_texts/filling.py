"""Filling in what a ready text may leave open. Pure."""

import re
from dataclasses import dataclass

from servicetray.core.errors import DomainError

PLACEHOLDERS = ("unit_phone", "adviser", "date")
_BRACES = re.compile(r"\{([^{}]*)\}")
_UNPAIRED = re.compile(r"[{}]")


class UnknownPlaceholderError(DomainError):
    """A text has words in braces that nothing is filled into."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What is filled in; never anything of a client."""

    unit_phone: str
    adviser: str
    date: str


def check(body: str) -> None:
    """Refuse braces that are none of the placeholders, or that stand alone.

    Raises:
        UnknownPlaceholderError: with the first one found.
    """
    for name in _BRACES.findall(body):
        if name not in PLACEHOLDERS:
            raise UnknownPlaceholderError(name)
    if alone := _UNPAIRED.search(_BRACES.sub("", body)):
        raise UnknownPlaceholderError(alone.group())


def fill(body: str, filling: Filling) -> str:
    """Return a text with its placeholders filled in, each once and in one pass."""
    told = {name: str(getattr(filling, name)) for name in PLACEHOLDERS}
    return _BRACES.sub(lambda match: told.get(match[1], match[0]), body)
