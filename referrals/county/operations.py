"""What happens to the county's record: sending, and every later move of the table.

Each move checks the table, changes the status, appends history, event and audit row and tells who
should hear of it, all in the transaction of the caller.
"""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from referrals import notifications
from referrals.consent import (
    DISCLOSURE_ITEMS,
    Basis,
    ConsentTerms,
    Contact,
    Disclosure,
    Giver,
    Method,
)
from referrals.county import content as contents
from referrals.county.content import ReferralContent
from referrals.county.models import Consent, Draft, Origin, Referral, ReferralHistory
from referrals.moves import (
    ContactChannel,
    EventName,
    MoveCode,
    Outcome,
    Priority,
    ReferralFacts,
    ReferralMove,
    ReferralStatus,
    SideEffect,
    Who,
    check_referral_move,
    due,
    target_days,
)
from referrals.municipality.queries import Route
from referrals.statistics.operations import (
    Dimensions,
    dimensions_of,
    record_event,
    working_days_since_sent,
)
from servicetray.accounts.queries import Unit, User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock, outbox
from servicetray.core.db import db
from servicetray.core.settings import current_settings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: a reference is read aloud on the phone."""
REFERENCE_LENGTH = 6


@dataclass(frozen=True, kw_only=True)
class ConsentGiven:
    """What the client agreed to, as the form recorded it."""

    giver: Giver
    basis: Basis | None = None
    contact: Contact | None = None
    guardians_may_be_told: bool | None = None
    method: Method
    text_version: str
    text_language: str
    feedback: bool
    follow_up: bool
    transfer: bool
    channels: frozenset[ContactChannel]
    interpreted_by: str = ""


@dataclass(frozen=True, kw_only=True)
class NewReferral:
    """A form that is ready to be sent."""

    form_key: uuid.UUID
    kind_code: str
    prefix: str
    content: ReferralContent
    consent: ConsentGiven
    priority: Priority
    protected: bool = False
    practice: bool = False
    origin: Origin = Origin.PROFESSIONAL


def send(new: NewReferral, *, route: Route, receiver: Unit, actor: User, now: dt.datetime) -> Referral:
    """Send a referral (R1): referral, consent, history, event, audit and message in one transaction.

    Raises:
        MoveRefused: if consent is missing or the catchment is closed.
        sqlalchemy.exc.IntegrityError: if this form has been sent already.
    """
    today = clock.helsinki_day(now)
    facts = ReferralFacts(all_fields=True, form_key=True, consent=True, open_catchment=route.is_open)
    move = check_referral_move(MoveCode.R1, status=None, who=Who.SENDER, facts=facts)
    referral_id = uuid.uuid4()
    person = new.content
    targets = due(
        now,
        days=target_days(current_settings()),
        priority=new.priority,
        absence_until=route.absence_until,
    )
    referral = Referral(
        id=referral_id,
        reference=_reference(new.prefix),
        form_key=new.form_key,
        kind_code=new.kind_code,
        status=move.target(None),
        origin=new.origin,
        municipality_code=route.municipality_code,
        catchment_id=route.catchment_id,
        sending_unit_id=actor.unit_id,
        sender_id=actor.id,
        priority=new.priority,
        age_group=contents.age_group(person.birth_year, on=today),
        sent_at=now,
        claim_due_on=targets.claim_by,
        status_changed_at=now,
        sealed=contents.seal(person, referral_id),
        person_index=contents.person_index(
            first_name=person.first_name, last_name=person.last_name, birth_year=person.birth_year
        ),
        protected=new.protected,
        practice=new.practice,
        counselling_started=False,
    )
    given = new.consent
    consent = Consent(
        referral=referral,
        giver=given.giver,
        basis=given.basis,
        contact=given.contact,
        guardians_may_be_told=given.guardians_may_be_told,
        method=given.method,
        text_version=given.text_version,
        text_language=given.text_language,
        recipient=receiver.name.get("fi", ""),
        items=[item.value for item in DISCLOSURE_ITEMS[Disclosure.REFERRAL]],
        feedback=given.feedback,
        follow_up=given.follow_up,
        transfer=given.transfer,
        channels=sorted(channel.value for channel in given.channels),
        given_at=now,
        recorded_by=actor.id,
        interpreted_by=given.interpreted_by,
    )
    db.session.add_all([referral, consent])
    db.session.flush()
    _append_history(referral, move, None, actor=actor, now=now, reason=None)
    if not new.practice:
        record_event(
            EventName.SENT,
            direction=move.direction,
            dimensions=Dimensions(
                kind_code=new.kind_code,
                municipality_code=route.municipality_code,
                service_area=actor.unit.service_area if actor.unit else "",
                reasons=person.reasons,
                age_group=referral.age_group,
                origin=new.origin.value,
            ),
            referral_id=referral.id,
            now=now,
        )
    erase_draft(new.form_key)
    record(
        Action.REFERRAL_SENT,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"to_unit": str(receiver.id), "kind": new.kind_code},
    )
    notifications.tell_unit(referral, mailbox=receiver.mailbox, now=now)
    return referral


def move_referral(
    referral: Referral,
    code: MoveCode,
    *,
    who: Who,
    facts: ReferralFacts,
    actor: User | None,
    now: dt.datetime,
    reason: str | None = None,
    outcome: Outcome | None = None,
) -> ReferralMove:
    """Make a move of the county's table on a referral that the caller has locked.

    Raises:
        MoveRefused: if the table does not allow it now.
    """
    before = referral.status
    move = check_referral_move(code, status=before, who=who, facts=facts)
    referral.status = move.target(before)
    referral.status_changed_at = now
    terms = terms_of(referral.consent)
    if move.retention.content_days is not None:
        term = now + dt.timedelta(days=move.retention.content_days)
        # A later move never keeps content for longer than an earlier one has promised.
        referral.erase_after = min(term, referral.erase_after or term)
    if move.retention.stops:
        referral.erase_after = None
    if referral.status is ReferralStatus.RETURNED and before is not ReferralStatus.RETURNED:
        # A withdrawal afterwards (R9b) moves nothing, and has no say in why it came back.
        referral.returned_reason = reason
    if referral.status is ReferralStatus.CANCELLED:
        referral.cancelled_reason = reason
    if (
        referral.status is ReferralStatus.CANCELLED
        or SideEffect.UNSENT_MESSAGES_CANCELLED in move.side_effects
    ):
        outbox.cancel(about=notifications.about(referral))
    if outcome is not None and terms.feedback:
        referral.outcome = outcome
    _append_history(referral, move, before, actor=actor, now=now, reason=reason)
    if move.event is not None:
        _record_event(referral, move, before, outcome=outcome, now=now)
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


def cancel(referral: Referral, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Take back a referral that nobody has claimed yet (R7).

    Raises:
        MoveRefused: if it has been claimed, or no reason is given.
    """
    facts = ReferralFacts(reason_given=bool(reason), consent=True)
    move_referral(referral, MoveCode.R7, who=Who.SENDER, facts=facts, actor=actor, reason=reason, now=now)


def acknowledge_return(referral: Referral, *, actor: User, now: dt.datetime) -> None:
    """Put a returned referral away after its sender has read why (R5).

    Raises:
        MoveRefused: if it was not returned.
    """
    facts = ReferralFacts(acknowledged=True)
    referral.acknowledged_at = now
    move_referral(referral, MoveCode.R5, who=Who.SENDER, facts=facts, actor=actor, reason=None, now=now)


def save_draft(form_key: uuid.UUID, *, kind_code: str, sealed: bytes, actor: User, now: dt.datetime) -> None:
    """Keep an unfinished form for its user; the bytes are sealed by the caller."""
    draft = db.session.get(Draft, form_key)
    if draft is None:
        draft = Draft(form_key=form_key, user_id=actor.id, kind_code=kind_code, sealed=sealed, saved_at=now)
        db.session.add(draft)
    elif draft.user_id == actor.id:
        draft.sealed, draft.saved_at = sealed, now
    db.session.flush()
    record(Action.DRAFT_SAVED, actor=actor, object_type="draft", object_id=form_key, now=now)


def erase_draft(form_key: uuid.UUID) -> None:
    """Erase an unfinished form, if there is one."""
    draft = db.session.get(Draft, form_key)
    if draft is not None:
        db.session.delete(draft)
        db.session.flush()


def terms_of(consent: Consent) -> ConsentTerms:
    """Return what a consent covers."""
    return ConsentTerms(
        disclosure=True,
        feedback=consent.feedback,
        follow_up=consent.follow_up,
        transfer=consent.transfer,
        channels=frozenset(ContactChannel(channel) for channel in consent.channels),
        withdrawn=consent.withdrawn_at is not None,
    )


def _record_event(
    referral: Referral,
    move: ReferralMove,
    before: ReferralStatus,
    *,
    outcome: Outcome | None,
    now: dt.datetime,
) -> None:
    if referral.practice or move.event is None:
        return
    record_event(
        move.event,
        direction=move.direction_from(before),
        dimensions=dimensions_of(referral.id) or _bare_dimensions(referral),
        referral_id=referral.id,
        outcome=outcome,
        working_days=working_days_since_sent(referral.sent_at, now=now),
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


def _append_history(
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


def _reference(prefix: str) -> str:
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))
