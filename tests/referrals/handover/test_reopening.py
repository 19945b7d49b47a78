"""Reopening a closed case (C8)."""

import datetime as dt

import pytest

from referrals import handover
from referrals.moves import CaseStatus, EventDirection, EventName, MoveRefused, Outcome, ReferralStatus, Who
from servicetray.core.db import transaction
from tests.referrals.handover.moving import FRIDAY, events, fresh, held, histories
from tests.referrals.scenes import DAY, Scene, locked, scene, user

pytestmark = pytest.mark.usefixtures("database")


def reopen(it: Scene, *, now: dt.datetime, reason: str = "came_back", who: Who = Who.ADVISER) -> None:
    with transaction():
        handover.reopen(held(it), reason=reason, who=who, actor=user(it.adviser.id), now=now)


def test_a_closed_case_is_opened_again_with_its_referral(now):
    it = scene("closed", now=now)
    assert it.referral().outcome is Outcome.COMPLETED
    with transaction():
        held(it).erase_after = now + DAY * 300
        locked(it.referral_id).erase_after = now + DAY * 300
    reopen(it, now=now + DAY * 30)
    case, referral = it.case(), it.referral()
    assert (case.status, case.outcome, case.closed_at) == (CaseStatus.ACTIVE, None, None)
    assert (case.erase_after, referral.erase_after) == (None, None)
    assert (referral.status, referral.outcome) == (ReferralStatus.ACCEPTED, None)
    assert case.handler_id == it.adviser.id
    (event,) = events(EventName.REOPENED)
    assert event.direction is EventDirection.IN


def test_who_was_never_counselled_is_to_be_called_again(now):
    it = fresh(now)
    with transaction():
        actor = user(it.adviser.id)
        handover.close(held(it), outcome=Outcome.DID_NOT_WANT, who=Who.ADVISER, actor=actor, now=now)
    reopen(it, now=FRIDAY)
    assert (it.case().status, it.case().due_on) == (CaseStatus.CONTACTING, FRIDAY.date())


@pytest.mark.parametrize("hindrance", ["too_late", "no_reason", "open", "deceased", "withdrawn"])
def test_a_case_stays_closed(now, hindrance):
    it = scene("active" if hindrance in {"open", "deceased"} else "closed", now=now)
    with transaction():
        handover.hold_cases(it.referral_id)
        if hindrance == "deceased":
            handover.close(
                held(it), outcome=Outcome.DECEASED, who=Who.ADVISER, actor=user(it.adviser.id), now=now
            )
        if hindrance == "withdrawn":
            handover.withdraw(locked(it.referral_id), who=Who.CLIENT, actor=user(it.adviser.id), now=now)
    before = histories()
    with pytest.raises(MoveRefused):
        reopen(
            it,
            now=now + DAY * (31 if hindrance == "too_late" else 1),
            reason="" if hindrance == "no_reason" else "came_back",
        )
    assert histories() == before
