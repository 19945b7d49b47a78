"""Entered in error (R11): hidden everywhere, a breach where it went astray, erased when both sides agree."""

import datetime as dt

import pytest
from sqlalchemy import select

from referrals import handover, retention
from referrals.breaches import operations as breaches
from referrals.breaches import queries as breach_queries
from referrals.breaches.models import Breach, BreachRisk
from referrals.county import queries as county
from referrals.county.sending import following
from referrals.county.sending.following import Wanted
from referrals.moves import CaseStatus, Side, VoidReason, Who
from referrals.municipality import queries as municipality
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.factories import people
from tests.referrals.handover import corrections
from tests.referrals.scenes import DAY, HOUR, Scene, locked, scene, user, withdrawn

pytestmark = pytest.mark.usefixtures("database")

ASTRAY = (VoidReason.WRONG_PERSON, VoidReason.WRONG_RECIPIENT)
TEXT = "Lähete koski naapuria. Vastaanottaja hävitti muistiinpanonsa."


def officer(code: str | None, *, name: str = "Testilän tietosuojavastaava") -> User:
    office = people.unit(UnitKind.OFFICE, name="Testilän toimisto", municipality_code=code or "286")
    if code is None:
        with transaction():
            db.session.get_one(type(office), office.id).municipality_code = None
    return people.user(Role.DATA_PROTECTION_OFFICER, units=[office], name=name)


def release(it: Scene, side: Side, by: User, *, now: dt.datetime) -> bool:
    actor_id = by.id
    with transaction():
        handover.hold_cases(it.referral_id)
        return handover.release_erasure(locked(it.referral_id), side=side, actor=user(actor_id), now=now)


def the_breach(it: Scene) -> Breach:
    db.session.expire_all()
    found = breach_queries.breach_of(it.referral_id)
    assert found is not None
    return found


def told(template: str) -> list[str]:
    statement = select(OutboxMessage.address).where(
        OutboxMessage.template == template, OutboxMessage.state == MessageState.WAITING
    )
    return sorted(db.session.scalars(statement))


# ------------------------------------------------------------------------------------------- hidden


@pytest.mark.parametrize("who", [Who.SENDER, Who.LEAD])
@pytest.mark.parametrize("state", ["sent", "active", "closed"])
def test_neither_side_sees_it_any_more(state, who, now):
    it = scene(state, now=now)
    corrections.void(it, now=now + HOUR, who=who)
    row, sender = it.referral(), user(it.sender.id)
    assert row.id not in {each.id for each in following.listing(sender, Wanted(), now=now + HOUR).all}
    assert county.waiting_referral_in(row.id, catchment_ids=[row.catchment_id]) is None
    if it.case_id is not None:
        assert it.case().status is CaseStatus.ENTERED_IN_ERROR
        assert (
            municipality.case_in(it.case_id, catchment_ids=[row.catchment_id], reader_id=it.adviser.id)
            is None
        )


def test_nobody_is_called_in_vain(now):
    it = scene("accepted", now=now, mailbox="neuvonta@example.org")
    corrections.void(it, now=now + HOUR)
    assert told("referral_voided") == sorted(["neuvonta@example.org", it.adviser.email])
    assert told("referral_arrived") == []


# ------------------------------------------------------------------------------------------- breach


@pytest.mark.parametrize("reason", VoidReason)
def test_what_went_astray_opens_a_breach_in_the_same_transaction(reason, now):
    it = scene("accepted", now=now)
    addresses = sorted([officer(None).email, officer("286").email])
    officer("285")
    corrections.void(it, now=now + HOUR, reason=reason)
    found = breach_queries.breach_of(it.referral_id)
    assert (found is not None) == (reason in ASTRAY)
    if found is not None:
        assert (found.reason, found.opened_at, found.opened_by) == (reason, now + HOUR, it.sender.id)
        assert found.notify_by - found.opened_at == dt.timedelta(hours=72)
        assert list(breach_queries.open_breaches(municipality_code="286")) == [found]
        assert list(breach_queries.open_breaches(municipality_code="285")) == []
        actions = set(db.session.scalars(select(AuditRow.action)))
        assert Action.BREACH_OPENED in actions
    assert told("breach_opened") == (addresses if reason in ASTRAY else [])


@pytest.mark.parametrize(
    ("risk", "authority", "client"),
    [(BreachRisk.NONE, False, False), (BreachRisk.RISK, True, False), (BreachRisk.HIGH, True, True)],
)
def test_a_breach_is_closed_when_all_who_must_know_were_told(risk, authority, client, now):
    it = scene("sent", now=now)
    by = officer(None).id
    corrections.void(it, now=now, reason=VoidReason.WRONG_PERSON)
    row = the_breach(it)
    with pytest.raises(breaches.BreachNotReadyError) as missing:
        breaches.close(row, actor=user(by), now=now)
    assert missing.value.unassessed
    with transaction():
        breaches.assess(the_breach(it), risk=risk, text=TEXT, actor=user(by), now=now)
    row = the_breach(it)
    assert TEXT.encode() not in (row.sealed or b"")
    assert breach_queries.assessment_of(row) == TEXT
    if authority:
        with pytest.raises(breaches.BreachNotReadyError) as missing:
            breaches.close(row, actor=user(by), now=now)
        assert (missing.value.authority_untold, missing.value.client_untold) == (authority, client)
    with transaction():
        row = the_breach(it)
        if authority:
            breaches.note_notified(row, at=now, actor=user(by), now=now)
        if client:
            breaches.note_client_told(row, at=now, actor=user(by), now=now)
        breaches.close(row, actor=user(by), now=now + DAY)
    assert the_breach(it).closed_at == now + DAY
    assert list(breach_queries.open_breaches()) == []
    assert [each.id for each in breach_queries.closed_breaches()] == [row.id]
    with pytest.raises(breaches.BreachClosedError):
        breaches.assess(the_breach(it), risk=risk, text=TEXT, actor=user(by), now=now)


@pytest.mark.parametrize("text", ["", " ", "x" * 10_001, "hän on 131052-308T"])
def test_an_assessment_takes_no_identity_code_and_is_not_empty(text, now):
    it = scene("sent", now=now)
    corrections.void(it, now=now, reason=VoidReason.WRONG_PERSON)
    with pytest.raises(breaches.AssessmentRefusedError):
        breaches.assess(the_breach(it), risk=BreachRisk.NONE, text=text, actor=user(it.sender.id), now=now)


# ------------------------------------------------------------------------------------------ released


@pytest.mark.parametrize("reason", VoidReason)
def test_content_goes_when_both_officers_have_released_it_and_not_before(reason, now):
    it = scene("active", now=now)
    ours, theirs = officer(None), officer("286")
    corrections.void(it, now=now, reason=reason)
    retention.erase_due(now + 400 * DAY)
    assert (it.referral().sealed is None, it.case().sealed is None) == (False, False)
    assert not release(it, Side.COUNTY, ours, now=now + DAY)
    assert not release(it, Side.COUNTY, ours, now=now + 2 * DAY)
    assert set(breach_queries.releases_of(it.referral_id)) == {Side.COUNTY}
    assert list(breach_queries.awaiting_release(Side.COUNTY)) == []
    (waits,) = breach_queries.awaiting_release(Side.MUNICIPALITY, municipality_code="286")
    assert (waits.referral_id, waits.released_by) == (it.referral_id, frozenset({Side.COUNTY}))
    retention.erase_due(now + 400 * DAY)
    assert it.referral().sealed is not None
    assert release(it, Side.MUNICIPALITY, theirs, now=now + 3 * DAY)
    retention.erase_due(now + 3 * DAY)
    assert (it.referral().sealed, it.case().sealed) == (None, None)


def test_only_the_officer_of_a_side_releases_for_it(now):
    it = scene("sent", now=now)
    ours, theirs, strangers = officer(None), officer("286"), officer("285")
    corrections.void(it, now=now)
    for side, person in (
        (Side.COUNTY, theirs),
        (Side.MUNICIPALITY, ours),
        (Side.MUNICIPALITY, strangers),
        (Side.COUNTY, it.sender),
    ):
        with pytest.raises(breaches.WrongOfficerError):
            release(it, side, person, now=now)
    assert breach_queries.releases_of(it.referral_id) == {}


def test_what_was_not_voided_is_not_released(now):
    it = scene("sent", now=now)
    with pytest.raises(handover.NotVoidedError):
        release(it, Side.COUNTY, officer(None), now=now)


def test_what_a_client_was_promised_on_withdrawing_holds(now):
    it = scene("active", now=now)
    withdrawn(it, who=Who.SENDER, now=now)
    corrections.void(it, now=now + DAY, who=Who.LEAD, reason=VoidReason.WRONG_PERSON)
    retention.erase_due(now + 8 * DAY)
    assert (it.referral().sealed, it.case().sealed) == (None, None)
