"""Mending a withdrawal that the client never meant (R9c)."""

import datetime as dt

from referrals import notifications
from referrals.county import consents, mending
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.models import Referral
from referrals.county.operations import ConsentGiven
from referrals.erasures import operations as erasures
from referrals.erasures.operations import Erased
from referrals.moves import (
    MoveCode,
    ReferralFacts,
    ReferralStatus,
    Who,
    check_referral_move,
    offered_referral_moves,
)
from referrals.municipality import queries as municipality_queries
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError


def restore(
    referral: Referral, *, consent: ConsentGiven, client_heard: bool, actor: User, now: dt.datetime
) -> None:
    """Let a referral wait again that was cancelled by a withdrawal nobody meant (R9c).

    The lead of the receiving unit does so, within seven days, after hearing the client and with a consent
    given anew; the withdrawn one stays as evidence. The erasure stops on the county's side alone: the closed
    case stays closed and its copy goes, for whoever accepts gets a new one.

    Raises:
        MoveRefused: if it was not a withdrawal that ended it, it was more than seven days ago, the content is
            gone, or the client was not heard.
    """
    facts = _facts(referral, client_heard=client_heard, consent=True, now=now)
    check_referral_move(MoveCode.R9C, status=referral.status, who=Who.LEAD, facts=facts)
    place = municipality_queries.catchment(referral.catchment_id)
    receiver = accounts.unit(place.unit_id) if place else None
    if receiver is None:
        raise NotFoundError
    consents.give(referral, consent, receiver=receiver, actor=actor, now=now)
    absence = municipality_queries.absent_until(referral.catchment_id, on=clock.helsinki_day(now))
    mending.begin_anew(referral, absence_until=absence, now=now)
    erasures.note(Erased.RESTORED, [referral.id], now=now)
    county.move_referral(referral, MoveCode.R9C, who=Who.LEAD, facts=facts, actor=actor, now=now)
    record(
        Action.REFERRAL_SENT,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"to_unit": str(receiver.id), "kind": referral.kind_code, "move": MoveCode.R9C.value},
    )
    notifications.tell_unit(referral, unit=receiver, now=now)
    db.session.flush()


def may_be_restored(referral: Referral, *, now: dt.datetime) -> bool:
    """Whether the table offers the lead of the receiving unit to undo a withdrawal (R9c)."""
    facts = _facts(referral, client_heard=False, consent=False, now=now)
    rows = offered_referral_moves(status=referral.status, who=Who.LEAD, facts=facts)
    return any(row.code is MoveCode.R9C for row in rows)


def _facts(referral: Referral, *, client_heard: bool, consent: bool, now: dt.datetime) -> ReferralFacts:
    return ReferralFacts(
        client_heard=client_heard, consent=consent, days_since_withdrawn=_days_since_withdrawn(referral, now)
    )


def _days_since_withdrawn(referral: Referral, now: dt.datetime) -> int | None:
    """Return the days since a withdrawal ended the referral; None if something else did, or nothing is left."""
    if referral.sealed is None or referral.status is not ReferralStatus.CANCELLED:
        return None
    ended = next(
        row
        for row in reversed(county_queries.history_of(referral.id))
        if row.from_status is not ReferralStatus.CANCELLED
    )
    if ended.move is not MoveCode.R9:
        return None
    return (clock.helsinki_day(now) - clock.helsinki_day(ended.at)).days
