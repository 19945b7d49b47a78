"""What is kept of the content goes with its next edit, whoever made it."""

import itertools

import pytest
from sqlalchemy import select, text, update

from servicetray.core import content
from servicetray.core.content import ContentVersion, Room, Shelf, kept
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
        with content.reading(shelf, shelf.version()):
            return kept("answer", lambda: next(made))

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


def test_a_room_keeps_what_was_used_last_up_to_its_weight():
    room = Room(100)
    for key in range(3):
        room.put(key, f"thing {key}", weight=40)
        room.get(0)
    assert [room.get(key) for key in range(3)] == ["thing 0", None, "thing 2"]
    room.put("too heavy", "x", weight=101)
    assert (room.get("too heavy"), room.weight) == (None, 80)
    room.put(0, "lighter", weight=1)
    assert (room.get(0), room.weight) == ("lighter", 41)
    room.empty()
    assert (room.get(2), room.weight) == (None, 0)


def test_a_page_grows_too_old(shelf):
    version = shelf.version()
    shelf.put_page(version, "old", "x", size=1, seconds=-1)
    shelf.put_page(version, "new", "y", size=1, seconds=60)
    assert (shelf.page("old"), shelf.page("new")) == (None, "y")


def test_pages_with_choices_push_out_no_plain_one(monkeypatch):
    monkeypatch.setattr(content, "MOST_CHOSEN", 100)
    shelf = Shelf(lambda: 1)
    version = shelf.version()
    assert version is not None
    shelf.put_page(version, "plain", "plain", size=40, seconds=60)
    for key in range(1000):
        shelf.put_page(version, key, key, size=40, seconds=60, chosen=True)
    assert shelf.page("plain") == "plain"
    assert [key for key in range(1000) if shelf.page(key, chosen=True) is not None] == [998, 999]
