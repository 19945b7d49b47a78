"""The front page and the page of a theme."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from servicetray.core.pages import Page, Text
from themes.directory.listing import Listing
from themes.happenings.cards import Beside
from themes.tools.labels import TOOL_KINDS
from themes.tools.queries import ToolLink
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class Place:
    """A municipality to choose, or all of them (an empty code)."""

    code: str
    name: Text
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A theme on the front page."""

    theme: PublishedTheme
    url: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Helpline:
    """A number to call when help can't wait."""

    name: Text
    number: str
    about: Text
    urgent: bool = False

    @property
    def address(self) -> str:
        """Its ``tel:`` address."""
        return f"tel:{self.number.replace(' ', '')}"


HELPLINES = (
    Helpline(
        name=_l("Emergency"),
        number="112",
        about=_l("Danger to life, fire, accident or violence"),
        urgent=True,
    ),
    Helpline(
        name=_l("Medical Helpline"),
        number="116 117",
        about=_l("When you need care today and don't know where to go"),
    ),
    Helpline(
        name=_l("Crisis Helpline of MIELI"),
        number="09 2525 0111",
        about=_l("Somebody listens, day and night"),
    ),
    Helpline(
        name=_l("Nollalinja"),
        number="080 005 005",
        about=_l("If somebody close to you is violent or frightens you, day and night, free"),
    ),
    Helpline(
        name=_l("Child and Youth Phone of MLL"),
        number="116 111",
        about=_l("When a child or young person wants to talk with an adult, free"),
    ),
    Helpline(
        name=_l("Poison Information Centre"),
        number="0800 147 111",
        about=_l("Advice on poisonings, day and night, free"),
    ),
)
"""National numbers alone: they are the same in every county and change seldom."""


@dataclass(frozen=True, kw_only=True)
class FrontPage(Page):
    """Where residents begin: search, themes, tests, and help at once."""

    template: ClassVar[str] = "themes/topics/front.html"
    places: Sequence[Place]
    tiles: Sequence[Tile]
    all_url: str
    total: int
    today: dt.date
    tools: Sequence[ToolLink]
    coming: Beside
    """The next events and groups of the place."""
    helplines: Sequence[Helpline] = HELPLINES

    @property
    def municipality(self) -> str:
        """The chosen municipality's code, empty for all."""
        return next((place.code for place in self.places if place.current), "")


@dataclass(frozen=True, kw_only=True)
class ThemePage(Page):
    """One theme: its services, narrowed by choices, and its tools."""

    template: ClassVar[str] = "themes/topics/theme.html"
    theme: PublishedTheme
    listing: Listing
    tools: Sequence[ToolLink]
    coming: Beside
    """Its next events and groups."""
    front_url: str

    def kind_label(self, tool: ToolLink) -> Text:
        """Return the words for what a tool is."""
        return TOOL_KINDS[tool.kind]
