"""Writing the audit log: one row in the transaction of what it tells of."""

import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Protocol

from flask import g, has_request_context
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow, AuditRowSubject, AuditSeal
from servicetray.core import crypto
from servicetray.core.db import db, is_sqlite, transaction
from servicetray.core.settings import current_settings

SEAL_AFTER = dt.timedelta(seconds=60)
"""Rows younger than this wait, so that a seal holds a minute's rows and not a request's."""
BATCH = 5000
START = "0" * 64
HASHED, KEYED = 1, 2
"""Versions of seals. The first is a plain SHA-256, and knows nothing of sign-ins."""
SUBJECTS = "subjects"
"""The detail of a row about several clients: their subject keys, parted by spaces."""


class Actor(Protocol):
    """A person who acts, as the log needs them."""

    @property
    def id(self) -> uuid.UUID:
        """The account."""

    @property
    def unit_id(self) -> uuid.UUID | None:
        """The unit they act for."""


def subject_key(referral_id: uuid.UUID) -> str:
    """Return the key by which a client's audit rows are found, without the referral itself."""
    return crypto.fingerprint("subject", str(referral_id))


def acts_in(session_id: uuid.UUID) -> None:
    """Say in which sign-in the rest of this request is done; the sign-in itself calls it."""
    if has_request_context():
        g.sign_in_session_id = session_id


def record(
    action: Action,
    *,
    actor: Actor | None,
    object_type: str,
    object_id: object,
    now: dt.datetime,
    subject: str = "",
    detail: Mapping[str, str] | None = None,
) -> AuditRow:
    """Add one row to the current transaction (Act 703/2023: who, when, whose, to whom, why)."""
    row = AuditRow(
        at=now,
        action=action,
        actor_id=actor.id if actor else None,
        actor_unit_id=actor.unit_id if actor else None,
        object_type=object_type,
        object_id=str(object_id),
        subject_key=subject,
        detail=dict(detail or {}),
        request_id=g.get("request_id", "") if has_request_context() else "",
        session_id=g.get("sign_in_session_id") if has_request_context() else None,
    )
    db.session.add(row)
    db.session.flush()
    listed = subjects_in(row)
    if listed:
        db.session.execute(
            insert(AuditRowSubject), [{"row_id": row.id, "subject_key": key} for key in sorted(listed)]
        )
    return row


def subjects_in(row: AuditRow) -> frozenset[str]:
    """Return the subject keys that a row about several clients lists in its detail."""
    return frozenset(row.detail.get(SUBJECTS, "").split())


def seal(*, now: dt.datetime) -> AuditSeal | None:
    """Seal the next batch of rows; return the seal, or None where there is nothing to seal."""
    last = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).first()
    end = last.last_row if last else 0
    # In this order: a row that others still write below ``newest`` is seen by _being_written, or committed
    # before the rows are read.
    newest: int | None = db.session.scalars(select(func.max(AuditRow.id))).one()
    if newest is None or _being_written():
        return None
    # Without a gap: a young row is not sealed, nor what stands above it, though that may be older by the
    # clock of its request. A gap would look like a removed row for ever.
    young = select(func.min(AuditRow.id)).where(AuditRow.id > end, AuditRow.at > now - SEAL_AFTER)
    rows = db.session.scalars(
        select(AuditRow)
        .where(
            AuditRow.id > end,
            AuditRow.id <= newest,
            AuditRow.id < func.coalesce(young.scalar_subquery(), newest + 1),
        )
        .order_by(AuditRow.id)
        .limit(BATCH)
    ).all()
    if not rows:
        return None
    made = AuditSeal(
        previous_id=last.id if last else 0,
        first_row=rows[0].id,
        last_row=rows[-1].id,
        rows=len(rows),
        digest=digest_of(rows, last.digest if last else START, version=KEYED),
        sealed_at=now,
        version=KEYED,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _being_written() -> bool:
    """Whether another transaction has added rows and not committed yet: its ids may lie below those seen."""
    if is_sqlite(db.session()):
        # One writer at a time, and this is it.
        return False
    others = db.session.execute(
        text(
            "SELECT 1 FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted "
            "AND relation = 'audit_row'::regclass AND pid <> pg_backend_pid() "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1"
        )
    )
    return others.first() is not None


def seal_all(now: dt.datetime) -> int:
    """Seal everything that is ready, one transaction a batch; return how many seals were made."""
    made = 0
    while True:
        try:
            with transaction():
                one = seal(now=now)
        except IntegrityError:
            # Another worker sealed these rows a moment ago.
            return made
        if one is None:
            return made
        write_anchor(one)
        made += 1


def write_anchor(seal_made: AuditSeal) -> None:
    """Append a seal to the file outside the database, after it has been committed."""
    path = current_settings().audit_anchor
    if path is None:
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{seal_made.last_row} {seal_made.digest} {seal_made.sealed_at.isoformat()}\n")


def digest_of(rows: Iterable[AuditRow], previous: str, *, version: int) -> str:
    """Return the digest of the seal before and of every field of the rows, in order.

    Version 1 is SHA-256, as seals were made at first. Version 2 is HMAC-SHA-256 with a key of the
    installation: who can write to the database alone can't make a seal.
    """
    total = (
        hashlib.sha256(previous.encode())
        if version == HASHED
        else hmac.new(crypto.derived_key("audit.seal"), previous.encode(), hashlib.sha256)
    )
    for row in rows:
        fields: tuple[object, ...] = (
            row.id,
            row.at.isoformat(),
            row.action.value,
            str(row.actor_id),
            str(row.actor_unit_id),
            row.object_type,
            row.object_id,
            row.subject_key,
            row.detail,
            row.request_id,
        )
        if version != HASHED:
            fields += (str(row.session_id),)
        total.update(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode())
    return total.hexdigest()
