"""What a transfer leaves in two municipalities: taken back and voided together where the client or the truth asks it."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from referrals import handover
from referrals.breaches.models import Breach
from referrals.county.models import Referral
from referrals.moves import CaseStatus, MoveRefused, ReferralStatus, VoidReason, Who
from referrals.municipality.models import Case
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.factories import people
from tests.referrals.handover.moving import letters, offered, take
from tests.referrals.scenes import DAY, HOUR, Scene, locked, user

pytestmark = pytest.mark.usefixtures("database")


def moved_on(now: dt.datetime, *, feedback: bool, state: str = "accepted") -> tuple[Scene, User, Case]:
    """A referral of Kouvola that goes on in Kotka; return who has it there, and the case."""
    it, taker, offer_id = offered(now, state=state)
    with transaction():
        locked(it.referral_id).consent.feedback = feedback
    case = db.session.get_one(Case, take(offer_id, taker, now=now + HOUR))
    return it, db.session.get_one(User, taker.id), case


def both(it: Scene, case: Case) -> tuple[Referral, Referral]:
    db.session.expire_all()
    return it.referral(), db.session.get_one(Referral, case.referral_id)


def voided(it: Scene, case: Case, *, reason: VoidReason, who: Who, pressed: str, now: dt.datetime) -> None:
    """Void from the page of the first record or of what it became."""
    new_id = case.referral_id
    pressed_id = it.referral_id if pressed == "first" else new_id
    actor_id = it.sender.id if who is Who.SENDER else case.handler_id
    assert actor_id is not None
    with transaction():
        handover.void_along(
            handover.hold_chain(pressed_id),
            pressed=pressed_id,
            along=False,
            reason=reason,
            who=who,
            actor=user(actor_id),
            now=now,
        )


class TestWithdrawing:
    @pytest.fixture
    def sender(self, new_client, day):
        def signed_in(it: Scene) -> Client:
            return people.sign_in(new_client(), it.sender)

        return signed_in

    @pytest.fixture
    def day(self, now):
        with time_machine.travel(now + 2 * HOUR, tick=False) as traveller:
            yield traveller

    def test_without_feedback_it_reaches_what_it_became_and_tells_nothing(self, now, sender):
        it, taker, case = moved_on(now, feedback=False)
        client = sender(it)
        page = client.read(f"/lahetteet/{it.referral_id}")
        assert "Kotka" not in page.text
        answer = client.send(page.form_to("/suostumus"))
        first, later = both(it, case)
        assert first.consent.withdrawn_at is not None
        assert first.erase_after == now + 2 * HOUR + 7 * DAY
        assert (first.status, later.status) == (ReferralStatus.TRANSFERRED, ReferralStatus.CANCELLED)
        assert later.consent.withdrawn_at == first.consent.withdrawn_at
        case = db.session.get_one(Case, case.id)
        assert (case.status, case.withdrawn_at) == (CaseStatus.CLOSED, first.consent.withdrawn_at)
        assert it.case().withdrawn_at is not None
        (told,) = [each for each in letters("referral_withdrawn") if each.address == taker.email]
        assert told.context["reference"] == later.reference
        for secret in ("Kotka", later.reference, "toise"):
            assert secret not in answer.text
        assert "/suostumus" not in client.get(f"/lahetteet/{it.referral_id}").text

    def test_where_it_was_taken_back_there_already_the_sender_learns_nothing(self, now, sender):
        it, taker, case = moved_on(now, feedback=False)
        taker_id, new_id = taker.id, case.referral_id
        with transaction():
            handover.hold_cases(new_id)
            handover.withdraw(locked(new_id), who=Who.ADVISER, actor=user(taker_id), now=now + HOUR)
        client = sender(it)
        client.send(client.read(f"/lahetteet/{it.referral_id}").form_to("/suostumus"))
        first, later = both(it, case)
        assert first.consent.withdrawn_at == now + 2 * HOUR
        assert later.consent.withdrawn_at == now + HOUR

    def test_twice_changes_nothing(self, now):
        it, _, _ = moved_on(now, feedback=False)
        for again in (False, True):
            with transaction():
                chain = handover.hold_chain(it.referral_id)
                if again:
                    with pytest.raises(MoveRefused):
                        handover.withdraw_along(chain, who=Who.SENDER, actor=user(it.sender.id), now=now)
                else:
                    handover.withdraw_along(chain, who=Who.SENDER, actor=user(it.sender.id), now=now)

    def test_with_feedback_it_is_taken_back_where_it_is(self, now, sender):
        it, _, case = moved_on(now, feedback=True)
        client = sender(it)
        assert "/suostumus" not in client.get(f"/lahetteet/{it.referral_id}").text
        client.send(client.read(f"/lahetteet/{case.referral_id}").form_to("/suostumus"))
        assert both(it, case)[1].status is ReferralStatus.CANCELLED


class TestVoiding:
    @pytest.mark.parametrize("who", [Who.SENDER, Who.LEAD])
    @pytest.mark.parametrize("pressed", ["first", "later"])
    def test_the_wrong_person_is_wrong_in_both(self, now, who, pressed):
        it, taker, case = moved_on(now, feedback=True)
        officers = {
            people.user(
                Role.DATA_PROTECTION_OFFICER,
                units=[people.unit(UnitKind.OFFICE, name=f"Toimisto {code}", municipality_code=code)],
                name=f"Suojaaja {code}",
            ).email
            for code in ("286", "285")
        }
        voided(it, case, reason=VoidReason.WRONG_PERSON, who=who, pressed=pressed, now=now + 2 * HOUR)
        assert {row.status for row in both(it, case)} == {ReferralStatus.ENTERED_IN_ERROR}
        assert it.case().status is CaseStatus.ENTERED_IN_ERROR
        assert db.session.get_one(Case, case.id).status is CaseStatus.ENTERED_IN_ERROR
        found = db.session.scalars(select(Breach)).all()
        assert {row.referral_id for row in found} == {it.referral_id, case.referral_id}
        assert {row.municipality_code for row in found} == {"286", "285"}
        told = {each.address for each in letters("referral_voided")}
        presser = "none" if who is Who.SENDER else pressed
        assert (it.adviser.email in told, taker.email in told) == (presser != "first", presser != "later")
        assert officers <= {row.address for row in db.session.scalars(select(OutboxMessage))}

    @pytest.mark.parametrize("reason", [VoidReason.WRONG_RECIPIENT, VoidReason.SENT_TWICE])
    def test_a_lead_s_other_reasons_concern_their_own_record(self, now, reason):
        it, _, case = moved_on(now, feedback=True)
        voided(it, case, reason=reason, who=Who.LEAD, pressed="later", now=now + 2 * HOUR)
        first, later = both(it, case)
        assert (first.status, later.status) == (ReferralStatus.TRANSFERRED, ReferralStatus.ENTERED_IN_ERROR)

    def test_what_was_voided_before_stays_as_it_was(self, now):
        it, _, case = moved_on(now, feedback=True)
        voided(it, case, reason=VoidReason.SENT_TWICE, who=Who.LEAD, pressed="later", now=now + 2 * HOUR)
        voided(it, case, reason=VoidReason.WRONG_PERSON, who=Who.SENDER, pressed="first", now=now + 3 * HOUR)
        (breach,) = db.session.scalars(select(Breach)).all()
        assert breach.referral_id == it.referral_id
