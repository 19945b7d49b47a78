"""What a client does on the page, each in the transaction of the caller; and codes, for those who hand them over."""

import datetime as dt
import uuid

from referrals import handover, notifications
from referrals.client import messages
from referrals.client.codes import ProtectedClientError as ProtectedClientError
from referrals.client.codes import end_codes
from referrals.client.codes import make_code as make_code
from referrals.client.messages import Said
from referrals.client.models import MessageKind
from referrals.county import queries as county
from referrals.moves import ReferralStatus, Who
from referrals.municipality import queries as municipality
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import crypto
from servicetray.core.errors import NotFoundError


def say(referral_id: uuid.UUID, kind: MessageKind, said: Said, *, now: dt.datetime) -> None:
    """Keep what the client says with whoever holds the work, and tell them that the client has said something.

    Raises:
        NotFoundError: if nobody holds the work any more.
    """
    case = municipality.open_case_of(referral_id, lock=True)
    # Locked as accepting locks it: what is said meanwhile is carried over, or said to the one who accepted.
    referral = county.referral(referral_id, lock=True)
    if referral is None or (case is None and referral.status is not ReferralStatus.SENT):
        raise NotFoundError
    holder = crypto.municipality_controller(case.municipality_code) if case else crypto.COUNTY
    messages.keep(referral.id, kind, said, controller=holder, now=now)
    record(
        Action.CLIENT_ASKED,
        actor=None,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"asked": kind.value},
    )
    place = municipality.catchment(case.catchment_id if case else referral.catchment_id)
    notifications.tell_receiver_asked(
        referral,
        unit_id=place.unit_id if place else None,
        handler_id=case.handler_id if case else None,
        case_id=case.id if case else None,
        now=now,
    )


def withdraw(referral_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Take the permission back by the client's own hand (R9, R9b); codes and visits end with it.

    Raises:
        NotFoundError: if there is no such referral.
        MoveRefused: if it was taken back already.
    """
    handover.hold_cases(referral_id)
    referral = county.referral(referral_id, lock=True)
    if referral is None:
        raise NotFoundError
    handover.withdraw(referral, who=Who.CLIENT, actor=None, now=now)
    end_codes(referral_id, now=now)
