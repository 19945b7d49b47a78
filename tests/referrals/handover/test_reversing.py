"""Reversing an acceptance (R10): a slip is undone, and more than a slip is not."""

import datetime as dt

import pytest

from referrals import handover
from referrals.county import queries as county
from referrals.moves import (
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveCode,
    MoveRefused,
    ReferralStatus,
    Who,
)
from referrals.municipality import operations, queries
from referrals.municipality.models import AttemptResult
from servicetray.core.db import transaction
from tests.referrals.handover.moving import FRIDAY, events, fresh, held, histories
from tests.referrals.scenes import DAY, Scene, locked, user

pytestmark = pytest.mark.usefixtures("database")


def reverse(it: Scene, *, now: dt.datetime, who: Who = Who.ADVISER) -> None:
    with transaction():
        handover.reverse_acceptance(held(it), who=who, actor=user(it.adviser.id), now=now)


def test_an_acceptance_is_reversed_and_its_copy_goes(now):
    it = fresh(now)
    claim_by = it.referral().claim_due_on
    reverse(it, now=FRIDAY - DAY * 2)
    case, referral = it.case(), it.referral()
    assert (case.status, case.sealed, case.due_on) == (CaseStatus.ENTERED_IN_ERROR, None, None)
    assert (referral.status, referral.claim_due_on) == (ReferralStatus.SENT, claim_by)
    assert queries.case_in(case.id, catchment_ids=[case.catchment_id], reader_id=it.adviser.id) is None
    (event,) = events(EventName.ACCEPT_REVERSED)
    assert event.direction is EventDirection.NONE
    assert [row.move for row in queries.history_of(case.id)][-1] is MoveCode.C9
    assert county.history_of(referral.id)[-1].move is MoveCode.R10
    with transaction():
        again = handover.accept(
            locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser.id), now=FRIDAY
        )
        assert again.status is CaseStatus.CONTACTING


@pytest.mark.parametrize("hindrance", ["too_late", "attempt", "counselled", "client"])
def test_an_acceptance_is_not_reversed_once_it_is_more_than_a_slip(now, hindrance):
    it = fresh(now)
    with transaction():
        case, actor = held(it), user(it.adviser.id)
        if hindrance == "attempt":
            operations.log_attempt(
                case,
                channel=ContactChannel.PHONE,
                result=AttemptResult.NO_ANSWER,
                note="",
                actor=actor,
                now=now,
            )
        if hindrance == "counselled":
            operations.start(case, who=Who.ADVISER, actor=actor, now=now)
    before = histories()
    at = now + DAY * 2 if hindrance == "too_late" else now
    with pytest.raises(MoveRefused):
        reverse(it, now=at, who=Who.CLIENT if hindrance == "client" else Who.ADVISER)
    assert histories() == before
    assert it.referral().status is ReferralStatus.ACCEPTED
