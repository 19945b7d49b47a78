"""The pages of conversation cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.pages import Page
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A card in the list."""

    name: str
    summary: str
    url: str
    theme: PublishedTheme | None


@dataclass(frozen=True, kw_only=True)
class PartView:
    """A part of the talk in the language of the page."""

    title: str
    lines: Sequence[str]
    spoken: bool


@dataclass(frozen=True, kw_only=True)
class TalkListPage(Page):
    """All conversation cards."""

    template: ClassVar[str] = "themes/conversation_cards/list.html"
    tiles: Sequence[Tile]


@dataclass(frozen=True, kw_only=True)
class TalkPage(Page):
    """One conversation card: on the screen, as a sheet, folded for a pocket."""

    template: ClassVar[str] = "themes/conversation_cards/card.html"
    name: str
    lead: str
    parts: Sequence[PartView]
    theme: PublishedTheme | None
    pocket: bool
    """Whether the pocket's size is shown alone."""
    sheet_url: str
    pocket_url: str
    referral_url: str
    """Empty where no referral can begin here."""
    card_url: str
    """Where a wellbeing card with this theme begins."""

    @property
    def front(self) -> Sequence[PartView]:
        """What stands on the pocket card's first half: the questions."""
        return self.parts[:1]

    @property
    def back(self) -> Sequence[PartView]:
        """What stands on its second half: what is said when a referral is offered."""
        return [part for part in self.parts[1:] if part.spoken][-1:]
