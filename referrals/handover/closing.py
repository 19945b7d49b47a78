"""Closing a case and its referral (C7, R15), and what the sender hears of the work."""

import datetime as dt
from dataclasses import replace

from referrals import notifications
from referrals.consent import Disclosure, covers
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.moves import (
    EventName,
    MoveCode,
    Outcome,
    ReferralFacts,
    Who,
    referral_step,
)
from referrals.municipality import operations as municipality
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.core.db import db


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
