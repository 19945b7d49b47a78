"""Assigning a case to somebody else (C10), and accepting for them."""

import pytest

from referrals import handover
from referrals.moves import MoveCode, MoveRefused, Who
from referrals.municipality import operations, queries
from referrals.municipality.operations import NotAWorkerError
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import people
from tests.referrals.handover.moving import fresh, held, letters
from tests.referrals.scenes import locked, scene, user

pytestmark = pytest.mark.usefixtures("database")


def test_a_case_is_handed_over_and_its_history_says_from_whom(now):
    it = fresh(now)
    other_id = people.user(Role.ADVISER, units=[it.unit], name="Oona Ohjaaja").id
    with transaction():
        operations.assign(held(it), to=user(other_id), who=Who.ADVISER, actor=user(it.adviser.id), now=now)
    row = queries.history_of(it.case().id)[-1]
    assert (row.move, row.from_handler_id, row.to_handler_id) == (MoveCode.C10, it.adviser.id, other_id)
    assert it.case().handler_id == other_id
    assert [letter.address for letter in letters("case_handed_over")] == [user(other_id).email]
    with pytest.raises(MoveRefused), transaction():
        # No longer their own.
        operations.assign(
            held(it), to=user(it.adviser.id), who=Who.ADVISER, actor=user(it.adviser.id), now=now
        )


@pytest.mark.parametrize("whom", ["elsewhere", "left", "no_adviser"])
def test_a_case_goes_to_somebody_who_works_there(now, whom):
    it = fresh(now)
    unit = people.unit(UnitKind.COUNSELLING, name="Muu neuvonta") if whom == "elsewhere" else it.unit
    role = Role.PROFESSIONAL if whom == "no_adviser" else Role.ADVISER
    other_id = people.user(role, units=[unit]).id
    with transaction():
        user(other_id).active = whom != "left"
    with pytest.raises(NotAWorkerError), transaction():
        operations.assign(held(it), to=user(other_id), who=Who.LEAD, actor=user(it.adviser.id), now=now)


def test_a_protected_case_is_its_new_adviser_s_alone(now):
    it = fresh(now)
    with transaction():
        held(it).protected = True
    other_id = people.user(Role.ADVISER, units=[it.unit]).id
    lead_id = people.user(Role.MUNICIPAL_LEAD, units=[it.unit]).id
    places = [it.case().catchment_id]
    assert it.case_id is not None
    assert queries.case_in(it.case_id, catchment_ids=places, reader_id=lead_id) is None
    with transaction():
        case = queries.case_to_assign(it.case_id, catchment_ids=places, lock=True)
        assert case is not None
        operations.assign(case, to=user(other_id), who=Who.LEAD, actor=user(lead_id), now=now)
    assert queries.case_in(it.case_id, catchment_ids=places, reader_id=other_id) is not None
    assert queries.case_in(it.case_id, catchment_ids=places, reader_id=it.adviser.id) is None


def test_a_lead_accepts_for_somebody_of_the_unit(now):
    it = scene("sent", now=now)
    other_id = people.user(Role.ADVISER, units=[it.unit], name="Oona Ohjaaja").id
    lead_id = people.user(Role.MUNICIPAL_LEAD, units=[it.unit]).id
    with pytest.raises(MoveRefused), transaction():
        handover.accept(
            locked(it.referral_id),
            who=Who.ADVISER,
            actor=user(it.adviser.id),
            handler=user(other_id),
            now=now,
        )
    with transaction():
        case = handover.accept(
            locked(it.referral_id), who=Who.LEAD, actor=user(lead_id), handler=user(other_id), now=now
        )
        assert case.handler_id == other_id
    assert len(letters("case_handed_over")) == 1
