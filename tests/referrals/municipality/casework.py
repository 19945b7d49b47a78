"""A case taken, scheduled or in counselling, for the tests of the work beside it."""

import datetime as dt
from typing import Any

from referrals import handover
from referrals.county import queries as county
from referrals.moves import Who
from referrals.municipality import operations
from referrals.municipality.models import Case, MeetingForm
from servicetray.core.db import db, transaction
from tests.factories.referrals import sent
from tests.referrals.scenes import user


def taken(office, *, now: dt.datetime, **about: Any) -> Case:
    """Accept a referral as the office's adviser and return its case."""
    handler_id = office.adviser.id
    referral_id = sent(office.place, now=now, **about).id
    with transaction():
        row, actor = county.referral(referral_id, lock=True), user(handler_id)
        assert row is not None
        case_id = handover.accept(row, who=Who.ADVISER, actor=actor, now=now).id
    return fresh(case_id)


def scheduled(office, *, at: dt.datetime, now: dt.datetime, **about: Any) -> Case:
    """Take a case and agree on a meeting."""
    case = taken(office, now=now, **about)
    handler_id, case_id = office.adviser.id, case.id
    with transaction():
        operations.schedule(
            fresh(case_id),
            at=at,
            form=MeetingForm.IN_PERSON,
            who=Who.ADVISER,
            actor=user(handler_id),
            now=now,
        )
    return fresh(case_id)


def started(office, *, now: dt.datetime, **about: Any) -> Case:
    """Take a case and counsel at once."""
    case = taken(office, now=now, **about)
    handler_id, case_id = office.adviser.id, case.id
    with transaction():
        actor = user(handler_id)
        operations.start(fresh(case_id), who=Who.ADVISER, actor=actor, now=now)
    return fresh(case_id)


def fresh(case_id) -> Case:
    row = db.session.get(Case, case_id)
    assert row is not None
    return row
