"""What was sent to the database: for query budgets, and to see that reading writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@contextmanager
def noted(bind: Engine | Connection) -> Iterator[list[str]]:
    """Yield the list of statements sent in this block, one line each.

    Left out is what belongs to the transaction: savepoints, and who asks (``core.walls``).
    """
    sent: list[str] = []

    def note(conn: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        del conn, cursor, rest
        if "SAVEPOINT" not in statement and "'servicetray.purpose'" not in statement:
            sent.append(" ".join(statement.split()))

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(bind, "before_cursor_execute", note)


def written_table(statement: str) -> str | None:
    """Return the table that a statement writes to, or None if it only reads."""
    words = statement.replace('"', "").split()
    if words[0].upper() not in WRITES:
        return None
    return words[1] if words[0].upper() == "UPDATE" else words[2]
