"""Transfers between municipalities (R12 to R14): offered, taken, declined, ended."""

import pytest

from referrals import handover
from referrals.county import operations as county_operations
from referrals.county import queries as county
from referrals.moves import (
    CaseStatus,
    EventDirection,
    EventName,
    MoveCode,
    MoveRefused,
    Outcome,
    ReferralStatus,
    Refusal,
    Who,
)
from referrals.municipality import operations, queries
from referrals.municipality.models import Case
from referrals.transfers import queries as transfers
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from tests.factories import people
from tests.factories.referrals import OPENED, catchment
from tests.referrals.handover.moving import events, held, histories, letters, offer, offered, take
from tests.referrals.scenes import DAY, HOUR, locked, scene, user

pytestmark = pytest.mark.usefixtures("database")


def test_an_offer_tells_no_more_than_kind_age_group_and_language(now):
    it, _, offer_id = offered(now)
    (place,) = handover.transfer_targets("exercise", but="286", on=now.date())
    (row,) = handover.offers_to([place.catchment_id])
    assert (row.id, row.kind_code, row.age_group, row.language) == (offer_id, "exercise", "75+", "fi")
    assert it.referral().status is ReferralStatus.SENT
    assert it.referral().status_changed_at == it.referral().sent_at
    (letter,) = letters("transfer_offered")
    assert it.referral().reference not in str(letter.context)


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_an_accepted_offer_begins_anew_in_the_other_municipality(now, state):
    it, taker, offer_id = offered(now, state=state)
    new_case = db.session.get_one(Case, take(offer_id, taker, now=now + HOUR))
    old, new = it.referral(), county.referral(new_case.referral_id)
    assert new is not None
    assert (old.status, new.status) == (ReferralStatus.TRANSFERRED, ReferralStatus.ACCEPTED)
    assert (new.municipality_code, new_case.municipality_code) == ("285", "285")
    assert (new.sender_id, new.origin, new.sent_at) == (old.sender_id, old.origin, old.sent_at)
    assert new.reference != old.reference
    assert county.content_of(new) == county.content_of(old)
    assert (new.consent.recipient, new.consent.transfer) == ("Kotkan neuvonta", True)
    assert new.consent.given_at == old.consent.given_at
    copy = operations.content_of(new_case)
    assert copy is not None
    assert copy.name == "Veikko Tiainen"
    assert new_case.handler_id == taker.id
    (out,), (into,) = events(EventName.TRANSFERRED_OUT), events(EventName.TRANSFERRED_IN)
    assert (out.direction, out.municipality_code) == (EventDirection.OUT, "286")
    assert (into.direction, into.municipality_code) == (EventDirection.IN, "285")
    assert handover.offers_to([new_case.catchment_id]) == ()
    if state == "accepted":
        case = it.case()
        assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.TRANSFERRED)
        assert case.erase_after == now + HOUR + DAY * 30
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now + HOUR)


@pytest.mark.parametrize("hindrance", ["no_consent", "own", "closed", "other_kind", "age", "second"])
def test_an_offer_needs_consent_and_an_open_target_elsewhere(now, hindrance):
    it = scene("sent", now=now)
    with transaction():
        locked(it.referral_id).consent.transfer = hindrance != "no_consent"
    code = "286" if hindrance == "own" else "285"
    place = catchment(
        municipality_code=code,
        kind_code="culture" if hindrance == "other_kind" else "exercise",
        closes_on=OPENED + DAY if hindrance == "closed" else None,
    )
    place_id = place.id
    if hindrance == "age":
        with transaction():
            found = queries.catchment(place_id)
            assert found is not None
            found.max_age = 17
    if hindrance == "second":
        offer(it, place_id, now=now)
    before = histories()
    with pytest.raises(MoveRefused) as refused:
        offer(it, place_id, now=now)
    assert refused.value.reason is Refusal.NEED_NOT_MET
    assert histories() == before


def test_an_offer_is_nobody_else_s_to_take(now):
    it, _, offer_id = offered(now)
    with pytest.raises(NotFoundError):
        take(offer_id, it.adviser, now=now)
    with pytest.raises(NotFoundError), transaction():
        handover.decline_offer(offer_id, who=Who.ADVISER, actor=user(it.adviser.id), now=now)


def test_a_declined_offer_is_told_and_may_be_made_again(now):
    it, taker, offer_id = offered(now)
    lead = people.user(Role.MUNICIPAL_LEAD, units=[it.unit], name="Liisa Lähijohtaja")
    with transaction():
        handover.decline_offer(offer_id, who=Who.ADVISER, actor=user(taker.id), now=now)
    assert {letter.address for letter in letters("transfer_not_taken")} == {lead.email, it.adviser.email}
    assert it.referral().status is ReferralStatus.SENT
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now)
    (place,) = handover.transfer_targets("exercise", but="286", on=now.date())
    offer(it, place.catchment_id, now=now)


def test_an_offer_that_nobody_takes_ends_after_five_working_days(now):
    it, taker, offer_id = offered(now)
    assert handover.end_old_offers(now + DAY * 6) == 0
    assert handover.end_old_offers(now + DAY * 7) == 1
    assert handover.end_old_offers(now + DAY * 7) == 0
    assert county.history_of(it.referral_id)[-1].move is MoveCode.R14
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now + DAY * 7)


@pytest.mark.parametrize("way", ["returned", "withdrawn", "cancelled", "closed"])
def test_an_offer_ends_with_what_it_offers(now, way):
    it, taker, offer_id = offered(now, state="accepted" if way == "closed" else "sent")
    with transaction():
        handover.hold_cases(it.referral_id)
        actor, sender = user(it.adviser.id), user(it.sender.id)
        if way == "returned":
            handover.give_back(
                locked(it.referral_id), reason="duplicate", who=Who.ADVISER, actor=actor, now=now
            )
        elif way == "withdrawn":
            handover.withdraw(locked(it.referral_id), who=Who.SENDER, actor=sender, now=now)
        elif way == "cancelled":
            county_operations.cancel(locked(it.referral_id), actor=sender, reason="duplicate", now=now)
        else:
            handover.close(held(it), outcome=Outcome.MOVED, who=Who.ADVISER, actor=actor, now=now)
    with pytest.raises(MoveRefused):
        take(offer_id, taker, now=now)
    (row,) = transfers.offers_of(it.referral_id)
    assert (row.end, row.language) == (transfers.OfferEnd.DROPPED, "")
