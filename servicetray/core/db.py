"""The database: one typed base, the column types of ours, and the one way to write.

Times are stored in UTC. Texts in several languages are JSON objects. Works on SQLite and
PostgreSQL; what differs between them is in this module and in ``themes.search``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

SQLITE_BUSY_MS = 8000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

type_json = JSON().with_variant(JSONB(), "postgresql")


class _Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=_Base, disable_autonaming=True)

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """The typed base of every table; a type checker can't see the one made at run time."""

else:
    Model = db.Model


Texts = dict[str, str]
"""A text by language code: ``{"fi": "Liikunta", "sv": "Motion"}``."""


@dataclass(frozen=True)
class Localized:
    """A text and the language it is really in, for the ``lang`` attribute around it."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


FALLBACK = ("fi", "sv", "en")


def in_language(texts: Mapping[str, str] | None, lang: str) -> Localized:
    """Return the text in ``lang``, else in the first language that has it (visibly so, by ``.lang``)."""
    for code in (lang, *FALLBACK):
        if texts and texts.get(code):
            return Localized(texts[code], code)
    for code, text in (texts or {}).items():
        if text:
            return Localized(text, code)
    return Localized("", lang)


class TextsType(TypeDecorator[Texts]):
    """Texts by language, as JSON."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: Texts | None, dialect: Dialect) -> Texts:
        del dialect
        return dict(value or {})

    def process_result_value(self, value: Any, dialect: Dialect) -> Texts:
        del dialect
        return value or {}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware instant in UTC; a naive one is refused, so that no zone is ever guessed."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        utc = value.astimezone(dt.UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


E = TypeVar("E", bound=StrEnum)


def enum_column(kind: type[E], *, name: str | None = None) -> Enum:
    """Return a column type that stores the enum's value, with a CHECK of the known values.

    ``name`` names the CHECK where a table has two columns of the same kind.
    """
    name = name or "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        name=name,
        length=40,
        validate_strings=True,
    )


_writing: ContextVar[bool] = ContextVar("servicetray_writing", default=False)
_in_transaction: ContextVar[bool] = ContextVar("servicetray_in_transaction", default=False)


class NestedTransactionError(RuntimeError):
    """A transaction was opened inside another: it belongs at the edge alone."""


class DirtySessionError(RuntimeError):
    """Something was changed before the transaction was opened; it would have been lost."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one transaction of a view, job or command, and commit it at the end.

    What was read before is forgotten and read afresh inside, so that nothing is decided from stale
    rows. SQLite takes its write lock at once (a later upgrade would fail on a stale snapshot).

    Raises:
        NestedTransactionError: if one is open already.
        DirtySessionError: if the session holds changes made outside.
    """
    if _in_transaction.get():
        raise NestedTransactionError
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise DirtySessionError
    session.rollback()
    open_token, write_token = _in_transaction.set(True), _writing.set(True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _in_transaction.reset(open_token)
        _writing.reset(write_token)


def init_app(app: Flask) -> None:
    """Bind the database to the application and teach SQLite to behave."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine)


def _prepare_sqlite(engine: Engine) -> None:
    # The driver's own transactions would leave reads outside of them (forked audit chains were measured).
    @event.listens_for(engine, "connect")
    def _connect(raw: Any, record: ConnectionPoolEntry) -> None:
        del record
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in (
            "journal_mode=wal",
            # What was acknowledged survives a power cut, too.
            "synchronous=full",
            "foreign_keys=on",
            # What is erased leaves no trace in the file's free pages, however SQLite was built.
            "secure_delete=on",
            f"busy_timeout={SQLITE_BUSY_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def is_sqlite(session: Session) -> bool:
    """Whether this session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"
