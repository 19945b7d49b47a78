"""A month that is not frozen in time is told to the coordinators, once a day."""

from functools import partial

import pytest
from sqlalchemy import select

from referrals.statistics import monthly, overdue
from referrals.statistics.monthly import freeze
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.jobs import run_once
from servicetray.core.outbox import OutboxMessage
from servicetray.core.periods import Month
from tests.factories import events, people
from tests.factories.events import helsinki

MARCH = helsinki("2026-03-01 00:30")


@pytest.fixture(autouse=True)
def _something_sent(database) -> None:
    del database
    events.sent("2026-02-03 10:00")


def told() -> list[tuple[str, str]]:
    """Return who was told of what."""
    rows = db.session.execute(
        select(OutboxMessage.address, OutboxMessage.context)
        .where(OutboxMessage.template == "figures_overdue")
        .order_by(OutboxMessage.id)
    )
    return [(row.address, row.context["months"]) for row in rows]


def run(now) -> None:
    """Do what the worker would."""
    for period in overdue.due(now):
        run_once(overdue.JOB_NAME, period, partial(overdue.job().work, period, now), now=lambda: now)


def test_a_month_is_overdue_an_hour_after_it_could_have_been_frozen():
    assert monthly.due(MARCH) == ("2026-02",)
    assert monthly.overdue(MARCH) == ()
    assert overdue.due(MARCH) == ()
    assert monthly.overdue(helsinki("2026-03-01 01:05")) == (Month(2026, 2),)


def test_what_was_frozen_by_hand_is_not_overdue():
    with transaction():
        freeze(Month(2026, 2), now=MARCH)
    assert monthly.overdue(helsinki("2026-03-05 12:00")) == ()


def test_coordinators_are_told_once_a_day_for_as_long_as_it_lasts():
    coordinator = people.user(Role.COORDINATOR).email
    people.user(Role.ADMINISTRATOR)
    for moment in ("2026-03-01 01:10", "2026-03-01 15:00", "2026-03-02 00:10"):
        run(helsinki(moment))
    assert told() == [(coordinator, "2/2026"), (coordinator, "2/2026")]
    with transaction():
        freeze(Month(2026, 2), now=helsinki("2026-03-02 09:00"))
    run(helsinki("2026-03-03 09:00"))
    assert len(told()) == 2
