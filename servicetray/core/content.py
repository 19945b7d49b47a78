"""What residents read has a version: one number, raised by every edit of it, in whichever process.

A page or a list that is made from content alone may be kept in memory for as long as the version stays. Each
process looks the number up at most once a second, and at once after an edit of its own. What is kept belongs
to a version that was read before the first question to the database: it can be newer than it says, never
older.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar, cast

from flask import Flask, current_app, has_app_context
from sqlalchemy import Engine, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, SessionTransaction, UOWTransaction, mapped_column

from servicetray.core.db import Model, db

LOOK_SECONDS: Final = 1.0
"""How long another process's edit may stay unseen."""
MOST_KEPT: Final = 2048
"""Answers of the database kept by one process."""
MOST_PIECES: Final = 16 * 1024 * 1024
"""Letters of pieces of HTML kept by one process."""
MOST_BYTES: Final = 24 * 1024 * 1024
"""Of pages kept by one process."""
MOST_CHOSEN: Final = 8 * 1024 * 1024
"""Of pages with choices in their address: whoever asks for every combination pushes out no plain page."""
MOST_ANSWERS: Final = 8 * 1024 * 1024
"""Letters of answers to questions in somebody's own words: they push out no piece that every page has."""

_EXTENSION = "servicetray.content"
_CHANGED = "servicetray.content_changed"

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)

_reading: ContextVar["_Reading | None"] = ContextVar("servicetray_content_reading", default=None)
_shown: set[str] = set()


class ContentVersion(Model):
    """The one row that holds the version of everything that residents read."""

    __tablename__ = "content_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


def made_of(*tables: str) -> None:
    """Name tables that public pages are made of: whoever writes to one raises the version."""
    _shown.update(tables)


class Room:
    """Keeps what was used last, up to a weight; what was used longest ago gives way. Threads may share it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.weight = 0
        self._lock = threading.Lock()
        self._things: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()

    def get(self, key: Hashable) -> Any | None:
        """Return what is kept, None if nothing is."""
        with self._lock:
            found = self._things.get(key)
            if found is None:
                return None
            self._things.move_to_end(key)
        return found[1]

    def get_each(self, keys: Iterable[Hashable]) -> list[Any | None]:
        """Return what is kept under each of the keys, in their order; None where nothing is."""
        found = []
        with self._lock:
            for key in keys:
                one = self._things.get(key)
                if one is not None:
                    self._things.move_to_end(key)
                found.append(one and one[1])
        return found

    def put(self, key: Hashable, thing: Any, *, weight: int = 1) -> None:
        """Keep a thing; one that is too heavy by itself is not kept."""
        with self._lock:
            self.weight -= self._things.pop(key, (0, None))[0]
            if weight > self.most:
                return
            self._things[key] = (weight, thing)
            self.weight += weight
            while self.weight > self.most:
                self.weight -= self._things.popitem(last=False)[1][0]

    def empty(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._things.clear()
            self.weight = 0


class _Reading(NamedTuple):
    """The version of the content that a request began with, and where its answers are kept."""

    shelf: "Shelf"
    version: int


class Shelf:
    """What one process keeps of one version of the content."""

    def __init__(self, look: Callable[[], int | None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._number: int | None = None
        self._looked_at = float("-inf")
        self._values = Room(MOST_KEPT)
        self._pieces = Room(MOST_PIECES)
        self._pages = Room(MOST_BYTES)
        self._chosen = Room(MOST_CHOSEN)
        self._answers = Room(MOST_ANSWERS)

    def version(self) -> int | None:
        """Return the number, None where the database does not tell it."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return self._number
        number = self._look()
        with self._lock:
            if number != self._number:
                self._empty()
            self._number, self._looked_at = number, now
        return number

    def forget(self) -> None:
        """Let go of everything: this process has changed the content."""
        with self._lock:
            self._empty()
            self._looked_at = float("-inf")

    def value(self, version: int, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, made now if it isn't there."""
        return self._of(self._values, version, key, make, lambda _: 1)

    def piece(self, version: int, key: Hashable, make: Callable[[], str]) -> str:
        """Return the HTML that is kept under a key, written now if it isn't there."""
        return self._of(self._pieces, version, key, make, len)

    def pieces(
        self, version: int, things: Sequence[tuple[Hashable, Value]], write: Callable[[Value], str]
    ) -> list[str]:
        """Return the HTML of many things, each kept under its key; what isn't there is written now."""
        kept = self._pieces.get_each(key for key, _ in things)
        return [
            known[0] if known is not None else self.piece(version, key, partial(write, thing))
            for known, (key, thing) in zip(kept, things, strict=True)
        ]

    def answer(self, version: int, key: Hashable, make: Callable[[], str]) -> str:
        """Return the answer that is kept under a key, written now if it isn't there."""
        return self._of(self._answers, version, key, make, len)

    def _of(
        self,
        room: Room,
        version: int,
        key: Hashable,
        make: Callable[[], Value],
        weight: Callable[[Any], int],
    ) -> Value:
        known = room.get(key)
        if known is None:
            made = make()
            known = (made,)
            with self._lock:
                if version == self._number:
                    room.put(key, known, weight=weight(made))
        return cast("Value", known[0])

    def values(
        self,
        version: int,
        keys: Mapping[Key, Hashable],
        make: Callable[[Sequence[Key]], Mapping[Key, Value]],
    ) -> dict[Key, Value]:
        """Return what is kept under each key; what isn't there is made now, all at once."""
        kept = zip(keys, self._values.get_each(keys.values()), strict=True)
        found = {each: cast("Value", known[0]) for each, known in kept if known is not None}
        if len(found) < len(keys):
            missing = [each for each in keys if each not in found]
            made = make(missing)
            with self._lock:
                if version == self._number:
                    for each, value in made.items():
                        self._values.put(keys[each], (value,))
            found |= made
        return found

    def page(self, key: Hashable, *, chosen: bool = False) -> Any | None:
        """Return a page that is kept and not too old."""
        found = (self._chosen if chosen else self._pages).get(key)
        if found is None or found[0] < time.monotonic():
            return None
        return found[1]

    def put_page(
        self, version: int, key: Hashable, page: Any, *, size: int, seconds: float, chosen: bool = False
    ) -> None:
        """Keep a page for so long; those that nobody asked for longest give way to it.

        Args:
            version: of the content that it was made from.
            key: what it is asked for by.
            page: the page.
            size: in bytes.
            seconds: after which it is too old.
            chosen: whether its address holds choices; such pages have a room of their own.
        """
        with self._lock:
            if version == self._number:
                room = self._chosen if chosen else self._pages
                room.put(key, (time.monotonic() + seconds, page), weight=size)

    def _empty(self) -> None:
        for room in (self._values, self._pieces, self._pages, self._chosen, self._answers):
            room.empty()


def kept(key: Hashable, make: Callable[[], Value]) -> Value:
    """Return a value that follows from the content and its key alone, made once a version.

    Nothing is kept outside requests, nor inside transactions that change something. The value is shared by all
    requests of this process: it must not be changed, nor hang on a session.

    Args:
        key: the question's name with everything that its answer depends on, such as language and day.
        make: asks the database.
    """
    begun = _reading.get()
    return make() if begun is None else begun.shelf.value(begun.version, key, make)


def kept_piece(key: Hashable, make: Callable[[], str]) -> str:
    """Return HTML as ``kept`` returns values; pieces have a room of their own, bounded by their length."""
    begun = _reading.get()
    return make() if begun is None else begun.shelf.piece(begun.version, key, make)


def kept_pieces(things: Sequence[tuple[Hashable, Value]], write: Callable[[Value], str]) -> Sequence[str]:
    """Return the piece of each thing, kept under its key, in the order given."""
    begun = _reading.get()
    if begun is None:
        return [write(thing) for _, thing in things]
    return begun.shelf.pieces(begun.version, things, write)


def kept_answer(key: Hashable, make: Callable[[], str]) -> str:
    """Return a whole page as ``kept_piece`` returns its pieces, in a room of its own."""
    begun = _reading.get()
    return make() if begun is None else begun.shelf.answer(begun.version, key, make)


def kept_many(
    name: str, keys: Sequence[Key], make: Callable[[Sequence[Key]], Mapping[Key, Value]], *more: Hashable
) -> dict[Key, Value]:
    """Return the values of many things, each kept by itself; those that aren't are made in one go.

    Args:
        name: of the question.
        keys: the things asked for; one of which ``make`` tells nothing is left out of the answer.
        make: asks the database about some of them.
        more: what the values depend on besides, such as language and day.
    """
    begun = _reading.get()
    if begun is None:
        return dict(make(keys))
    return begun.shelf.values(begun.version, {each: (name, each, *more) for each in keys}, make)


@contextmanager
def reading(shelf: Shelf, version: int | None) -> Iterator[None]:
    """Within this, a request reads one version of the content; None where the database doesn't tell which."""
    token = _reading.set(None if version is None else _Reading(shelf, version))
    try:
        yield
    finally:
        _reading.reset(token)


def _shelf_of(app: Flask) -> Shelf | None:
    # None where nothing is kept: tests undo their edits unseen.
    shelf: Shelf | None = app.extensions.get(_EXTENSION)
    return shelf


def init_app(app: Flask, *, keeps: bool) -> Shelf | None:
    """Watch what is written; keep things only where asked to."""
    if not event.contains(db.session, "after_flush", _flushed):
        event.listen(db.session, "after_flush", _flushed)
        event.listen(db.session, "do_orm_execute", _executed)
        event.listen(db.session, "before_commit", _before_commit)
        event.listen(db.session, "after_commit", _after_commit)
        event.listen(db.session, "after_soft_rollback", _rolled_back)
    if not keeps:
        return None
    with app.app_context():
        shelf = app.extensions[_EXTENSION] = Shelf(partial(_look, db.engine))
    return shelf


def _look(engine: Engine) -> int | None:
    try:
        with engine.connect() as connection:
            return connection.scalar(select(ContentVersion.number))
    except SQLAlchemyError:
        # A database that is away or not migrated: the page itself will say so.
        return None


def _flushed(session: Session, context: UOWTransaction) -> None:
    del context
    if _CHANGED in session.info:
        return
    for rows in (session.new, session.dirty, session.deleted):
        if any(getattr(row, "__tablename__", "") in _shown for row in rows):
            session.info[_CHANGED] = False
            return


def _executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if getattr(table, "name", "") in _shown:
            state.session.info.setdefault(_CHANGED, False)


def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.get(_CHANGED) is False:
        session.info[_CHANGED] = True
        # The last statement of its transaction, so that two editors never wait for each other in a ring.
        session.connection().execute(update(ContentVersion).values(number=ContentVersion.number + 1))


def _after_commit(session: Session) -> None:
    if session.info.get(_CHANGED):
        del session.info[_CHANGED]
        shelf = _shelf_of(current_app) if has_app_context() else None
        if shelf is not None:
            shelf.forget()


def _rolled_back(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop(_CHANGED, None)
