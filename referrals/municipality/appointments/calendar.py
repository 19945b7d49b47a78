"""An appointment as a file for the adviser's own calendar (iCalendar, RFC 5545).

It says when and where, and nothing of the client: such calendars are read by others, and by phones. It invites
nobody (no METHOD, no attendee). A later file with the same UID and a higher SEQUENCE takes its place.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from icalendar import Calendar, Event

MAKER = "-//Servicetray//Appointments//FI"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the calendar is told."""

    uid: uuid.UUID
    sequence: int
    title: str
    """Neutral: a word and the reference."""
    place: str
    starts_at: dt.datetime
    minutes: int
    changed_at: dt.datetime
    cancelled: bool


def calendar_file(entry: Entry) -> bytes:
    """Return the file: UTF-8, CRLF, times in UTC, so that no calendar has to know the time zone's rules."""
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.replace(microsecond=0))
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.starts_at + dt.timedelta(minutes=entry.minutes))
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
