"""Events in the resident's own calendar (iCalendar, RFC 5545): a file of one, and feeds to subscribe to.

Every date is an entry of its own with an id that never changes, so that a date that was moved or cancelled moves
or is struck out in calendars that know it already. Times are told in Helsinki's zone, whose rules stand in the
file.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.municipalities import Municipality
from themes.happenings import cards
from themes.happenings.queries import Dated

MAKER = "-//Servicetray//Events//FI"
REFRESH = dt.timedelta(hours=6)
"""How often a calendar that subscribes should come back."""
_KEPT_FILES = 32


def calendar_file(
    dates: Sequence[Dated], *, name: str, site: str, language: str, places: Sequence[Municipality]
) -> bytes:
    """Return the file of these dates: UTF-8, lines of CRLF.

    Args:
        dates: in the order of time.
        name: of the calendar, as its subscriber sees it.
        site: the public address of this service; its host makes the ids unique in the world.
        language: of the texts; what lacks it is told in the language that it has.
        places: the municipalities.
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for dated in dates:
        calendar.add_component(_entry(dated, site=site, language=language, places=places))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def fingerprint(dates: Sequence[Dated], *more: str) -> str:
    """Return a mark that changes with anything that the file of these dates would tell."""
    told = hashlib.sha256()
    for part in more:
        told.update(f"{part}\n".encode())
    for dated in dates:
        date, it = dated.date, dated.happening
        told.update(
            f"{date.id} {date.sequence} {date.changed_at.isoformat()} {it.sequence} {it.updated_at.isoformat()}\n".encode()
        )
    return told.hexdigest()[:32]


class Files:
    """The files made last, by their fingerprint: a feed is asked for far more often than it changes."""

    def __init__(self) -> None:
        self._made: dict[str, bytes] = {}

    def get(self, mark: str) -> bytes | None:
        """Return the file of a fingerprint, if it was made lately."""
        return self._made.get(mark)

    def keep(self, mark: str, body: bytes) -> None:
        """Keep a file; the oldest goes where there are many."""
        if len(self._made) >= _KEPT_FILES:
            self._made.pop(next(iter(self._made)), None)
        self._made[mark] = body


def _entry(dated: Dated, *, site: str, language: str, places: Sequence[Municipality]) -> Event:
    date, it = dated.date, dated.happening
    entry = Event()
    entry.add("uid", f"{date.id}@{_host(site)}")
    entry.add("sequence", date.sequence + it.sequence)
    changed = max(date.changed_at, it.updated_at).replace(microsecond=0)
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("dtstart", clock.helsinki(date.starts_at))
    entry.add("dtend", clock.helsinki(date.ends_at))
    entry.add("summary", in_language(it.name, language).text)
    reason = in_language(it.cancelled_reason if it.cancelled_at else date.reason, language).text
    about = [reason, in_language(it.summary, language).text, cards.price(it, language)]
    entry.add("description", "\n".join(part for part in about if part))
    street = in_language(it.street, language).text
    entry.add("location", ", ".join(part for part in (cards.where(it, places, language), street) if part))
    entry.add("url", site + cards.page_url(it))
    entry.add("status", "CANCELLED" if dated.cancelled else "CONFIRMED")
    return entry


@lru_cache(maxsize=4)
def _host(site: str) -> str:
    return urlsplit(site).hostname or "servicetray"
