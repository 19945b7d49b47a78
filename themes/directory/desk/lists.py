"""The list of a desk: piles with their numbers, words to search by, and pages; the same for services, events, groups.

The whole state is in the address: ``tila`` (the pile), ``q`` (a name or the address of a page), ``sivu``.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

from flask import request, url_for

from servicetray.core.db import Texts
from servicetray.core.pages import Text
from themes.directory.filters import page_number

PAGE_SIZE: Final = 30
LONGEST_WORDS: Final = 200
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


class Named(Protocol):
    """What can be found by its name or its id."""

    @property
    def id(self) -> uuid.UUID:
        """Its id."""

    @property
    def name(self) -> Texts:
        """Its name by language."""


Thing = TypeVar("Thing", bound=Named)
Pile = TypeVar("Pile", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class PileLink:
    """A way to one pile, with the number of what lies in it."""

    label: Text
    url: str
    count: int
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Thing]):
    """What a list shows after it was narrowed; ``things`` are those of this page."""

    things: Sequence[Thing]
    total: int
    piles: Sequence[PileLink]
    """Those with something in them, all of it first."""
    pile: str
    words: str
    action: str
    """Where the search is sent."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What else the address says."""
    page: int
    last: int
    previous_url: str | None
    next_url: str | None


def listed(
    everything: Sequence[Thing],
    *,
    piles: Mapping[Pile, Text],
    lies_in: Callable[[Thing, Pile], bool],
    in_order: Callable[[Sequence[Thing], Pile], Sequence[Thing]],
    more: Mapping[str, str] | None = None,
) -> Listed[Thing]:
    """Narrow everything that somebody keeps by what the address of the request says.

    Args:
        everything: what the person keeps.
        piles: names of the piles in their order; the first one is all of it.
        lies_in: whether a thing lies in a pile other than the first.
        in_order: puts the things of a pile into its order.
        more: what the address says besides, and keeps on saying.
    """
    endpoint, kept = request.endpoint or "", dict(more or {})
    first, *others = piles
    asked, words = request.args.get("tila", ""), request.args.get("q", "").strip()[:LONGEST_WORDS]
    pile = next((each for each in others if each.value == asked), first)
    lying = {each: [thing for thing in everything if each is first or lies_in(thing, each)] for each in piles}
    found = in_order(named(lying[pile], words) if words else lying[pile], pile)
    page, last = page_number(request.args.get("sivu"), total=len(found), size=PAGE_SIZE)

    def address(to: Pile, *, q: str | None = None, sivu: int | None = None) -> str:
        said: dict[str, Any] = {**kept, "tila": to.value or None, "q": q, "sivu": sivu}
        return url_for(endpoint, **said)

    return Listed(
        things=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(found),
        piles=[
            PileLink(label=label, url=address(each), count=len(lying[each]), is_here=each is pile)
            for each, label in piles.items()
            if lying[each] or each in {first, pile}
        ],
        pile=pile.value,
        words=words,
        action=url_for(endpoint),
        more=kept,
        page=page,
        last=last,
        previous_url=address(pile, q=words or None, sivu=page - 1) if page > 1 else None,
        next_url=address(pile, q=words or None, sivu=page + 1) if page < last else None,
    )


def named(things: Sequence[Thing], words: str) -> Sequence[Thing]:
    """Return those whose name in any language, or whose id, holds what was typed (an address will do)."""
    found = id_in(words)
    if found is not None:
        return [each for each in things if each.id == found]
    sought = " ".join(words.split()).casefold()
    return [
        each for each in things if sought and any(sought in text.casefold() for text in each.name.values())
    ]


def id_in(words: str) -> uuid.UUID | None:
    """Return the id that stands in an address or by itself, or None."""
    found = _ID.search(words)
    return uuid.UUID(found[0]) if found else None
