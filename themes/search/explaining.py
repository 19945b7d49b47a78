"""Why a service was found: the words of the query, the terms that answered them, and where those stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from themes.search.catalogue import catalogue
from themes.search.plan import Wanted
from themes.search.terms import COLUMNS


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One word of a query and what a service has of it."""

    word: str
    terms: tuple[str, ...]
    """What was found of it, the word itself first."""
    columns: tuple[str, ...]
    """Where: of ``COLUMNS``."""


def reasons(wanted: Sequence[Wanted], service_id: UUID) -> Sequence[Reason]:
    """Return what a service has of each word; words that it has not are left out."""
    known = catalogue()
    number = known.numbers.get(service_id)
    if number is None:
        return ()
    found = known.look_up({term: None for one in wanted for choice in one.choices for term in choice.terms})
    told = []
    for one in wanted:
        said: dict[str, None] = {}
        columns = 0
        for choice in sorted(one.choices, key=lambda choice: -choice.factor):
            bits = [found[term].columns_of(number) & choice.columns for term in choice.terms]
            if bits and all(bits):
                said[" ".join(term.text + ("…" if term.prefix else "") for term in choice.terms)] = None
                for bit in bits:
                    columns |= bit
        if said:
            places = tuple(column for at, column in enumerate(COLUMNS) if columns >> at & 1)
            told.append(Reason(word=one.read_for or one.word, terms=tuple(said)[:6], columns=places))
    return told
