"""Erasing the municipality's copy and its own notes once their time is over. The course of the case stays."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update

from referrals.client.erasing import erase_of_case
from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core.db import db


def erase_some(*, now: dt.datetime, limit: int) -> int:
    """Erase content and notes of at most ``limit`` cases whose time is over; return of how many."""
    rows = db.session.scalars(
        select(Case)
        .where(Case.erase_after <= now, Case.sealed.is_not(None))
        .order_by(Case.erase_after, Case.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    erase(rows, now=now)
    return len(rows)


def erase(rows: Sequence[Case], *, now: dt.datetime) -> None:
    """Erase content and notes of cases at once."""
    erased = [row.id for row in rows]
    db.session.execute(update(Attempt).where(Attempt.case_id.in_(erased)).values(sealed_note=None))
    db.session.execute(update(CaseHistory).where(CaseHistory.case_id.in_(erased)).values(sealed_note=None))
    db.session.execute(update(Note).where(Note.case_id.in_(erased)).values(sealed=None))
    for row in rows:
        row.sealed = None
        erase_of_case(row.referral_id, municipality_code=row.municipality_code)
        record(
            Action.CONTENT_ERASED,
            actor=None,
            object_type="case",
            object_id=row.id,
            subject=subject_key(row.referral_id),
            now=now,
        )
    db.session.flush()
