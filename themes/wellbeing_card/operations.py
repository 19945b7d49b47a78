"""Making a card's short code, looking it up at most so often, and erasing it in time."""

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
from themes.wellbeing_card.models import CardCode

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: a code is read aloud and typed."""
LENGTH = 8
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


class EmptyCardError(DomainError):
    """Nothing is on the card."""


class FullCardError(DomainError):
    """More is on the card than one conversation holds."""


class TooManyTriesError(DomainError):
    """So many codes were tried from this address that the next has to wait."""


def make_code(ids: CardIds, *, now: dt.datetime) -> str:
    """Keep what is on a card for 90 days, inside the caller's transaction; return its code, kept nowhere.

    Raises:
        EmptyCardError: if nothing is on it.
        FullCardError: if too much is.
    """
    number = len(ids.services) + len(ids.themes)
    if not number:
        raise EmptyCardError
    if number > MOST:
        raise FullCardError
    code = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    db.session.add(
        CardCode(
            code_hash=_hashed(code),
            services=[str(each) for each in ids.services],
            themes=list(ids.themes),
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
    return CardIds(services=tuple(uuid.UUID(each) for each in row.services), themes=tuple(row.themes))


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
