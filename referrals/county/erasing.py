"""Erasing the county's content once its time is over. Consent, history, audit rows and events stay."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import raiseload

from referrals.client.erasing import erase_of_referrals
from referrals.county.models import Consent, Referral
from referrals.questions import operations as questions
from referrals.statistics.operations import cut_link
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core.db import db


def erase_some(*, now: dt.datetime, limit: int) -> int:
    """Erase the content of at most ``limit`` referrals whose time is over; return of how many.

    With it goes what would find the client again: the blind index, and the link from the events, which
    hold the reasons.
    """
    rows = db.session.scalars(
        select(Referral)
        .where(Referral.erase_after <= now, Referral.sealed.is_not(None))
        .order_by(Referral.erase_after, Referral.id)
        .limit(limit)
        .options(raiseload(Referral.consent))
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.sealed, row.person_index = None, ""
        # The consents stay as evidence; who interpreted is a name that proves nothing more.
        db.session.execute(update(Consent).where(Consent.referral_id == row.id).values(interpreted_by=""))
        cut_link(row.id)
        erase_of_referrals([row.id])
        questions.erase_of_referrals([row.id])
        record(
            Action.CONTENT_ERASED,
            actor=None,
            object_type="referral",
            object_id=row.id,
            subject=subject_key(row.id),
            now=now,
        )
    db.session.flush()
    return len(rows)
