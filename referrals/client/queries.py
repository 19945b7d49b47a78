"""What the client's page asks: the stage, the phone, what may be done now. And what others ask of messages."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from referrals import handover
from referrals.call_times import queries as call_times
from referrals.call_times.queries import FreeTime
from referrals.client.codes import has_code as has_code
from referrals.client.labels import Stage
from referrals.client.messages import messages_of as messages_of
from referrals.client.messages import unhandled as unhandled
from referrals.county.queries import Referral
from referrals.handover.booking import may_choose
from referrals.moves import STOCK, CaseStatus, ReferralStatus
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts

TIMES_SHOWN = 12
TIMES_DAYS = 21

_OF_CASE = {
    CaseStatus.CONTACTING: Stage.TAKEN,
    CaseStatus.WAITING: Stage.WAITING,
    CaseStatus.SCHEDULED: Stage.AGREED,
    CaseStatus.ACTIVE: Stage.STARTED,
}
_OF_REFERRAL = {
    ReferralStatus.SENT: Stage.SENT,
    ReferralStatus.ACCEPTED: Stage.TAKEN,
    ReferralStatus.RETURNED: Stage.RETURNED,
    ReferralStatus.CANCELLED: Stage.CANCELLED,
    ReferralStatus.TRANSFERRED: Stage.MOVED,
    ReferralStatus.CLOSED: Stage.CLOSED,
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far it has come and what the client may do: everything that the page knows."""

    stage: Stage
    phone: str
    """The counselling unit's; empty where it has none."""
    may_say: bool
    may_withdraw: bool
    may_choose_time: bool


def standing(referral: Referral, *, now: dt.datetime) -> Standing:
    """Return what the page of a referral shows."""
    case = municipality.open_case_of(referral.id)
    place = municipality.catchment(case.catchment_id if case else referral.catchment_id)
    unit = accounts.unit(place.unit_id) if place else None
    is_open = referral.status in STOCK
    return Standing(
        stage=_stage(referral, case.status if case else None, now=now),
        phone=unit.phone if unit else "",
        may_say=is_open,
        may_withdraw=handover.may_withdraw(referral.status, in_force=referral.consent.withdrawn_at is None),
        may_choose_time=bool(times_for(referral, now=now, limit=1)),
    )


def times_for(referral: Referral, *, now: dt.datetime, limit: int = TIMES_SHOWN) -> Sequence[FreeTime]:
    """Return the times that the client can choose, the next first; none where a time is agreed on already."""
    case = municipality.open_case_of(referral.id)
    if referral.status not in STOCK or not may_choose(case) or has_time(referral.id, now=now):
        return ()
    place = case.catchment_id if case else referral.catchment_id
    return call_times.free_times(place, now=now, days=TIMES_DAYS, limit=limit)


def has_time(referral_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether the client has chosen a time that is still to come."""
    booked = call_times.booked_time(referral_id)
    return booked is not None and booked.starts_at > now


def _stage(referral: Referral, case: CaseStatus | None, *, now: dt.datetime) -> Stage:
    if case is None and referral.status is ReferralStatus.SENT and has_time(referral.id, now=now):
        return Stage.AGREED
    return _OF_CASE[case] if case else _OF_REFERRAL[referral.status]
