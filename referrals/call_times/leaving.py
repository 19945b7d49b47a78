"""What a leaver leaves of call times."""

import datetime as dt
import uuid

from sqlalchemy import func, or_, select

from referrals.call_times.models import CallPattern
from servicetray.core.db import db


def patterns_of_adviser(user_id: uuid.UUID, *, on: dt.date) -> int:
    """Return how many weekly or extra times are published in somebody's name, on a day or later."""
    return db.session.scalars(
        select(func.count())
        .select_from(CallPattern)
        .where(
            CallPattern.adviser_id == user_id,
            or_(CallPattern.valid_until.is_(None), CallPattern.valid_until >= on),
        )
    ).one()
