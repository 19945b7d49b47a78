"""A referral brought as far as a test wants it, and those who deal with it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from referrals import handover
from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.moves import (
    ContactChannel,
    Outcome,
    Who,
)
from referrals.municipality import operations
from referrals.municipality.models import AttemptResult, Case
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import Unit, UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import catchment, professional, sent

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STATES = ("sent", "accepted", "active")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One referral, and those who deal with it."""

    referral_id: uuid.UUID
    case_id: uuid.UUID | None
    sender: User
    adviser: User
    unit: Unit

    def actor(self, who: Who) -> uuid.UUID:
        return self.sender.id if who is Who.SENDER else self.adviser.id

    def referral(self) -> Referral:
        db.session.expire_all()
        return db.session.get_one(Referral, self.referral_id)

    def case(self) -> Case:
        assert self.case_id is not None
        db.session.expire_all()
        return db.session.get_one(Case, self.case_id)


def user(user_id: uuid.UUID) -> User:
    found = accounts.user(user_id)
    assert found is not None
    return found


def locked(referral_id: uuid.UUID) -> Referral:
    row = county.referral(referral_id, lock=True)
    assert row is not None
    return row


def scene(
    state: str, *, now: dt.datetime, feedback: bool = True, mailbox: str = "", code: str = "286"
) -> Scene:
    """Send a referral and bring it as far as ``state``: sent, accepted, active, closed or returned."""
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox=mailbox)
    sender = professional()
    adviser = people.user(Role.ADVISER, units=[unit], name="Mikko Neuvoja")
    referral_id = sent(
        catchment(unit, municipality_code=code),
        now=now,
        sender=sender,
        feedback=feedback,
        own_wish="Kuntosali kiinnostaa",
    ).id
    adviser_id, case_id = adviser.id, None
    with transaction():
        actor = user(adviser_id)
        if state == "returned":
            handover.give_back(locked(referral_id), reason="duplicate", who=Who.ADVISER, actor=actor, now=now)
        elif state != "sent":
            case = handover.accept(locked(referral_id), who=Who.ADVISER, actor=actor, now=now)
            case_id = case.id
            _work(case, state, actor=actor, now=now)
    return Scene(
        referral_id=referral_id,
        case_id=case_id,
        sender=db.session.get_one(User, sender.id),
        adviser=db.session.get_one(User, adviser_id),
        unit=unit,
    )


def _work(case: Case, state: str, *, actor: User, now: dt.datetime) -> None:
    """Write notes of every kind on the way to ``state``."""
    operations.log_attempt(
        case,
        channel=ContactChannel.PHONE,
        result=AttemptResult.NO_ANSWER,
        note="Soitin Veikolle",
        actor=actor,
        now=now,
    )
    operations.add_note(case, text="Veikko ui", actor=actor, now=now)
    if state in {"active", "closed"}:
        operations.start(case, who=Who.ADVISER, actor=actor, now=now, note="Tapasin Veikon")
    if state == "closed":
        handover.close(case, outcome=Outcome.COMPLETED, who=Who.ADVISER, actor=actor, now=now)


def withdrawn(it: Scene, *, who: Who, now: dt.datetime) -> None:
    actor_id = it.actor(who)
    with transaction():
        handover.hold_cases(it.referral_id)
        handover.withdraw(locked(it.referral_id), who=who, actor=user(actor_id), now=now)
