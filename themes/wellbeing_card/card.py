"""The wellbeing card and how it stands in an address: what was picked, the client's language, the size of print.

Pure. The whole card is in its address, short enough for a QR code, and signed: what opens is what somebody put
together here, or nothing. It holds public ids alone.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from servicetray.core.errors import DomainError
from servicetray.core.i18n import DEFAULT, LANGUAGES

MOST_ITEMS: Final = 12
"""On one card: more than that nobody begins with, and one sheet of paper holds them."""
SIGNATURE_BYTES: Final = 9
VERSION: Final = 1
LONGEST: Final = 1400
"""Signs of an address's card, at most; one full of the longest slugs stays under it."""
CODE_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: a code is read aloud and typed. 32 signs, so that five bits are one sign."""
CODE_LENGTH: Final = 8
_CODE_BYTES: Final = 5
_DAY_BYTES: Final = 2
_FIRST_DAY: Final = dt.date(2020, 1, 1)
_LARGE: Final = 0b10
_CODED: Final = 0b01
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG: Final = 80


class ItemKind(StrEnum):
    """What can be picked. The order of the members stands in addresses on paper: add at the end alone."""

    THEME = "theme"
    SERVICE = "service"
    GROUP = "group"
    TOOL = "tool"
    PROGRAMME = "programme"
    EVENT = "event"
    PATH = "path"


_KINDS: Final = tuple(ItemKind)
_BY_ID: Final = frozenset({ItemKind.SERVICE, ItemKind.GROUP, ItemKind.EVENT})


class FullCardError(DomainError):
    """More is on the card than one conversation holds."""


class UnreadableCardError(DomainError):
    """It is no card of ours: mistyped, cut off, or changed by somebody."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing on a card: a public id of a service, group or event, or the slug of anything else."""

    kind: ItemKind
    ref: str

    @classmethod
    def of(cls, kind: ItemKind, ref: str) -> "Item":
        """Return an item in its one way of writing.

        Raises:
            UnreadableCardError: if the reference is none of this kind.
        """
        if kind in _BY_ID:
            try:
                return cls(kind=kind, ref=str(uuid.UUID(ref)))
            except ValueError as error:
                raise UnreadableCardError from error
        if len(ref) > _LONGEST_SLUG or not _SLUG.fullmatch(ref):
            raise UnreadableCardError
        return cls(kind=kind, ref=ref)

    @property
    def id(self) -> uuid.UUID:
        """The id of a service, group or event."""
        return uuid.UUID(self.ref)


@dataclass(frozen=True, kw_only=True)
class ShortCode:
    """A card's short code and the Helsinki day on which it ends."""

    code: str
    until: dt.date


@dataclass(frozen=True, kw_only=True)
class Card:
    """What was picked, in its order, and how the client reads it."""

    items: tuple[Item, ...] = ()
    language: str = DEFAULT
    """The client's."""
    large: bool = False
    """Whether it is printed large."""
    code: ShortCode | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing more has room."""
        return len(self.items) >= MOST_ITEMS

    def of_kind(self, kind: ItemKind) -> tuple[Item, ...]:
        """Return the items of a kind, in the card's order."""
        return tuple(item for item in self.items if item.kind is kind)

    def with_item(self, item: Item) -> "Card":
        """Return the card with one more thing; picked already is not picked twice.

        Raises:
            FullCardError: if it has no room.
        """
        if item in self.items:
            return self
        if self.is_full:
            raise FullCardError
        return self._holding((*self.items, item))

    def without(self, item: Item) -> "Card":
        """Return the card without a thing."""
        return self._holding(tuple(each for each in self.items if each != item))

    def earlier(self, item: Item) -> "Card":
        """Return the card with a thing one place nearer to the beginning."""
        at = self.items.index(item)
        if at == 0:
            return self
        return self._holding((*self.items[: at - 1], item, self.items[at - 1], *self.items[at + 1 :]))

    def read_as(self, *, language: str | None = None, large: bool | None = None) -> "Card":
        """Return the card for another reader; what is on it stays, and so does its code."""
        return replace(
            self,
            language=self.language if language is None else language,
            large=self.large if large is None else large,
        )

    def with_code(self, code: ShortCode) -> "Card":
        """Return the card with its short code."""
        return replace(self, code=code)

    def plain(self) -> "Card":
        """Return the card without its code: what a QR code leads to outlives the code."""
        return replace(self, code=None)

    def _holding(self, items: tuple[Item, ...]) -> "Card":
        # The code stands for what was on the card when it was made.
        return replace(self, items=items, code=None)


def write(card: Card, *, key: bytes) -> str:
    """Return the card as it stands in an address, signed."""
    packed = _packed(card)
    return base64.urlsafe_b64encode(packed + _signature(packed, key)).rstrip(b"=").decode()


def read(text: str, *, key: bytes) -> Card:
    """Return the card that an address holds.

    Raises:
        UnreadableCardError: if it is not as it was signed.
    """
    if len(text) > LONGEST:
        raise UnreadableCardError
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableCardError from error
    packed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if not packed or not hmac.compare_digest(signature, _signature(packed, key)):
        raise UnreadableCardError
    return _unpacked(packed)


def _signature(packed: bytes, key: bytes) -> bytes:
    return hmac.new(key, packed, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _packed(card: Card) -> bytes:
    flags = (_LARGE if card.large else 0) | (_CODED if card.code else 0)
    parts = [bytes([VERSION << 4 | LANGUAGES.index(card.language) << 2 | flags])]
    if card.code is not None:
        parts.append(_code_number(card.code.code).to_bytes(_CODE_BYTES))
        parts.append((card.code.until - _FIRST_DAY).days.to_bytes(_DAY_BYTES))
    for item in card.items:
        body = item.id.bytes if item.kind in _BY_ID else bytes([len(item.ref)]) + item.ref.encode()
        parts.append(bytes([_KINDS.index(item.kind)]) + body)
    return b"".join(parts)


def _unpacked(packed: bytes) -> Card:
    # Signed by us, so only a version of tomorrow or a fault of our own can be out of order here.
    head, rest = packed[0], packed[1:]
    if head >> 4 != VERSION:
        raise UnreadableCardError
    code = None
    if head & _CODED:
        number = int.from_bytes(rest[:_CODE_BYTES])
        days = int.from_bytes(rest[_CODE_BYTES : _CODE_BYTES + _DAY_BYTES])
        code = ShortCode(code=_code_signs(number), until=_FIRST_DAY + dt.timedelta(days=days))
        rest = rest[_CODE_BYTES + _DAY_BYTES :]
    try:
        return Card(
            items=tuple(_items(rest)),
            language=LANGUAGES[head >> 2 & 0b11],
            large=bool(head & _LARGE),
            code=code,
        )
    except (IndexError, ValueError) as error:
        raise UnreadableCardError from error


def _items(rest: bytes) -> Iterator[Item]:
    while rest:
        kind = _KINDS[rest[0]]
        start, length = (1, 16) if kind in _BY_ID else (2, rest[1])
        body, rest = rest[start : start + length], rest[start + length :]
        yield Item.of(kind, str(uuid.UUID(bytes=body)) if kind in _BY_ID else body.decode("ascii"))


def _code_number(code: str) -> int:
    number = 0
    for sign in code:
        number = number << 5 | CODE_SIGNS.index(sign)
    return number


def _code_signs(number: int) -> str:
    return "".join(CODE_SIGNS[number >> 5 * at & 0b11111] for at in reversed(range(CODE_LENGTH)))
