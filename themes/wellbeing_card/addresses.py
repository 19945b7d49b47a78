"""Addresses of cards: signed, in the language of whoever opens them, and as a QR code."""

from typing import Any
from urllib.parse import urlencode, urlsplit

import segno
from flask import url_for

from servicetray.core import crypto
from servicetray.core.i18n import DEFAULT, root_path
from servicetray.core.settings import current_settings
from themes.wellbeing_card.card import Card, ShortCode, read, write
from themes.wellbeing_card.pages import CodeShown

CARD = "k"
"""The query's name for the card."""
_PATH = "/kortti"
_CODE_PATH = "/k"
_ONLY = "koko"
_QR_SCALE = 4


def token(card: Card) -> str:
    """Return the card as it stands in an address."""
    return write(card, key=_key())


def card_in(text: str) -> Card:
    """Return the card that an address holds.

    Raises:
        UnreadableCardError: if it is not as it was signed here.
    """
    return read(text, key=_key())


def compose(card: Card, *, anchor: str = "", **more: str | int | None) -> str:
    """Return where a card goes on being put together, in the language of this page.

    Args:
        card: as it would be.
        anchor: the part of the page to go to, if any.
        more: the rest of the query; what is empty is left out.
    """
    query: dict[str, Any] = {CARD: token(card), **{name: value or None for name, value in more.items()}}
    return url_for("wellbeing_card.compose", _anchor=anchor or None, **query)


def shown(card: Card, *, language: str, only: str = "") -> str:
    """Return where a card is shown in a language."""
    query = {CARD: token(card)} | ({_ONLY: only} if only else {})
    return f"{root_path()}{_prefix(language)}{_PATH}?{urlencode(query)}"


def sent(card: Card, *, language: str) -> str:
    """Return the whole link of a card, without its code: paper outlives that."""
    query = urlencode({CARD: token(card.plain())})
    return f"{current_settings().public_url}{_prefix(language)}{_PATH}?{query}"


def qr(address: str) -> str:
    """Return a QR code as an image in an address: dark on light, with its quiet zone."""
    # The lightest correction that fits, raised for nothing where the code grows no bigger by it.
    code = segno.make_qr(address, error="l", boost_error=True)
    return code.svg_data_uri(scale=_QR_SCALE, border=4, dark="#000", light="#fff")


def code_shown(code: ShortCode | None, *, language: str) -> CodeShown | None:
    """Return a short code as a page tells it."""
    if code is None:
        return None
    half = len(code.code) // 2
    return CodeShown(
        code=code.code,
        spoken=f"{code.code[:half]} {code.code[half:]}",
        until=code.until,
        address=f"{site()}{_prefix(language)}{_CODE_PATH}/{code.code}",
    )


def site() -> str:
    """Return the service's address as people say it."""
    parts = urlsplit(current_settings().public_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"


def _prefix(language: str) -> str:
    return "" if language == DEFAULT else f"/{language}"


def _key() -> bytes:
    # Of the installation, so that cards on paper open after the master key has been renewed.
    return crypto.derived_key("wellbeing card")
