"""Erasing the municipality's copy and its own notes once their time is over. The course of the case stays."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import and_, or_, select, update

from referrals.client.erasing import erase_of_case
from referrals.enrolment.keeping import erase_links
from referrals.erasures import operations as erasures
from referrals.erasures.operations import Erased
from referrals.holds.queries import held
from referrals.moves import CaseStatus
from referrals.municipality.appointments import operations as appointments
from referrals.municipality.follow_up import operations as follow_up
from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from referrals.municipality.plan import operations as plan
from referrals.rights.erasing import forget_corrections
from referrals.spoken import UNKNOWN
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import crypto
from servicetray.core.db import db


def erase_some(
    *, now: dt.datetime, limit: int, term_of: Callable[[Case], dt.datetime | None] | None = None
) -> int:
    """Erase content and notes of at most ``limit`` cases whose time is over; return how many were looked at.

    Nothing that is held, and nothing whose use is restricted (GDPR, article 18). ``term_of`` says when a row is
    due by what has happened since its term began: one that is due later only gets that term.
    """
    rows = db.session.scalars(
        select(Case)
        .where(
            Case.erase_after <= now,
            Case.sealed.is_not(None),
            Case.restricted_at.is_(None),
            ~held(Case.referral_id, municipality_code=Case.municipality_code),
        )
        .order_by(Case.erase_after, Case.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    due = []
    for row in rows:
        later = term_of(row) if term_of else None
        if later is not None and later > now:
            row.erase_after = later
        else:
            due.append(row)
    erase(due, now=now)
    db.session.flush()
    return len(rows)


def erase(rows: Sequence[Case], *, now: dt.datetime, actor: Actor | None = None, why: str = "") -> None:
    """Erase content and notes of cases at once."""
    erased = [row.id for row in rows]
    db.session.execute(update(Attempt).where(Attempt.case_id.in_(erased)).values(sealed_note=None))
    db.session.execute(update(CaseHistory).where(CaseHistory.case_id.in_(erased)).values(sealed_note=None))
    db.session.execute(update(Note).where(Note.case_id.in_(erased)).values(sealed=None))
    plan.erase(erased)
    follow_up.erase(erased)
    appointments.erase_places(erased)
    erase_links(erased)
    for row in rows:
        row.sealed, row.language_code = None, UNKNOWN
        erase_of_case(row.referral_id, municipality_code=row.municipality_code)
        forget_corrections(
            row.referral_id, controller=crypto.municipality_controller(row.municipality_code), case_id=row.id
        )
        record(
            Action.CONTENT_ERASED,
            actor=actor,
            object_type="case",
            object_id=row.id,
            subject=subject_key(row.referral_id),
            now=now,
            detail={"why": why} if why else {},
        )
    erasures.note(Erased.CASE, erased, now=now)


def without_term(*, limit: int) -> Sequence[Case]:
    """Return closed cases of which no move has set a term: those that ran their course."""
    return db.session.scalars(
        select(Case)
        .where(
            or_(
                Case.status == CaseStatus.CLOSED,
                and_(Case.practice.is_(True), Case.status == CaseStatus.ENTERED_IN_ERROR),
            ),
            Case.sealed.is_not(None),
            Case.erase_after.is_(None),
        )
        .order_by(Case.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
