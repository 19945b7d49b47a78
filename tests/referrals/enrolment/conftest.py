"""A group with a leader, on a day on which one can enrol."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import anonymous, clock
from tests.factories import catalogue, happenings, people
from themes.happenings.models import Joining

MakeGroup = Callable[..., uuid.UUID]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody in these tests needs three seconds to type."""
    monkeypatch.setattr(anonymous.problem_of, "__kwdefaults__", {"fastest": dt.timedelta(0)})


@pytest.fixture
def day(now: dt.datetime) -> Iterator[time_machine.Traveller]:
    """Stand at the test's time; move on with ``day.shift``."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def leader(database, day) -> User:
    """The leader of the groups, an adviser in a counselling unit."""
    catalogue.foundation()
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox="laatikko@example.org")
    return people.user(Role.ADVISER, units=[unit], name="Olli Ohjaaja", email="olli@example.org")


@pytest.fixture
def editor(leader: User) -> User:
    """Somebody who changes dates."""
    return people.user(Role.CONTENT_EDITOR, name="Eeva Editori")


@pytest.fixture
def make_group(leader: User) -> MakeGroup:
    """Return how a group of the leader's is made: every week, begun a week ago, ended by ``weeks``."""
    leader_id = leader.id

    def make(*, weeks: int = 8, **more: object) -> uuid.UUID:
        first = clock.helsinki_day(clock.now()) - dt.timedelta(days=7)
        rule = happenings.weekly(first, at="08:00", last_day=first + dt.timedelta(weeks=weeks))
        values: dict[str, Any] = {
            "rule": rule,
            "joining": Joining.CONTINUOUS,
            "leader_id": leader_id,
            "capacity": 2,
            **more,
        }
        return happenings.group(**values)

    return make
