"""Accepting (R2): what the case needs is copied, checked against the consent once more."""

import datetime as dt
import uuid

from sqlalchemy.exc import IntegrityError

from referrals.consent import Disclosure, covers
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.moves import (
    CaseStatus,
    ContactChannel,
    MoveCode,
    ReferralFacts,
    Who,
    check_referral_move,
    due,
    may_begin_case,
    target_days,
)
from referrals.municipality import content as case_contents
from referrals.municipality import queries as municipality_queries
from referrals.municipality.content import CaseContent
from referrals.municipality.models import Case, CaseHistory
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError
from servicetray.core.settings import current_settings


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
