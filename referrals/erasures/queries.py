"""Questions about the erasure log."""

from sqlalchemy import func, select

from referrals.erasures.models import Erasure
from servicetray.core.db import db


def unwritten() -> int:
    """Return how many lines the file outside the database does not have yet."""
    return int(
        db.session.scalar(select(func.count()).select_from(Erasure).where(Erasure.written_at.is_(None))) or 0
    )
