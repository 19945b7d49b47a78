"""Changing keys while the site runs: sealing values anew, destroying a key, a new master key.

In this order: ``crypto.rotate`` makes the new key, ``reseal`` brings the old values over, ``retire``
destroys the old key once nothing names it. Each step may be broken off and begun again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import ColumnElement, LargeBinary, func, inspect, select, update

from servicetray.core import crypto
from servicetray.core.crypto import FORMAT, INSTALLATION, DataKey, Purpose, SealedColumn, UnreadableError
from servicetray.core.db import db
from servicetray.core.errors import DomainError

BATCH = 200
SETTLING = dt.timedelta(hours=1)
"""How long a key stays after its successor came: who took it just before has long finished by then."""
_HEAD = 5


class KeyInUseError(DomainError):
    """A key can't be destroyed: values still name it, or may do so in a moment."""

    def __init__(self, key_id: int, *, values: int, wait_until: dt.datetime | None = None) -> None:
        super().__init__(key_id, values, wait_until)
        self.key_id = key_id
        self.values = values
        self.wait_until = wait_until


class MasterKeyError(DomainError):
    """A data key was wrapped by neither of the two master keys."""

    def __init__(self, key_id: int) -> None:
        super().__init__(key_id)
        self.key_id = key_id


@dataclass(frozen=True, kw_only=True)
class KeyState:
    """One data key as the list shows it."""

    id: int
    controller: str
    purpose: Purpose
    generation: int
    created_at: dt.datetime
    newest: bool
    values: int
    """Sealed values that name it; 0 for the keys of blind indexes, which are never counted."""


@dataclass(frozen=True, kw_only=True)
class Resealed:
    """What one batch did."""

    values: int
    unreadable: tuple[str, ...]
    """Rows whose value could not be opened: ``table.column:id``. They stay as they are."""
    last: Any
    """The primary key to go on after; None once the column has been gone through."""


def key_states() -> Sequence[KeyState]:
    """Return every key with the number of values that name it, by controller, purpose and generation."""
    rows = db.session.scalars(
        select(DataKey).order_by(DataKey.controller, DataKey.purpose, DataKey.generation)
    ).all()
    newest = {(row.controller, row.purpose): row.generation for row in rows}
    return tuple(
        KeyState(
            id=row.id,
            controller=row.controller,
            purpose=row.purpose,
            generation=row.generation,
            created_at=row.created_at,
            newest=row.generation == newest[row.controller, row.purpose],
            values=values_of(row.id) if row.purpose is Purpose.ENCRYPT else 0,
        )
        for row in rows
    )


def values_of(key_id: int) -> int:
    """Return how many values in the registered columns are sealed with a key."""
    return sum(
        db.session.scalars(select(func.count()).select_from(each.model).where(_names(each, [key_id]))).one()
        for each in crypto.sealed_columns()
    )


def reseal(column: SealedColumn, *, controller: str, after: Any = None, limit: int = BATCH) -> Resealed:
    """Seal the next batch of a controller's older values in a column with its newest key.

    Compare and set: what somebody changed or erased a moment ago is left to them. The row's version stays,
    since nothing of it has changed for its readers.
    """
    old = older_keys(controller)
    if not old:
        return Resealed(values=0, unreadable=(), last=None)
    key = inspect(column.model).primary_key[0]
    wanted = select(column.model).where(_names(column, old)).order_by(key).limit(limit)
    rows = db.session.scalars(wanted if after is None else wanted.where(key > after)).all()
    values, unreadable, last = 0, [], None
    for row in rows:
        before: bytes = getattr(row, column.column)
        (last,) = inspect(column.model).primary_key_from_instance(row)
        context = column.context_of(row)
        try:
            plain = crypto.unseal(controller, before, context)
        except UnreadableError:
            unreadable.append(f"{column.model.__tablename__}.{column.column}:{last}")
            continue
        values += _replace(column, last, before=before, after=crypto.seal(controller, plain, context))
    return Resealed(values=values, unreadable=tuple(unreadable), last=last if len(rows) == limit else None)


def _replace(column: SealedColumn, row_id: Any, *, before: bytes, after: bytes) -> int:
    key = inspect(column.model).primary_key[0]
    stored = getattr(column.model, column.column)
    done = db.session.scalars(
        update(column.model)
        .where(key == row_id, stored == before)
        .values({stored: after})
        .returning(key)
        .execution_options(synchronize_session=False)
    ).all()
    return len(done)


def retire(key_id: int, *, now: dt.datetime) -> None:
    """Destroy a key that a newer one has replaced and that no value names any more.

    Raises:
        KeyInUseError: if it is the newest, if values name it, or if its successor is younger than an hour.
    """
    row = db.session.get_one(DataKey, key_id, with_for_update=True)
    successor = db.session.scalars(
        select(DataKey)
        .where(
            DataKey.controller == row.controller,
            DataKey.purpose == row.purpose,
            DataKey.generation > row.generation,
        )
        .order_by(DataKey.generation)
        .limit(1)
    ).first()
    values = values_of(key_id)
    if successor is None or row.purpose is not Purpose.ENCRYPT or values:
        raise KeyInUseError(key_id, values=values)
    if successor.created_at + SETTLING > now:
        raise KeyInUseError(key_id, values=0, wait_until=successor.created_at + SETTLING)
    db.session.delete(row)
    db.session.flush()


def older_keys(controller: str) -> Sequence[int]:
    """Return the encryption keys of a controller that a newer one has replaced, oldest first."""
    ids = db.session.scalars(
        select(DataKey.id)
        .where(DataKey.controller == controller, DataKey.purpose == Purpose.ENCRYPT)
        .order_by(DataKey.generation)
    ).all()
    return ids[:-1]


def renew_master(*, old: bytes, new: bytes, now: dt.datetime) -> int:
    """Wrap every data key with a new master key; return how many were still under the old one.

    Fingerprints (subject keys of the log, its seals, the throttle) go on as they were: their root, until now
    taken from the first master key, is stored under the new one. May be repeated.

    Raises:
        MasterKeyError: if a data key is under neither of the two; then nothing is changed.
    """
    rows = db.session.scalars(select(DataKey).order_by(DataKey.id).with_for_update()).all()
    changed = 0
    for row in rows:
        plain = _opened(row, old)
        if plain is None:
            if _opened(row, new) is None:
                raise MasterKeyError(row.id)
            continue
        row.wrapped = aes_key_wrap(new, plain)
        changed += 1
    if not any(row.controller == INSTALLATION for row in rows):
        db.session.add(
            DataKey(
                controller=INSTALLATION,
                purpose=Purpose.INDEX,
                generation=1,
                wrapped=aes_key_wrap(new, crypto.root_of(old)),
                created_at=now,
            )
        )
    db.session.flush()
    return changed


def _opened(row: DataKey, master: bytes) -> bytes | None:
    try:
        return aes_key_unwrap(master, row.wrapped)
    except InvalidUnwrap:
        return None


def _names(column: SealedColumn, key_ids: Sequence[int]) -> ColumnElement[bool]:
    # A value begins with its format and the id of its key: the database finds it without opening any.
    heads = [FORMAT + key_id.to_bytes(_HEAD - 1) for key_id in key_ids]
    head = func.substr(getattr(column.model, column.column), 1, _HEAD, type_=LargeBinary)
    return head.in_(heads)
