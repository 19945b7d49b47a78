"""Questions about enrolments: who is in, who waits, who came, how many began."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from referrals.enrolment.content import Participant, email_index, phone_index, unseal
from referrals.enrolment.models import Attendance, CaseEnrolment, GroupUptake
from referrals.enrolment.models import Attended as Attended
from referrals.enrolment.models import CallFor as CallFor
from referrals.enrolment.models import Enrolment as Enrolment
from referrals.enrolment.models import EnrolmentState as EnrolmentState
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import walls
from servicetray.core.access import Permission
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from themes.happenings import queries as happenings
from themes.happenings.queries import Happening, Kind, State

LIVE = (EnrolmentState.PLACE, EnrolmentState.WAITING)


@dataclass(frozen=True, kw_only=True)
class Uptake:
    """How many people enrolled and began in groups of one theme and municipality in one month."""

    month: str
    theme_id: int
    """0 where the groups have no theme."""
    municipality_code: str
    """Empty for groups of the whole county."""
    enrolled: int
    participants: int
    """Who came for the first time."""


@dataclass(frozen=True, kw_only=True)
class OfCase:
    """One group in which an adviser has enrolled a client."""

    enrolment: Enrolment
    group: Happening


def places_taken(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many places are given, by group; groups without any are left out. A number tells of nobody."""
    with walls.everywhere():
        rows = db.session.execute(
            select(Enrolment.group_id, func.count())
            .where(Enrolment.group_id.in_(group_ids), Enrolment.state == EnrolmentState.PLACE)
            .group_by(Enrolment.group_id)
        ).all()
    return {row[0]: row[1] for row in rows}


def groups_of(user: User) -> Sequence[Happening]:
    """Return the groups that somebody runs: their own, and those of leaders in a unit whose inbox they work at."""
    units = user.units_for(Permission.INBOX_WORK)
    return db.session.scalars(
        select(Happening)
        .join(User, User.id == Happening.leader_id)
        .where(
            Happening.kind == Kind.GROUP,
            Happening.state == State.PUBLISHED,
            (User.id == user.id) | User.unit_id.in_(units),
        )
        .order_by(Happening.first_day.desc(), Happening.id)
    ).all()


def run_by(user: User, group_id: uuid.UUID, *, lock: bool = False) -> Happening:
    """Return a group that somebody runs; raise NotFoundError for any other id."""
    row = happenings.required(group_id, kind=Kind.GROUP, lock=lock)
    leader = accounts.user(row.leader_id) if row.leader_id else None
    if row.state is not State.PUBLISHED or leader is None:
        raise NotFoundError(str(group_id))
    if leader.id != user.id and leader.unit_id not in user.units_for(Permission.INBOX_WORK):
        raise NotFoundError(str(group_id))
    return row


def in_group(group_id: uuid.UUID) -> Sequence[Enrolment]:
    """Return who has a place or waits for one, in the order in which they enrolled."""
    return db.session.scalars(
        select(Enrolment)
        .where(Enrolment.group_id == group_id, Enrolment.state.in_(LIVE))
        .order_by(Enrolment.number)
    ).all()


def one_in_group(group_id: uuid.UUID, enrolment_id: uuid.UUID, *, lock: bool = False) -> Enrolment:
    """Return an enrolment of a group that has not been cancelled; raise NotFoundError for any other id."""
    wanted = select(Enrolment).where(
        Enrolment.id == enrolment_id, Enrolment.group_id == group_id, Enrolment.state.in_(LIVE)
    )
    row = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None or row.sealed is None:
        raise NotFoundError(str(enrolment_id))
    return row


def numbers_of(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[EnrolmentState, int]]:
    """Return how many have a place, wait, and have cancelled, by group."""
    found: dict[uuid.UUID, dict[EnrolmentState, int]] = {
        group_id: dict.fromkeys(EnrolmentState, 0) for group_id in group_ids
    }
    for row in db.session.execute(
        select(Enrolment.group_id, Enrolment.state, func.count())
        .where(Enrolment.group_id.in_(group_ids))
        .group_by(Enrolment.group_id, Enrolment.state)
    ):
        found[row[0]][row[1]] = row[2]
    return found


def calls_of(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many people wait for a call, by group; groups without any are left out."""
    rows = db.session.execute(
        select(Enrolment.group_id, func.count())
        .where(Enrolment.group_id.in_(group_ids), Enrolment.call_for.is_not(None))
        .group_by(Enrolment.group_id)
    )
    return {row[0]: row[1] for row in rows}


def who_is(row: Enrolment) -> Participant | None:
    """Return what somebody told of themselves, or None once it is erased."""
    if row.sealed is None:
        return None
    return unseal(row.sealed, municipality_code=row.municipality_code, enrolment_id=row.id)


def place_in_line(row: Enrolment) -> int:
    """Return the place of a waiting enrolment on the list, from 1; 0 where it does not wait."""
    if row.state is not EnrolmentState.WAITING:
        return 0
    with walls.everywhere():
        before = db.session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .where(
                Enrolment.group_id == row.group_id,
                Enrolment.state == EnrolmentState.WAITING,
                Enrolment.number <= row.number,
            )
        )
    return int(before or 0)


def attendance_of(enrolment_ids: Collection[uuid.UUID]) -> Mapping[tuple[uuid.UUID, uuid.UUID], Attended]:
    """Return who came to what: by enrolment and meeting."""
    rows = db.session.execute(
        select(Attendance.enrolment_id, Attendance.occurrence_id, Attendance.attended)
        .where(Attendance.enrolment_id.in_(enrolment_ids))
        .order_by(Attendance.enrolment_id, Attendance.occurrence_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def of_cases(case_ids: Collection[uuid.UUID]) -> Sequence[OfCase]:
    """Return the enrolments that advisers made for the clients of these cases, the latest first."""
    rows = db.session.execute(
        select(Enrolment, Happening)
        .join(CaseEnrolment, CaseEnrolment.enrolment_id == Enrolment.id)
        .join(Happening, Happening.id == Enrolment.group_id)
        .where(CaseEnrolment.case_id.in_(case_ids))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id)
    )
    return [OfCase(enrolment=row[0], group=row[1]) for row in rows]


def found_by(
    *, phone: str, email: str, municipality_codes: Collection[str | None]
) -> Sequence[tuple[Enrolment, Happening]]:
    """Return the enrolments of a phone number or e-mail address with these controllers, the latest first.

    None among the codes stands for the county.
    """
    phones = {phone_index(phone, municipality_code=code) for code in municipality_codes} - {None}
    emails = {email_index(email, municipality_code=code) for code in municipality_codes} - {None}
    if not phones and not emails:
        return ()
    rows = db.session.execute(
        select(Enrolment, Happening)
        .join(Happening, Happening.id == Enrolment.group_id)
        .where(Enrolment.phone_index.in_(phones) | Enrolment.email_index.in_(emails))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id)
    )
    return [(row[0], row[1]) for row in rows]


def held(
    enrolment_id: uuid.UUID, *, municipality_codes: Collection[str | None], lock: bool = False
) -> Enrolment:
    """Return an enrolment of one of these controllers that tells of somebody; raise NotFoundError for any other."""
    wanted = select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.sealed.is_not(None))
    row = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None or row.municipality_code not in municipality_codes:
        raise NotFoundError(str(enrolment_id))
    return row


def uptake(first_month: str, last_month: str) -> Sequence[Uptake]:
    """Return how many people enrolled and came for the first time, from a month (``2026-01``) to another.

    By month, theme and municipality; what has no row is 0. Nothing here leads to a person.
    """
    rows = db.session.scalars(
        select(GroupUptake)
        .where(
            GroupUptake.month.between(first_month, last_month),
            (GroupUptake.participants > 0) | (GroupUptake.enrolled > 0),
        )
        .order_by(GroupUptake.month, GroupUptake.theme_id, GroupUptake.municipality_code)
    )
    return [
        Uptake(
            month=row.month,
            theme_id=row.theme_id,
            municipality_code=row.municipality_code,
            enrolled=row.enrolled,
            participants=row.participants,
        )
        for row in rows
    ]


def may_note(starts_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether it can be said who came to a meeting: from its day on, so that a list is at hand at the door."""
    return starts_at <= now + dt.timedelta(hours=1)
