"""Where a sender's referrals stand, as far as the client lets the sender know.

Nothing that the consent hides may show through: not in the stage, not in the timeline, not in the order of the
list (a list by the last change would tell of a closing that the sender may not hear of).
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referrals.consent import ConsentTerms, SenderSees, SenderStage, feedback_shows, sender_is_told
from referrals.county import queries
from referrals.county.models import Referral, ReferralHistory
from referrals.county.operations import terms_of
from referrals.moves import (
    REFERRAL_MOVES,
    MoveCode,
    ReferralFacts,
    ReferralStatus,
    Who,
    due,
    offered_referral_moves,
)
from referrals.moves.needs import EXPIRY_DAYS
from referrals.municipality import queries as municipality
from referrals.target_times.queries import targets_at
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import db

RECEIVED = MoveCode.R2
"""The municipality has it: told to the sender whatever the client answered about feedback."""

STAGES = {
    MoveCode.R1: SenderStage.SENT,
    MoveCode.R2: SenderStage.ACCEPTED,
    MoveCode.R3: SenderStage.RETURNED,
    MoveCode.R4: SenderStage.SENT,
    MoveCode.R5: SenderStage.CANCELLED,
    MoveCode.R6: SenderStage.CANCELLED,
    MoveCode.R7: SenderStage.CANCELLED,
    MoveCode.R9: SenderStage.WITHDRAWN,
    MoveCode.R9B: SenderStage.WITHDRAWN,
    MoveCode.R9C: SenderStage.SENT,
    MoveCode.R10: SenderStage.SENT,
    MoveCode.R11: SenderStage.ENTERED_IN_ERROR,
    MoveCode.R13: SenderStage.TRANSFERRED,
    MoveCode.R15: SenderStage.CLOSED,
    MoveCode.R16: SenderStage.ACCEPTED,
}
"""What each move of a referral is to its sender; those that are not here are no news."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a referral that its sender may know of."""

    stage: SenderStage
    at: dt.datetime | None
    """When; None where only that it happened is told."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A referral as its sender sees it in a list."""

    id: uuid.UUID
    reference: str
    kind_code: str
    municipality_code: str
    """Empty once the client has taken the permission back."""
    name: str
    """Of the client; empty for a protected one, and once it is erased or hidden."""
    protected: bool
    sees: SenderSees
    returned_reason: str | None
    sent_at: dt.datetime
    changed_at: dt.datetime
    """The last step that the sender may know of."""
    quiet_days: int
    """Working days since then, while more is to come; else 0."""
    late_since: dt.date | None
    """The day by which somebody should have picked it up, once that is over; None while it can be met."""
    expires_on: dt.date | None
    """Helsinki day on which a returned one is cancelled by itself (R6)."""
    sent_by_me: bool
    mine_to_move: bool
    """Whether the moves of the sender are this person's: of the sender, and of the unit once they have left."""

    @property
    def is_returned(self) -> bool:
        """Whether it came back, and waits to be mended or put away."""
        return self.sees.stage is SenderStage.RETURNED


def sees(row: Referral) -> SenderSees:
    """Return what the sender may see of a referral's state."""
    return feedback_shows(
        terms_of(row.consent), status=row.status, started=row.counselling_started, outcome=row.outcome
    )


def timeline(row: Referral, moves: Sequence[ReferralHistory]) -> Sequence[Step]:
    """Return those of a referral's moves that its sender may know of, as steps, oldest first."""
    told = _told(moves, terms_of(row.consent))
    if sees(row).stage in {SenderStage.STARTED, SenderStage.CLOSED} and row.counselling_started:
        # The day is the municipality's own; the county's record knows only that it has begun.
        place = next((n for n, step in enumerate(told) if step.stage is SenderStage.CLOSED), len(told))
        told.insert(place, Step(stage=SenderStage.STARTED, at=None))
    return told


def may_cancel(row: Referral) -> bool:
    """Whether the table offers the sender to take it back (R7): nobody has claimed it yet."""
    offered = offered_referral_moves(status=row.status, who=Who.SENDER, facts=ReferralFacts(consent=True))
    return row.consent.withdrawn_at is None and any(move.code is MoveCode.R7 for move in offered)


def call_by(row: Referral) -> dt.date:
    """Return the Helsinki day by which somebody should have tried to reach the client."""
    sent_on = clock.helsinki_day(row.clock_from)
    route = municipality.route(row.kind_code, row.municipality_code, on=sent_on)
    return due(
        row.clock_from,
        days=targets_at(row.clock_from),
        priority=row.priority,
        absence_until=route.absence_until if route else None,
    ).contact_by


def is_readable(row: Referral) -> bool:
    """Whether the content is there to be shown: not erased, restricted, withdrawn, or entered in error."""
    return (
        row.sealed is not None
        and row.restricted_at is None
        and row.consent.withdrawn_at is None
        and row.status is not ReferralStatus.ENTERED_IN_ERROR
    )


def expires_on(row: Referral) -> dt.date | None:
    """Return the Helsinki day on which a returned referral is cancelled, if nobody takes it up (R6)."""
    if row.status is not ReferralStatus.RETURNED or row.returned_at is None:
        return None
    return clock.helsinki_day(row.returned_at) + dt.timedelta(days=EXPIRY_DAYS)


def standing_of(
    row: Referral, moves: Sequence[ReferralHistory], *, viewer: User, mine_to_move: bool, now: dt.datetime
) -> Standing:
    """Return how a referral with these moves stands for somebody who may see it."""
    steps = _told(moves, terms_of(row.consent))
    changed_at = max((step.at for step in steps if step.at is not None), default=row.sent_at)
    shown, seen, today = is_readable(row) and not row.protected, sees(row), clock.helsinki_day(now)
    late = seen.stage is SenderStage.SENT and row.claim_due_on < today
    return Standing(
        id=row.id,
        reference=row.reference,
        kind_code=row.kind_code,
        municipality_code="" if row.consent.withdrawn_at else row.municipality_code,
        name=queries.content_of(row).name if shown else "",
        protected=row.protected,
        sees=seen,
        returned_reason=row.returned_reason if row.status is ReferralStatus.RETURNED else None,
        sent_at=row.sent_at,
        changed_at=changed_at,
        quiet_days=clock.working_days_between(clock.helsinki_day(changed_at), today)
        if more_is_to_come(row)
        else 0,
        late_since=row.claim_due_on if late else None,
        expires_on=expires_on(row) if seen.stage is SenderStage.RETURNED else None,
        sent_by_me=row.sender_id == viewer.id,
        mine_to_move=mine_to_move,
    )


def more_is_to_come(row: Referral) -> bool:
    """Whether the sender still waits to hear more of a referral."""
    stage = sees(row).stage
    return stage in {SenderStage.SENT, SenderStage.ACCEPTED, SenderStage.STARTED}


def _told(moves: Sequence[ReferralHistory], terms: ConsentTerms) -> list[Step]:
    steps = []
    for each in moves:
        event, stage = REFERRAL_MOVES[each.move].event, STAGES.get(each.move)
        if stage is None or event is None:
            continue
        if sender_is_told(terms, event):
            # A referral that came from another municipality begins where the other one was left.
            began = each.move is MoveCode.R13 and each.from_status is None
            steps.append(Step(stage=SenderStage.ACCEPTED if began else stage, at=each.at))
        elif each.move is RECEIVED:
            steps.append(Step(stage=SenderStage.RECEIVED, at=each.at))
    return steps


def histories(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ReferralHistory]]:
    """Return the moves of referrals, oldest first."""
    rows = db.session.scalars(
        select(ReferralHistory)
        .where(ReferralHistory.referral_id.in_(ids))
        .order_by(ReferralHistory.at, ReferralHistory.id)
    ).all()
    found: dict[uuid.UUID, list[ReferralHistory]] = {}
    for row in rows:
        found.setdefault(row.referral_id, []).append(row)
    return found
