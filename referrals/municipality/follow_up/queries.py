"""Questions about the follow-ups of a case. ``due`` has those of everybody."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from referrals.moves import Outcome
from referrals.municipality.follow_up.models import FollowUp, NotMeasured
from servicetray.core.db import db

ENDING = (
    Outcome.DECEASED,
    Outcome.DID_NOT_WANT,
    Outcome.DUPLICATE,
    Outcome.RETURNED,
    Outcome.TRANSFERRED,
    Outcome.WITHDRAWN,
)
"""Outcomes after which nobody asks. After every other one, follow-ups go on although the case is closed."""


def of_case(case_id: uuid.UUID) -> Sequence[FollowUp]:
    """Return the points of a case, in their order."""
    return db.session.scalars(
        select(FollowUp).where(FollowUp.case_id == case_id).order_by(FollowUp.due_on, FollowUp.id)
    ).all()


def last_follow_up_on(case_id: uuid.UUID) -> dt.date | None:
    """Return the day of a case's last follow-up, done or still to come; None where there is none.

    The time for which a case is kept begins on it, or when the case was closed, whichever is later. Points that
    the client wants no more don't count.
    """
    return db.session.scalars(
        select(func.max(func.coalesce(FollowUp.measured_on, FollowUp.due_on))).where(
            FollowUp.case_id == case_id,
            or_(FollowUp.not_measured.is_(None), FollowUp.not_measured != NotMeasured.NO_MORE),
        )
    ).first()
