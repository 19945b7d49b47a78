"""Questions to the audit log, for those who oversee it."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, union_all

from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow, AuditRowSubject
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """One row of the log."""

    id: int
    at: dt.datetime
    action: Action
    actor_id: uuid.UUID | None
    actor_unit_id: uuid.UUID | None
    object_type: str
    object_id: str
    subject_key: str
    detail: dict[str, str]
    session_id: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """The part of the log that somebody oversees: a row in any of these belongs to it."""

    all_but: frozenset[str] | None = None
    """Every row but those about these kinds of object; None: none on this ground."""
    unit_ids: frozenset[uuid.UUID] = frozenset()
    """Rows of what was done for these units."""
    object_ids: frozenset[str] = frozenset()
    """Rows about these objects, whoever did it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing belongs to it."""
        return self.all_but is None and not self.unit_ids and not self.object_ids


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows of the log are asked for; None and empty ask for all."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """Rows before this instant."""
    action: Action | None = None
    actor_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One client in what an account or a sign-in did: how often, when, and what kinds of act."""

    subject_key: str
    first_at: dt.datetime
    last_at: dt.datetime
    times: int
    actions: tuple[Action, ...]


def log_page(wanted: Wanted, *, part: Part, before: int | None, limit: int) -> Sequence[LogRow]:
    """Return rows below an id (all where it is None), newest first."""
    statement = select(AuditRow).where(*_conditions(wanted), _within(part))
    if before is not None:
        statement = statement.where(AuditRow.id < before)
    rows = db.session.scalars(statement.order_by(AuditRow.id.desc()).limit(limit)).all()
    return tuple(_row(row) for row in rows)


def rows_about(subjects: Collection[str], *, part: Part, since: dt.datetime | None) -> Sequence[LogRow]:
    """Return every row about these clients, lists that showed them included, oldest first."""
    wanted = Wanted(since=since, subjects=frozenset(subjects))
    rows = db.session.scalars(
        select(AuditRow).where(*_conditions(wanted), _within(part)).order_by(AuditRow.at, AuditRow.id)
    ).all()
    return tuple(_row(row) for row in rows)


def seen_in(wanted: Wanted, *, part: Part) -> Sequence[Seen]:
    """Return whose data an account or a sign-in saw, changed or listed; the first seen first."""
    conditions = (*_conditions(wanted), _within(part))
    direct = select(
        AuditRow.subject_key.label("key"), AuditRow.action.label("action"), AuditRow.at.label("at")
    ).where(AuditRow.subject_key != "", *conditions)
    listed = (
        select(AuditRowSubject.subject_key, AuditRow.action, AuditRow.at)
        .join(AuditRow, AuditRow.id == AuditRowSubject.row_id)
        .where(*conditions)
    )
    both = union_all(direct, listed).subquery()
    found: dict[str, list[tuple[Action, dt.datetime, dt.datetime, int]]] = {}
    for key, action, first, last, times in db.session.execute(
        select(both.c.key, both.c.action, func.min(both.c.at), func.max(both.c.at), func.count()).group_by(
            both.c.key, both.c.action
        )
    ):
        found.setdefault(key, []).append((action, first, last, times))
    seen = [
        Seen(
            subject_key=key,
            first_at=min(first for _, first, _, _ in acts),
            last_at=max(last for _, _, last, _ in acts),
            times=sum(times for *_, times in acts),
            actions=tuple(sorted(action for action, *_ in acts)),
        )
        for key, acts in found.items()
    ]
    return tuple(sorted(seen, key=lambda each: (each.first_at, each.subject_key)))


def saw_more_than(clients: int, *, since: dt.datetime, until: dt.datetime) -> Sequence[tuple[uuid.UUID, int]]:
    """Return the accounts that met more different clients than this in a time, with how many."""
    when = (AuditRow.at >= since, AuditRow.at < until, AuditRow.actor_id.is_not(None))
    direct = select(AuditRow.actor_id.label("actor"), AuditRow.subject_key.label("key")).where(
        AuditRow.subject_key != "", *when
    )
    listed = (
        select(AuditRow.actor_id, AuditRowSubject.subject_key)
        .join(AuditRow, AuditRow.id == AuditRowSubject.row_id)
        .where(*when)
    )
    both = union_all(direct, listed).subquery()
    number = func.count(both.c.key.distinct())
    rows = db.session.execute(
        select(both.c.actor, number).group_by(both.c.actor).having(number > clients).order_by(both.c.actor)
    ).all()
    return tuple((actor, count) for actor, count in rows)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditRow.at < wanted.until)
    if wanted.action is not None:
        conditions.append(AuditRow.action == wanted.action)
    if wanted.actor_id is not None:
        conditions.append(AuditRow.actor_id == wanted.actor_id)
    if wanted.session_id is not None:
        conditions.append(AuditRow.session_id == wanted.session_id)
    if wanted.subjects:
        keys = sorted(wanted.subjects)
        listed = select(AuditRowSubject.row_id).where(AuditRowSubject.subject_key.in_(keys))
        conditions.append(or_(AuditRow.subject_key.in_(keys), AuditRow.id.in_(listed)))
    return conditions


def last_seen(
    action: Action, *, actor_id: uuid.UUID, subjects: Collection[str], since: dt.datetime
) -> dict[str, LogRow]:
    """Return when somebody did something last to each of these clients' objects since an instant, by object."""
    if not subjects:
        return {}
    newest = (
        select(func.max(AuditRow.id))
        .where(
            AuditRow.subject_key.in_(subjects),
            AuditRow.actor_id == actor_id,
            AuditRow.action == action,
            AuditRow.at >= since,
        )
        .group_by(AuditRow.object_id)
    )
    rows = db.session.scalars(select(AuditRow).where(AuditRow.id.in_(newest)).order_by(AuditRow.id)).all()
    return {row.object_id: _row(row) for row in rows}


def _within(part: Part) -> ColumnElement[bool]:
    grounds: list[ColumnElement[bool]] = []
    if part.all_but is not None:
        grounds.append(AuditRow.object_type.not_in(part.all_but))
    # An empty list would be asked as "false" by itself; so an empty part holds nothing.
    grounds.append(AuditRow.actor_unit_id.in_(part.unit_ids))
    if part.object_ids:
        grounds.append(AuditRow.object_id.in_(part.object_ids))
    return or_(*grounds)


def _row(row: AuditRow) -> LogRow:
    return LogRow(
        id=row.id,
        at=row.at,
        action=row.action,
        actor_id=row.actor_id,
        actor_unit_id=row.actor_unit_id,
        object_type=row.object_type,
        object_id=row.object_id,
        subject_key=row.subject_key,
        detail=row.detail,
        session_id=row.session_id,
    )
