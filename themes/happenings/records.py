"""What an editor or an import hands over: plain values of one event or group."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from servicetray.core.db import Texts
from themes.directory.operations import Price, Source
from themes.happenings.models import Joining, Kind, State
from themes.happenings.recurrence import Rule


@dataclass(frozen=True, kw_only=True)
class HappeningRecord:
    """An event or a group with its rule; ``themes`` are slugs, the main one first."""

    kind: Kind
    provider_id: uuid.UUID
    themes: Sequence[str]
    name: Texts
    rule: Rule
    source: Source = Source.EDITOR
    state: State = State.PUBLISHED
    service_id: uuid.UUID | None = None
    municipality_code: str | None = None
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    instructions: Texts = field(default_factory=dict)
    place: Texts = field(default_factory=dict)
    street: Texts = field(default_factory=dict)
    postal_code: str = ""
    price: Price = Price.UNKNOWN
    price_details: Texts = field(default_factory=dict)
    kaikukortti: bool = False
    life_stages: Sequence[str] = ()
    forms: Sequence[str] = ()
    accessibility: Sequence[str] = ()
    languages: Sequence[str] = ()
    phone: str = ""
    email: str = ""
    url: str = ""
    joining: Joining = Joining.DROP_IN
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    capacity: int | None = None
    leader_id: uuid.UUID | None = None
