"""What happens to the county's record: sending, and every later move of the table.

Each move checks the table, changes the status, appends history, event and audit row and tells who
should hear of it, all in the transaction of the caller.
"""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from referrals import notifications
from referrals.county import content as contents
from referrals.county.consents import ConsentGiven as ConsentGiven
from referrals.county.consents import give
from referrals.county.consents import terms_of as terms_of
from referrals.county.content import ReferralContent
from referrals.county.models import Draft, Origin, Referral
from referrals.county.moving import append_history
from referrals.county.moving import move_referral as move_referral
from referrals.moves import (
    EventName,
    MoveCode,
    Priority,
    ReferralFacts,
    Who,
    check_referral_move,
    due,
)
from referrals.municipality.queries import Route
from referrals.spoken import language_code
from referrals.statistics.operations import Dimensions, record_event
from referrals.target_times.queries import targets_at
from servicetray.accounts.queries import Unit, User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock, walls
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: a reference is read aloud on the phone."""
REFERENCE_LENGTH = 6
LOGGED_EVERY = dt.timedelta(hours=1)
"""How often the log tells that one unfinished form was saved."""


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
    written_on: dt.date | None = None
    """The Helsinki day on the paper that it was written on: permission and targets count from it."""
    actor_sends: bool = True
    """False where the actor enters what somebody else wrote on paper: it has no sender with an account."""


def takes(content: ReferralContent, route: Route) -> bool:
    """Whether a catchment takes a client today: one of another municipality only where it takes non-residents."""
    return route.is_open and (not content.home_municipality or route.takes_non_residents)


def send(new: NewReferral, *, route: Route, receiver: Unit, actor: User | None, now: dt.datetime) -> Referral:
    """Send a referral (R1): referral, consent, history, event, audit and message in one transaction.

    ``actor`` is None where residents ask for themselves: there is no sender then, and no sending unit.

    Raises:
        MoveRefused: if consent is missing or the catchment is closed.
        sqlalchemy.exc.IntegrityError: if this form has been sent already.
    """
    today = clock.helsinki_day(now)
    began = now if new.written_on is None else min(now, clock.day_start(new.written_on))
    sender = actor if new.actor_sends else None
    facts = ReferralFacts(
        all_fields=True, form_key=True, consent=True, open_catchment=takes(new.content, route)
    )
    move = check_referral_move(MoveCode.R1, status=None, who=Who.SENDER, facts=facts)
    referral_id = uuid.uuid4()
    person = new.content
    targets = due(
        began,
        days=targets_at(now),
        priority=new.priority,
        absence_until=route.absence_until,
    )
    referral = Referral(
        id=referral_id,
        reference=new_reference(new.prefix),
        form_key=new.form_key,
        kind_code=new.kind_code,
        status=move.target(None),
        origin=new.origin,
        municipality_code=route.municipality_code,
        catchment_id=route.catchment_id,
        sending_unit_id=sender.unit_id if sender else None,
        sender_id=sender.id if sender else None,
        entered_unit_id=None if new.actor_sends else route.unit_id,
        priority=new.priority,
        age_group=contents.age_group(person.birth_year, on=today),
        sent_at=now,
        clock_from=began,
        claim_due_on=targets.claim_by,
        status_changed_at=now,
        sealed=contents.seal(person, referral_id),
        person_index=contents.index_of(person),
        language_code=language_code(person.language),
        protected=new.protected,
        practice=new.practice,
        counselling_started=False,
    )
    walls.begin_record(referral_id)
    db.session.add(referral)
    db.session.flush()
    give(referral, new.consent, receiver=receiver, actor=actor, now=began)
    append_history(referral, move, None, actor=actor, now=now, reason=None)
    if not new.practice:
        record_event(
            EventName.SENT,
            direction=move.direction,
            dimensions=Dimensions(
                kind_code=new.kind_code,
                municipality_code=route.municipality_code,
                service_area=sender.unit.service_area if sender and sender.unit else "",
                reasons=person.reasons,
                age_group=referral.age_group,
                origin=new.origin.value,
            ),
            referral_id=referral.id,
            now=now,
        )
    if actor is not None:
        erase_draft(new.form_key, actor=actor)
    record(
        Action.REFERRAL_SENT,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"to_unit": str(receiver.id), "kind": new.kind_code},
    )
    notifications.tell_unit(referral, unit=receiver, now=now)
    return referral


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
    """Keep an unfinished form for its user; the bytes are sealed by the caller. The log tells of it once an hour.

    Raises:
        NotFoundError: if a form of somebody else has this key.
    """
    # Somebody else's form is found, too, to be refused; and a sign-in that has just lapsed keeps its own.
    with walls.everywhere():
        draft = db.session.get(Draft, form_key)
        if draft is None:
            draft = Draft(
                form_key=form_key, user_id=actor.id, kind_code=kind_code, sealed=sealed, saved_at=now
            )
            db.session.add(draft)
        elif draft.user_id == actor.id:
            draft.sealed, draft.saved_at = sealed, now
        else:
            raise NotFoundError
        due = draft.logged_at is None or now - draft.logged_at >= LOGGED_EVERY
        if due:
            draft.logged_at = now
        db.session.flush()
    if due:
        record(Action.DRAFT_SAVED, actor=actor, object_type="draft", object_id=form_key, now=now)


def erase_draft(form_key: uuid.UUID, *, actor: User) -> None:
    """Erase a person's own unfinished form, if there is one; another's is left alone."""
    draft = db.session.get(Draft, form_key)
    if draft is not None and draft.user_id == actor.id:
        db.session.delete(draft)
        db.session.flush()


def new_reference(prefix: str) -> str:
    """Return a fresh reference of a kind: ``LIK-4F7K2M``."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))
