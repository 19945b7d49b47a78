"""What happens to the municipality's record: attempts, appointments, notes and the moves of a case."""

import datetime as dt
import uuid
from dataclasses import replace

from sqlalchemy.orm.attributes import flag_modified

from referrals import notifications
from referrals.call_times import operations as call_times
from referrals.moves import (
    OPEN_CASE,
    CaseStatus,
    ContactChannel,
    MoveCode,
    Outcome,
    Who,
    check_case_move,
    first_contact_due,
)
from referrals.municipality import content as contents
from referrals.municipality import queries
from referrals.municipality.appointments import operations as appointments
from referrals.municipality.appointments.operations import AppointmentState
from referrals.municipality.facts import MISSED as MISSED
from referrals.municipality.facts import content_of as content_of
from referrals.municipality.facts import facts_of as facts_of
from referrals.municipality.follow_up import operations as follow_up
from referrals.municipality.models import Attempt, AttemptResult, Case, MeetingForm, Note
from referrals.municipality.moving import apply as apply
from referrals.municipality.moving import move_case as move_case
from referrals.municipality.moving import write_first_contact
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError


class StaleVersionError(ConflictError):
    """Somebody saved the case after this page was opened; nothing was changed."""


class CaseClosedError(ConflictError):
    """A closed case is only read: it takes no attempts and no notes."""


class ChannelNotAllowedError(DomainError):
    """The client did not allow to be contacted this way."""

    def __init__(self, channel: ContactChannel) -> None:
        super().__init__(channel)
        self.channel = channel


class NotAWorkerError(DomainError):
    """Who should become a case's adviser does not work in its catchment."""


def check_version(case: Case, version: int) -> None:
    """Refuse to save over what a colleague saved meanwhile.

    Raises:
        StaleVersionError: if the case has moved on since the page with this version was made.
    """
    if case.version != version:
        raise StaleVersionError


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
        ChannelNotAllowedError: if the client did not allow this way of contact.
    """
    _check_open(case)
    if result not in MISSED:
        _check_channel(case, channel)
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
        write_first_contact(case, now=now)
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
    actor: User | None,
    now: dt.datetime,
    note: str = "",
) -> None:
    """Agree on a time with the client (C2). A published call time that it meets is the client's from then on.

    ``actor`` is None where the client has chosen the time.

    Raises:
        MoveRefused: if the table does not allow it now.
    """
    facts = replace(facts_of(case, actor=actor, now=now), appointment_set=True)
    move_case(case, MoveCode.C2, who=who, facts=facts, actor=actor, now=now, note=note)
    case.waiting_reason, case.review_on = None, None
    case.appointment_at, case.appointment_form = at, form
    call_times.agree(case.referral_id, catchment_id=case.catchment_id, at=at, actor=actor, now=now)
    appointments.agree(case, at=at, form=form, now=now)
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
    appointments.settle(case.id, AppointmentState.CANCELLED, now=now)
    call_times.release(case.referral_id, now=now, actor=actor)
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
    appointments.settle(case.id, AppointmentState.HELD, now=now)
    follow_up.lay_out(case, content_of(case))
    call_times.release(case.referral_id, now=now, actor=actor)
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
    no_show = result is AttemptResult.NO_SHOW
    became = AppointmentState.MISSED if no_show else AppointmentState.CANCELLED
    appointments.settle(case.id, became, now=now)
    call_times.release(case.referral_id, now=now, actor=actor)
    db.session.flush()


def close(case: Case, *, outcome: Outcome, now: dt.datetime) -> None:
    """Mark a case closed with its outcome; the move itself has been made by the caller."""
    case.outcome, case.closed_at = outcome, now
    _nothing_due(case, now=now)
    db.session.flush()


def assign(case: Case, *, to: User, who: Who, actor: User, now: dt.datetime) -> None:
    """Hand a case to another adviser of its catchment (C10): a lead any case, an adviser their own.

    From then on a protected client's case is the new adviser's alone. Who has it already is told nothing.

    Raises:
        MoveRefused: if it is somebody else's case, and the actor does not lead.
        NotAWorkerError: if the new adviser's account is closed, or works elsewhere.
    """
    facts = facts_of(case, actor=actor, now=now)
    move = check_case_move(MoveCode.C10, status=case.status, who=who, facts=facts)
    check_worker(to, case.catchment_id, now=now)
    if case.handler_id == to.id:
        return
    apply(case, move, to=case.status, actor=actor, now=now, handler=to)
    if to.id != actor.id:
        notifications.tell_handler(to, case_id=case.id, referral_id=case.referral_id, now=now)


def check_worker(user: User, catchment_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Refuse somebody who does not work in a catchment on this day, as its own or standing in.

    Raises:
        NotAWorkerError: if their account is closed, or they work elsewhere.
    """
    if not user.active or not queries.works_in(user, catchment_id, on=clock.helsinki_day(now)):
        raise NotAWorkerError


def void(case: Case, *, now: dt.datetime) -> None:
    """Let nothing be due any more in a case that was entered in error; the move has been made by the caller."""
    case.closed_at = case.closed_at or now
    _nothing_due(case, now=now)
    db.session.flush()


def reopen(case: Case, *, handler: User, now: dt.datetime) -> None:
    """Take a closed case up again (C8): its term stops. The move itself has been made by the caller."""
    case.outcome = case.closed_at = case.erase_after = None
    # A wish to stop was answered by the closing.
    case.stop_requested_at = None
    case.handler_id = handler.id
    # Who was never counselled is to be called; counselling that goes on has its own pace.
    case.due_on = clock.helsinki_day(now) if case.status is CaseStatus.CONTACTING else None
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


def _nothing_due(case: Case, *, now: dt.datetime) -> None:
    case.due_on = case.review_on = None
    case.waiting_reason = None
    case.appointment_at = case.appointment_form = None
    appointments.settle(case.id, AppointmentState.CANCELLED, now=now)


def _check_channel(case: Case, channel: ContactChannel) -> None:
    content = content_of(case)
    if content is None or channel not in content.channels:
        raise ChannelNotAllowedError(channel)


def _check_open(case: Case) -> None:
    if case.status not in OPEN_CASE:
        raise CaseClosedError


def _touch(case: Case) -> None:
    """Let the version rise although no column changed: an attempt or note is a change of the case."""
    flag_modified(case, "handler_id")
