"""The audit log's tables: rows that are only ever added, and the seals over them."""

import datetime as dt
import uuid

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.audit.events import Action
from servicetray.core.db import Model, UtcDateTime, enum_column, type_json


class AuditRow(Model):
    """Who did what to whose data, when and from which unit. Database triggers refuse change and removal."""

    __tablename__ = "audit_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    action: Mapped[Action] = mapped_column(enum_column(Action))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    actor_unit_id: Mapped[uuid.UUID | None]
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80))
    subject_key: Mapped[str] = mapped_column(String(64), index=True, default="")
    """HMAC of the referral's id: a client's log report works after the content is erased."""
    detail: Mapped[dict[str, str]] = mapped_column(type_json)
    """Facts of the act (move, states, recipient); never a name, reason or text of the client."""
    request_id: Mapped[str] = mapped_column(String(40), default="")
    session_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The sign-in it was done in; what one stolen sign-in saw is found by it."""


class AuditRowSubject(Model):
    """A client whom a row about several of them concerns (a list): the keys of its ``detail["subjects"]``.

    An index over the sealed detail and no more; ``verify`` compares the two. No foreign key: SQLite could not
    write ``audit_row`` anew while another table points at it.
    """

    __tablename__ = "audit_row_subject"

    subject_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class AuditSeal(Model):
    """A sealed run of rows: each seal holds the hash of its rows and of the seal before it."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    previous_id: Mapped[int] = mapped_column(unique=True)
    """The seal before, 0 for the first: of two workers who seal at once, one is refused."""
    first_row: Mapped[int]
    last_row: Mapped[int] = mapped_column(unique=True)
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(server_default="1")
    """How the digest is made (``operations.digest_of``): 1 a hash, 2 a keyed one."""


class AuditPurge(Model):
    """The note that the rows under a seal were deleted at the end of their term; the seal itself stays."""

    __tablename__ = "audit_purge"

    seal_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purged_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    newest_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """The time of the youngest row that went."""
    mark: Mapped[str] = mapped_column(String(64))
    """Keyed hash of all this: who deletes rows by hand can't write such a note."""
