"""A unit whose adviser can be called on Mondays."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest

from referrals.call_times import publishing
from referrals.call_times.publishing import Hours
from referrals.municipality import queries as municipality
from referrals.municipality.queries import Catchment, MeetingForm
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import people
from tests.factories.referrals import catchment

MORNING = Hours(
    weekday=0,
    from_time=dt.time(9),
    until_time=dt.time(10),
    slot_minutes=30,
    capacity=1,
    form=MeetingForm.PHONE,
    place="",
    valid_from=dt.date(2026, 11, 16),
    valid_until=None,
)
"""Mondays 9.00 and 9.30, one client each."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A counselling unit; ids alone, so that it outlives a transaction."""

    id: uuid.UUID
    catchment_id: uuid.UUID
    adviser_id: uuid.UUID

    @property
    def place(self) -> Catchment:
        """Its catchment, read anew."""
        found = municipality.catchment(self.catchment_id)
        assert found is not None
        return found

    def publish(self, hours: Hours = MORNING, *, now: dt.datetime, **changes: Any) -> uuid.UUID:
        with transaction():
            actor = accounts.user(self.adviser_id)
            return publishing.publish_pattern(self.id, replace(hours, **changes), actor=actor, now=now).id


def make_unit() -> Unit:
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta")
    unit_id = unit.id
    adviser_id = people.user(Role.ADVISER, units=[unit], name="Mikko Neuvoja").id
    return Unit(id=unit_id, catchment_id=catchment(unit).id, adviser_id=adviser_id)


@pytest.fixture
def unit(database) -> Unit:
    return make_unit()
