"""Deleting the log at the end of its term, a whole seal at a time, so that the rest can still be checked.

Nobody else may delete: the triggers refuse it, and the application's database role has no right to. This
takes the guard down inside its own transaction, which the owner of the tables alone can do.
"""

import calendar
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select, text

from servicetray.audit.events import Action
from servicetray.audit.models import AuditPurge, AuditRow, AuditRowSubject, AuditSeal
from servicetray.audit.operations import record
from servicetray.core import crypto
from servicetray.core.db import db, is_sqlite
from servicetray.core.errors import DomainError
from servicetray.core.settings import current_settings

GUARDED = ("audit_row", "audit_row_subject")


class LogDamagedError(DomainError):
    """Rows under a seal have been removed already."""

    def __init__(self, seal_id: int) -> None:
        super().__init__(seal_id)
        self.seal_id = seal_id


def term_ends_before(now: dt.datetime, *, years: int) -> dt.datetime:
    """Return the instant before which rows have been kept for the whole term."""
    year = now.year - years
    # 29 February ends a term that began on a 28th.
    day = min(now.day, calendar.monthrange(year, now.month)[1])
    return now.replace(year=year, day=day)


def purge_next(*, now: dt.datetime) -> int:
    """Delete the rows under the oldest seal whose rows are all past the term; return how many went, else 0.

    One seal in each transaction of the caller. Seals are taken in their order, so a younger row in one keeps
    it and what follows.

    Raises:
        LogDamagedError: if rows are missing under the seal: deleting the rest would hide it.
        sqlalchemy.exc.ProgrammingError: if the database role does not own the log.
    """
    seal = db.session.scalars(
        select(AuditSeal)
        .where(AuditSeal.id.not_in(select(AuditPurge.seal_id)))
        .order_by(AuditSeal.id)
        .limit(1)
    ).first()
    if seal is None:
        return 0
    under = (AuditRow.id >= seal.first_row, AuditRow.id <= seal.last_row)
    newest: dt.datetime | None = db.session.scalars(select(func.max(AuditRow.at)).where(*under)).one()
    if newest is None or newest >= term_ends_before(now, years=current_settings().audit_years):
        return 0
    # First of all: SQLite would give its id away again if the youngest row of the log were among those deleted.
    record(
        Action.LOG_PURGED,
        actor=None,
        object_type="audit_seal",
        object_id=seal.id,
        now=now,
        detail={"rows": str(seal.rows), "newest": newest.isoformat()},
    )
    with _unguarded():
        db.session.execute(
            delete(AuditRowSubject)
            .where(AuditRowSubject.row_id >= seal.first_row, AuditRowSubject.row_id <= seal.last_row)
            .execution_options(synchronize_session=False)
        )
        gone = db.session.scalars(
            delete(AuditRow).where(*under).returning(AuditRow.id).execution_options(synchronize_session=False)
        ).all()
    if len(gone) != seal.rows:
        raise LogDamagedError(seal.id)
    mark = _mark(seal, purged_at=now, newest_at=newest)
    db.session.add(AuditPurge(seal_id=seal.id, purged_at=now, newest_at=newest, mark=mark))
    return len(gone)


def is_genuine(purge: AuditPurge, seal: AuditSeal) -> bool:
    """Whether this installation itself wrote the note that a seal's rows were deleted."""
    made = _mark(seal, purged_at=purge.purged_at, newest_at=purge.newest_at)
    return hmac.compare_digest(made, purge.mark)


def _mark(seal: AuditSeal, *, purged_at: dt.datetime, newest_at: dt.datetime) -> str:
    words = "|".join(
        (
            str(seal.id),
            str(seal.first_row),
            str(seal.last_row),
            seal.digest,
            *map(_exact, (purged_at, newest_at)),
        )
    )
    return hmac.new(crypto.derived_key("audit.purge"), words.encode(), hashlib.sha256).hexdigest()


def _exact(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


@contextmanager
def _unguarded() -> Iterator[None]:
    # DDL is part of the transaction on both engines: it is never seen by others without its guard.
    sqlite = is_sqlite(db.session())
    for table in GUARDED:
        db.session.execute(
            text(
                f"DROP TRIGGER {table}_keeps_delete"
                if sqlite
                else f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_only_added_to"
            )
        )
    yield
    for table in GUARDED:
        db.session.execute(
            text(
                f"CREATE TRIGGER {table}_keeps_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
                if sqlite
                else f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_only_added_to"
            )
        )
