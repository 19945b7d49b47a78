"""The one way to write, and the column types of ours."""

import datetime as dt

import pytest
from sqlalchemy import Dialect, text
from sqlalchemy.dialects import sqlite

from servicetray.core.db import (
    DirtySessionError,
    NestedTransactionError,
    UtcDateTime,
    db,
    in_language,
    transaction,
)
from servicetray.core.municipalities import Municipality, municipality
from tests.factories import people


@pytest.mark.usefixtures("database")
def test_transactions_do_not_nest() -> None:
    """An operation that opens its own would commit half of a caller's work."""
    with transaction(), pytest.raises(NestedTransactionError), transaction():
        pass


@pytest.mark.usefixtures("database")
def test_changes_made_outside_are_refused_not_lost() -> None:
    """A transaction begins by forgetting; what was changed before is a mistake to be seen."""
    place = people.municipality()
    place.population = 1
    with pytest.raises(DirtySessionError), transaction():
        pass
    db.session.rollback()


@pytest.mark.usefixtures("database")
def test_failed_transaction_leaves_nothing() -> None:
    """What a view began and could not finish is undone."""
    with pytest.raises(ZeroDivisionError):
        _half_done()
    assert municipality("999") is None


def _half_done() -> None:
    with transaction() as session:
        session.add(Municipality(code="999", name={"fi": "X"}, name_in={}, population=1))
        session.flush()
        raise ZeroDivisionError


def test_time_without_a_zone_is_refused() -> None:
    """Nobody guesses which zone was meant."""
    naive = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(naive, db_dialect())


def db_dialect() -> Dialect:
    """Return a dialect for a type that asks for one."""
    return sqlite.dialect()


def test_missing_language_falls_back_and_says_which() -> None:
    """A text that exists in Finnish alone is shown in Finnish and marked so."""
    shown = in_language({"fi": "Liikunta"}, "sv")
    assert (shown.text, shown.lang) == ("Liikunta", "fi")
    assert not in_language({}, "sv")


def test_what_is_erased_from_sqlite_is_overwritten(app):
    """Else the bytes of an erased client stay in the file's free pages."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA secure_delete")).scalar_one() == 1
