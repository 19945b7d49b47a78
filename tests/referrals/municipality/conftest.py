"""An adviser at work: an office with its catchment, and the day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine

from referrals.municipality.models import Catchment
from servicetray.accounts.models import Unit, UnitKind, User
from servicetray.accounts.permissions import Role
from tests.client import Client
from tests.factories import people
from tests.factories.referrals import catchment


@dataclass(frozen=True, kw_only=True)
class Office:
    """A counselling unit, what comes to it, and one of its advisers."""

    unit: Unit
    place: Catchment
    adviser: User


@pytest.fixture
def day(now: dt.datetime) -> Iterator[time_machine.Traveller]:
    """Stand at the test's time; move on with ``day.shift``."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(database, day) -> Office:
    """Kouvola's exercise counselling."""
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta")
    return Office(
        unit=unit,
        place=catchment(unit),
        adviser=people.user(Role.ADVISER, units=[unit], name="Mikko Neuvoja"),
    )


@pytest.fixture
def adviser(client: Client, office: Office) -> Client:
    """Its adviser, signed in."""
    return people.sign_in(client, office.adviser)
