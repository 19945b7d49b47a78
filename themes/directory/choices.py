"""The choices by which a list may be narrowed: as numbers, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from servicetray.core.pages import Text
from themes.directory.filters import Group


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value that may be chosen."""

    word: str
    """As it stands in the address; empty for no choice."""
    label: Text
    lang: str | None
    """Language of the label, where it isn't the page's."""
    count: int
    """How many services there are after choosing it."""
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class ChoiceGroup:
    """A group of choices: one of them (radio buttons) or any (checkboxes)."""

    parameter: str
    legend: Text
    single: bool
    choices: Sequence[Choice]


class Offer(NamedTuple):
    """A group of choices before it is put into words: most forms are kept, and lack nothing but the counts."""

    group: Group
    values: tuple[str, ...]
    """Of a municipality, the empty one for all of them comes first."""
    chosen: tuple[str, ...]
    counts: Sequence[int]
    """How many services there are after choosing each."""
