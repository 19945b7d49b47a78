"""What went wrong is answered in words, and tells nothing of what was typed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from servicetray.app import create_app
from servicetray.core.db import db, transaction
from servicetray.core.municipalities import Municipality
from tests.client import Client
from tests.database import dispose, settings_for
from tests.factories.people import sign_in, unit, user


def away() -> None:
    """Be a database that is not there."""
    raise OperationalError("SELECT 1", {}, Exception())


def all_taken() -> None:
    """Be a pool whose connections are all in use."""
    raise PoolTimeoutError


@pytest.mark.parametrize("problem", [away, all_taken])
def test_database_away_is_answered_so_behind_the_door_too(
    problem: Callable[[], None], database: object, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not "broken", and with a time after which to come back; who is asking can't be looked up either."""
    del database
    sign_in(client, user(units=[unit()]))
    monkeypatch.setattr("servicetray.accounts.sign_ins.open_sign_in", lambda token, now: problem())
    response = client.get("/alku")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert response.headers["Cache-Control"] == "no-store"


def test_database_that_is_really_away_is_answered_in_words() -> None:
    """Readiness says 503 and liveness 200: the process is well."""
    app = create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
    client = app.test_client()
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    dispose(app)


@pytest.mark.usefixtures("database")
def test_wrong_method_says_which_is_right(client: Client) -> None:
    """RFC 9110, 15.5.6: 405 comes with Allow."""
    response = client.post("/health/live", data={})
    assert response.status_code in {400, 405}
    answer = client.get("/kirjaudu-ulos")
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)


@pytest.mark.usefixtures("database")
def test_error_of_the_database_does_not_quote_what_was_written(app: Flask) -> None:
    """Its text may end up in a log that nobody guards."""
    del app

    def twice() -> None:
        with transaction() as session:
            for _ in range(2):
                row = Municipality(code="999", name={"fi": "Aino Harjula"}, name_in={}, population=1)
                session.add(row)
                session.flush()
                session.expunge(row)

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert "Harjula" not in str(caught.value)
    db.session.rollback()
