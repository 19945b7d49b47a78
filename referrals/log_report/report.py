"""The log in words a client understands: who, when, what, to whom, why (Act 703/2023)."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.log_report.labels import ACTIONS, OBJECTS, WHYS, Why, why
from servicetray.accounts import queries as accounts
from servicetray.audit.events import Action
from servicetray.audit.operations import SUBJECTS
from servicetray.audit.queries import LogRow
from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.tables import UNICODE_MARK, neutral

YEARS = 2
"""How far back a report goes without a reason (Act 703/2023)."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the log in words."""

    id: int
    at: dt.datetime
    who: str
    unit: str
    what: str
    to_whom: str
    why: str
    about: str
    """What was acted on: its kind and the end of its id; for those who oversee the log."""
    in_list: bool
    """Whether the client was one of several on a page."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person in a report: how often they met the client's data, and when."""

    who: str
    unit: str
    times: int
    first_at: dt.datetime
    last_at: dt.datetime


def entries_of(rows: Sequence[LogRow], *, language: str) -> tuple[Entry, ...]:
    """Put rows into words, in their order."""
    words = _Words(rows, language=language)
    return tuple(words.entry(row) for row in rows)


def people_of(entries: Sequence[Entry]) -> tuple[Person, ...]:
    """Return the people of a report, who met the data most often first."""
    met: dict[tuple[str, str], list[dt.datetime]] = {}
    for entry in entries:
        met.setdefault((entry.who, entry.unit), []).append(entry.at)
    people = [
        Person(who=who, unit=unit, times=len(times), first_at=min(times), last_at=max(times))
        for (who, unit), times in met.items()
    ]
    return tuple(sorted(people, key=lambda person: (-person.times, person.who, person.unit)))


def starts_at(now: dt.datetime) -> dt.datetime:
    """Return from when on a report tells without a reason for more: two years ago, the day included."""
    today = clock.helsinki_day(now)
    # 29 February has no namesake two years before.
    first = dt.date(today.year - YEARS, today.month, min(today.day, 28) if today.month == 2 else today.day)  # noqa: PLR2004 - February
    return clock.day_start(first)


def as_csv(entries: Sequence[Entry]) -> str:
    """Return a report for spreadsheets: semicolons, UTF-8 with its mark, and no text read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _p("log", "When"),
            _p("log", "Who"),
            _p("log", "Unit"),
            _("What was done"),
            _p("log", "To whom"),
            _p("log", "Why"),
        ]
    )
    for entry in entries:
        moment = format_datetime(clock.helsinki(entry.at), "yyyy-MM-dd HH:mm:ss", rebase=False)
        writer.writerow(
            [moment, *map(neutral, (entry.who, entry.unit, entry.what, entry.to_whom, entry.why))]
        )
    return UNICODE_MARK + text.getvalue()


def _about(row: LogRow) -> str:
    """Say what a row is about: its kind, and as much of its id as tells two of them apart."""
    kind = str(OBJECTS.get(row.object_type, row.object_type))
    return f"{kind} …{row.object_id[-6:]}" if row.object_id else kind


class _Words:
    """Names of accounts, units and municipalities, asked once for a whole page."""

    def __init__(self, rows: Sequence[LogRow], *, language: str) -> None:
        self.names = accounts.names_of(row.actor_id for row in rows)
        receivers = {_uuid(row.detail.get("to_unit", "")) for row in rows}
        wanted = {row.actor_unit_id for row in rows} | receivers
        self.units = {
            unit.id: in_language(unit.name, language).text
            for unit in accounts.units(each for each in wanted if each is not None)
        }
        self.places = {place.code: in_language(place.name, language).text for place in municipalities()}

    def entry(self, row: LogRow) -> Entry:
        return Entry(
            id=row.id,
            at=row.at,
            who=self._who(row),
            unit=self.units.get(row.actor_unit_id, "") if row.actor_unit_id else "",
            what=str(ACTIONS[row.action]),
            to_whom=self._to_whom(row),
            why=str(WHYS[why(row.action)]),
            about=_about(row),
            in_list=SUBJECTS in row.detail,
        )

    def _who(self, row: LogRow) -> str:
        if row.actor_id is not None:
            return self.names.get(row.actor_id, _("An account that is no longer there"))
        if row.action in {Action.CLIENT_REFUSED, Action.SIGN_IN_REFUSED}:
            return _("Somebody unknown")
        return _p("log", "The client") if why(row.action) is Why.CLIENT else _("The service by itself")

    def _to_whom(self, row: LogRow) -> str:
        unit = _uuid(row.detail.get("to_unit", ""))
        if unit is not None:
            return self.units.get(unit, "")
        return self.places.get(row.detail.get("to_municipality", ""), "")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
