"""Places that come free: given in the order of the waiting list, held for an answer, and passed on without one.

Whoever is told by letter has some days to take the place. It passes on only where somebody waits for it: who has not
answered then stands last on the list, and the next time the leader gets in touch instead of another letter, so that a
place never goes back and forth between people who don't read their letters. Whoever gave no address is called; how
long they have, the leader says.
"""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import func, select

from referrals.enrolment import letters, queries
from referrals.enrolment.log import write
from referrals.enrolment.models import CallFor, Enrolment, EnrolmentState
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.core import clock, walls
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from themes.happenings import queries as happenings
from themes.happenings.queries import Happening, Kind, State

ANSWER_DAYS: Final = 3
"""Whole Helsinki days after the letter: what comes on a Friday can be answered on Monday."""


def locked(group_id: uuid.UUID, *, any_state: bool = False) -> Happening:
    """Return a group, locked: every change of its enrolments begins so.

    Raises:
        NotFoundError: if there is none, or residents don't see it and it may not be in ``any_state``.
    """
    row = happenings.required(group_id, kind=Kind.GROUP, lock=True)
    if row.state is not State.PUBLISHED and not any_state:
        raise NotFoundError(str(group_id))
    return row


def fill(group: Happening, *, now: dt.datetime) -> int:
    """Give free places of a locked group to those who wait, the first in line first; return how many got one."""
    if group.cancelled_at is not None or group.state is not State.PUBLISHED:
        return 0
    taken = queries.places_taken([group.id]).get(group.id, 0)
    free = None if group.capacity is None else group.capacity - taken
    if free is not None and free <= 0:
        return 0
    rows = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.group_id == group.id, Enrolment.state == EnrolmentState.WAITING)
        .order_by(Enrolment.number)
        .limit(free)
    ).all()
    if not rows or _is_over(group, now=now):
        return 0
    for row in rows:
        _give(row, now=now)
    db.session.flush()
    letters.tell_leader(group, now=now)
    return len(rows)


def take(row: Enrolment, *, actor: User | None, now: dt.datetime) -> bool:
    """Take a place that is held for an answer; return whether there was one. None acts for themselves."""
    if row.state is not EnrolmentState.PLACE or row.answer_by is None:
        return False
    row.answer_by = None
    db.session.flush()
    write(Action.ENROLMENT_CHANGED, row, actor=actor, now=now, detail={"what": "place taken"})
    return True


def pass_on(group_id: uuid.UUID, *, now: dt.datetime) -> int:
    """Pass places that nobody has answered for on to those who wait; return how many went on."""
    with walls.everywhere():
        group = locked(group_id, any_state=True)
        waiting = _rows(group_id, EnrolmentState.WAITING)
        unanswered = sorted(
            (
                row
                for row in _rows(group_id, EnrolmentState.PLACE)
                if row.answer_by is not None and row.answer_by <= now
            ),
            key=lambda row: (row.answer_by, row.number),
        )
        passed = unanswered[: len(waiting)] if _goes_on(group, now=now) else []
        last = (
            db.session.scalar(select(func.max(Enrolment.number)).where(Enrolment.group_id == group_id)) or 0
        )
        for place, row in enumerate(passed, 1):
            row.state, row.number = EnrolmentState.WAITING, last + place
            row.placed_at, row.answer_by, row.lapsed_at = None, None, now
            who = queries.who_is(row)
            if who is not None:
                letters.tell_of_passing_on(row, who, now=now)
            write(Action.ENROLMENT_CHANGED, row, actor=None, now=now, detail={"what": "place passed on"})
        db.session.flush()
        if passed:
            fill(group, now=now)
        return len(passed)


def answer_by(now: dt.datetime) -> dt.datetime:
    """Return until when somebody who is told now has to answer: the end of the third Helsinki day after."""
    return clock.day_start(clock.helsinki_day(now) + dt.timedelta(days=ANSWER_DAYS + 1))


def last_day(until: dt.datetime) -> dt.date:
    """Return the last Helsinki day of an answer."""
    return clock.helsinki_day(until) - dt.timedelta(days=1)


def _give(row: Enrolment, *, now: dt.datetime) -> None:
    row.state, row.placed_at = EnrolmentState.PLACE, now
    who, until = queries.who_is(row), answer_by(now)
    if who is not None:
        if row.lapsed_at is None and letters.tell_of_place(row, who, last_day=last_day(until), now=now):
            row.answer_by = until
        else:
            row.call_for = CallFor.PLACE
    write(Action.ENROLMENT_CHANGED, row, actor=None, now=now, detail={"what": "place given"})


def _rows(group_id: uuid.UUID, state: EnrolmentState) -> list[Enrolment]:
    return [row for row in queries.in_group(group_id) if row.state is state]


def _goes_on(group: Happening, *, now: dt.datetime) -> bool:
    return group.cancelled_at is None and group.state is State.PUBLISHED and not _is_over(group, now=now)


def _is_over(group: Happening, *, now: dt.datetime) -> bool:
    return happenings.group(group.id, today=clock.helsinki_day(now)).is_over
