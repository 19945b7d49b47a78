"""The second wall: who is asking, said to the database at the beginning of every transaction.

On PostgreSQL the tables of client data have row-level security (migration 0023): a question without any condition
answers with the rows of whoever asks, and with none where nobody has been named. What the policies need to know
is told by settings of the transaction; whose rights somebody has, the database reads for itself. SQLite has no
such wall, and nothing is done there. Why it is built so: docs/adr/0011-row-level-security.md.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum

from flask import g, has_app_context, has_request_context
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

from servicetray.core.db import db, is_sqlite

TABLES = frozenset({"consent_in_force"})
"""What PostgreSQL alone has: the policies ask it, a trigger keeps it, and no model knows it (migration 0042)."""
_SCOPE = "_servicetray_scope"
_TELL = (
    "SELECT set_config('servicetray.purpose', %s, true), set_config('servicetray.user', %s, true), "
    "set_config('servicetray.client', %s, true)"
)
_NOTHING_TOGETHER = ", set_config('servicetray.together', '', true)"


class Purpose(StrEnum):
    """For what the database is asked."""

    NOBODY = ""
    """A page for everyone, or one for people who sign in before anybody has: no client's row is seen."""
    PERSON = "person"
    """Somebody who has signed in: what their roles in their units show them."""
    CLIENT = "client"
    """The client's own page: codes and visits, then the one referral of the visit."""
    SERVICE = "service"
    """The worker, commands, and the questions that have to look at everybody's records (``everywhere``)."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Who asks."""

    purpose: Purpose
    user_id: uuid.UUID | None = None
    referral_id: uuid.UUID | None = None
    """The referral of a client's visit."""


def scope() -> Scope:
    """Return who asks: nobody in a request until somebody enters; outside of requests the service itself."""
    if not has_app_context():
        return Scope(purpose=Purpose.NOBODY)
    entered: Scope | None = g.get(_SCOPE)
    if entered is not None:
        return entered
    return Scope(purpose=Purpose.NOBODY if has_request_context() else Purpose.SERVICE)


def enter_as_person(user_id: uuid.UUID) -> None:
    """Let this request see what somebody who has signed in may see; a client's page stays the client's."""
    if scope().purpose is Purpose.NOBODY:
        _enter(Scope(purpose=Purpose.PERSON, user_id=user_id))


def enter_as_client(referral_id: uuid.UUID | None = None) -> None:
    """Let this request look up codes and visits and, once it is known, the referral of the visit."""
    _enter(Scope(purpose=Purpose.CLIENT, referral_id=referral_id))


@contextmanager
def everywhere() -> Iterator[None]:
    """Look at everybody's records for one question, whose answer tells no more than the asker may know."""
    before = scope()
    _enter(replace(before, purpose=Purpose.SERVICE))
    try:
        yield
    finally:
        _enter(before)


def hold_together(referral_id: uuid.UUID) -> None:
    """Open both records of a referral to the rest of this transaction, as a move that changes both needs.

    The database does so only for whoever sees one of the two, is offered the referral, or leads the unit that
    it came to; for anybody else nothing changes, and what they then ask for is not there.
    """
    _call("SELECT wall_hold_together(%s)", referral_id)


def begin_record(referral_id: uuid.UUID) -> None:
    """Let this transaction write the records of a referral that does not exist yet."""
    _call("SELECT wall_begin_record(%s)", referral_id)


def _enter(now: Scope) -> None:
    setattr(g, _SCOPE, now)
    session = db.session()
    if session.in_transaction() and session.is_active and not is_sqlite(session):
        _tell(session.connection(), now)


def _call(statement: str, referral_id: uuid.UUID) -> None:
    session = db.session()
    if not is_sqlite(session):
        session.connection().exec_driver_sql(statement, (referral_id,))


def _tell(connection: Connection, now: Scope, *, afresh: bool = False) -> None:
    connection.exec_driver_sql(
        _TELL + (_NOTHING_TOGETHER if afresh else ""),
        (now.purpose.value, _text(now.user_id), _text(now.referral_id)),
    )


def _text(value: uuid.UUID | None) -> str:
    return str(value) if value else ""


@event.listens_for(Session, "after_begin")
def _begun(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    del session
    # A savepoint is part of a transaction that has been told already.
    if connection.dialect.name == "postgresql" and not transaction.nested:
        _tell(connection, scope(), afresh=True)
