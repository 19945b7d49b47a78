"""The municipality's moves as tests make them: fresh cases, offers, questions, and the traces they leave."""

import datetime as dt
import uuid

from sqlalchemy import func, select

from referrals import handover
from referrals.county.models import ReferralHistory
from referrals.moves import EventName, Who
from referrals.municipality.models import Case, CaseHistory
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.factories import people
from tests.factories.referrals import catchment
from tests.referrals.scenes import Scene, locked, scene, user

FRIDAY = dt.datetime(2026, 3, 13, 12, 0, tzinfo=dt.UTC)


def held(it: Scene) -> Case:
    assert it.case_id is not None
    return db.session.get_one(Case, it.case_id, with_for_update=True)


def fresh(now: dt.datetime, *, code: str = "286") -> Scene:
    """Bring a referral as far as an acceptance that nobody has done anything with."""
    it = scene("sent", now=now, code=code)
    with transaction():
        case_id = handover.accept(
            locked(it.referral_id), who=Who.ADVISER, actor=user(it.adviser.id), now=now
        ).id
    return Scene(
        referral_id=it.referral_id, case_id=case_id, sender=it.sender, adviser=it.adviser, unit=it.unit
    )


def events(name: EventName) -> list[StatisticsEvent]:
    return list(
        db.session.scalars(
            select(StatisticsEvent).where(StatisticsEvent.name == name).order_by(StatisticsEvent.id)
        )
    )


def letters(template: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)))


def histories() -> tuple[int, int]:
    return (
        int(db.session.scalar(select(func.count(ReferralHistory.id))) or 0),
        int(db.session.scalar(select(func.count(CaseHistory.id))) or 0),
    )


def offered(now: dt.datetime, *, state: str = "sent", transfer: bool = True) -> tuple[Scene, User, uuid.UUID]:
    """Bring a referral of Kouvola so far that Kotka is offered it; return who may accept there."""
    it = fresh(now) if state == "accepted" else scene("sent", now=now)
    with transaction():
        locked(it.referral_id).consent.transfer = transfer
    unit = people.unit(
        UnitKind.COUNSELLING, name="Kotkan neuvonta", municipality_code="285", mailbox="k@x.fi"
    )
    taker = people.user(Role.ADVISER, units=[unit], name="Kalle Kotkalainen")
    place = catchment(unit, municipality_code="285")
    return it, taker, offer(it, place.id, now=now)


def offer(it: Scene, to: uuid.UUID, *, now: dt.datetime, who: Who = Who.ADVISER) -> uuid.UUID:
    with transaction():
        handover.hold_cases(it.referral_id)
        return handover.offer_transfer(
            locked(it.referral_id), to_catchment_id=to, who=who, actor=user(it.adviser.id), now=now
        ).id


def take(offer_id: uuid.UUID, taker: User, *, now: dt.datetime) -> uuid.UUID:
    taker_id = taker.id
    with transaction():
        return handover.accept_offer(offer_id, who=Who.ADVISER, actor=user(taker_id), now=now).id


def ask(it: Scene, *, now: dt.datetime, text: str = "Mikä on uusi puhelinnumero?") -> uuid.UUID:
    with transaction():
        handover.hold_cases(it.referral_id)
        return handover.ask(locked(it.referral_id), question=text, actor=user(it.adviser.id), now=now).id


def answer(it: Scene, question_id: uuid.UUID, *, now: dt.datetime, text: str = "Sama kuin ennen") -> None:
    with transaction():
        handover.answer(question_id, text=text, actor=user(it.sender.id), now=now)
