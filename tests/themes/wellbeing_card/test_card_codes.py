"""The wellbeing card's short code: public ids, 90 days, and not to be guessed."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import inspect, select

from servicetray.core.db import db, transaction
from themes.wellbeing_card.models import CardCode
from themes.wellbeing_card.operations import (
    ALPHABET,
    KEPT,
    LENGTH,
    MOST,
    TRIES,
    CardIds,
    EmptyCardError,
    FullCardError,
    TooManyTriesError,
    card_of,
    erase_expired,
    make_code,
)

pytestmark = pytest.mark.usefixtures("database")

HERE = "192.0.2.10"


def made(now: dt.datetime, **ids: object) -> tuple[str, CardIds]:
    """Make a card's code."""
    on_it = CardIds(**(ids or {"services": (uuid.uuid4(), uuid.uuid4()), "themes": ("liikunta",)}))  # type: ignore[arg-type]  # any field, by its name
    with transaction():
        return make_code(on_it, now=now), on_it


def looked_up(code: str, now: dt.datetime, address: str = HERE) -> CardIds | None:
    with transaction():
        return card_of(code, address=address, now=now)


def test_a_code_gives_back_what_was_picked_in_its_order_however_it_is_typed(now):
    code, ids = made(now)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    for typed in (code, code.lower(), f" {code[:4]} {code[4:]} ", f"{code[:4]}-{code[4:]}"):
        assert looked_up(typed, now) == ids


def test_the_row_holds_ids_and_an_end_and_nothing_else(now):
    code, _ids = made(now)
    assert {column.key for column in inspect(CardCode).columns} == {
        "code_hash",
        "services",
        "themes",
        "expires_at",
    }
    row = db.session.scalars(select(CardCode)).one()
    assert code not in str(vars(row))


def test_a_code_lives_for_ninety_days_and_is_then_erased(now):
    code, ids = made(now)
    end = now + KEPT
    assert end - now == dt.timedelta(days=90)
    assert looked_up(code, end - dt.timedelta(seconds=1)) == ids
    assert looked_up(code, end) is None
    assert erase_expired(end - dt.timedelta(seconds=1)) == 0
    assert erase_expired(end) == 1
    assert db.session.scalars(select(CardCode)).all() == []


def test_a_card_is_neither_empty_nor_a_catalogue(now):
    with pytest.raises(EmptyCardError):
        made(now, services=())
    with pytest.raises(FullCardError):
        made(now, services=tuple(uuid.uuid4() for _ in range(MOST + 1)))


def test_guessing_from_one_address_stops_and_others_go_on(now):
    code, ids = made(now)
    for number in range(TRIES):
        assert looked_up(f"WRNG{number:04}", now) is None
    with pytest.raises(TooManyTriesError):
        looked_up(code, now)
    assert looked_up(code, now, address="192.0.2.11") == ids
    assert looked_up(code, now + dt.timedelta(minutes=11)) == ids
