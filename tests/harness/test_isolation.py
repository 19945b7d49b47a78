"""Each test begins with an empty database, whatever the ones before it committed, and stays on this machine."""

import datetime as dt
import socket

import pytest
from flask import g
from sqlalchemy import select

from servicetray.core import outbox
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage


def write(now: dt.datetime) -> None:
    """Commit a row the way the product does."""
    with transaction():
        outbox.enqueue(address="a@example.org", template="t", language="fi", context={}, about="x:1", now=now)


def write_and_fail(now: dt.datetime) -> None:
    """Fail after a row was sent to the database."""
    with transaction():
        outbox.enqueue(address="b@example.org", template="t", language="fi", context={}, about="x:2", now=now)
        raise ZeroDivisionError


def messages() -> int:
    """Count the rows."""
    return len(db.session.scalars(select(OutboxMessage.id)).all())


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(database, now, turn):
    assert messages() == 0
    write(now)
    assert messages() == 1


def test_a_rollback_takes_back_its_own_transaction_alone(database, now):
    write(now)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(now)
    assert messages() == 1


def test_a_request_leaves_what_the_test_wrote_and_the_test_sees_what_a_request_wrote(client, database, now):
    write(now)
    assert messages() == 1  # opens a savepoint of the test's own session, which the request must not meet
    client.get("/health/live")
    assert messages() == 1


def test_a_request_does_not_see_the_context_of_the_test(app, client, database):
    seen: list[bool] = []
    app.before_request_funcs.setdefault(None, []).append(lambda: seen.append("of_the_test" in g))
    g.of_the_test = True
    try:
        client.get("/health/live")
    finally:
        app.before_request_funcs[None].pop()
    assert seen == [False]


def test_a_test_stays_on_this_machine():
    with (
        pytest.warns(UserWarning, match=r"socket\.connect"),
        pytest.raises(RuntimeError, match=r"192\.0\.2\.1"),
    ):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
