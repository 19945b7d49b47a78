"""Groups, participants and meetings in the words of a page."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence

from referrals.client.requests.forms import LANGUAGES, Language
from referrals.enrolment import places, queries
from referrals.enrolment.labels import CALLS
from referrals.enrolment.models import Attended, Enrolment, EnrolmentState
from referrals.enrolment.pages import Led, Meeting, Row
from servicetray.audit.operations import subject_key
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text
from themes.directory import plain_text
from themes.happenings import cards
from themes.happenings import queries as happenings
from themes.happenings.queries import DateState, Happening


def led(rows: Sequence[Happening], *, language: str, today: dt.date) -> list[Led]:
    """Return groups for a list of them, in the same order; they are published."""
    ids = [row.id for row in rows]
    numbers, calls, towns = queries.numbers_of(ids), queries.calls_of(ids), municipalities()
    found = []
    for row in rows:
        view = happenings.group(row.id, today=today)
        found.append(
            Led(
                id=row.id,
                name=in_language(row.name, language),
                where=cards.where(row, towns, language),
                first_meeting=view.first_meeting,
                last_meeting=None if view.endless else view.last_meeting,
                capacity=row.capacity,
                places=numbers[row.id][EnrolmentState.PLACE],
                waiting=numbers[row.id][EnrolmentState.WAITING],
                calls=calls.get(row.id, 0),
                cancelled=view.cancelled,
                is_over=view.is_over,
            )
        )
    return found


def rows_of(enrolled: Sequence[Enrolment]) -> Mapping[uuid.UUID, Row]:
    """Return participants by id; those who are erased are left out."""
    found: dict[uuid.UUID, Row] = {}
    for each in enrolled:
        about = queries.who_is(each)
        if about is None:
            continue
        found[each.id] = Row(
            id=each.id,
            number=each.number,
            name=about.name,
            phone=plain_text.spoken_number(about.phone),
            phone_url=plain_text.phone_address(about.phone),
            email=about.email,
            language=language_name(about.language),
            heed=bool(about.heed),
            enrolled_at=each.enrolled_at,
            first_attended_on=each.first_attended_on,
            answer_by=answer_day(each),
            call=CALLS[each.call_for] if each.call_for else None,
        )
    return found


def meetings_of(row: Happening, *, now: dt.datetime) -> list[Meeting]:
    """Return the meetings of a group in the order of time, with how many of those who have a place came."""
    enrolled = queries.in_group(row.id)
    marks = queries.attendance_of([each.id for each in enrolled])
    return [
        Meeting(
            id=each.id,
            starts_at=each.starts_at,
            cancelled=each.state is DateState.CANCELLED or row.cancelled_at is not None,
            moved=each.state is DateState.MOVED,
            may_note=queries.may_note(each.starts_at, now=now),
            came=sum(meeting == each.id and mark is Attended.PRESENT for (_, meeting), mark in marks.items()),
            noted=sum(meeting == each.id for _, meeting in marks),
        )
        for each in happenings.meetings_of(row.id)
    ]


def subjects_of(enrolled: Iterable[Enrolment]) -> str:
    """Return the subject keys of those who are shown, for the audit row of a list."""
    return " ".join(sorted(subject_key(each.id) for each in enrolled))


def answer_day(row: Enrolment) -> dt.date | None:
    """Return the last Helsinki day to take a place that is held; None where there is nothing to answer."""
    return places.last_day(row.answer_by) if row.answer_by else None


def language_name(code: str) -> Text:
    """Return the name of a language of service."""
    return LANGUAGES[Language(code)] if code in set(Language) else code


def told(value: object) -> str:
    """Return a fact as a page says it."""
    return str(value)
