"""Every page of the queue has something to show, made by the operations that the pages call."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import scoped_session

from referrals.breaches.models import Breach
from referrals.client.models import ClientMessage, MessageKind
from referrals.county.models import Consent, Origin, Referral
from referrals.demonstration import people as invented
from referrals.demonstration import scenes, units
from referrals.holds.models import LegalHold
from referrals.moves import ReferralStatus
from referrals.questions.models import ReferralQuestion
from referrals.statistics.models import StatisticsEvent
from referrals.transfers.models import TransferOffer
from referrals.undelivered import queries as undelivered
from servicetray.accounts import queries as accounts
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.clock import HELSINKI
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState, OutboxMessage
from tests import database as databases
from tests.referrals.demonstration.ground import installation

NOON = dt.datetime(2026, 2, 26, 12, 0, tzinfo=HELSINKI).astimezone(dt.UTC)


@pytest.fixture(scope="module")
def played(app: Flask) -> Iterator[None]:
    """The scenes, played once a module."""
    with databases.undone(app):
        installation()
        with transaction():
            units.load(today=clock.helsinki_day(NOON))
            invented.load(now=NOON)
        with transaction():
            scenes.load(now=NOON)
        yield


@pytest.fixture(autouse=True)
def database(app: Flask, played: None) -> Iterator[scoped_session[Session]]:
    """The test's session on what they left."""
    del played
    with databases.undone_within(app) as session:
        yield session


def count(*where: ColumnElement[bool]) -> int:
    """Return how many referrals are such."""
    return db.session.scalar(select(func.count()).select_from(Referral).where(*where)) or 0


def test_there_is_one_of_each_thing_to_show():
    assert {row.closed_at is None for row in db.session.scalars(select(Breach))} == {True, False}
    assert db.session.scalar(select(func.count()).select_from(LegalHold)) == 2
    assert {row.answered_at is None for row in db.session.scalars(select(ReferralQuestion))} == {True, False}
    assert {row.ended_at is None for row in db.session.scalars(select(TransferOffer))} == {True, False}
    assert {row.kind for row in db.session.scalars(select(ClientMessage))} == set(MessageKind)
    assert {row.origin for row in db.session.scalars(select(Referral))} >= set(Origin)
    assert count(Referral.protected.is_(True)) == 1
    assert count(Referral.practice.is_(True)) == 2
    assert count(Referral.status == ReferralStatus.RETURNED) == 1
    assert count(Referral.stop_requested_at.is_not(None)) == 1
    assert {row.giver for row in db.session.scalars(select(Consent))} == {
        "client",
        "guardian",
        "representative",
    }


def test_what_happened_is_told_in_order_and_none_of_it_today():
    # Accounts are made when the demonstration is.
    told = db.session.scalars(
        select(AuditRow.at).where(AuditRow.object_type != "user").order_by(AuditRow.id)
    ).all()
    assert list(told) == sorted(told)
    assert max(told) < clock.day_start(clock.helsinki_day(NOON))


def test_the_lead_sees_the_one_letter_that_did_not_leave():
    states = db.session.scalars(select(OutboxMessage.state)).all()
    assert set(states) == {MessageState.SENT, MessageState.CANCELLED, MessageState.FAILED}
    lead = accounts.user_by_email("tiina.harju@example.org")
    assert lead is not None
    (unsent,) = undelivered.unsent_for(lead, language="fi", now=NOON)
    assert unsent.given_up


def test_practice_is_not_counted():
    counted = set(db.session.scalars(select(StatisticsEvent.referral_id)))
    practised = set(db.session.scalars(select(Referral.id).where(Referral.practice.is_(True))))
    assert practised
    assert not counted & practised
