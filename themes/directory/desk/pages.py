"""Pages of the editors' desk of services and providers."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.directory.desk.channel_forms import ChannelForm
from themes.directory.desk.forms import EditorForm, GiveBackForm, NewServiceForm, ServiceForm
from themes.directory.desk.lists import Listed
from themes.directory.desk.queries import Kept
from themes.directory.models import ServiceStage


@dataclass(frozen=True, kw_only=True)
class Row:
    """A service in the list."""

    id: uuid.UUID
    name: Localized
    provider: str
    state: Text
    colour: str
    checked_on: dt.date | None
    warnings: Sequence[Text]
    """What is to be done."""


@dataclass(frozen=True, kw_only=True)
class ServicesPage(Page):
    """The services that somebody keeps."""

    template: ClassVar[str] = "themes/directory/desk/services.html"
    list: Listed[Kept]
    rows: Sequence[Row]
    has_providers: bool
    """Whether the person keeps anything at all; an editor of no provider does not."""
    waiting: int
    """How many wait for this person to publish them."""
    waiting_url: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to reach a service, in the list of its own page."""

    id: uuid.UUID
    kind: Text
    name: Localized
    told: str
    """Its numbers and addresses, in one line."""


@dataclass(frozen=True, kw_only=True)
class ServicePage(Page):
    """The form of a service."""

    template: ClassVar[str] = "themes/directory/desk/edit.html"
    id: uuid.UUID
    form: ServiceForm
    unkept: Text
    """The heading of what has to be mended."""
    tall: dict[str, int]
    texts: Sequence[str]
    languages: Sequence[tuple[str, Text]]
    needed: str
    """The language in which it needs a name."""
    provider: Localized
    source: Text
    is_from_catalogue: bool
    state: Text
    colour: str
    stage: ServiceStage | None
    to_mend: str
    """What an editor of content has asked for, where it is a draft again."""
    give_back: GiveBackForm
    is_hidden: bool
    is_retired: bool
    may_publish: bool
    checked_on: dt.date | None
    warning: Text
    lacks: Sequence[Text]
    """What each published service has and this one does not."""
    own: Sequence[Text]
    """What was changed here, so that imports leave it alone."""
    ways: Sequence[Way]
    public_url: str


@dataclass(frozen=True, kw_only=True)
class NewServicePage(Page):
    """The form of a service that is not there yet."""

    template: ClassVar[str] = "themes/directory/desk/new.html"
    form: NewServiceForm
    tall: dict[str, int]
    texts: Sequence[str]
    languages: Sequence[tuple[str, Text]]
    needed: str
    """The language in which it needs a name."""
    one_provider: str
    """The name of the only provider that it can be of; empty where there is a choice."""
    may_publish: bool


@dataclass(frozen=True, kw_only=True)
class ChannelPage(Page):
    """The form of a way to reach a service."""

    template: ClassVar[str] = "themes/directory/desk/channel.html"
    service_id: uuid.UUID
    service: Localized
    channel_id: uuid.UUID | None
    form: ChannelForm
    is_from_catalogue: bool
    others: Sequence[Localized]
    """Other services of the person's that are reached by it, too."""


@dataclass(frozen=True, kw_only=True)
class ProviderRow:
    """A provider in the list."""

    id: uuid.UUID
    name: Localized
    services: int
    to_check: int
    """Those that nobody has confirmed for over six months, shown or not."""
    editors: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ProvidersPage(Page):
    """Every provider and who edits it."""

    template: ClassVar[str] = "themes/directory/desk/providers.html"
    rows: Sequence[ProviderRow]
    words: str
    page: int
    last: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, kw_only=True)
class Editor:
    """Somebody who edits for a provider."""

    id: uuid.UUID
    name: str
    email: str
    works: bool
    """Whether the account is open and still has the role."""


@dataclass(frozen=True, kw_only=True)
class ProviderPage(Page):
    """Who edits for a provider."""

    template: ClassVar[str] = "themes/directory/desk/provider.html"
    id: uuid.UUID
    editors: Sequence[Editor]
    form: EditorForm
    services_url: str
