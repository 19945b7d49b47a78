"""Taking the permission back (R9, R9b): both records are hidden at once."""

import datetime as dt
import uuid

from referrals import notifications
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.models import Referral
from referrals.erasures import operations as erasures
from referrals.erasures.operations import Erased
from referrals.handover.effects import close_with, forget_copies
from referrals.moves import (
    OPEN_CASE,
    STOCK,
    MoveCode,
    ReferralFacts,
    ReferralStatus,
    Who,
    offered_referral_moves,
)
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.core import walls
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError


def hold_cases(referral_id: uuid.UUID) -> None:
    """Lock the cases of a referral, then the referral itself.

    Whoever changes both records takes the case first, as the adviser's screens do, so that two people never
    wait for each other. Where a case was made while this waited for the referral, everything is let go and
    taken again, the new case first.
    """
    walls.hold_together(referral_id)
    while True:
        savepoint = db.session.begin_nested()
        held = {case.id for case in municipality_queries.cases_of(referral_id, lock=True)}
        county_queries.referral(referral_id, lock=True)
        if held == set(municipality_queries.case_ids_of(referral_id)):
            savepoint.commit()
            return
        savepoint.rollback()


def withdraw(referral: Referral, *, who: Who, actor: User | None, now: dt.datetime) -> None:
    """Take the client's permission back (R9): both records are hidden at once and erased after seven days.

    Nothing stands in its way while the referral is open. Once it has come back or counselling has ended, the
    move is the client's own (R9b), and whoever heard the client writes it down.

    Raises:
        MoveRefused: if it was taken back already, or the referral was cancelled.
    """
    case = municipality_queries.open_case_of(referral.id, lock=True)
    is_open = referral.status in STOCK
    consent = referral.consent
    move = county.move_referral(
        referral,
        MoveCode.R9 if is_open else MoveCode.R9B,
        who=who if is_open else Who.CLIENT,
        facts=ReferralFacts(consent=consent.withdrawn_at is None),
        actor=actor,
        now=now,
    )
    consent.withdrawn_at, consent.withdrawn_by = now, who.value
    erasures.note(Erased.WITHDRAWN, [referral.id], now=now, by=who.value)
    # After the end, too, somebody may be about to ask how it went.
    latest = case or next(iter(reversed(municipality_queries.cases_of(referral.id))), None)
    handler_id = latest.handler_id if latest is not None else None
    close_with(move, case, actor=actor, now=now)
    forget_copies(move, referral.id, now=now, withdrawn_at=now)
    if referral.status is not ReferralStatus.RETURNED and who not in {Who.ADVISER, Who.LEAD}:
        notifications.tell_receiver_withdrawn(
            referral, unit_id=_receiver_of(referral), handler_id=handler_id, now=now
        )


def withdraw_case(case: Case, *, who: Who, actor: User, now: dt.datetime) -> None:
    """Take the client's permission back from the page of a case, open or closed (R9, R9b).

    Raises:
        MoveRefused: if it was taken back already.
    """
    referral = county_queries.referral(case.referral_id, lock=True)
    if referral is None:
        raise NotFoundError
    withdraw(referral, who=who, actor=actor, now=now)


def may_withdraw(status: ReferralStatus, *, in_force: bool) -> bool:
    """Whether the client may take the permission back now, whoever writes it down (R9, R9b)."""
    facts = ReferralFacts(consent=in_force)
    rows = offered_referral_moves(status=status, who=Who.CLIENT, facts=facts)
    return in_force and any(row.code in {MoveCode.R9, MoveCode.R9B} for row in rows)


def case_may_be_withdrawn(case: Case) -> bool:
    """Whether the client may take back the permission that a case rests on, open or closed."""
    status = ReferralStatus.ACCEPTED if case.status in OPEN_CASE else ReferralStatus.CLOSED
    return may_withdraw(status, in_force=case.withdrawn_at is None)


def _receiver_of(referral: Referral) -> uuid.UUID | None:
    place = municipality_queries.catchment(referral.catchment_id)
    return place.unit_id if place else None
