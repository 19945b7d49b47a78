"""The small words that index, plan and ranking speak to each other. Pure."""

from typing import NamedTuple

COLUMNS = ("name", "name_parts", "keywords", "summary", "body", "parts")
"""Of the index. ``name_parts`` and ``parts`` hold weak terms: of the name, and of everything else."""


def bits_of_columns(*names: str) -> int:
    """Return these columns as the bits of a number: bit *n* stands for ``COLUMNS[n]``."""
    return sum(1 << COLUMNS.index(name) for name in names)


EVERY_COLUMN = bits_of_columns(*COLUMNS)


class Term(NamedTuple):
    """What to look for in the texts of one language."""

    text: str
    language: str
    prefix: bool = False
    """Whether a term that only begins so will do."""
