"""Making a card's short code, looking it up at most so often, and erasing it in time."""

import contextlib
import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from servicetray.accounts import throttle
from servicetray.core import crypto
from servicetray.core.db import db, transaction
from servicetray.core.errors import DomainError
from themes.wellbeing_card import queries
from themes.wellbeing_card.card import CODE_LENGTH as LENGTH
from themes.wellbeing_card.card import CODE_SIGNS as ALPHABET
from themes.wellbeing_card.card import Card, FullCardError, Item, ItemKind, UnreadableCardError
from themes.wellbeing_card.models import CardCode

__all__ = [
    "ALPHABET",
    "KEPT",
    "LENGTH",
    "MOST",
    "TRIES",
    "CardIds",
    "EmptyCardError",
    "FullCardError",
    "TooManyTriesError",
    "card_of",
    "erase_expired",
    "make_code",
    "plain",
]

KEPT = dt.timedelta(days=90)
MOST = 40
"""Services and themes on one card, together."""
TRIES = 60
"""Look-ups from one address within ten minutes, at most; a whole hospital may have one."""


@dataclass(frozen=True, kw_only=True)
class CardIds:
    """What is on a card: public ids of services and slugs of themes."""

    services: Sequence[uuid.UUID] = ()
    themes: Sequence[str] = ()
    marks: Sequence[str] = ()
    """All that is on it in its order, each with its kind in front (``group:…``); empty where that isn't told."""

    @classmethod
    def of(cls, card: Card) -> "CardIds":
        """Return the ids of a card."""
        return cls(
            services=tuple(item.id for item in card.of_kind(ItemKind.SERVICE)),
            themes=tuple(item.ref for item in card.of_kind(ItemKind.THEME)),
            marks=tuple(f"{item.kind}:{item.ref}" for item in card.items),
        )

    @property
    def card(self) -> Card:
        """The card again, as far as its parts are still known."""
        told = self.marks or (
            *(f"{ItemKind.SERVICE}:{each}" for each in self.services),
            *(f"{ItemKind.THEME}:{slug}" for slug in self.themes),
        )
        items: list[Item] = []
        for mark in told:
            kind, _colon, ref = mark.partition(":")
            with contextlib.suppress(UnreadableCardError, ValueError):
                items.append(Item.of(ItemKind(kind), ref))
        return Card(items=tuple(items))


class EmptyCardError(DomainError):
    """Nothing is on the card."""


class TooManyTriesError(DomainError):
    """So many codes were tried from this address that the next has to wait."""


def make_code(ids: CardIds, *, now: dt.datetime) -> str:
    """Keep what is on a card for 90 days, inside the caller's transaction; return its code, kept nowhere.

    Raises:
        EmptyCardError: if nothing is on it.
        FullCardError: if too much is.
    """
    number = len(ids.marks) or len(ids.services) + len(ids.themes)
    if not number:
        raise EmptyCardError
    if number > MOST:
        raise FullCardError
    code = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    db.session.add(
        CardCode(
            code_hash=_hashed(code),
            services=[str(each) for each in ids.services],
            themes=[*ids.themes, *ids.marks],
            expires_at=now + KEPT,
        )
    )
    db.session.flush()
    return code


def card_of(code: str, *, address: str, now: dt.datetime) -> CardIds | None:
    """Return what is on the card of a code as somebody typed it, or None; each look-up counts.

    Inside the caller's transaction.

    Raises:
        TooManyTriesError: if too many codes were looked up from this address.
    """
    if not throttle.take("card", throttle.network(address), most=TRIES, now=now):
        raise TooManyTriesError
    row = queries.living(_hashed(code), now=now)
    if row is None:
        return None
    return CardIds(
        services=tuple(uuid.UUID(each) for each in row.services),
        themes=tuple(each for each in row.themes if ":" not in each),
        marks=tuple(each for each in row.themes if ":" in each),
    )


def erase_expired(now: dt.datetime) -> int:
    """Erase the codes whose time is over; return how many went."""
    with transaction() as session:
        old = queries.expired(now=now)
        for row in old:
            session.delete(row)
    return len(old)


def plain(code: str) -> str:
    """Return a code as it was made: without blanks and dashes, in capitals."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _hashed(code: str) -> str:
    return crypto.fingerprint("card code", plain(code))
