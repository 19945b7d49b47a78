"""What was sent to the database: for query budgets, and to see that reading writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


# One listener for good, since others may not be added while threads of a test are asking.
_noting: ContextVar[tuple[tuple[object, list[str]], ...]] = ContextVar("statements_noted", default=())
"""What is being noted in this thread: where the connections come from, and what they were sent."""


@event.listens_for(Engine, "before_cursor_execute")
def _note(conn: Connection, cursor: Any, statement: str, *rest: Any) -> None:
    del cursor, rest
    if "SAVEPOINT" not in statement and "'servicetray.purpose'" not in statement:
        for pool, sent in _noting.get():
            if conn.engine.pool is pool:
                sent.append(" ".join(statement.split()))


@contextmanager
def noted(bind: Engine | Connection) -> Iterator[list[str]]:
    """Yield the list of statements that this thread sends in this block, one line each.

    Left out is what belongs to the transaction: savepoints, and who asks (``core.walls``).
    """
    sent: list[str] = []
    token = _noting.set((*_noting.get(), (bind.engine.pool, sent)))
    try:
        yield sent
    finally:
        _noting.reset(token)


def written_table(statement: str) -> str | None:
    """Return the table that a statement writes to, or None if it only reads."""
    words = statement.replace('"', "").split()
    if words[0].upper() not in WRITES:
        return None
    return words[1] if words[0].upper() == "UPDATE" else words[2]
