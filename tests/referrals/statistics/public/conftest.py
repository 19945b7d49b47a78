"""Two published years: one that is over, with small months of culture, and the beginning of the next."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from referrals.kinds.operations import load_seed
from referrals.moves import EventName, Outcome
from referrals.statistics.monthly import freeze
from referrals.statistics.publication.operations import publish
from servicetray.core.db import transaction
from servicetray.core.periods import Month, months_between
from tests import database as databases
from tests.factories import events, people

NOW = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)
THRESHOLD = 5
CULTURE = (12, 9, 8, 7, 9, 3, 2, 6, 7, 8, 9, 6)
"""Referrals of the months of 2025: June and July are small."""


def published(first: Month, last: Month) -> None:
    """Freeze months and publish each."""
    for month in months_between(first, last):
        with transaction():
            freeze(month, now=NOW)
            publish(month, now=NOW, threshold=THRESHOLD)


def begin() -> None:
    """Make the county's kinds and three of its municipalities, one of them small."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    small = people.municipality("489", "Miehikkälä")
    with transaction() as session:
        load_seed()
        session.add(small)
        small.population = 1900


@pytest.fixture(scope="module")
def two_years(app: Flask) -> Iterator[None]:
    """A year that is over and the first month of the next, published month by month; made once a module."""
    with databases.undone(app):
        begin()
        for month, number in enumerate(CULTURE, start=1):
            events.sent(f"2025-{month:02}-11 10:00", times=number, kind="culture")
        for month in range(7, 13):
            events.sent(f"2025-{month:02}-10 10:00", times=20)
            events.sent(f"2025-{month:02}-10 11:00", times=7, municipality="075")
        for number in range(60):
            events.event(EventName.ACCEPTED, "2025-10-12 10:00", working_days=2 + number % 6)
            events.event(EventName.FIRST_CONTACT, "2025-10-20 10:00", working_days=4 + number % 9)
        for _ in range(40):
            events.event(EventName.STARTED, "2025-11-12 10:00")
        for _ in range(30):
            events.event(EventName.CLOSED, "2025-12-12 10:00", outcome=Outcome.COMPLETED)
        events.sent("2026-01-20 10:00", times=31)
        published(Month(2025, 1), Month(2026, 1))
        yield


@pytest.fixture
def database(app: Flask, request: pytest.FixtureRequest) -> Iterator[scoped_session[Session]]:
    """The test's session: on the two years, if the test is about them."""
    within = "two_years" in request.fixturenames
    with (databases.undone_within if within else databases.undone)(app) as session:
        yield session


@pytest.fixture
def kinds(database: scoped_session[Session]) -> None:
    """The kinds and municipalities, before anything was published."""
    del database
    begin()
