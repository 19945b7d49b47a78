"""How a list of work is asked for, ordered, counted and paged: one way for what waits and for what is under way.

Each record says once what its rows are (``Source``); the list, its next page and every count are made of that.
A page begins after the place of a row, so it costs the same wherever it stands, and rows that come, go or move
meanwhile make no other row appear twice or be passed over.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    false,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

LAST_DAY = dt.date.max
"""Where nothing is due, a row stands after all that is."""
_PLACE = re.compile(r"(\d)\.(\d)\.(\d{8})\.(\d)\.(\d{1,17})\.([0-9a-f]{32})")
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Tab(StrEnum):
    """Whose work it is; the value stands in the address."""

    ALL = "kaikki"
    FREE = "vapaat"
    MINE = "omat"
    OTHERS = "muiden"


class Flag(StrEnum):
    """What may be said of a row; the value stands in the address."""

    LATE = "myohassa"
    SOON = "pian"
    REVIEW = "katsottava"
    WRITTEN = "viesti"
    STOP = "lopetuspyynto"
    QUESTION = "kysymys"
    BOOKED = "aika"
    TODAY = "tanaan"


class Segment(IntEnum):
    """The parts of the list, first to last."""

    LATE = 0
    TODAY = 1
    """Whom one has agreed to call or to meet today."""
    FREE = 2
    MINE = 3
    OTHERS = 4


class Place(NamedTuple):
    """Where a row stands in the list; compared field by field, here and by the database."""

    segment: int
    hurry: int
    """0 where the sender asked for soon and the client has not been reached; else 1."""
    due: dt.date
    step: int
    """What is to be called before what has a time, and that before what is under way."""
    sent_at: dt.datetime
    """Of what has a time today, that time; of all else, since when the client waits."""
    id: uuid.UUID

    def __str__(self) -> str:
        micros = (self.sent_at - _BEGINNING) // _MICROSECOND
        return f"{self.segment:d}.{self.hurry}.{self.due.isoformat().replace('-', '')}.{self.step}.{micros}.{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Read what an address carries; what can't be read is no place."""
        match = _PLACE.fullmatch(text)
        if match is None:
            return None
        segment, hurry, due, step, micros, key = match.groups()
        try:
            day = dt.date(int(due[:4]), int(due[4:6]), int(due[6:]))
            sent_at = _BEGINNING + int(micros) * _MICROSECOND
        except (ValueError, OverflowError):
            return None
        return cls(int(segment), int(hurry), day, int(step), sent_at, uuid.UUID(key))


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """From which place on, and which way."""

    place: Place
    backwards: bool = False


@dataclass(frozen=True, kw_only=True)
class Pile:
    """Rows of which the same can be said, and how many they are."""

    tab: Tab
    municipality_code: str
    kind_code: str
    language_code: str
    flags: frozenset[Flag]
    count: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list is asked to show."""

    tab: Tab = Tab.ALL
    municipality_code: str | None = None
    kind_code: str | None = None
    language_code: str | None = None
    """One of ``spoken.CODES``."""
    flags: frozenset[Flag] = frozenset()

    def toggled(self, flag: Flag) -> "Asked":
        """Return the same with one condition more, or less."""
        return replace(self, flags=self.flags ^ {flag})

    @property
    def narrows(self) -> bool:
        """Whether anything besides the tab leaves rows out."""
        return bool(self.flags or self.municipality_code or self.kind_code or self.language_code)

    def counted(self, piles: Iterable[Pile], *, without: frozenset[Flag] = frozenset()) -> int:
        """Return how many rows this list has, those left out of which one of the flags ``without`` is said."""
        return sum(pile.count for pile in piles if self._takes(pile) and not pile.flags & without)

    def _takes(self, pile: Pile) -> bool:
        return (
            self.tab in {Tab.ALL, pile.tab}
            and self.municipality_code in {None, pile.municipality_code}
            and self.kind_code in {None, pile.kind_code}
            and self.language_code in {None, pile.language_code}
            and self.flags <= pile.flags
        )


@dataclass(frozen=True, kw_only=True)
class Source:
    """Rows of one record as a list of work asks about them."""

    rows: FromClause
    base: tuple[ColumnElement[bool], ...]
    """What makes a row work to do, in the reader's own scope."""
    place: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]
    """The columns of a ``Place``, in its order."""
    tab: ColumnElement[str]
    municipality_code: SQLColumnExpression[str]
    kind_code: SQLColumnExpression[str]
    language_code: SQLColumnExpression[str]
    signs: Mapping[Flag, ColumnElement[bool]]
    """When a flag is said of a row; one that is not there is never said."""

    def places(self, asked: Asked, *, cursor: Cursor | None, limit: int) -> Select[Any]:
        """Return the question for the places of a page, nearest to the cursor first."""
        backwards = cursor is not None and cursor.backwards
        statement: Select[Any] = (
            select(*(column.label(name) for name, column in zip(Place._fields, self.place, strict=True)))
            .select_from(self.rows)
            .where(*self.base, *self._where(asked))
            .order_by(*(column.desc() if backwards else column for column in self.place))
            .limit(limit)
        )
        if cursor is None:
            return statement
        here = tuple_(
            *(literal(value, column.type) for value, column in zip(cursor.place, self.place, strict=True))
        )
        this = tuple_(*self.place)
        return statement.where(this < here if backwards else this > here)

    def piles(self) -> Select[Any]:
        """Return the question for all piles: every count of the list comes from its answer."""
        described = (
            select(
                self.tab.label("tab"),
                self.municipality_code.label("municipality_code"),
                self.kind_code.label("kind_code"),
                self.language_code.label("language_code"),
                *(sign.label(flag.name) for flag, sign in self.signs.items()),
            )
            .select_from(self.rows)
            .where(*self.base)
            .subquery()
        )
        return select(*described.c, func.count().label("rows_in_it")).group_by(*described.c)

    def read(self, rows: Iterable[Any]) -> tuple[Pile, ...]:
        """Return the answer to ``piles``."""
        return tuple(
            Pile(
                tab=Tab(row.tab),
                municipality_code=row.municipality_code,
                kind_code=row.kind_code,
                language_code=row.language_code,
                flags=frozenset(flag for flag in self.signs if getattr(row, flag.name)),
                count=row.rows_in_it,
            )
            for row in rows
        )

    def _where(self, asked: Asked) -> Sequence[ColumnElement[bool]]:
        conditions = [self.signs.get(flag, false()) for flag in Flag if flag in asked.flags]
        if asked.tab is not Tab.ALL:
            conditions.append(self.tab == asked.tab.value)
        if asked.municipality_code is not None:
            conditions.append(self.municipality_code == asked.municipality_code)
        if asked.kind_code is not None:
            conditions.append(self.kind_code == asked.kind_code)
        if asked.language_code is not None:
            conditions.append(self.language_code == asked.language_code)
        return conditions
