"""Codes for clients: made, replaced, refused, ended."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from referrals.client import codes, erasing, operations
from referrals.client.models import ClientCode
from referrals.client.operations import ProtectedClientError
from referrals.moves import Who
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from tests.factories.referrals import catchment, sent
from tests.referrals import scenes

NOW = dt.datetime(2026, 11, 17, 8, 0, tzinfo=dt.UTC)
YEAR = 1948


def made(referral_id: uuid.UUID, *, now: dt.datetime = NOW) -> str:
    with transaction():
        return operations.make_code(referral_id, actor=None, now=now)


def opens(code: str, year: int = YEAR) -> bool:
    with transaction():
        return codes.check(code, year, now=NOW) is not None


def actions() -> list[Action]:
    return list(db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all())


def test_a_code_opens_with_its_year_however_it_is_typed(database):
    code = made(scenes.scene("sent", now=NOW).referral_id)
    assert len(code) == codes.LENGTH
    assert not set(code) & set("0O1I")
    for typed in (code, code.lower(), codes.written(code), f" {code[:3]} {code[3:7]}–{code[7:]} "):
        assert opens(typed), typed
    assert not opens(code, YEAR + 1)
    assert not opens("23456789AB")


def test_nothing_stored_opens_anything(database):
    code = made(scenes.scene("sent", now=NOW).referral_id)
    row = db.session.scalars(select(ClientCode)).one()
    assert code not in {row.code_hash, row.year_hash}
    assert not opens(row.code_hash)


def test_a_new_code_ends_the_earlier_one(database):
    referral_id = scenes.scene("accepted", now=NOW).referral_id
    first, second = made(referral_id), made(referral_id)
    assert not opens(first)
    assert opens(second)
    assert actions().count(Action.CLIENT_CODE_MADE) == 2


def test_a_protected_client_gets_none(database):
    referral_id = sent(catchment(), now=NOW, protected=True).id
    with pytest.raises(ProtectedClientError):
        made(referral_id)


def test_nothing_opens_after_a_withdrawal_or_after_erasing(database):
    it = scenes.scene("accepted", now=NOW)
    code = made(it.referral_id)
    scenes.withdrawn(it, who=Who.SENDER, now=NOW)
    assert not opens(code)
    with pytest.raises(NotFoundError):
        made(it.referral_id)
    with transaction():
        erasing.erase_of_referrals([it.referral_id])
    assert db.session.scalars(select(ClientCode)).all() == []


def test_too_many_wrong_years_end_a_code(database):
    code = made(scenes.scene("sent", now=NOW).referral_id)
    for year in range(1900, 1900 + codes.MOST_WRONG):
        assert not opens(code, year)
    assert not opens(code)


def test_a_wrong_code_and_a_wrong_year_take_the_same_statements(database, query_budget):
    code = made(scenes.scene("sent", now=NOW).referral_id)
    opens("23456789AB")
    shapes = []
    for typed, year in (("23456789AB", YEAR), (code, YEAR + 1)):
        with query_budget(20) as sent_statements:
            opens(typed, year)
        shapes.append([statement.split()[0] for statement in sent_statements])
    assert shapes[0] == shapes[1]
