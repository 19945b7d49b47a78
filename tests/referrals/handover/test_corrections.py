"""Mended and sent again, asked to stop, restored: what a correction keeps, replaces and tells."""

import pytest
from sqlalchemy import select

from referrals import handover, retention
from referrals.county import operations as county
from referrals.county import queries
from referrals.county.disclosed import waiting_one
from referrals.county.models import Consent, Draft
from referrals.moves import (
    CaseStatus,
    EventDirection,
    EventName,
    MoveRefused,
    Outcome,
    ReferralStatus,
    Who,
)
from referrals.municipality.models import Case
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import UnitKind
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.factories import people
from tests.factories.referrals import catchment, professional
from tests.referrals.handover import corrections
from tests.referrals.scenes import DAY, HOUR, Scene, locked, scene, user, withdrawn

pytestmark = pytest.mark.usefixtures("database")

NEXT_WEEK = 7 * DAY


def letters(template: str) -> list[str]:
    statement = (
        select(OutboxMessage.address)
        .where(OutboxMessage.template == template, OutboxMessage.state == MessageState.WAITING)
        .order_by(OutboxMessage.id)
    )
    return list(db.session.scalars(statement))


def consents(it: Scene) -> list[Consent]:
    statement = select(Consent).where(Consent.referral_id == it.referral_id).order_by(Consent.id)
    return list(db.session.scalars(statement))


def elsewhere(code: str = "285") -> str:
    unit = people.unit(
        UnitKind.COUNSELLING, name="Kotka", municipality_code=code, mailbox="kotka@example.org"
    )
    catchment(unit, municipality_code=code)
    return code


# ------------------------------------------------------------------------------------- sent again (R4)


def test_the_consent_stays_where_the_recipient_does(now):
    it = scene("returned", now=now, mailbox="neuvonta@example.org")
    at = now + NEXT_WEEK
    corrections.resend(it, now=at)
    row = it.referral()
    assert queries.content_of(row).phone == "040 000 0175"
    assert (row.consent.given_at, len(consents(it))) == (now, 1)
    assert (row.sent_at, row.clock_from) == (now, at)
    assert row.claim_due_on == clock.add_working_days(clock.helsinki_day(at), 5)
    assert (row.returned_reason, row.returned_at) == (None, None)
    assert letters("referral_arrived")[-1] == "neuvonta@example.org"
    assert waiting_one(row.id, catchment_ids=[row.catchment_id]) is not None


def test_what_is_mended_follows_through_the_indexes(now):
    it = scene("returned", now=now)
    index = it.referral().person_index
    corrections.resend(it, now=now + DAY, changes={"last_name": "Tiaisela", "birth_year": 2010})
    row = it.referral()
    assert row.person_index != index
    assert row.age_group == "0-17"


def test_nothing_mended_is_not_sent_again(now):
    it = scene("returned", now=now)
    with pytest.raises(MoveRefused):
        corrections.resend(it, now=now + DAY, changes={})


def test_another_municipality_asks_for_a_new_consent_and_keeps_the_old_one(now):
    it = scene("returned", now=now)
    code = elsewhere()
    with pytest.raises(MoveRefused):
        corrections.resend(it, now=now + DAY, code=code)
    assert it.referral().municipality_code == "286"
    corrections.resend(it, now=now + DAY, code=code, consent=corrections.given())
    row, (old, new) = it.referral(), consents(it)
    assert (row.municipality_code, row.consent.id) == (code, new.id)
    assert (old.recipient, old.replaced_at) == ("Testilän liikuntaneuvonta", now + DAY)
    assert (new.recipient, new.given_at, new.channels) == ("Kotka", now + DAY, ["letter"])
    assert letters("referral_arrived") == ["kotka@example.org"]


def test_the_figures_count_it_out_where_it_came_back_from_and_in_where_it_goes(now):
    it = scene("returned", now=now)
    corrections.resend(it, now=now + DAY, code=elsewhere(), consent=corrections.given())
    corrections.cancel(it, now=now + 2 * DAY)
    signs = {EventDirection.IN: 1, EventDirection.OUT: -1, EventDirection.NONE: 0}
    events = db.session.scalars(select(StatisticsEvent).order_by(StatisticsEvent.id)).all()
    assert [(each.name, each.municipality_code, signs[each.direction]) for each in events] == [
        (EventName.SENT, "286", 1),
        (EventName.RETURNED, "286", -1),
        (EventName.RESENT, "285", 1),
        (EventName.CANCELLED, "285", -1),
    ]


def test_the_returned_case_stays_closed_and_a_later_claim_makes_another(now):
    it = scene("accepted", now=now)
    corrections.act(
        it,
        Who.ADVISER,
        lambda row, actor: handover.give_back(row, reason="duplicate", who=Who.ADVISER, actor=actor, now=now),
    )
    at = now + NEXT_WEEK
    corrections.resend(it, now=at)
    corrections.act(
        it, Who.ADVISER, lambda row, actor: handover.accept(row, who=Who.ADVISER, actor=actor, now=at)
    )
    old, new = db.session.scalars(select(Case).order_by(Case.accepted_at)).all()
    assert (old.status, old.outcome, old.erase_after) == (
        CaseStatus.CLOSED,
        Outcome.RETURNED,
        now + 30 * DAY,
    )
    assert (new.status, new.sent_at, new.erase_after) == (CaseStatus.CONTACTING, at, None)


def test_a_consent_taken_back_after_the_return_is_asked_anew_and_the_erasure_stops(now):
    it = scene("returned", now=now)
    withdrawn(it, who=Who.SENDER, now=now)
    with pytest.raises(MoveRefused):
        corrections.resend(it, now=now + DAY)
    corrections.resend(it, now=now + DAY, consent=corrections.given())
    retention.erase_due(now + 30 * DAY)
    assert (it.referral().sealed is not None, it.referral().erase_after) == (True, None)
    assert [each.withdrawn_at for each in consents(it)] == [now, None]


# --------------------------------------------------------------------------------- asked to stop (R8)


def test_the_adviser_is_told_once_and_sees_since_when(now):
    it = scene("active", now=now, mailbox="neuvonta@example.org")
    corrections.request_stop(it, now=now + HOUR)
    corrections.request_stop(it, now=now + DAY)
    assert (it.referral().stop_requested_at, it.case().stop_requested_at) == (now + HOUR, now + HOUR)
    assert it.referral().status is ReferralStatus.ACCEPTED
    assert sorted(letters("stop_requested")) == sorted(["neuvonta@example.org", it.adviser.email])
    assert not handover.may_request_stop(it.referral())


# ------------------------------------------------------------------------ restored, after R9 (R9c)


def test_what_nobody_meant_to_withdraw_waits_again(now):
    it = corrections.placed("withdrawn", now=now, mailbox="neuvonta@example.org")
    assert handover.may_be_restored(it.referral(), now=now)
    corrections.restore(it, now=now + 2 * DAY)
    row = it.referral()
    assert (row.status, row.erase_after, row.cancelled_reason) == (ReferralStatus.SENT, None, None)
    assert (row.counselling_started, row.consent.withdrawn_at) == (False, None)
    assert [each.withdrawn_at for each in consents(it)] == [now, None]
    assert waiting_one(row.id, catchment_ids=[row.catchment_id]) is not None
    # Both sides hear of it.
    assert (letters("referral_arrived"), letters("referral_news")) == (
        ["neuvonta@example.org"],
        [it.sender.email],
    )
    # The closed case stays closed, and its copy goes all the same.
    assert (it.case().status, it.case().outcome) == (CaseStatus.CLOSED, Outcome.WITHDRAWN)
    retention.erase_due(now + 8 * DAY)
    assert (it.case().sealed, it.referral().sealed is not None) == (None, True)


def test_the_client_must_have_been_heard(now):
    it = corrections.placed("withdrawn", now=now)
    with pytest.raises(MoveRefused):
        corrections.restore(it, now=now + DAY, client_heard=False)
    assert len(consents(it)) == 1


@pytest.mark.parametrize("days", [7, 8])
def test_it_is_too_late_once_the_content_is_gone_or_a_week_has_passed(days, now):
    it = corrections.placed("withdrawn", now=now)
    if days == 7:
        retention.erase_due(now + 7 * DAY)
    with pytest.raises(MoveRefused):
        corrections.restore(it, now=now + days * DAY)


# ---------------------------------------------------------------------------- faults that were mended


def test_whoever_counselled_is_told_of_a_withdrawal_after_the_end_too(now):
    it = scene("closed", now=now, mailbox="neuvonta@example.org")
    withdrawn(it, who=Who.SENDER, now=now + DAY)
    assert sorted(letters("referral_withdrawn")) == sorted(["neuvonta@example.org", it.adviser.email])


def test_who_interpreted_is_erased_with_the_content_of_every_consent(now):
    it = scene("returned", now=now)
    corrections.resend(it, now=now, consent=corrections.given())
    with transaction():
        for consent in consents(it):
            consent.interpreted_by = "Tulkki Testilä"
    withdrawn(it, who=Who.SENDER, now=now)
    retention.erase_due(now + 6 * DAY)
    assert {each.interpreted_by for each in consents(it)} == {"Tulkki Testilä"}
    retention.erase_due(now + 8 * DAY)
    assert {each.interpreted_by for each in consents(it)} == {""}


def test_an_unfinished_form_is_its_user_s_alone(now):
    it = scene("sent", now=now)
    key, owner, other = it.referral_id, it.sender.id, professional("Toinen Lähettäjä").id
    with transaction():
        county.save_draft(key, kind_code="exercise", sealed=b"1", actor=user(owner), now=now)
    with pytest.raises(NotFoundError), transaction():
        county.save_draft(key, kind_code="exercise", sealed=b"2", actor=user(other), now=now)
    with transaction():
        county.erase_draft(key, actor=user(other))
    assert db.session.get_one(Draft, key).sealed == b"1"
    with transaction():
        county.erase_draft(key, actor=user(owner))
    assert db.session.get(Draft, key) is None


def test_what_is_held_may_be_held_again(now):
    """A view may hold what an operation holds too."""
    it = scene("accepted", now=now)
    with transaction():
        handover.hold_cases(it.referral_id)
        handover.hold_cases(it.referral_id)
        assert locked(it.referral_id).status is ReferralStatus.ACCEPTED
