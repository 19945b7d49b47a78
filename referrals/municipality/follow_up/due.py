"""Who is to be asked how they are doing: the list of an adviser's catchments."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from referrals.moves import CaseStatus, ContactChannel
from referrals.municipality import content as contents
from referrals.municipality.follow_up.models import FollowUp
from referrals.municipality.follow_up.points import Point
from referrals.municipality.follow_up.queries import ENDING
from referrals.municipality.models import Case
from servicetray.core import clock, crypto
from servicetray.core.db import db

if TYPE_CHECKING:
    # The inbox itself says how many are due.
    from referrals.municipality.inbox.scope import Scope

MOST = 200


@dataclass(frozen=True, kw_only=True)
class DueFollowUp:
    """Somebody to be asked how they are doing."""

    case_id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    name: str
    phone: str
    """Empty where the client allowed no call."""
    kind_code: str
    municipality_code: str
    handler_id: uuid.UUID | None
    mine: bool
    point: Point
    due_on: dt.date
    days_late: int
    practice: bool


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many are due: in all of somebody's catchments, and of their own clients."""

    all: int
    mine: int


def due_follow_ups(scope: "Scope", *, today: dt.date, limit: int = MOST) -> Sequence[DueFollowUp]:
    """Return the points that are due in somebody's catchments, longest due first.

    Of each case only its latest point: who was not asked at 3 months is asked at 6 months, not twice. Closed cases
    are among them. A protected client's is its handler's alone. Whoever shows the list writes its audit row.
    """
    rows = db.session.execute(
        select(FollowUp.point, FollowUp.due_on, Case)
        .join(Case, Case.id == FollowUp.case_id)
        .where(*_is_due(scope, today=today))
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(limit)
    ).all()
    # Held while unsealing, so that each key is read once.
    keys = crypto.keys_at_hand({crypto.municipality_controller(row.municipality_code) for _, _, row in rows})
    found = tuple(_due(point, due_on, row, scope=scope, today=today) for point, due_on, row in rows)
    del keys
    return found


def count_due(scope: "Scope", *, today: dt.date) -> Counted:
    """Return how many points are due in somebody's catchments: those that ``due_follow_ups`` lists."""
    mine = case((Case.handler_id == scope.user_id, 1), else_=0)
    row = db.session.execute(
        select(func.count().label("all"), func.coalesce(func.sum(mine), 0).label("mine"))
        .select_from(FollowUp)
        .join(Case, Case.id == FollowUp.case_id)
        .where(*_is_due(scope, today=today))
    ).one()
    return Counted(all=row.all, mine=row.mine)


def _is_due(scope: "Scope", *, today: dt.date) -> tuple[ColumnElement[bool], ...]:
    later = aliased(FollowUp)
    return (
        FollowUp.recorded_at.is_(None),
        FollowUp.due_on <= today,
        ~exists().where(
            later.case_id == FollowUp.case_id, later.due_on > FollowUp.due_on, later.due_on <= today
        ),
        Case.catchment_id.in_(scope.catchment_ids),
        Case.practice.is_(scope.practice),
        Case.status != CaseStatus.ENTERED_IN_ERROR,
        or_(Case.outcome.is_(None), Case.outcome.not_in(ENDING)),
        Case.withdrawn_at.is_(None),
        Case.restricted_at.is_(None),
        Case.sealed.is_not(None),
        or_(Case.protected.is_(False), Case.handler_id == scope.user_id),
    )


def _due(point: Point, due_on: dt.date, row: Case, *, scope: "Scope", today: dt.date) -> DueFollowUp:
    assert row.sealed is not None
    content = contents.unseal(row.sealed, municipality_code=row.municipality_code, case_id=row.id)
    return DueFollowUp(
        case_id=row.id,
        referral_id=row.referral_id,
        reference=row.reference,
        name=content.name,
        phone=content.phone if ContactChannel.PHONE in content.channels else "",
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        handler_id=row.handler_id,
        mine=row.handler_id == scope.user_id,
        point=point,
        due_on=due_on,
        days_late=clock.working_days_between(due_on, today),
        practice=row.practice,
    )
