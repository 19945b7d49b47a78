"""Erasing the county's content once its time is over. Consent, history, audit rows and events stay."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import raiseload

from referrals.client.erasing import erase_of_referrals
from referrals.county.models import Consent, Referral
from referrals.erasures import operations as erasures
from referrals.erasures.operations import Erased
from referrals.holds.queries import held
from referrals.moves import ReferralStatus
from referrals.questions import operations as questions
from referrals.rights.erasing import forget_corrections
from referrals.spoken import UNKNOWN
from referrals.statistics.operations import cut_link
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import crypto
from servicetray.core.db import db

ENDED = (ReferralStatus.CANCELLED, ReferralStatus.CLOSED, ReferralStatus.TRANSFERRED)


def erase_some(
    *, now: dt.datetime, limit: int, term_of: Callable[[Referral], dt.datetime | None] | None = None
) -> int:
    """Erase the content of at most ``limit`` referrals whose time is over; return how many were looked at.

    Nothing that is held, and nothing whose use is restricted (GDPR, article 18). ``term_of`` says when a row is
    due by what has happened since its term began: one that is due later only gets that term.
    """
    rows = db.session.scalars(
        select(Referral)
        .where(
            Referral.erase_after <= now,
            Referral.sealed.is_not(None),
            Referral.restricted_at.is_(None),
            ~held(Referral.id),
        )
        .order_by(Referral.erase_after, Referral.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Referral)
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


def erase(rows: Sequence[Referral], *, now: dt.datetime, actor: Actor | None = None, why: str = "") -> None:
    """Erase the content of referrals at once.

    With it goes what would find the client again: the blind index, and the link from the events, which
    hold the reasons.
    """
    for row in rows:
        row.sealed, row.person_index, row.language_code = None, "", UNKNOWN
        # The consents stay as evidence; who interpreted is a name that proves nothing more.
        db.session.execute(update(Consent).where(Consent.referral_id == row.id).values(interpreted_by=""))
        cut_link(row.id)
        erase_of_referrals([row.id])
        questions.erase_of_referrals([row.id])
        forget_corrections(row.id, controller=crypto.COUNTY)
        record(
            Action.CONTENT_ERASED,
            actor=actor,
            object_type="referral",
            object_id=row.id,
            subject=subject_key(row.id),
            now=now,
            detail={"why": why} if why else {},
        )
    erasures.note(Erased.REFERRAL, [row.id for row in rows], now=now)


def without_term(*, limit: int) -> Sequence[Referral]:
    """Return referrals that ended while no move set a term: those that ran their course, or went on elsewhere.

    Practice that has ended is among them.
    """
    return db.session.scalars(
        select(Referral)
        .where(_ended(), Referral.sealed.is_not(None), Referral.erase_after.is_(None))
        .order_by(Referral.id)
        .limit(limit)
        .options(raiseload(Referral.consent))
        .with_for_update(skip_locked=True)
    ).all()


def _ended() -> ColumnElement[bool]:
    return or_(
        Referral.status.in_((ReferralStatus.CLOSED, ReferralStatus.TRANSFERRED)),
        and_(Referral.practice.is_(True), Referral.status.in_((*ENDED, ReferralStatus.ENTERED_IN_ERROR))),
    )
