"""A database with very many referrals: a few made as people make them, the others copied inside the database.

Most have ended. One adviser has 60 open cases and 40 referrals waiting, another a thousand waiting, whatever the
size; half a percent of all are open elsewhere. Copies carry an unreadable content of the usual length: it is
never shown. The rows that are shown are real.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text

from referrals import handover
from referrals.county import queries as county
from referrals.county.models import Consent, Referral
from referrals.moves import ContactChannel, Outcome, Who
from referrals.municipality import operations
from referrals.municipality.models import Attempt, AttemptResult, Case, CaseHistory
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import catchment, professional, sent

PLACES = 40
OPEN, WAITING, CROWD, SHOWN = 60, 40, 1_000, 60
OPEN_SHARE = 200
"""One of so many is open."""
COPIED = (Referral, Consent, Case, CaseHistory, Attempt)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Who reads, and what they open."""

    adviser: User
    crowded: User
    waiting_id: uuid.UUID
    case_id: uuid.UUID


def fill(size: int, *, owner_url: str) -> Readers:
    """Fill an empty database with about ``size`` referrals.

    Args:
        size: how many, beside those that are made one by one.
        owner_url: the address of the database for a role that may write to every table.
    """
    now = clock.now()
    sqlite = db.engine.dialect.name == "sqlite"
    if sqlite:
        # Only while it is filled: nobody waits for what is thrown away.
        raw = db.engine.raw_connection()
        raw.cursor().execute("PRAGMA synchronous = off")
        raw.close()
    units = [
        people.unit(UnitKind.COUNSELLING, name=f"Neuvonta {number}", municipality_code=f"{100 + number}")
        for number in range(PLACES)
    ]
    # A municipality has one way for each kind.
    places = [catchment(unit, municipality_code=unit.municipality_code or "") for unit in units]
    place_ids = [place.id for place in places]
    adviser = people.user(Role.ADVISER, units=[units[0]])
    crowded = people.user(Role.ADVISER, units=[units[1]])
    away = people.user(Role.ADVISER, units=[units[2]])
    sender = professional()

    def one(place: int, number: int, *, handler: User | None = None, ended: bool = False) -> tuple[Any, Any]:
        at = now - (number % 15) * DAY
        referral = sent(places[place], now=at, sender=sender, last_name=f"Asiakas{number}")
        referral_id = referral.id
        return referral_id, _taken(referral_id, handler, ended=ended, now=now) if handler else None

    ended = one(2, 0, handler=away, ended=True)
    under_way = one(2, 1, handler=away)
    shares = {"closed": size - size // OPEN_SHARE, "open": size // OPEN_SHARE}
    engine = create_engine(owner_url)
    _teach(engine)
    if sqlite:
        db.session.remove()
        db.engine.dispose()
    with engine.begin() as connection:
        put_back = _without_indexes(connection)
        _copy(connection, "closed", *ended, count=shares["closed"], places=place_ids)
        # Those that are open stand with other units: this adviser's work is the same in every size.
        _copy(connection, "open", *under_way, count=shares["open"], places=place_ids[2:])
        for index in put_back:
            connection.execute(text(index))
    if not sqlite:
        # As PostgreSQL does by itself after a while; SQLite is left without statistics, as an installation is.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    db.session.add_all([*places, adviser, crowded, sender])
    case_id, *_others = [one(0, number, handler=adviser)[1] for number in range(OPEN)]
    waiting_id, *_rest = [one(0, number)[0] for number in range(WAITING)]
    for number in range(SHOWN):
        one(0, number, handler=adviser, ended=True)
    for number in range(CROWD):
        one(1, number)
    readers = Readers(adviser=_kept(adviser), crowded=_kept(crowded), waiting_id=waiting_id, case_id=case_id)
    for person in (readers.adviser, readers.crowded):
        db.session.expunge(person)
    db.session.remove()
    db.engine.dispose()
    return readers


def _kept(person: User) -> User:
    return db.session.get_one(User, person.id)


def _taken(referral_id: uuid.UUID, handler: User, *, ended: bool, now: dt.datetime) -> uuid.UUID:
    handler_id = handler.id
    with transaction():
        row, actor = county.referral(referral_id, lock=True), accounts.user(handler_id)
        assert row is not None
        assert actor is not None
        case = handover.accept(row, who=Who.ADVISER, actor=actor, now=now)
        operations.log_attempt(
            case,
            channel=ContactChannel.PHONE,
            result=AttemptResult.NO_ANSWER,
            note="",
            actor=actor,
            now=now,
        )
        if ended:
            handover.close(case, outcome=Outcome.DID_NOT_WANT, who=Who.ADVISER, actor=actor, now=now)
        return case.id


def _teach(engine: Engine) -> None:
    """Give SQLite a function to make ids with, and spare it the waiting for the disk."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.create_function("id_of", 1, _id_of, deterministic=True)
        for pragma in (
            "journal_mode = off",
            "synchronous = off",
            "foreign_keys = off",
            "cache_size = -200000",
        ):
            connection.execute(f"PRAGMA {pragma}")


def _without_indexes(connection: Connection) -> list[str]:
    """Drop the indexes of SQLite's large tables, and return how they are made: sorted at once it is much faster."""
    if connection.dialect.name != "sqlite":
        return []
    names = [_table(model).name for model in COPIED]
    rows = connection.execute(
        text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    ).all()
    found = [row for row in rows if row.tbl_name in names]
    for row in found:
        connection.execute(text(f'DROP INDEX "{row.name}"'))
    return [row.sql for row in found]


def _id_of(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def _copy(
    connection: Connection,
    what: str,
    referral_id: uuid.UUID,
    case_id: uuid.UUID,
    *,
    count: int,
    places: list[uuid.UUID],
) -> None:
    """Copy one referral with its consent, case, history and attempts so many times."""
    sqlite = connection.dialect.name == "sqlite"

    def key(prefix: str) -> str:
        return f"id_of('{what}{prefix}' || n)" if sqlite else f"md5('{what}{prefix}' || n)::uuid"

    def earlier(column: str) -> str:
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f', t.{column}, '-' || (86400 + n * 7) || ' seconds') || '000'"
        return f"t.{column} - interval '1 day' - n * interval '7 seconds'"

    names = [f"'{each.hex}'" if sqlite else f"'{each}'::uuid" for each in places]
    place = "CASE n % {} {} END".format(
        len(names), " ".join(f"WHEN {number} THEN {name}" for number, name in enumerate(names))
    )
    blob = "zeroblob(900)" if sqlite else r"decode(repeat('00', 900), 'hex')"
    change: Callable[[Table, dict[str, str], str], None] = _copying(connection, count)
    change(
        _table(Referral),
        {
            "id": key("r"),
            "reference": f"'{what[0]}' || n",
            "form_key": _numbered(what, sqlite=sqlite),
            "person_index": f"{key('p')}" if sqlite else "md5('p' || n)",
            "catchment_id": place,
            "sent_at": earlier("sent_at"),
            "clock_from": earlier("clock_from"),
            "sealed": blob,
        },
        f"t.id = {_literal(referral_id, sqlite=sqlite)}",
    )
    ids = {"referral_id": key("r")}
    change(_table(Consent), ids, f"t.referral_id = {_literal(referral_id, sqlite=sqlite)}")
    of_case = f"t.case_id = {_literal(case_id, sqlite=sqlite)}"
    change(
        _table(Case),
        {
            **ids,
            "id": key("c"),
            "reference": f"'{what[0]}' || n",
            "catchment_id": place,
            "sent_at": earlier("sent_at"),
            "closed_at": earlier("closed_at"),
            "sealed": blob,
        },
        f"t.id = {_literal(case_id, sqlite=sqlite)}",
    )
    change(_table(CaseHistory), {"case_id": key("c")}, of_case)
    change(_table(Attempt), {"case_id": key("c")}, of_case)


def _copying(connection: Connection, count: int) -> Callable[[Table, dict[str, str], str], None]:
    """Return how to copy rows of a table ``count`` times with some columns changed (SQL, with ``n``)."""
    numbers = (
        f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"  # noqa: S608 - a number of our own
        if connection.dialect.name == "sqlite"
        else f"(SELECT n FROM generate_series(1, {count}) AS s(n))"  # noqa: S608 - a number of our own
    )

    def change(table: Table, columns: dict[str, str], which: str) -> None:
        # A number that the database gives out itself is left to it.
        names = [
            column.name
            for column in table.columns
            if column.name in columns or not (column.primary_key and column.autoincrement is True)
        ]
        names = [name for name in names if name != "id" or name in columns]
        values = ", ".join(columns.get(name, f't."{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        connection.execute(
            text(
                f"INSERT INTO {table.name} ({listed}) SELECT {values}"  # noqa: S608 - our own names alone
                f" FROM {table.name} AS t, {numbers} AS numbers WHERE {which}"
            )
        )

    return change


def _table(model: Any) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _numbered(what: str, *, sqlite: bool) -> str:
    return (
        f"printf('{what[0].encode().hex()}%030x', n)"
        if sqlite
        else f"('{what[0].encode().hex()}' || lpad(to_hex(n), 30, '0'))::uuid"
    )


def _literal(key: uuid.UUID, *, sqlite: bool) -> str:
    return f"'{key.hex}'" if sqlite else f"'{key}'::uuid"
