"""What happens to the municipality's record: attempts, appointments, notes and the moves of a case."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm.attributes import flag_modified

from referrals.moves import (
    OPEN_CASE,
    AttemptFact,
    CaseFacts,
    CaseMove,
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveCode,
    Outcome,
    Who,
    case_events,
    check_case_move,
    first_contact_due,
)
from referrals.municipality import content as contents
from referrals.municipality import queries
from referrals.municipality.content import CaseContent
from referrals.municipality.models import Attempt, AttemptResult, Case, CaseHistory, MeetingForm, Note
from referrals.statistics.operations import Dimensions, dimensions_of, record_event, working_days_since_sent
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError

MISSED = frozenset({AttemptResult.NO_SHOW, AttemptResult.CANCELLED})


class StaleVersionError(ConflictError):
    """Somebody saved the case after this page was opened; nothing was changed."""


class CaseClosedError(ConflictError):
    """A closed case is only read: it takes no attempts and no notes."""


def content_of(case: Case) -> CaseContent | None:
    """Return what the case tells of the client, or None once it is erased."""
    if case.sealed is None:
        return None
    return contents.unseal(case.sealed, municipality_code=case.municipality_code, case_id=case.id)


def check_version(case: Case, version: int) -> None:
    """Refuse to save over what a colleague saved meanwhile.

    Raises:
        StaleVersionError: if the case has moved on since the page with this version was made.
    """
    if case.version != version:
        raise StaleVersionError


def facts_of(case: Case, *, actor: User | None, now: dt.datetime) -> CaseFacts:
    """Return what is known of a case for the checks of the table."""
    attempts = queries.attempts_of(case.id)
    content = content_of(case)
    return CaseFacts(
        today=clock.helsinki_day(now),
        reached=any(attempt.result is AttemptResult.REACHED for attempt in attempts),
        first_contact_recorded=case.first_contact_at is not None,
        ever_active=case.started_at is not None,
        own_case=actor is not None and case.handler_id == actor.id,
        consent=content is not None and case.withdrawn_at is None,
        outcome=case.outcome,
        attempts=_attempt_facts(attempts),
        allowed_channels=frozenset(content.channels) if content else frozenset(),
        closed_on=clock.helsinki_day(case.closed_at) if case.closed_at else None,
    )


def log_attempt(
    case: Case,
    *,
    channel: ContactChannel,
    result: AttemptResult,
    note: str,
    actor: User,
    now: dt.datetime,
) -> Attempt:
    """Write down one try to reach the client; the first one reached is the first contact.

    Raises:
        CaseClosedError: if the case is not open any more.
    """
    _check_open(case)
    attempt = Attempt(
        case_id=case.id,
        at=now,
        channel=channel,
        result=result,
        actor_id=actor.id,
        sealed_note=contents.seal_note(note, municipality_code=case.municipality_code, case_id=case.id),
    )
    db.session.add(attempt)
    if result not in MISSED:
        case.first_attempt_at = case.first_attempt_at or now
        if case.status is CaseStatus.CONTACTING:
            # The target is the attempt (moves.md, Clock): whatever was due is done by it.
            case.due_on = None
    reached = result is AttemptResult.REACHED
    if first_contact_due(reached=reached, recorded=case.first_contact_at is not None):
        _first_contact(case, now=now)
    case.handler_id = case.handler_id or actor.id
    _touch(case)
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"what": "attempt", "result": result.value},
    )
    db.session.flush()
    return attempt


def add_note(case: Case, *, text: str, actor: User, now: dt.datetime) -> Note | None:
    """Add a note of the municipality's own; an empty one is none.

    Raises:
        CaseClosedError: if the case is not open any more.
    """
    _check_open(case)
    sealed = contents.seal_note(text, municipality_code=case.municipality_code, case_id=case.id)
    if sealed is None:
        return None
    note = Note(case_id=case.id, at=now, actor_id=actor.id, sealed=sealed)
    db.session.add(note)
    _touch(case)
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"what": "note"},
    )
    db.session.flush()
    return note


def schedule(
    case: Case,
    *,
    at: dt.datetime,
    form: MeetingForm,
    who: Who,
    actor: User,
    now: dt.datetime,
    note: str = "",
) -> None:
    """Agree on a time with the client (C2).

    Raises:
        MoveRefused: if the table does not allow it now.
    """
    facts = replace(facts_of(case, actor=actor, now=now), appointment_set=True)
    move_case(case, MoveCode.C2, who=who, facts=facts, actor=actor, now=now, note=note)
    case.waiting_reason, case.review_on = None, None
    case.appointment_at, case.appointment_form = at, form
    case.due_on = clock.helsinki_day(at)
    db.session.flush()


def wait(
    case: Case,
    *,
    reason: str,
    review_on: dt.date,
    who: Who,
    actor: User,
    now: dt.datetime,
    note: str = "",
) -> None:
    """Let a case wait until a day (C3), at most 90 days ahead; an appointment that was agreed is off.

    Raises:
        MoveRefused: if the table does not allow it now, or the day is past or too far.
    """
    facts = replace(facts_of(case, actor=actor, now=now), reason_given=bool(reason), review_on=review_on)
    move_case(case, MoveCode.C3, who=who, facts=facts, actor=actor, now=now, reason=reason, note=note)
    case.appointment_at, case.appointment_form = None, None
    case.waiting_reason, case.review_on, case.due_on = reason, review_on, review_on
    db.session.flush()


def resume(case: Case, *, who: Who, actor: User, now: dt.datetime) -> None:
    """Take a waiting case up again (C4): the client is to be called today, unless counselling goes on.

    Raises:
        MoveRefused: if the case does not wait.
    """
    facts = facts_of(case, actor=actor, now=now)
    move_case(case, MoveCode.C4, who=who, facts=facts, actor=actor, now=now)
    case.waiting_reason, case.review_on = None, None
    case.due_on = clock.helsinki_day(now) if case.status is CaseStatus.CONTACTING else None
    db.session.flush()


def start(case: Case, *, who: Who, actor: User, now: dt.datetime, note: str = "") -> None:
    """Write down that counselling was held (C5).

    Raises:
        MoveRefused: if the table does not allow it now.
    """
    facts = replace(facts_of(case, actor=actor, now=now), counselling_held=True)
    move_case(case, MoveCode.C5, who=who, facts=facts, actor=actor, now=now, note=note)
    case.first_attempt_at = case.first_attempt_at or now
    case.appointment_at, case.appointment_form, case.due_on = None, None, None
    db.session.flush()


def miss_appointment(
    case: Case, *, result: AttemptResult, note: str, who: Who, actor: User, now: dt.datetime
) -> None:
    """Write down that the client did not come, or cancelled (C6): a new time is to be agreed today.

    Raises:
        MoveRefused: if no appointment was agreed.
    """
    log_attempt(case, channel=ContactChannel.PHONE, result=result, note=note, actor=actor, now=now)
    facts = replace(facts_of(case, actor=actor, now=now), attempt_recorded=True)
    move_case(case, MoveCode.C6, who=who, facts=facts, actor=actor, now=now)
    case.appointment_at, case.appointment_form, case.due_on = None, None, clock.helsinki_day(now)
    db.session.flush()


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
        OutcomeRefused: if it would close with an outcome that the case's course does not bear.
    """
    before = case.status
    move = check_case_move(code, status=before, who=who, facts=facts)
    target = move.target(before, ever_active=facts.ever_active)
    apply(case, move, to=target, actor=actor, now=now, reason=reason, note=note)
    for event in case_events(move, facts):
        if event is EventName.FIRST_CONTACT:
            _first_contact(case, now=now)
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
) -> None:
    """Write a move that has been checked: status, history and audit row."""
    before = case.status
    case.status = to
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
        )
    )
    record(
        Action.CASE_MOVED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"move": move.code.value, "from": before.value, "to": to.value},
    )
    db.session.flush()


def close(case: Case, *, outcome: Outcome, now: dt.datetime) -> None:
    """Mark a case closed with its outcome; the move itself has been made by the caller."""
    case.outcome, case.closed_at = outcome, now
    case.due_on = case.review_on = None
    case.waiting_reason = None
    case.appointment_at = case.appointment_form = None
    db.session.flush()


def forget_copies(
    referral_id: uuid.UUID, *, erase_after: dt.datetime, withdrawn_at: dt.datetime | None = None
) -> None:
    """Set the day on which everything copied from a referral goes; an earlier one that was set stands.

    Where the client took the permission back, every case of the referral is hidden from then on.
    """
    for case in queries.cases_of(referral_id):
        case.erase_after = min(erase_after, case.erase_after or erase_after)
        case.withdrawn_at = case.withdrawn_at or withdrawn_at
    db.session.flush()


def _first_contact(case: Case, *, now: dt.datetime) -> None:
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


def _attempt_facts(attempts: Sequence[Attempt]) -> tuple[AttemptFact, ...]:
    return tuple(
        AttemptFact(
            day=clock.helsinki_day(attempt.at),
            channel=None if attempt.result in MISSED else attempt.channel,
            reached=attempt.result is AttemptResult.REACHED,
        )
        for attempt in attempts
    )


def _check_open(case: Case) -> None:
    if case.status not in OPEN_CASE:
        raise CaseClosedError


def _touch(case: Case) -> None:
    """Let the version rise although no column changed: an attempt or note is a change of the case."""
    flag_modified(case, "handler_id")
