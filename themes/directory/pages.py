"""The pages of the directory."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.directory.details import ChannelView, ServiceDetails
from themes.directory.labels import (
    ACCESSIBILITY_SENTENCES,
    CHANNEL_KINDS,
    CLASSIFICATIONS,
    PROVIDER_KINDS,
    REFERRALS,
    SOURCES,
)
from themes.directory.listing import Listing
from themes.directory.operations import Source
from themes.directory.plain_text import Bullets, Paragraph
from themes.directory.providers import ListedProvider, ProviderDetails
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class ServicesPage(Page):
    """All services in the order of the alphabet, narrowed by choices."""

    template: ClassVar[str] = "themes/directory/services.html"
    listing: Listing


@dataclass(frozen=True, kw_only=True)
class ProvidersPage(Page):
    """All providers in the order of the alphabet."""

    template: ClassVar[str] = "themes/directory/providers.html"
    providers: Sequence[ListedProvider]

    def kind_label(self, provider: ListedProvider) -> Text:
        """Return the words for what kind of organisation it is."""
        return PROVIDER_KINDS[provider.kind]


@dataclass(frozen=True, kw_only=True)
class ProviderPage(Page):
    """One provider and its services, narrowed by choices."""

    template: ClassVar[str] = "themes/directory/provider.html"
    provider: ProviderDetails
    place: str
    """Where it is at home, if that is told."""
    place_url: str
    listing: Listing

    @property
    def kind(self) -> Text:
        """The words for what kind of organisation it is."""
        return PROVIDER_KINDS[self.provider.kind]


@dataclass(frozen=True, kw_only=True)
class PlaceTheme:
    """A theme on a municipality's page."""

    theme: PublishedTheme
    url: str
    count: int


@dataclass(frozen=True, kw_only=True)
class MunicipalityPage(Page):
    """One municipality: its themes, services, events and groups."""

    template: ClassVar[str] = "themes/directory/municipality.html"
    name: Localized
    name_in: Localized
    tiles: Sequence[PlaceTheme]
    listing: Listing
    coming: Any
    """The next events and groups there (``themes.happenings.cards.Beside``)."""
    neighbours: Sequence[tuple[str, str]]
    """The other municipalities: name and address."""


@dataclass(frozen=True, kw_only=True)
class ServicePage(Page):
    """One service."""

    template: ClassVar[str] = "themes/directory/service.html"
    service: ServiceDetails
    languages: str
    """In which it is given, in words."""
    only_in: Text | None
    """Says in which language the texts are, where they lack the page's."""
    easy_only_in: Text | None
    """Says the same of its easy text."""
    hours: Mapping[int, Sequence[str]]
    """Opening hours in words, by the channel's place in the list."""
    openings: Mapping[int, tuple[str, str]]
    """Whether it is open now, in words and with its colour, by the channel's place; left out where nobody knows."""
    coming: Any
    """The next events and groups of it (``themes.happenings.cards.Beside``)."""
    address: str
    """Of this page, whole: to be sent on."""

    today: dt.date

    @property
    def key(self) -> Hashable:
        """What the page depends on besides the content: the day, and what is open now."""
        return (self.today, self.address, tuple(self.openings.items()))

    @property
    def is_demonstration(self) -> bool:
        """Whether it is invented."""
        return self.service.source is Source.DEMONSTRATION

    @property
    def source(self) -> Text:
        """Where its content comes from."""
        return SOURCES[self.service.source]

    @property
    def referral(self) -> Text | None:
        """Says by which referral one gets there too, if by any."""
        return REFERRALS.get(self.service.referral_kind or "")

    @property
    def steps(self) -> Sequence[Sequence[str]]:
        """How to join, step by step; empty where the text is not in several parts."""
        blocks = self.service.instructions.blocks
        steps = [lines for block in blocks for lines in _steps(block)]
        return steps if len(steps) > 1 else ()

    @property
    def accessibility(self) -> Sequence[Text]:
        """What is known of its accessibility, in sentences."""
        return [ACCESSIBILITY_SENTENCES[one] for one in self.service.accessibility]

    @property
    def terms(self) -> Sequence[tuple[Text, Sequence[Localized]]]:
        """What it is classified by: the vocabulary's name and the terms."""
        return [(CLASSIFICATIONS[kind], terms) for kind, terms in self.service.terms.items()]

    def channel_label(self, channel: ChannelView) -> Text:
        """Return the words for what a channel is."""
        return CHANNEL_KINDS[channel.kind]


def _steps(block: Paragraph | Bullets) -> Sequence[Sequence[str]]:
    return [block.lines] if isinstance(block, Paragraph) else [(point,) for point in block.points]
