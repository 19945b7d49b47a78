"""Loading the demonstration: once, and a day later one day more."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from referrals.county import queries as county
from referrals.county.models import Referral, ReferralHistory
from referrals.demonstration import loading, planning
from referrals.demonstration.people import PEOPLE
from referrals.moves import CaseStatus, MoveCode, ReferralStatus
from referrals.municipality import operations as municipality
from referrals.municipality.models import Case
from referrals.statistics import queries as statistics
from referrals.statistics.monthly import freeze
from servicetray.accounts import queries as accounts
from servicetray.core.clock import HELSINKI
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month, Period
from tests import database as databases
from tests.referrals.demonstration.ground import installation, load

FIRST = dt.date(2026, 2, 2)
NOON = dt.datetime(2026, 2, 26, 12, 0, tzinfo=HELSINKI).astimezone(dt.UTC)
FEBRUARY = Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def first_weeks(app: Flask) -> Iterator[list[str]]:
    """A demonstration that began only weeks ago, loaded once a module; what it said."""
    with databases.undone(app), pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "START", FIRST)
        installation()
        yield load(NOON)


@pytest.fixture
def database(app: Flask, first_weeks: list[str]) -> Iterator[scoped_session[Session]]:
    """The test's session on it."""
    del first_weeks
    with databases.undone_within(app) as session:
        yield session


@pytest.mark.usefixtures("database")
def test_the_first_weeks_can_be_read_and_worked_on(first_weeks):
    assert any(line.startswith("Referrals:") for line in first_weeks)
    rows = db.session.scalars(select(Referral).order_by(Referral.sent_at)).all()
    statuses = Counter(row.status for row in rows)
    assert statuses[ReferralStatus.SENT] >= 2 * len(planning.open_windows(NOON.date()))
    assert statuses[ReferralStatus.ACCEPTED] > 0
    for row in rows:
        content = county.content_of(row)
        assert content.name
        assert content.birth_year <= 2026
        moves = db.session.scalars(
            select(ReferralHistory).where(ReferralHistory.referral_id == row.id).order_by(ReferralHistory.id)
        ).all()
        # What another municipality took over begins there.
        assert moves[0].move in {MoveCode.R1, MoveCode.R13}
        assert moves[-1].to_status is row.status
    for case in db.session.scalars(select(Case)):
        copied = municipality.content_of(case)
        assert copied is not None
        assert copied.name


@pytest.mark.usefixtures("database")
def test_every_inbox_has_a_new_a_late_a_tried_and_an_agreed_one():
    today = NOON.date()
    for window in planning.open_windows(today):
        waiting = db.session.scalars(
            select(Referral).where(Referral.catchment_id == window.id, Referral.status == ReferralStatus.SENT)
        ).all()
        assert any(row.claim_due_on < today for row in waiting)
        assert any(row.claim_due_on >= today for row in waiting)
        statuses = set(db.session.scalars(select(Case.status).where(Case.catchment_id == window.id)))
        assert {CaseStatus.CONTACTING, CaseStatus.SCHEDULED} <= statuses


@pytest.mark.usefixtures("database")
def test_a_second_time_adds_nothing_and_the_next_day_only_that_day():
    before = {row.id: row.status for row in db.session.scalars(select(Referral))}
    load(NOON)
    assert {row.id: row.status for row in db.session.scalars(select(Referral))} == before
    for _ in range(3):
        load(NOON + 3 * DAY)
    after = db.session.scalars(select(Referral)).all()
    added = [row for row in after if row.id not in before]
    assert added
    assert all(row.sent_at.date() >= NOON.date() for row in added)
    assert len(after) == len(before) + len(added)


@pytest.mark.usefixtures("database")
def test_a_frozen_month_is_not_added_to():
    later = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
    with transaction():
        freeze(Month(2026, 2), now=later)
    before = statistics.figures(FEBRUARY, kind="exercise").total
    load(later)
    assert statistics.figures(FEBRUARY, kind="exercise").total == before
    assert statistics.figures(Period(dt.date(2026, 3, 1), dt.date(2026, 3, 3)), kind="exercise").total > 0
    with transaction():
        freeze(Month(2026, 3), now=dt.datetime(2026, 4, 2, tzinfo=dt.UTC))


@pytest.mark.usefixtures("database")
def test_each_role_has_an_account():
    for person in PEOPLE:
        account = accounts.user_by_email(person.email)
        assert account is not None
        assert {grant.role for grant in account.grants} == {role for role, _ in person.grants}
