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
    target_days,
)
from referrals.municipality import queries as municipality
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.settings import current_settings

RECEIVED = MoveCode.R2
"""The municipality has it: told to the sender whatever the client answered about feedback."""

_STAGES = {
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
    sent_by_me: bool

    @property
    def needs_me(self) -> bool:
        """Whether the sender has to act: read why it came back, and put it away."""
        return self.sees.stage is SenderStage.RETURNED


def sees(row: Referral) -> SenderSees:
    """Return what the sender may see of a referral's state."""
    return feedback_shows(
        terms_of(row.consent), status=row.status, started=row.counselling_started, outcome=row.outcome
    )


def standings(sender: User) -> Sequence[Standing]:
    """Return a person's referrals: what needs them first, then the newest change that they may know of."""
    rows = [row for row in queries.sent_by(sender) if row.sender_id == sender.id or not row.protected]
    moves = _histories([row.id for row in rows])
    found = [_standing(row, moves.get(row.id, []), sender) for row in rows]
    found.sort(key=lambda each: (not each.needs_me, -each.changed_at.timestamp(), each.reference))
    return found


def timeline(row: Referral) -> Sequence[Step]:
    """Return the steps of a referral that its sender may know of, oldest first."""
    terms = terms_of(row.consent)
    told = _told(queries.history_of(row.id), terms)
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
        days=target_days(current_settings()),
        priority=row.priority,
        absence_until=route.absence_until if route else None,
    ).contact_by


def is_readable(row: Referral) -> bool:
    """Whether the content is there to be shown: not erased, withdrawn, or entered in error."""
    return (
        row.sealed is not None
        and row.consent.withdrawn_at is None
        and row.status is not ReferralStatus.ENTERED_IN_ERROR
    )


def _standing(row: Referral, moves: Sequence[ReferralHistory], sender: User) -> Standing:
    steps = _told(moves, terms_of(row.consent))
    times = [step.at for step in steps if step.at is not None]
    shown = is_readable(row) and not row.protected
    return Standing(
        id=row.id,
        reference=row.reference,
        kind_code=row.kind_code,
        municipality_code="" if row.consent.withdrawn_at else row.municipality_code,
        name=queries.content_of(row).name if shown else "",
        protected=row.protected,
        sees=sees(row),
        returned_reason=row.returned_reason if row.status is ReferralStatus.RETURNED else None,
        sent_at=row.sent_at,
        changed_at=max(times, default=row.sent_at),
        sent_by_me=row.sender_id == sender.id,
    )


def _told(moves: Sequence[ReferralHistory], terms: ConsentTerms) -> list[Step]:
    steps = []
    for each in moves:
        event, stage = REFERRAL_MOVES[each.move].event, _STAGES.get(each.move)
        if stage is None or event is None:
            continue
        if sender_is_told(terms, event):
            steps.append(Step(stage=stage, at=each.at))
        elif each.move is RECEIVED:
            steps.append(Step(stage=SenderStage.RECEIVED, at=each.at))
    return steps


def _histories(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ReferralHistory]]:
    rows = db.session.scalars(
        select(ReferralHistory)
        .where(ReferralHistory.referral_id.in_(ids))
        .order_by(ReferralHistory.at, ReferralHistory.id)
    ).all()
    found: dict[uuid.UUID, list[ReferralHistory]] = {}
    for row in rows:
        found.setdefault(row.referral_id, []).append(row)
    return found
