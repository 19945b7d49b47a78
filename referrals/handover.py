"""The only place that copies from one controller's record to the other's.

Sending was the disclosure; accepting copies what the case needs, checked against the consent once
more. What the county hears back is what the client's answer about feedback allows.
"""

import datetime as dt
import uuid
from dataclasses import replace
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from referrals import notifications
from referrals.consent import Disclosure, covers
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.moves import (
    OPEN_CASE,
    STOCK,
    CaseStatus,
    ContactChannel,
    EventName,
    MoveCode,
    Outcome,
    ReferralFacts,
    ReferralMove,
    ReferralStatus,
    Who,
    case_step,
    check_referral_move,
    due,
    may_begin_case,
    offered_referral_moves,
    referral_step,
    target_days,
)
from referrals.municipality import content as case_contents
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.content import CaseContent
from referrals.municipality.models import Case, CaseHistory
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.settings import current_settings


class ReturnReason(StrEnum):
    """Why a referral goes back to its sender (R3): administrative, about the form and not the client."""

    WRONG_MUNICIPALITY = "wrong_municipality"
    CONTACT_DETAILS_MISSING = "contact_details_missing"
    WRONG_KIND = "wrong_kind"
    DUPLICATE = "duplicate"
    NOT_IN_TARGET_GROUP = "not_in_target_group"


class AlreadyClaimedError(ConflictError):
    """Somebody else accepted the referral first."""


def accept(referral: Referral, *, who: Who, actor: User, now: dt.datetime) -> Case:
    """Accept a referral (R2): the case is made by copying, and is the adviser's own (C1).

    Raises:
        MoveRefused: if it is no longer waiting, or its consent no longer covers the disclosure.
        AlreadyClaimedError: if another claim won.
    """
    terms = county.terms_of(referral.consent)
    facts = ReferralFacts(
        consent=covers(terms, Disclosure.REFERRAL),
        has_open_case=not may_begin_case(municipality_queries.case_statuses_of(referral.id)),
    )
    check_referral_move(MoveCode.R2, status=referral.status, who=who, facts=facts)
    content = county_queries.content_of(referral)
    case_id = uuid.uuid4()
    sent_on = clock.helsinki_day(referral.sent_at)
    targets = due(
        referral.sent_at,
        days=target_days(current_settings()),
        priority=referral.priority,
        absence_until=municipality_queries.absent_until(referral.catchment_id, on=sent_on),
    )
    case = Case(
        id=case_id,
        referral_id=referral.id,
        reference=referral.reference,
        kind_code=referral.kind_code,
        catchment_id=referral.catchment_id,
        municipality_code=referral.municipality_code,
        status=CaseStatus.CONTACTING,
        handler_id=actor.id,
        priority=referral.priority,
        age_group=referral.age_group,
        sent_at=referral.sent_at,
        accepted_at=now,
        due_on=targets.contact_by,
        sealed=case_contents.seal(
            _copied(content, referral), municipality_code=referral.municipality_code, case_id=case_id
        ),
        protected=referral.protected,
        practice=referral.practice,
    )
    db.session.add(case)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AlreadyClaimedError from error
    db.session.add(
        CaseHistory(
            case_id=case_id,
            move=MoveCode.C1,
            from_status=None,
            to_status=CaseStatus.CONTACTING,
            at=now,
            actor_id=actor.id,
        )
    )
    db.session.flush()
    county.move_referral(referral, MoveCode.R2, who=who, facts=facts, actor=actor, now=now)
    for action, kind, key in (
        (Action.CASE_OPENED, "case", case.id),
        (Action.DISCLOSED, "referral", referral.id),
    ):
        record(
            action,
            actor=actor,
            object_type=kind,
            object_id=key,
            subject=subject_key(referral.id),
            now=now,
            detail={"to_municipality": referral.municipality_code},
        )
    return case


def give_back(referral: Referral, *, reason: str, who: Who, actor: User, now: dt.datetime) -> None:
    """Return a referral to its sender with an administrative reason (R3); an open case closes `returned`.

    Raises:
        MoveRefused: if the client has been reached, or no reason is given.
    """
    case = municipality_queries.open_case_of(referral.id)
    facts = ReferralFacts(
        reason_given=bool(reason),
        consent=True,
        has_open_case=case is not None,
        client_reached=case is not None and case.first_contact_at is not None,
    )
    move = county.move_referral(
        referral, MoveCode.R3, who=who, facts=facts, actor=actor, reason=reason, now=now
    )
    _close_with(move, case, actor=actor, now=now, reason=reason)
    _forget_copies(move, referral.id, now=now)


def give_back_case(case: Case, *, reason: str, who: Who, actor: User, now: dt.datetime) -> None:
    """Return the referral that an open case was made from (R3); the case closes `returned` and is hidden.

    Raises:
        MoveRefused: if the client has been reached, or no reason is given.
    """
    referral = county_queries.referral(case.referral_id, lock=True)
    if referral is None:
        raise NotFoundError
    give_back(referral, reason=reason, who=who, actor=actor, now=now)


def may_be_given_back(case: Case, *, who: Who) -> bool:
    """Whether the table offers to return the referral of a case (R3): open, and the client not reached."""
    facts = ReferralFacts(has_open_case=True, client_reached=case.first_contact_at is not None)
    if case.status not in OPEN_CASE:
        return False
    rows = offered_referral_moves(status=ReferralStatus.ACCEPTED, who=who, facts=facts)
    return any(row.code is MoveCode.R3 for row in rows)


def hold_cases(referral_id: uuid.UUID) -> None:
    """Lock the cases of a referral, before the referral itself is locked.

    Whoever changes both records takes the case first, as the adviser's screens do, so that two people never
    wait for each other.
    """
    municipality_queries.cases_of(referral_id, lock=True)


def withdraw(referral: Referral, *, who: Who, actor: User, now: dt.datetime) -> None:
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
    handler_id = case.handler_id if case is not None else None
    _close_with(move, case, actor=actor, now=now)
    _forget_copies(move, referral.id, now=now, withdrawn_at=now)
    if is_open and who not in {Who.ADVISER, Who.LEAD}:
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


def close(case: Case, *, outcome: Outcome, who: Who, actor: User, now: dt.datetime, note: str = "") -> None:
    """Close a case with its outcome (C7), and the referral with it (R15).

    Raises:
        OutcomeRefused: if the case's course does not bear this outcome.
        MoveRefused: if the case is closed already.
    """
    facts = replace(municipality.facts_of(case, actor=actor, now=now), outcome=outcome)
    move = municipality.move_case(case, MoveCode.C7, who=who, facts=facts, actor=actor, now=now, note=note)
    municipality.close(case, outcome=outcome, now=now)
    step = referral_step(move)
    referral = county_queries.referral(case.referral_id, lock=True)
    if step is None or referral is None:
        return
    county.move_referral(
        referral,
        step.code,
        who=Who.SYSTEM,
        facts=ReferralFacts(with_move=move.code, consent=True, has_open_case=False),
        actor=actor,
        outcome=outcome,
        now=now,
    )


def tell_started(case: Case, *, now: dt.datetime) -> None:
    """Let the sender know that counselling has started, where the client allowed feedback."""
    referral = county_queries.referral(case.referral_id, lock=True)
    if referral is None:
        return
    terms = county.terms_of(referral.consent)
    if covers(terms, Disclosure.FEEDBACK) and not referral.counselling_started:
        referral.counselling_started = True
        notifications.tell_sender(referral, EventName.STARTED, terms=terms, now=now)
        db.session.flush()


def _close_with(
    move: ReferralMove, case: Case | None, *, actor: User, now: dt.datetime, reason: str | None = None
) -> None:
    """Close the open case with the outcome that a move of its referral brings."""
    if case is None:
        return
    step = case_step(move.case_effect, status=case.status)
    if step is None or step.outcome is None:
        return
    municipality.apply(case, step.move, to=step.status, actor=actor, now=now, reason=reason)
    municipality.close(case, outcome=step.outcome, now=now)


def _forget_copies(
    move: ReferralMove, referral_id: uuid.UUID, *, now: dt.datetime, withdrawn_at: dt.datetime | None = None
) -> None:
    if move.retention.copy_days is not None:
        municipality.forget_copies(
            referral_id,
            erase_after=now + dt.timedelta(days=move.retention.copy_days),
            withdrawn_at=withdrawn_at,
        )


def _receiver_of(referral: Referral) -> uuid.UUID | None:
    place = municipality_queries.catchment(referral.catchment_id)
    return place.unit_id if place else None


def _copied(content: ReferralContent, referral: Referral) -> CaseContent:
    consent = referral.consent
    person = content.contact_person
    return CaseContent(
        first_name=content.first_name,
        last_name=content.last_name,
        birth_year=content.birth_year,
        phone=content.phone,
        email=content.email,
        address=content.address,
        contact_person=f"{person.name} ({person.relation}), {person.phone}" if person else "",
        best_time=content.best_time,
        language=content.language,
        interpreter=content.interpreter,
        reasons=content.reasons,
        interests=content.interests,
        own_wish=content.own_wish,
        what_to_heed=content.what_to_heed,
        sender=", ".join(filter(None, (content.sender.name, content.sender.title))),
        sender_unit=content.sender.unit,
        sender_phone=content.sender.phone,
        channels=tuple(ContactChannel(channel) for channel in consent.channels),
        feedback=consent.feedback,
        follow_up=consent.follow_up,
        transfer=consent.transfer,
        consent_given_on=clock.helsinki_day(consent.given_at),
        consent_method=consent.method,
        consent_giver=consent.giver,
        contact_first=consent.contact,
        guardians_may_be_told=consent.guardians_may_be_told,
    )
