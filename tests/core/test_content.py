"""What is kept of the content goes with its next edit, whoever made it."""

import itertools

import pytest
from sqlalchemy import select, text, update

from servicetray.core import content
from servicetray.core.content import ContentVersion, Shelf, kept
from servicetray.core.db import db, transaction
from servicetray.core.municipalities import Municipality
from tests.factories import catalogue


@pytest.fixture
def shelf(app, database):
    """A shelf that looks the version up each time."""
    catalogue.foundation()
    made = Shelf(number)
    app.extensions["servicetray.content"] = made
    yield made
    del app.extensions["servicetray.content"]


class NotDoneError(Exception):
    """Something went wrong after the edit."""


def _edit_and_fail() -> None:
    with transaction() as session:
        session.get_one(Municipality, "286").population += 1
        raise NotDoneError


def number() -> int:
    db.session.rollback()
    return db.session.scalars(select(ContentVersion.number)).one()


def test_an_edit_raises_the_number_once_a_transaction(database):
    catalogue.foundation()
    before = number()
    with transaction() as session:
        session.get_one(Municipality, "286").population += 1
        session.flush()
        session.get_one(Municipality, "285").population += 1
    assert number() == before + 1


def test_so_does_an_edit_of_many_rows_at_once(database):
    catalogue.foundation()
    before = number()
    with transaction() as session:
        session.execute(update(Municipality).values(population=7))
    assert number() == before + 1


def test_reading_and_other_writing_do_not(database):
    catalogue.foundation()
    before = number()
    with transaction() as session:
        session.scalars(select(Municipality)).all()
        session.execute(text("SELECT 1"))
    assert number() == before


def test_an_edit_that_is_undone_does_not_either(database):
    catalogue.foundation()
    before = number()
    with pytest.raises(NotDoneError):
        _edit_and_fail()
    with transaction():
        pass
    assert number() == before


def test_an_edit_before_a_savepoint_that_fails_is_not_forgotten(database):
    catalogue.foundation()
    before = number()
    with transaction() as session:
        session.get_one(Municipality, "286").population += 1
        session.flush()
        with pytest.raises(RuntimeError), session.begin_nested():
            raise RuntimeError
    assert number() == before + 1


def test_a_value_is_made_once_a_version(shelf):
    made = itertools.count(1)

    def ask() -> int:
        token = content.begin(shelf.version())
        try:
            return kept("answer", lambda: next(made))
        finally:
            content.end(token)

    assert (ask(), ask()) == (1, 1)
    with transaction() as session:
        session.get_one(Municipality, "286").population += 1
    assert ask() == 2


def test_outside_requests_nothing_is_kept(shelf):
    made = []
    for _ in range(2):
        kept("answer", lambda: made.append(1))
    assert len(made) == 2


def test_what_was_made_for_an_older_version_is_not_kept(shelf):
    old = shelf.version()
    with transaction() as session:
        session.get_one(Municipality, "286").population += 1
    shelf.version()
    assert shelf.value(old, "answer", lambda: "old") == "old"
    assert shelf.value(shelf.version(), "answer", lambda: "new") == "new"


def test_pages_take_no_more_room_than_allowed(shelf, monkeypatch):
    monkeypatch.setattr(content, "MOST_BYTES", 100)
    version = shelf.version()
    for key in range(5):
        shelf.put_page(version, key, key, size=40, seconds=60)
    assert [key for key in range(5) if shelf.page(key) is not None] == [3, 4]
    shelf.put_page(version, "too large", "x", size=101, seconds=60)
    assert shelf.page("too large") is None
    shelf.put_page(version, "old", "x", size=1, seconds=-1)
    assert shelf.page("old") is None
