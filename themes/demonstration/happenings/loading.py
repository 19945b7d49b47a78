"""Loading the demonstration's events and groups; what is there already stays as it is."""

import datetime as dt
import tomllib
import uuid
from pathlib import Path
from typing import Any

from servicetray.core import clock
from themes.demonstration.loading import invented_id
from themes.directory.operations import Price, Source
from themes.directory.queries import service_name
from themes.happenings import queries
from themes.happenings.operations import save
from themes.happenings.queries import Joining, Kind
from themes.happenings.records import HappeningRecord
from themes.happenings.recurrence import Every, Rule

FOLDER = Path(__file__).resolve().parent
FILES = {"events.toml": Kind.EVENT, "groups.toml": Kind.GROUP}
KNOWN = frozenset(
    {
        *("key", "provider", "service", "themes", "municipality", "name", "summary", "description", "place"),
        *("instructions", "price", "price_details", "life_stages", "forms", "accessibility", "languages"),
        *("week", "weekday", "at", "minutes", "every", "times", "joining", "capacity", "opens", "closes"),
        *("kaikukortti", "street", "postal_code"),
    }
)
"""What a record may tell."""
_STEPS = {Every.WEEK: 1, Every.TWO_WEEKS: 2}
_PLACES = ("step_free", "accessible_toilet")


def load(now: dt.datetime) -> int:
    """Add the invented events and groups that are missing; return how many were added.

    The invented providers have to be there. ``week`` counts from the week of ``now``, so that the
    demonstration always has something to come.
    """
    today, added = clock.helsinki_day(now), 0
    for name, kind in FILES.items():
        for row in read(name):
            made_id = invented_id(kind.value, row["key"])
            if queries.exists(made_id):
                continue
            save(_record(row, kind, today), actor=None, now=now, happening_id=made_id)
            added += 1
    return added


def read(name: str) -> list[dict[str, Any]]:
    """Return the records of a file; raise ValueError for a field that none has."""
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["happening"]
    for row in rows:
        if unknown := row.keys() - KNOWN:
            message = f"{name}, {row.get('key')}: {', '.join(sorted(unknown))} is no field"
            raise ValueError(message)
    return rows


def _record(row: dict[str, Any], kind: Kind, today: dt.date) -> HappeningRecord:
    rule = _rule(row, today)
    forms = tuple(row.get("forms", ("in_person",)))
    remote = forms == ("remote",)
    return HappeningRecord(
        kind=kind,
        source=Source.DEMONSTRATION,
        provider_id=invented_id("provider", row["provider"]),
        service_id=_service(row.get("service")),
        themes=tuple(row["themes"]),
        municipality_code=row.get("municipality"),
        name=row["name"],
        summary=row["summary"],
        description=row.get("description", {}),
        instructions=row.get("instructions", {}),
        place=row["place"],
        street=row.get("street", {}),
        postal_code=row.get("postal_code", ""),
        price=Price(row.get("price", "free")),
        price_details=row.get("price_details", {}),
        kaikukortti=row.get("kaikukortti", False),
        life_stages=tuple(row.get("life_stages", ())),
        forms=forms,
        accessibility=tuple(row.get("accessibility", () if remote else _PLACES)),
        languages=tuple(row.get("languages", ("fi",))),
        phone="040 000 0900",
        email="tapahtumat@example.org",
        url="https://www.example.org/tapahtumat",
        rule=rule,
        joining=Joining(row.get("joining", "drop_in")),
        capacity=row.get("capacity"),
        opens_on=_counted(row.get("opens"), rule.first_day),
        closes_on=_counted(row.get("closes"), rule.first_day),
    )


def _rule(row: dict[str, Any], today: dt.date) -> Rule:
    monday = today - dt.timedelta(days=today.weekday())
    first = monday + dt.timedelta(weeks=row["week"], days=row["weekday"] - 1)
    every = Every(row.get("every", "once"))
    times = row.get("times")
    last = None
    if times is not None and every in _STEPS:
        last = first + dt.timedelta(weeks=_STEPS[every] * (times - 1))
    return Rule(
        first_day=first,
        starts=dt.time.fromisoformat(row["at"]),
        minutes=row["minutes"],
        every=every,
        last_day=last,
    )


def _counted(days: int | None, first: dt.date) -> dt.date | None:
    """Return the day that is so many days from the first; before it, if negative."""
    return None if days is None else first + dt.timedelta(days=days)


def _service(key: str | None) -> uuid.UUID | None:
    service_id = invented_id("service", key) if key else None
    return service_id if service_id and service_name(service_id) is not None else None
