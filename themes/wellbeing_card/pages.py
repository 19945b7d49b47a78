"""The pages of the wellbeing card."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.pages import Page, Text
from themes.wellbeing_card.card import MOST_ITEMS
from themes.wellbeing_card.contents import Entry
from themes.wellbeing_card.picking import Asked, Pick


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few ways; each is a link."""

    label: Text
    url: str
    current: bool
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A thing on the card, and what can be done with it."""

    entry: Entry
    remove_url: str
    earlier_url: str
    """Empty for the first one."""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A thing that can be put on the card."""

    entry: Entry
    add_url: str
    """Empty where the card has no room."""
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class CodeShown:
    """A short code in words."""

    code: str
    spoken: str
    """In two halves, as it is read aloud."""
    until: dt.date
    address: str
    """Where a client types it or opens the card, without the scheme."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """Somewhere else to go."""

    label: Text
    url: str


@dataclass(frozen=True, kw_only=True)
class ComposePage(Page):
    """Where a card is put together, in the professional's language."""

    template: ClassVar[str] = "themes/wellbeing_card/compose.html"
    token: str
    picked: Sequence[Picked]
    gone: int
    """Things on it that are no longer there."""
    tidy_url: str
    """The card without them."""
    full: bool
    languages: Sequence[Choice]
    sizes: Sequence[Choice]
    card_url: str
    wallet_url: str
    address: str
    """The whole link, as it is sent on."""
    qr: str
    code: CodeShown | None
    referrals: Sequence[Link]
    form_key: str
    problem: Text
    pick: Pick
    asked: Asked
    places: Sequence[tuple[str, str]]
    whole: Offered | None
    services: Sequence[Offered]
    groups: Sequence[Offered]
    events: Sequence[Offered]
    paths: Sequence[Offered]
    tools: Sequence[Offered]
    previous_url: str | None
    next_url: str | None
    themes: Sequence[Choice]
    most: int = MOST_ITEMS


@dataclass(frozen=True, kw_only=True)
class CardPage(Page):
    """The card itself, in the client's language: on a phone, on a sheet of paper, in a wallet."""

    template: ClassVar[str] = "themes/wellbeing_card/card.html"
    entries: Sequence[Entry]
    gone: int
    large: bool
    only: str
    """``a4`` or ``wallet`` where one of them is shown alone, else empty."""
    qr: str
    site: str
    """The service's address in words."""
    code: CodeShown | None
    edit_url: str
    both_url: str
    sheet_url: str
    wallet_url: str
    today: dt.date
    few: int = 5
    """Things that one sheet holds in the ordinary size; more are set a little smaller."""
    in_wallet: int = 5
    """Things that a wallet's card has room for."""

    @property
    def is_demonstration(self) -> bool:
        """Whether something on it is invented."""
        return any(entry.demonstration for entry in self.entries)


@dataclass(frozen=True, kw_only=True)
class OpenPage(Page):
    """Where a client types the code of a card."""

    template: ClassVar[str] = "themes/wellbeing_card/open.html"
    code: str
    form_key: str
    problem: Text


@dataclass(frozen=True, kw_only=True)
class UnreadablePage(Page):
    """An address that is no card of ours: says so and leads on."""

    template: ClassVar[str] = "themes/wellbeing_card/unreadable.html"
