"""Accepting (R2): what the case needs is copied, checked against the consent once more."""

import datetime as dt
import uuid

from sqlalchemy.exc import IntegrityError

from referrals import notifications
from referrals.client import messages as client_messages
from referrals.consent import Disclosure, covers
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.handover.booking import schedule_if_booked
from referrals.handover.pausing import contact_by
from referrals.moves import (
    CaseFacts,
    ContactChannel,
    MoveCode,
    MoveRefused,
    ReferralFacts,
    Refusal,
    Who,
    check_case_move,
    check_referral_move,
    may_begin_case,
)
from referrals.municipality import content as case_contents
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.content import CaseContent
from referrals.municipality.models import Case, CaseHistory
from referrals.spoken import language_code
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError


class AlreadyClaimedError(ConflictError):
    """Somebody else accepted the referral first."""


def accept(
    referral: Referral, *, who: Who, actor: User, now: dt.datetime, handler: User | None = None
) -> Case:
    """Accept a referral (R2): the case is made by copying (C1), and is the adviser's own.

    A lead may accept for somebody of the unit, who becomes its ``handler`` and is told.

    Raises:
        MoveRefused: if it is no longer waiting, its consent no longer covers the disclosure, or somebody who
            does not lead would accept for somebody else.
        NotAWorkerError: if the handler's account is closed, or they work elsewhere.
        AlreadyClaimedError: if another claim won.
    """
    terms = county.terms_of(referral.consent)
    facts = ReferralFacts(
        consent=covers(terms, Disclosure.REFERRAL),
        has_open_case=not may_begin_case(municipality_queries.case_statuses_of(referral.id)),
    )
    check_referral_move(MoveCode.R2, status=referral.status, who=who, facts=facts)
    if handler is not None and handler.id != actor.id:
        if who is not Who.LEAD:
            raise MoveRefused(MoveCode.R2, Refusal.WRONG_WHO, facts)
        municipality.check_worker(handler, referral.catchment_id, now=now)
    case = begin_case(referral, code=MoveCode.R2, handler=handler or actor, actor=actor, now=now)
    county.move_referral(referral, MoveCode.R2, who=who, facts=facts, actor=actor, now=now)
    client_messages.carry_over(referral.id, municipality_code=referral.municipality_code)
    schedule_if_booked(case, actor=actor, now=now)
    return case


def begin_case(referral: Referral, *, code: MoveCode, handler: User, actor: User, now: dt.datetime) -> Case:
    """Make the case of a referral by copying (C1), with the referral's move ``code``: R2 or R13.

    Raises:
        MoveRefused: if this move makes no case.
        AlreadyClaimedError: if there is an open one.
    """
    today = clock.helsinki_day(now)
    first = check_case_move(
        MoveCode.C1, status=None, who=Who.SYSTEM, facts=CaseFacts(today=today, with_move=code)
    )
    content = county_queries.content_of(referral)
    case_id = uuid.uuid4()
    due_on = contact_by(referral)
    case = Case(
        id=case_id,
        referral_id=referral.id,
        reference=referral.reference,
        kind_code=referral.kind_code,
        catchment_id=referral.catchment_id,
        municipality_code=referral.municipality_code,
        status=first.target(None, ever_active=False),
        handler_id=handler.id,
        priority=referral.priority,
        age_group=referral.age_group,
        sent_at=referral.clock_from,
        accepted_at=now,
        # Whoever takes a referral over from another municipality is not late before they could begin.
        due_on=max(due_on, today) if code is MoveCode.R13 else due_on,
        sealed=case_contents.seal(
            _copied(content, referral), municipality_code=referral.municipality_code, case_id=case_id
        ),
        language_code=language_code(content.language),
        sender_kind=referral.sender_kind,
        stop_requested_at=referral.stop_requested_at,
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
            move=first.code,
            from_status=None,
            to_status=case.status,
            at=now,
            actor_id=actor.id,
            to_handler_id=handler.id,
        )
    )
    db.session.flush()
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
    if handler.id != actor.id:
        notifications.tell_handler(handler, case_id=case.id, referral_id=referral.id, now=now)
    return case


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
        home_municipality=content.home_municipality,
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
