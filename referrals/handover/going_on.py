"""What is done to a referral and to what it became by transfers: taking back the permission (R9), voiding (R11).

A transfer leaves two records of one client, with two municipalities. Who may not hear of it (no feedback) is still
obeyed in both; and where the person is the wrong one, they are the wrong one in both.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified

from referrals.breaches.models import Breach
from referrals.county import queries as county_queries
from referrals.county.models import Referral
from referrals.erasures import operations as erasures
from referrals.erasures.operations import Erased
from referrals.handover.effects import forget_copies
from referrals.handover.voiding import void
from referrals.handover.withdrawing import hold_cases, may_withdraw, withdraw
from referrals.moves import (
    REFERRAL_MOVES,
    MoveCode,
    MoveRefused,
    ReferralFacts,
    ReferralStatus,
    Refusal,
    VoidReason,
    Who,
)
from referrals.transfers import queries as transfers
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import walls
from servicetray.core.db import db


def hold_chain(referral_id: uuid.UUID) -> Sequence[Referral]:
    """Lock a referral with all that it came from and became by transfers, cases first; return them oldest first.

    Everybody who takes several takes the oldest first, so that nobody waits for each other.
    """
    with walls.everywhere():
        ids = transfers.chain_of(referral_id)
    rows = []
    for each in ids:
        hold_cases(each)
        row = county_queries.referral(each, lock=True)
        if row is not None:
            rows.append(row)
    return tuple(rows)


def withdraw_along(chain: Sequence[Referral], *, who: Who, actor: User | None, now: dt.datetime) -> None:
    """Take the permission back from a transferred referral (R9, R9b): of what it became, and of itself.

    The move is made where the referral is now; where that has been done already, or nothing is left to take back,
    only the earlier records follow. Whoever asks learns nothing of the difference.

    Args:
        chain: the transferred referral and what it became, oldest first, locked by ``hold_chain``.
        who: who writes it down.
        actor: their account; None for the client.
        now: the moment.

    Raises:
        MoveRefused: if it was taken back already from the first of them.
    """
    first, latest = chain[0], chain[-1]
    if first.consent.withdrawn_at is not None:
        raise MoveRefused(MoveCode.R9, Refusal.NEED_NOT_MET, ReferralFacts(consent=False))
    if latest is not first and may_withdraw(latest.status, in_force=latest.consent.withdrawn_at is None):
        withdraw(latest, who=who, actor=actor, now=now)
    for row in chain:
        if row.status is ReferralStatus.TRANSFERRED and row.consent.withdrawn_at is None:
            _forget(row, who=who, actor=actor, now=now)
    db.session.flush()


def void_along(
    chain: Sequence[Referral],
    *,
    pressed: uuid.UUID,
    along: bool,
    reason: VoidReason,
    who: Who,
    actor: User,
    now: dt.datetime,
) -> Breach | None:
    """Mark one record of a chain as entered in error (R11), and those to which the same applies.

    The wrong person is the wrong one in every record: all are voided, each with a breach record of its own, and each
    municipality is told. Any other reason concerns the record where it was found, and, where the sender says so,
    what it became.

    Args:
        chain: locked by ``hold_chain``, oldest first.
        pressed: the record where it was found.
        along: whether what it became goes along although the person is the right one.
        reason: why.
        who: the sender, or the lead of the record where it was found.
        actor: their account.
        now: the moment.

    Returns:
        The breach of the record where it was found, if that opens one.

    Raises:
        MoveRefused: if the record was voided already.
    """
    place = next(number for number, row in enumerate(chain) if row.id == pressed)
    breach = void(chain[place], reason=reason, who=who, actor=actor, now=now)
    everywhere = reason is VoidReason.WRONG_PERSON
    for number, row in enumerate(chain):
        goes = number != place and (everywhere or (along and number > place))
        if goes and row.status is not ReferralStatus.ENTERED_IN_ERROR:
            void(row, reason=reason, who=who, actor=actor, now=now, elsewhere=True)
    return breach


def _forget(row: Referral, *, who: Who, actor: User | None, now: dt.datetime) -> None:
    """Let a record that was transferred follow: hidden at once, erased when the other one is.

    Its own course is over, so there is no move to make.
    """
    move = REFERRAL_MOVES[MoveCode.R9]
    row.consent.withdrawn_at, row.consent.withdrawn_by = now, who.value
    if move.retention.content_days is not None:
        term = now + dt.timedelta(days=move.retention.content_days)
        row.erase_after = min(row.erase_after or term, term)
    # Whoever read it before has another version, however little changed.
    flag_modified(row, "status_changed_at")
    erasures.note(Erased.WITHDRAWN, [row.id], now=now, by=who.value)
    forget_copies(move, row.id, now=now, withdrawn_at=now)
    record(
        Action.REFERRAL_MOVED,
        actor=actor,
        object_type="referral",
        object_id=row.id,
        subject=subject_key(row.id),
        now=now,
        detail={"move": move.code.value, "from": row.status.value, "to": row.status.value},
    )
