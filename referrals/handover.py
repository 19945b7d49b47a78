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
    CASE_MOVES,
    OPEN_CASE,
    CaseStatus,
    ContactChannel,
    EventName,
    MoveCode,
    Outcome,
    ReferralFacts,
    ReferralStatus,
    Who,
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
    county.move_referral(referral, MoveCode.R3, who=who, facts=facts, actor=actor, reason=reason, now=now)
    if case is not None:
        municipality.apply(
            case, CASE_MOVES[MoveCode.C7], to=CaseStatus.CLOSED, actor=actor, now=now, reason=reason
        )
        municipality.close(case, outcome=Outcome.RETURNED, now=now)


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
