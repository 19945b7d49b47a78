"""Questions about a client's plan."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from referrals.municipality.plan.models import LineKind as LineKind
from referrals.municipality.plan.models import PlanLine
from servicetray.core.db import db


def lines_of(case_id: uuid.UUID) -> Sequence[PlanLine]:
    """Return the lines of a case's plan, oldest first."""
    return db.session.scalars(
        select(PlanLine).where(PlanLine.case_id == case_id).order_by(PlanLine.added_at, PlanLine.id)
    ).all()
