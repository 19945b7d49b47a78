"""Events and groups, written as an editor or an import would."""

import datetime as dt
import uuid
from typing import Any

from servicetray.core.db import transaction
from tests.factories import catalogue
from themes.happenings.models import Happening, Kind
from themes.happenings.operations import rule_of, save
from themes.happenings.records import HappeningRecord
from themes.happenings.recurrence import Every, Rule

NOW = catalogue.NOW
TODAY = dt.date(2026, 3, 10)
"""The Tuesday of ``catalogue.NOW``."""


def rule(first_day: dt.date = TODAY, at: str = "17:00", minutes: int = 90, **more: Any) -> Rule:
    """Return a rule: once, on a day, at a time of Helsinki."""
    return Rule(first_day=first_day, starts=dt.time.fromisoformat(at), minutes=minutes, **more)


def weekly(first_day: dt.date = TODAY, **more: Any) -> Rule:
    """Return a rule of every week."""
    return rule(first_day, every=Every.WEEK, **more)


def event(name: str | dict[str, str] = "Iltakävely", **more: Any) -> uuid.UUID:
    """Make a published event in Kouvola; return its id."""
    return _made(Kind.EVENT, name, more)


def group(name: str | dict[str, str] = "Juttupiiri", **more: Any) -> uuid.UUID:
    """Make a published group in Kouvola; return its id."""
    return _made(Kind.GROUP, name, more)


def record_of(it: Happening, **changes: Any) -> HappeningRecord:
    """Return the record of an event or group as it stands, with changes."""
    plain = (
        *("kind", "provider_id", "name", "source", "state", "service_id", "municipality_code", "summary"),
        *("place", "price", "forms", "languages", "joining", "capacity"),
    )
    values = {name: getattr(it, name) for name in plain}
    return HappeningRecord(**{**values, "themes": ("liikunta",), "rule": rule_of(it), **changes})


def _made(kind: Kind, name: str | dict[str, str], more: dict[str, Any]) -> uuid.UUID:
    values: dict[str, Any] = {
        "provider_id": more.pop("provider_id", None) or catalogue.provider(),
        "themes": ("liikunta",),
        "rule": rule(),
        "municipality_code": "286",
        "summary": {"fi": "Tule mukaan."},
        "place": {"fi": "Kerhotila"},
        "languages": ("fi",),
        "forms": ("in_person",),
        **more,
    }
    with transaction():
        names = {"fi": name} if isinstance(name, str) else name
        return save(HappeningRecord(kind=kind, name=names, **values), actor=None, now=NOW).id
