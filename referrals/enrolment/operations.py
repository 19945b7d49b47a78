"""Enrolling, cancelling, giving places, noting who came.

Places are right because every change of a group's enrolments begins by locking the group: of twenty at once for
the last place one gets it. Nobody who is asked about may see the others' rows, so what looks at the whole group
does it in ``walls.everywhere()``.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from referrals.client import codes
from referrals.enrolment import content, counting, letters, log, places, queries
from referrals.enrolment.content import Participant
from referrals.enrolment.models import (
    Attendance,
    Attended,
    CaseEnrolment,
    Enrolment,
    EnrolmentState,
)
from referrals.enrolment.permission import Permission
from referrals.municipality.queries import Case
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import clock, crypto, walls
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, NotFoundError
from themes.happenings import queries as happenings
from themes.happenings.groups import GroupView, JoinState
from themes.happenings.queries import Happening

TAKES_BY_PHONE = frozenset({JoinState.OPEN, JoinState.FULL, JoinState.CLOSED, JoinState.OPENS_LATER})
"""When the leader may still write somebody down who calls."""


class NotOpenError(ConflictError):
    """One can't enrol in this group now."""


class MeetingAheadError(ConflictError):
    """The meeting has not begun: nobody has come to it."""


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """What somebody is told who has enrolled."""

    state: EnrolmentState
    place_in_line: int
    """On the waiting list, from 1; 0 for a place."""
    code: str
    """To be shown once; empty where it was shown already."""
    enrolment_id: uuid.UUID | None
    """None where the person is in the group already: the page says nothing of that to whoever typed it."""


def takes_enrolments(view: GroupView) -> bool:
    """Whether there is somebody who sees who enrols: a group without a leader is joined by calling."""
    return view.needs_enrolment and view.leader_id is not None


def enrol(
    group_id: uuid.UUID,
    who: Participant,
    *,
    form_key: uuid.UUID,
    permission: Permission,
    actor: User | None,
    now: dt.datetime,
    by_leader: bool = False,
) -> Enrolled:
    """Enrol somebody in a group: for a place, or for the waiting list where none is left.

    Args:
        group_id: the group.
        who: what they told of themselves.
        form_key: of the form; sent again it is the same enrolment.
        permission: the text that they agreed to.
        actor: who writes it down for them; None where they do it themselves.
        now: the instant.
        by_leader: whether whoever runs the group writes down somebody who called, also outside the days of enrolling.

    Raises:
        NotFoundError: if residents see no such group.
        NotOpenError: if it can't be joined now, by enrolling here.
    """
    with walls.everywhere():
        group = places.locked(group_id)
        places.fill(group, now=now)
        view = happenings.group(group_id, today=clock.helsinki_day(now))
        known = db.session.scalars(select(Enrolment).where(Enrolment.form_key == form_key)).one_or_none()
        if known is not None:
            return _told(known, code="")
        if not takes_enrolments(view) or not (view.can_enrol or (by_leader and view.state in TAKES_BY_PHONE)):
            raise NotOpenError
        full = view.places_left == 0
        state = EnrolmentState.WAITING if full else EnrolmentState.PLACE
        person = content.person_index(who, municipality_code=group.municipality_code)
        if _is_in(group_id, person):
            # Who types a neighbour's name and number learns nothing of it: the answer is that of a new enrolment.
            line = _waiting(group_id) + 1 if full else 0
            return Enrolled(state=state, place_in_line=line, code=codes.decoy(), enrolment_id=None)
        code = codes.decoy()
        row = _add(group, who, state=state, form_key=form_key, person=person, code=code, now=now)
        row.permission_version, row.permission_language = permission.version, permission.language
        row.language = permission.language
        row.recorded_by = actor.id if actor else None
        db.session.add(row)
        db.session.flush()
        counting.enrolled(group, now=now)
        detail = {"group": str(group_id), "state": state.value}
        log.write(Action.ENROLLED, row, actor=actor, now=now, detail=detail)
        letters.confirm(row, who, now=now)
        return _told(row, code=code)


def link(case: Case, enrolment_id: uuid.UUID, *, actor: User, now: dt.datetime) -> None:
    """Note on a case that its client was enrolled; the group's side never learns of it."""
    db.session.add(CaseEnrolment(case_id=case.id, enrolment_id=enrolment_id, made_at=now, made_by=actor.id))
    db.session.flush()


def by_code(code: str) -> Enrolment | None:
    """Return the enrolment of a code as it was typed, or None."""
    with walls.everywhere():
        return db.session.scalars(
            select(Enrolment).where(
                Enrolment.code_hash == code_hash(codes.normalised(code)),
                Enrolment.state.in_(queries.LIVE),
            )
        ).one_or_none()


def take_by_code(code: str, *, now: dt.datetime) -> bool:
    """Take the place that is held for whoever has a code; return whether one was."""
    with walls.everywhere():
        found = by_code(code)
        if found is None:
            return False
        places.locked(found.group_id, any_state=True)
        row = by_code(code)
        if row is None:
            return False
        db.session.refresh(row)
        return places.take(row, actor=None, now=now)


def cancel_by_code(code: str, *, now: dt.datetime) -> bool:
    """Cancel the enrolment of a code, as the person wishes; return whether there was one."""
    with walls.everywhere():
        found = by_code(code)
        if found is None:
            return False
        group = places.locked(found.group_id, any_state=True)
        row = by_code(code)
        if row is None:
            return False
        _cancel(row, group, actor=None, now=now)
        return True


def cancel(enrolment_id: uuid.UUID, *, actor: User, now: dt.datetime) -> None:
    """Cancel an enrolment by the word of the person, told to whoever runs the group or counsels them.

    Raises:
        NotFoundError: if there is none.
    """
    with walls.everywhere():
        row = db.session.get(Enrolment, enrolment_id)
        if row is None:
            raise NotFoundError(str(enrolment_id))
        group = places.locked(row.group_id, any_state=True)
        db.session.refresh(row)
        if row.state not in queries.LIVE:
            raise NotFoundError(str(enrolment_id))
        _cancel(row, group, actor=actor, now=now)


def was_called(row: Enrolment, *, actor: User, now: dt.datetime) -> None:
    """Note that somebody was called, or told in another way; a place that was held for their answer is theirs."""
    row.call_for = row.answer_by = None
    db.session.flush()
    log.write(Action.ENROLMENT_CHANGED, row, actor=actor, now=now, detail={"what": "called"})


def note_attendance(
    group: Happening,
    occurrence_id: uuid.UUID,
    noted: Mapping[uuid.UUID, Attended],
    *,
    actor: User,
    now: dt.datetime,
) -> int:
    """Note who came to a meeting; who is not named stays as they were. Return how many are noted now.

    The first meeting that somebody came to is counted in the month's uptake, and moves if it is corrected.

    Raises:
        NotFoundError: if it is no meeting of this group.
        MeetingAheadError: if it has not begun.
    """
    date = happenings.date_required(occurrence_id)
    if date.happening.id != group.id or date.cancelled:
        raise NotFoundError(str(occurrence_id))
    if not queries.may_note(date.date.starts_at, now=now):
        raise MeetingAheadError
    rows = {
        row.id: row
        for row in queries.in_group(group.id)
        if row.state is EnrolmentState.PLACE and row.id in noted
    }
    known = {
        each.enrolment_id: each
        for each in db.session.scalars(select(Attendance).where(Attendance.occurrence_id == occurrence_id))
    }
    for enrolment_id in rows:
        mark = known.get(enrolment_id)
        if mark is None:
            mark = Attendance(enrolment_id=enrolment_id, occurrence_id=occurrence_id)
            db.session.add(mark)
        elif mark.attended is noted[enrolment_id]:
            continue
        mark.attended, mark.noted_at, mark.noted_by = noted[enrolment_id], now, actor.id
    db.session.flush()
    days = {each.id: each.day for each in happenings.meetings_of(group.id)}
    marks = queries.attendance_of(rows)
    for enrolment_id, row in rows.items():
        if noted[enrolment_id] is Attended.PRESENT:
            # Who comes has answered.
            row.answer_by = None
        came = [
            days[meeting]
            for (who, meeting), mark in marks.items()
            if who == enrolment_id and mark is Attended.PRESENT and meeting in days
        ]
        counting.begin(group, row, min(came, default=None))
    record(
        Action.ATTENDANCE_NOTED,
        actor=actor,
        object_type="group",
        object_id=group.id,
        now=now,
        detail={"meeting": str(occurrence_id), "subjects": " ".join(sorted(map(subject_key, rows)))},
    )
    return len(rows)


def fill(group_id: uuid.UUID, *, now: dt.datetime) -> int:
    """Give free places to those who wait, as after a change of the capacity; return how many got one."""
    with walls.everywhere():
        return places.fill(places.locked(group_id, any_state=True), now=now)


def erase(row: Enrolment, *, actor: Actor | None, now: dt.datetime, why: str) -> None:
    """Erase everything that an enrolment tells of a person; its number and times stay for the group's order."""
    letters.forget(row)
    row.sealed = row.person_index = row.phone_index = row.email_index = row.code_hash = None
    row.call_for = None
    db.session.flush()
    letters.note_erased(row, now=now)
    log.write(Action.CONTENT_ERASED, row, actor=actor, now=now, detail={"why": why})


def code_hash(code: str) -> str:
    """Return what is stored of a code: keyed, so that it opens nothing."""
    return crypto.fingerprint("enrolment_code", code)


def _add(
    group: Happening,
    who: Participant,
    *,
    state: EnrolmentState,
    form_key: uuid.UUID,
    person: str,
    code: str,
    now: dt.datetime,
) -> Enrolment:
    last = db.session.scalar(select(func.max(Enrolment.number)).where(Enrolment.group_id == group.id))
    identity, municipality = uuid.uuid4(), group.municipality_code
    return Enrolment(
        id=identity,
        group_id=group.id,
        number=(last or 0) + 1,
        municipality_code=municipality,
        state=state,
        form_key=form_key,
        sealed=content.seal(who, municipality_code=municipality, enrolment_id=identity),
        person_index=person,
        phone_index=content.phone_index(who.phone, municipality_code=municipality),
        email_index=content.email_index(who.email, municipality_code=municipality),
        code_hash=code_hash(code),
        enrolled_at=now,
        placed_at=now if state is EnrolmentState.PLACE else None,
    )


def _told(row: Enrolment, *, code: str) -> Enrolled:
    return Enrolled(state=row.state, place_in_line=queries.place_in_line(row), code=code, enrolment_id=row.id)


def _is_in(group_id: uuid.UUID, person: str) -> bool:
    wanted = select(Enrolment.id).where(Enrolment.group_id == group_id, Enrolment.person_index == person)
    return db.session.scalar(wanted) is not None


def _waiting(group_id: uuid.UUID) -> int:
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .where(Enrolment.group_id == group_id, Enrolment.state == EnrolmentState.WAITING)
        )
        or 0
    )


def _cancel(row: Enrolment, group: Happening, *, actor: User | None, now: dt.datetime) -> None:
    row.state, row.cancelled_at = EnrolmentState.CANCELLED, now
    log.write(Action.ENROLMENT_CHANGED, row, actor=actor, now=now, detail={"what": "cancelled"})
    erase(row, actor=actor, now=now, why="cancelled")
    places.fill(group, now=now)
