"""Pages of the editors' desk of services and providers."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text
from themes.directory.desk.forms import EditorForm, ServiceForm


@dataclass(frozen=True, kw_only=True)
class Row:
    """A service in the list."""

    id: uuid.UUID
    name: Localized
    provider: str
    state: Text
    colour: str
    checked_on: dt.date | None
    warning: Text
    """What is to be done; empty where nothing is."""


@dataclass(frozen=True, kw_only=True)
class PileLink:
    """A way to one pile of services, with their number."""

    label: Text
    url: str
    count: int
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class ServicesPage(Page):
    """The services that somebody keeps."""

    template: ClassVar[str] = "themes/directory/desk/services.html"
    piles: Sequence[PileLink]
    pile: str
    words: str
    rows: Sequence[Row]
    total: int
    page: int
    last: int
    previous_url: str | None
    next_url: str | None
    has_providers: bool
    """Whether the person keeps anything at all; an editor of no provider does not."""


@dataclass(frozen=True, kw_only=True)
class ServicePage(Page):
    """The form of a service."""

    template: ClassVar[str] = "themes/directory/desk/edit.html"
    id: uuid.UUID
    form: ServiceForm
    tall: dict[str, int]
    texts: Sequence[str]
    languages: Sequence[tuple[str, Text]]
    provider: Localized
    source: Text
    is_from_catalogue: bool
    state: Text
    colour: str
    is_hidden: bool
    is_retired: bool
    checked_on: dt.date | None
    warning: Text
    own: Sequence[Text]
    """What was changed here, so that imports leave it alone."""
    public_url: str


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
