"""Client data at rest: AES-256-GCM, a data key for each controller, wrapped by the master key.

The county and each municipality are controllers of their own records, so each has its own keys
(``county``, ``municipality:286``). A sealed value names its key, so keys can be rotated while old
values stay readable. Blind indexes (HMAC) have a key of their own that rotation does not touch.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from flask import current_app
from sqlalchemy import LargeBinary, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core import clock
from servicetray.core.db import Model, UtcDateTime, db, enum_column
from servicetray.core.settings import Parts, current_settings

COUNTY = "county"
INSTALLATION = "installation"
"""The owner of what belongs to no controller: the root of all fingerprints, kept over a new master key."""
KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
_HEAD = 5
_HELD = "servicetray.data_keys"
_ROOT = "servicetray.fingerprint_root"


class Purpose(StrEnum):
    """What a data key is for."""

    ENCRYPT = "encrypt"
    INDEX = "index"


class DataKey(Model):
    """One data key of one controller, wrapped by the master key (RFC 3394)."""

    __tablename__ = "data_key"
    __table_args__ = (UniqueConstraint("controller", "purpose", "generation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    controller: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    generation: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class UnreadableError(RuntimeError):
    """A sealed value can't be opened: another key, another place, or changed bytes."""


@dataclass(frozen=True, kw_only=True)
class SealedColumn:
    """A column of sealed values. The feature that owns it registers it, so that keys can be renewed."""

    model: type[Model]
    column: str
    """The attribute's name."""
    context_of: Callable[[Any], str]
    """What binds a value to its row, as the feature gives it to ``seal``: row → ``referral:<id>``."""


_registered: dict[tuple[str, str], SealedColumn] = {}


def register(*columns: SealedColumn) -> None:
    """Make sealed columns known; a feature calls it in its ``init_app``. A test finds what was forgotten."""
    for column in columns:
        _registered[column.model.__tablename__, column.column] = column


def sealed_columns() -> Sequence[SealedColumn]:
    """Return every registered column, by table and name."""
    return tuple(column for _, column in sorted(_registered.items()))


def municipality_controller(code: str) -> str:
    """Return the controller's name of a municipality by its code (``286``)."""
    return f"municipality:{code}"


def seal(controller: str, plaintext: bytes, context: str) -> bytes:
    """Encrypt for a controller; ``context`` (``referral:<id>``) binds the value to its row.

    Makes the controller's first key where there is none, so it belongs inside a transaction.
    """
    key_id, key = _newest(controller, Purpose.ENCRYPT)
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = AESGCM(key).encrypt(nonce, plaintext, _bound(controller, context))
    return FORMAT + key_id.to_bytes(4) + nonce + body


def unseal(controller: str, sealed: bytes, context: str) -> bytes:
    """Decrypt what ``seal`` made for the same controller and context.

    Raises:
        UnreadableError: if the key is unknown, or controller, context or bytes differ.
    """
    if sealed[:1] != FORMAT:
        raise UnreadableError
    key = _by_id(int.from_bytes(sealed[1:_HEAD]), controller)
    nonce, body = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, _bound(controller, context))
    # ValueError: so short that not even a nonce is left.
    except (InvalidTag, ValueError) as error:
        raise UnreadableError from error


def key_id_of(sealed: bytes) -> int:
    """Return the id of the data key that a sealed value was made with."""
    return int.from_bytes(sealed[1:_HEAD])


def blind_index(controller: str, name: str, value: str) -> str:
    """Return a keyed fingerprint of a normalised value, for exact match within one controller alone."""
    _, key = _newest(controller, Purpose.INDEX)
    return hmac.new(key, f"{name}\x00{value}".encode(), hashlib.sha256).hexdigest()


def rotate(controller: str, *, now: dt.datetime) -> int:
    """Make a new encryption key for a controller and return its id; older values stay readable."""
    newest = db.session.scalars(
        select(DataKey.generation)
        .where(DataKey.controller == controller, DataKey.purpose == Purpose.ENCRYPT)
        .order_by(DataKey.generation.desc())
        .limit(1)
    ).first()
    return _make(controller, Purpose.ENCRYPT, (newest or 0) + 1, now).id


def keys_at_hand(controllers: Iterable[str]) -> Sequence[DataKey]:
    """Load the keys of controllers at once.

    Hold the answer while unsealing: the session remembers a row only as long as somebody holds it.
    """
    return db.session.scalars(
        select(DataKey).where(DataKey.controller.in_(set(controllers))).order_by(DataKey.id)
    ).all()


def check(row: DataKey) -> None:
    """Unwrap a data key and forget it again.

    Raises:
        UnreadableError: if the master key is another one.
    """
    _unwrap(row.wrapped)


def fingerprint(name: str, value: str) -> str:
    """Return a keyed hash that belongs to the installation, such as an audit row's subject key."""
    return hmac.new(derived_key(name), value.encode(), hashlib.sha256).hexdigest()


def derived_key(name: str) -> bytes:
    """Return a key of the installation for one use (32 bytes); it outlives a renewal of the master key."""
    return HKDFExpand(hashes.SHA256(), KEY_BYTES, info=f"servicetray:{name}".encode()).derive(_root())


def root_of(master: bytes) -> bytes:
    """Return what fingerprints grow from (HKDF-Extract, RFC 5869): it can't be turned back into the key."""
    return hmac.new(bytes(KEY_BYTES), master, hashlib.sha256).digest()


def _root() -> bytes:
    # It never changes in the life of an installation, so each process asks once.
    known: bytes | None = current_app.extensions.get(_ROOT)
    if known is None:
        known = current_app.extensions[_ROOT] = _stored_root() or root_of(current_settings().master_key_bytes)
    return known


def _stored_root() -> bytes | None:
    # A catalogue alone has secrets of its own and may not read the keys.
    if current_settings().parts is Parts.CATALOGUE:
        return None
    row = db.session.scalars(select(DataKey).where(DataKey.controller == INSTALLATION)).first()
    return _unwrap(row.wrapped) if row else None


def _bound(controller: str, context: str) -> bytes:
    return f"{controller}|{context}".encode()


def _newest(controller: str, purpose: Purpose) -> tuple[int, bytes]:
    newest = (
        select(DataKey)
        .where(DataKey.controller == controller, DataKey.purpose == purpose)
        .order_by(DataKey.generation.desc())
        .limit(1)
    )
    row = db.session.scalars(newest).first()
    if row is None:
        try:
            with db.session.begin_nested():
                row = _make(controller, purpose, 1, clock.now())
        except IntegrityError:
            # Another process made the controller's first key a moment ago.
            row = db.session.scalars(newest).one()
    return row.id, _unwrap(row.wrapped)


def _make(controller: str, purpose: Purpose, generation: int, now: dt.datetime) -> DataKey:
    row = DataKey(
        controller=controller,
        purpose=purpose,
        generation=generation,
        wrapped=aes_key_wrap(current_settings().master_key_bytes, secrets.token_bytes(KEY_BYTES)),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _by_id(key_id: int, controller: str) -> bytes:
    session = db.session()
    row = session.get(DataKey, key_id)
    if row is None or row.controller != controller:
        raise UnreadableError
    # The identity map lets go of what nobody holds. Held here, it answers from the second time on in a
    # request: an inbox of 50 reads each key once.
    session.info.setdefault(_HELD, set()).add(row)
    return _unwrap(row.wrapped)


def _unwrap(wrapped: bytes) -> bytes:
    try:
        return aes_key_unwrap(current_settings().master_key_bytes, wrapped)
    except InvalidUnwrap as error:
        raise UnreadableError from error
