"""Invented participants of the demonstration's groups: half full, one full with a waiting list, some who have come."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

from referrals.demonstration.words import FIRST_NAMES, HEEDED, LAST_NAMES
from referrals.enrolment import operations, queries
from referrals.enrolment.content import Participant
from referrals.enrolment.models import Attended, EnrolmentState
from referrals.enrolment.permission import for_group
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import Texts
from themes.demonstration.loading import invented_id
from themes.happenings import operations as desk
from themes.happenings import queries as happenings
from themes.happenings.queries import Kind

MIKKO, JARI, EVA, OUTI = (
    "mikko.rantala@example.org",
    "jari.satama@example.org",
    "eva.strand@example.org",
    "outi.lehto@example.org",
)
GROUPS: Final[Mapping[str, tuple[str, int]]] = {
    "arkeen-voimaa-kouvola": (MIKKO, 7),
    "arkeen-voimaa-kotka": (JARI, 5),
    "arkeen-voimaa-jatkuva": (MIKKO, 8),
    "28-paivaa-ilman": (OUTI, 13),
    "finger-kouvola": (MIKKO, 9),
    "finger-kotka": (JARI, 4),
    "finger-hamina": (EVA, 8),
    "tuolijumppa-keskusta": (MIKKO, 11),
    "tasapaino-hamina": (EVA, 6),
    "kevyt-alku": (MIKKO, 3),
    "sururyhma": (OUTI, 5),
    "unikoulu": (MIKKO, 6),
    "peli-poikki": (OUTI, 5),
}
"""Who leads a group, and how many have enrolled; 28-paivaa-ilman has ten places."""
CANCELLED: Final[Mapping[str, Texts]] = {
    "kevyt-alku": {"fi": "Ohjaaja on koulutuksessa.", "sv": "Ledaren är på utbildning."},
}
"""Of which groups the meeting after the next one is cancelled, and why: an invented reason."""
_SPREAD: Final = 7


def load(*, now: dt.datetime) -> int:
    """Name the leaders and enrol people in the groups that have nobody yet; return how many were enrolled."""
    added = 0
    for number, (key, (leader, wanted)) in enumerate(GROUPS.items()):
        group_id, person = invented_id(Kind.GROUP.value, key), accounts.user_by_email(leader)
        if person is None or not happenings.exists(group_id) or queries.in_group(group_id):
            continue
        happenings.required(group_id, kind=Kind.GROUP).leader_id = person.id
        added += sum(
            _enrol(group_id, number * _SPREAD + place, leader=person, now=now) for place in range(wanted)
        )
        _attend(group_id, leader=person, now=now)
        if key in CANCELLED:
            _cancel_one(group_id, CANCELLED[key], leader=person, now=now)
    return added


def _enrol(group_id: uuid.UUID, number: int, *, leader: User, now: dt.datetime) -> bool:
    view = happenings.group(group_id, today=clock.helsinki_day(now))
    if not operations.takes_enrolments(view):
        return False
    who = Participant(
        first_name=FIRST_NAMES[number * 3 % len(FIRST_NAMES)],
        last_name=LAST_NAMES[number * 5 % len(LAST_NAMES)],
        phone=f"040 000 {1000 + number}",
        birth_year=1940 + number % 40 if view.life_stages else None,
        heed=HEEDED[number % len(HEEDED)] if number % 4 == 0 else "",
    )
    key = uuid.uuid5(group_id, str(number))
    try:
        operations.enrol(
            group_id,
            who,
            form_key=key,
            permission=for_group(view, language="fi"),
            actor=leader,
            now=now,
            by_leader=True,
        )
    except operations.NotOpenError:
        return False
    return True


def _attend(group_id: uuid.UUID, *, leader: User, now: dt.datetime) -> None:
    rows = [row for row in queries.in_group(group_id) if row.state is EnrolmentState.PLACE]
    held = [each for each in happenings.meetings_of(group_id) if each.ends_at < now]
    group = happenings.required(group_id)
    for turn, meeting in enumerate(held):
        marks = {
            row.id: Attended.PRESENT if (place + turn) % _SPREAD else Attended.ABSENT
            for place, row in enumerate(rows)
        }
        if rows:
            operations.note_attendance(group, meeting.id, marks, actor=leader, now=now)


def _cancel_one(group_id: uuid.UUID, reason: Texts, *, leader: User, now: dt.datetime) -> None:
    coming = [each for each in happenings.meetings_of(group_id) if each.starts_at > now]
    for meeting in coming[1:2]:
        desk.cancel_date(meeting, reason=reason, actor=leader, now=now)
