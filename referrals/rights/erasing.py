"""Values before a correction go with the content that they belong to, and after their own term."""

import datetime as dt
import uuid

from sqlalchemy import update

from referrals.rights.models import Rectification
from servicetray.core.db import db


def forget_corrections(referral_id: uuid.UUID, *, controller: str, case_id: uuid.UUID | None = None) -> None:
    """Erase the values before every correction of a record whose content is being erased."""
    mine = [Rectification.referral_id == referral_id, Rectification.controller == controller]
    if case_id is not None:
        mine.append(Rectification.case_id == case_id)
    db.session.execute(update(Rectification).where(*mine).values(sealed=None))


def forget_old_corrections(*, now: dt.datetime) -> int:
    """Erase the values before corrections whose term is over; return of how many."""
    done = db.session.execute(
        update(Rectification)
        .where(Rectification.erase_after <= now, Rectification.sealed.is_not(None))
        .values(sealed=None)
    )
    return int(getattr(done, "rowcount", 0))
