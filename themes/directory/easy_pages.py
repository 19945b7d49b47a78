"""The pages in easy language."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from flask_babel import gettext as _

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.directory.details import ChannelView, ServiceDetails
from themes.directory.easy import EasyTheme
from themes.directory.labels import PRICES
from themes.directory.models import Price, Source
from themes.directory.plain_text import Paragraph

_MOST_PLACES: Final = 3
_SHORT: Final = 1200
"""Characters that stand on one sheet of paper in the largest type."""


@dataclass(frozen=True, kw_only=True)
class Next:
    """When a service's next event or group meets."""

    name: Localized
    url: str
    day: str
    """In whole words."""
    times: str
    where: str


@dataclass(frozen=True, kw_only=True)
class EasyServicePage(Page):
    """One service in easy language."""

    template: ClassVar[str] = "themes/directory/easy.html"
    service: ServiceDetails
    only_in: Text | None
    """Says in which language the text is, where there is none in the page's."""
    next: Next | None
    today: dt.date

    @property
    def is_demonstration(self) -> bool:
        """Whether it is invented."""
        return self.service.source is Source.DEMONSTRATION

    @property
    def is_long(self) -> bool:
        """Whether paper needs smaller type for it."""
        return sum(len(line) for line in self._lines()) > _SHORT

    @property
    def places(self) -> Sequence[ChannelView]:
        """Where one can go; none where that are so many that a list says little."""
        places = [channel for channel in self.service.channels if channel.street]
        return places if len(places) <= _MOST_PLACES else ()

    @property
    def has_many_places(self) -> bool:
        """Whether there are more places than are listed."""
        return sum(bool(channel.street) for channel in self.service.channels) > _MOST_PLACES

    @property
    def price(self) -> Localized:
        """What it costs, in a sentence or in the service's own few words; empty where nobody has told."""
        told, language = self.service.price, self.service.price.lang
        if told.text == str(PRICES[Price.FREE]):
            return Localized(_("This costs nothing."), language)
        if told.text == str(PRICES[Price.CHARGE]):
            return Localized(_("This costs money. Ask how much."), language)
        return told

    def _lines(self) -> Sequence[str]:
        return [
            line
            for block in self.service.easy.blocks
            for line in (block.lines if isinstance(block, Paragraph) else block.points)
        ]


@dataclass(frozen=True, kw_only=True)
class EasyStartPage(Page):
    """What the tray is and how it is used, in easy language, and all services that are told so."""

    template: ClassVar[str] = "themes/directory/easy_start.html"
    themes: Sequence[EasyTheme]
