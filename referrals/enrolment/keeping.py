"""What the worker does for groups: gives places and passes them on, tells of what is cancelled, erases what is over."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final

from sqlalchemy import Select, func, select

from referrals.enrolment import letters, meetings, operations, places, queries
from referrals.enrolment.models import Attendance, CallFor, CaseEnrolment, Enrolment, EnrolmentState
from servicetray.core import clock, outbox
from servicetray.core.db import db, transaction
from servicetray.core.settings import current_settings
from themes.happenings import queries as happenings
from themes.happenings.queries import Happening, Kind

BATCH: Final = 100
YEAR: Final = dt.timedelta(days=365)
"""How long somebody is kept in a group without an end after they last came."""


def keep(now: dt.datetime) -> int:
    """Do all of it; return of how many enrolments something changed. Done again, it finds nothing."""
    with transaction():
        outbox.forget_sent(about=letters.ABOUT)
    done = pass_places_on(now) + give_places(now) + tell_cancelled(now)
    return done + meetings.tell(now) + erase_old(now)


def pass_places_on(now: dt.datetime) -> int:
    """Pass on the places that nobody has answered for in time, where somebody waits; return how many."""
    with transaction():
        groups = db.session.scalars(
            select(Enrolment.group_id)
            .where(Enrolment.state == EnrolmentState.PLACE, Enrolment.answer_by <= now)
            .distinct()
            .order_by(Enrolment.group_id)
        ).all()
    passed = 0
    for group_id in groups:
        with transaction():
            passed += places.pass_on(group_id, now=now)
    return passed


def give_places(now: dt.datetime) -> int:
    """Give places that an editor added, or that came free in any other way, to those who wait."""
    with transaction():
        groups = db.session.scalars(
            select(Enrolment.group_id)
            .where(Enrolment.state == EnrolmentState.WAITING)
            .distinct()
            .order_by(Enrolment.group_id)
        ).all()
    given = 0
    for group_id in groups:
        with transaction():
            given += operations.fill(group_id, now=now)
    return given


def tell_cancelled(now: dt.datetime) -> int:
    """Tell everybody in a cancelled group, or put them down to be called; a group that goes on forgets it."""
    told = 0
    for group_id in _cancelled():
        with transaction():
            group = happenings.required(group_id, kind=Kind.GROUP, lock=True)
            rows = [row for row in queries.in_group(group_id) if row.told_cancelled_at is None]
            for row in rows:
                who = queries.who_is(row)
                row.told_cancelled_at = now
                if who is not None and not letters.tell_of_cancelling(row, who, now=now):
                    row.call_for = CallFor.GROUP_CANCELLED
            db.session.flush()
            if rows:
                letters.tell_leader(group, now=now)
        told += len(rows)
    with transaction():
        for row in db.session.scalars(_told_of_what_goes_on()):
            row.told_cancelled_at = None
            if row.call_for is CallFor.GROUP_CANCELLED:
                row.call_for = None
    return told


def erase_old(now: dt.datetime) -> int:
    """Delete the enrolments whose time is over, with who came; the month's counts stay. Return how many."""
    deleted = 0
    with transaction():
        group_ids = db.session.scalars(
            select(Enrolment.group_id).distinct().order_by(Enrolment.group_id)
        ).all()
    for group_id in group_ids:
        while True:
            with transaction():
                rows = _due(group_id, now=now)
                for row in rows:
                    if row.sealed is not None:
                        operations.erase(row, actor=None, now=now, why="term")
                    db.session.delete(row)
            deleted += len(rows)
            if len(rows) < BATCH:
                break
    return deleted


def erase_links(case_ids: Collection[uuid.UUID]) -> None:
    """Forget in which groups the clients of these cases were enrolled, as the cases' content is erased."""
    for row in db.session.scalars(select(CaseEnrolment).where(CaseEnrolment.case_id.in_(case_ids))):
        db.session.delete(row)
    db.session.flush()


def erase_again(enrolment_ids: Collection[uuid.UUID], *, now: dt.datetime) -> int:
    """Erase after a restore what had been erased before; return how many still told of somebody."""
    rows = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(enrolment_ids), Enrolment.sealed.is_not(None))
        .order_by(Enrolment.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.state, row.cancelled_at = EnrolmentState.CANCELLED, row.cancelled_at or now
        operations.erase(row, actor=None, now=now, why="restored")
    return len(rows)


def _cancelled() -> list[uuid.UUID]:
    with transaction():
        return list(
            db.session.scalars(
                select(Enrolment.group_id)
                .join(Happening, Happening.id == Enrolment.group_id)
                .where(
                    Happening.cancelled_at.is_not(None),
                    Enrolment.state.in_(queries.LIVE),
                    Enrolment.told_cancelled_at.is_(None),
                )
                .distinct()
                .order_by(Enrolment.group_id)
            )
        )


def _told_of_what_goes_on() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Happening, Happening.id == Enrolment.group_id)
        .where(Happening.cancelled_at.is_(None), Enrolment.told_cancelled_at.is_not(None))
        .order_by(Enrolment.id)
    )


def _due(group_id: uuid.UUID, *, now: dt.datetime) -> list[Enrolment]:
    group = happenings.required(group_id)
    kept = dt.timedelta(days=current_settings().enrolment_keep_days)
    wanted = (
        select(Enrolment)
        .where(Enrolment.group_id == group_id)
        .order_by(Enrolment.number)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    if group.cancelled_at is not None:
        return list(db.session.scalars(wanted)) if group.cancelled_at < now - kept else []
    held = happenings.meetings_of(group_id)
    endless = group.last_day is None and group.every != "once"
    if not endless:
        last = max((each.ends_at for each in held), default=group.updated_at)
        over = clock.helsinki_day(last) < clock.helsinki_day(now - kept)
        return list(db.session.scalars(wanted)) if over else []
    came = (
        select(func.max(Attendance.noted_at)).where(Attendance.enrolment_id == Enrolment.id).scalar_subquery()
    )
    return list(db.session.scalars(wanted.where(func.coalesce(came, Enrolment.enrolled_at) < now - YEAR)))
