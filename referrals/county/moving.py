"""Making a move of the table on the county's record: status, history, event, audit row and messages in one.

All of it happens in the transaction of the caller.
"""

import datetime as dt

from referrals import notifications
from referrals.call_times import operations as call_times
from referrals.consent import sender_is_told
from referrals.county.consents import terms_of
from referrals.county.models import Origin, Referral, ReferralHistory
from referrals.moves import (
    STOCK,
    EventName,
    MoveCode,
    Outcome,
    ReferralFacts,
    ReferralMove,
    ReferralStatus,
    SideEffect,
    Who,
    check_referral_move,
)
from referrals.questions import operations as questions
from referrals.rights.restriction import check_unrestricted
from referrals.statistics.operations import (
    Dimensions,
    dimensions_of,
    record_event,
    working_days_since_sent,
)
from referrals.transfers import operations as transfers
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import outbox, walls
from servicetray.core.db import db


def move_referral(  # noqa: PLR0913 - what a row of the table asks for, and what its record is to say
    referral: Referral,
    code: MoveCode,
    *,
    who: Who,
    facts: ReferralFacts,
    actor: User | None,
    now: dt.datetime,
    reason: str | None = None,
    outcome: Outcome | None = None,
    dimensions: Dimensions | None = None,
) -> ReferralMove:
    """Make a move of the county's table on a referral that the caller has locked.

    ``dimensions`` says by what its event is counted, where the move changes that.

    Raises:
        MoveRefused: if the table does not allow it now.
        RestrictedError: if the use of the county's record is restricted, and the move is not the client's own.
    """
    before = referral.status
    check_unrestricted(referral, code)
    move = check_referral_move(code, status=before, who=who, facts=facts)
    # A move may take the referral out of its reader's sight; it is written to the end all the same.
    walls.hold_together(referral.id)
    referral.status = move.target(before)
    if move.to is not None or move.event is not None:
        # An offer of transfer is the municipalities' own affair: for the sender nothing has changed.
        referral.status_changed_at = now
    terms = terms_of(referral.consent)
    _set_term(referral, move, withdrawn=terms.withdrawn, now=now)
    _note_why(referral, before, reason=reason, now=now)
    _end_what_hung_on_it(referral, move, actor=actor, now=now)
    if outcome is not None and terms.feedback:
        referral.outcome = outcome
    append_history(referral, move, before, actor=actor, now=now, reason=reason)
    if move.event is not None:
        told = sender_is_told(terms, move.event)
        _record_event(referral, move, before, outcome=outcome, dimensions=dimensions, told=told, now=now)
        if actor is None or actor.id != referral.sender_id:
            notifications.tell_sender(referral, move.event, terms=terms, now=now)
    record(
        Action.REFERRAL_MOVED,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"move": code.value, "from": before.value, "to": referral.status.value},
    )
    db.session.flush()
    return move


def _set_term(referral: Referral, move: ReferralMove, *, withdrawn: bool, now: dt.datetime) -> None:
    if move.retention.content_days is not None:
        term = now + dt.timedelta(days=move.retention.content_days)
        # A later move never keeps content for longer than an earlier one has promised.
        referral.erase_after = min(term, referral.erase_after or term)
    if move.retention.stops or (move.retention.awaits_release and not withdrawn):
        # What the client was promised on taking the permission back holds whatever comes to light later.
        referral.erase_after = None


def _note_why(referral: Referral, before: ReferralStatus, *, reason: str | None, now: dt.datetime) -> None:
    if referral.status is not ReferralStatus.RETURNED:
        referral.returned_at = None
    elif before is not ReferralStatus.RETURNED:
        # A withdrawal afterwards (R9b) moves nothing, and has no say in why it came back.
        referral.returned_reason, referral.returned_at = reason, now
        referral.reminders, referral.reminded_at = 0, None
    if referral.status is ReferralStatus.CANCELLED:
        referral.cancelled_reason = reason


def _end_what_hung_on_it(
    referral: Referral, move: ReferralMove, *, actor: User | None, now: dt.datetime
) -> None:
    if (
        referral.status in {ReferralStatus.CANCELLED, ReferralStatus.ENTERED_IN_ERROR}
        or SideEffect.UNSENT_MESSAGES_CANCELLED in move.side_effects
    ):
        outbox.cancel(about=notifications.about(referral))
    if SideEffect.OFFER_ENDED in move.side_effects:
        transfers.drop_offer(referral.id, actor=actor, now=now)
    if referral.status not in STOCK:
        # Who is no longer waited for needs no time: others may choose it at once.
        call_times.release(referral.id, now=now, actor=actor)
        # Nobody waits for an answer any more; a later start of the clock begins without this pause.
        questions.end_pause(referral.id, now=now)


def _record_event(
    referral: Referral,
    move: ReferralMove,
    before: ReferralStatus,
    *,
    outcome: Outcome | None,
    dimensions: Dimensions | None,
    told: bool,
    now: dt.datetime,
) -> None:
    if referral.practice or move.event is None:
        return
    ends = move.event is EventName.CLOSED and referral.origin is not Origin.RESIDENT
    record_event(
        move.event,
        direction=move.direction_from(before),
        dimensions=dimensions or dimensions_of(referral.id) or _bare_dimensions(referral),
        referral_id=referral.id,
        outcome=outcome,
        working_days=working_days_since_sent(referral.clock_from, now=now),
        # A resident's own request has no sender who could wait for the end.
        sender_told=told if ends else None,
        now=now,
    )


def _bare_dimensions(referral: Referral) -> Dimensions:
    # The link to the first event was cut long ago: reason and service area are no longer known.
    return Dimensions(
        kind_code=referral.kind_code,
        municipality_code=referral.municipality_code,
        service_area="",
        reasons=(),
        age_group=referral.age_group,
        origin=referral.origin.value,
    )


def append_history(
    referral: Referral,
    move: ReferralMove,
    before: ReferralStatus | None,
    *,
    actor: User | None,
    now: dt.datetime,
    reason: str | None,
) -> None:
    db.session.add(
        ReferralHistory(
            referral_id=referral.id,
            move=move.code,
            from_status=before,
            to_status=referral.status,
            at=now,
            actor_id=actor.id if actor else None,
            reason=reason,
        )
    )
