"""Making a move of the municipality's table: status, history, events and audit row together."""

import datetime as dt

from referrals.moves import (
    CaseFacts,
    CaseMove,
    CaseStatus,
    EventDirection,
    EventName,
    MoveCode,
    Who,
    case_events,
    check_case_move,
)
from referrals.municipality import content as contents
from referrals.municipality.models import Case, CaseHistory
from referrals.rights.restriction import RestrictedError
from referrals.statistics.operations import Dimensions, dimensions_of, record_event, working_days_since_sent
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import walls
from servicetray.core.db import db


def move_case(
    case: Case,
    code: MoveCode,
    *,
    who: Who,
    facts: CaseFacts,
    actor: User | None,
    now: dt.datetime,
    reason: str | None = None,
    note: str = "",
) -> CaseMove:
    """Make a move of the municipality's table on a case that the caller has locked.

    Raises:
        MoveRefused: if the table does not allow it now.
        RestrictedError: if the use of the record is restricted.
        OutcomeRefused: if it would close with an outcome that the case's course does not bear.
    """
    if case.restricted_at is not None:
        raise RestrictedError
    before = case.status
    move = check_case_move(code, status=before, who=who, facts=facts)
    target = move.target(before, ever_active=facts.ever_active)
    apply(case, move, to=target, actor=actor, now=now, reason=reason, note=note)
    for event in case_events(move, facts):
        if event is EventName.FIRST_CONTACT:
            write_first_contact(case, now=now)
        elif event is EventName.STARTED:
            case.started_at = now
            _event(case, EventName.STARTED, now=now)
    return move


def apply(
    case: Case,
    move: CaseMove,
    *,
    to: CaseStatus,
    actor: User | None,
    now: dt.datetime,
    reason: str | None = None,
    note: str = "",
    handler: User | None = None,
) -> None:
    """Write a move that has been checked: status, history and audit row; ``handler`` is its new adviser."""
    # A case that is closed so that its unit no longer sees it is written to the end.
    walls.hold_together(case.referral_id)
    before, handler_before = case.status, case.handler_id
    case.status = to
    detail = {"move": move.code.value, "from": before.value, "to": to.value}
    if handler is not None:
        case.handler_id = handler.id
        detail["handler"] = str(handler.id)
    db.session.add(
        CaseHistory(
            case_id=case.id,
            move=move.code,
            from_status=before,
            to_status=to,
            at=now,
            actor_id=actor.id if actor else None,
            reason=reason,
            sealed_note=contents.seal_note(note, municipality_code=case.municipality_code, case_id=case.id),
            from_handler_id=handler_before if handler else None,
            to_handler_id=handler.id if handler else None,
        )
    )
    record(
        Action.CASE_MOVED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail=detail,
    )
    db.session.flush()


def write_first_contact(case: Case, *, now: dt.datetime) -> None:
    """Write down when the client was first reached, and count it."""
    case.first_contact_at = now
    _event(case, EventName.FIRST_CONTACT, now=now)


def _event(case: Case, name: EventName, *, now: dt.datetime) -> None:
    if case.practice:
        return
    record_event(
        name,
        direction=EventDirection.NONE,
        dimensions=dimensions_of(case.referral_id) or _bare_dimensions(case),
        referral_id=case.referral_id,
        working_days=working_days_since_sent(case.sent_at, now=now),
        now=now,
    )


def _bare_dimensions(case: Case) -> Dimensions:
    # The link to the first event was cut long ago.
    return Dimensions(
        kind_code=case.kind_code,
        municipality_code=case.municipality_code,
        service_area="",
        reasons=(),
        age_group=case.age_group,
        origin="",
    )
