"""Standing in for an absent adviser: where they work, and what they find there."""

import pytest

from referrals.municipality import queries
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.models import Absence
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import transaction
from tests.factories import people
from tests.factories.referrals import absence, catchment
from tests.referrals.scenes import DAY, user

pytestmark = pytest.mark.usefixtures("database")


def test_a_substitute_works_where_they_stand_in(now):
    place = catchment()
    other_id = people.user(Role.ADVISER, units=[people.unit(UnitKind.COUNSELLING, name="Muu neuvonta")]).id
    row_id, place_id = absence(place, first_day=now.date(), last_day=now.date()).id, place.id
    with transaction() as session:
        session.get_one(Absence, row_id).substitute_id = other_id
    assert queries.deputised(other_id, on=now.date()) == {place_id}
    assert queries.works_in(user(other_id), place_id, on=now.date())
    assert not queries.works_in(user(other_id), place_id, on=now.date() + DAY)


def test_a_substitute_finds_the_referrals_where_they_stand_in():
    place = catchment()
    other_id = people.user(Role.ADVISER, units=[people.unit(UnitKind.COUNSELLING, name="Muu neuvonta")]).id
    today = clock.helsinki_day(clock.now())
    row_id, place_id = absence(place, first_day=today, last_day=today).id, place.id
    assert place_id not in scope_of(user(other_id)).catchment_ids
    with transaction() as session:
        session.get_one(Absence, row_id).substitute_id = other_id
    found = scope_of(user(other_id))
    assert place_id in found.catchment_ids
    assert place_id not in found.led
