"""Client data at rest: sealed for one controller and one place, under keys that can be rotated."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from servicetray.core import crypto
from servicetray.core.crypto import COUNTY, DataKey, Purpose, UnreadableError, municipality_controller
from servicetray.core.db import db, transaction

pytestmark = pytest.mark.usefixtures("database")
KOUVOLA = municipality_controller("286")


def seal(controller: str = COUNTY, text: str = "Aino Harjula", context: str = "referral:1") -> bytes:
    """Seal a text in a transaction of its own."""
    with transaction():
        return crypto.seal(controller, text.encode(), context)


def test_sealed_text_comes_back_and_shows_nothing(app: Flask) -> None:
    """What is stored is not the text, and differs each time."""
    sealed = seal()
    assert crypto.unseal(COUNTY, sealed, "referral:1") == b"Aino Harjula"
    assert b"Aino" not in sealed
    assert sealed != seal()
    del app


@pytest.mark.parametrize(
    ("controller", "context"), [(KOUVOLA, "referral:1"), (COUNTY, "referral:2"), (COUNTY, "case:1")]
)
def test_sealed_text_opens_for_its_controller_and_place_alone(controller: str, context: str) -> None:
    """A value copied to another row or to another controller's table is unreadable."""
    sealed = seal()
    with pytest.raises(UnreadableError):
        crypto.unseal(controller, sealed, context)


def test_changed_byte_is_noticed() -> None:
    """Whoever edits the database by hand is found out."""
    sealed = bytearray(seal())
    sealed[-1] ^= 1
    with pytest.raises(UnreadableError):
        crypto.unseal(COUNTY, bytes(sealed), "referral:1")


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key(now: dt.datetime) -> None:
    """Rotation loses nothing, and changes no blind index."""
    before = seal()
    with transaction():
        index = crypto.blind_index(COUNTY, "person", "harjula|aino|1951")
        new_key = crypto.rotate(COUNTY, now=now)
    after = seal()
    assert crypto.unseal(COUNTY, before, "referral:1") == crypto.unseal(COUNTY, after, "referral:1")
    assert crypto.key_id_of(after) == new_key != crypto.key_id_of(before)
    assert crypto.blind_index(COUNTY, "person", "harjula|aino|1951") == index


def test_blind_index_can_not_be_compared_between_controllers() -> None:
    """Two controllers can't find out by their indexes that they know the same person."""
    with transaction():
        county = crypto.blind_index(COUNTY, "person", "harjula|aino|1951")
        kouvola = crypto.blind_index(KOUVOLA, "person", "harjula|aino|1951")
    assert county != kouvola


def test_each_controller_has_keys_of_its_own_for_each_purpose() -> None:
    """Encrypting and indexing never share a key."""
    seal()
    seal(KOUVOLA)
    with transaction():
        crypto.blind_index(COUNTY, "person", "x")
    keys = db.session.execute(select(DataKey.controller, DataKey.purpose, DataKey.wrapped)).all()
    known = {(key.controller, key.purpose) for key in keys}
    assert {(COUNTY, Purpose.ENCRYPT), (KOUVOLA, Purpose.ENCRYPT), (COUNTY, Purpose.INDEX)} <= known
    assert len({bytes(key.wrapped) for key in keys}) == len(keys)


@pytest.mark.parametrize("length", [0, 3, 5, 9, 16])
def test_cut_off_value_is_unreadable_not_a_fault(length: int) -> None:
    """However little is left of it."""
    with pytest.raises(UnreadableError):
        crypto.unseal(COUNTY, seal()[:length], "referral:1")
