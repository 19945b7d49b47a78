"""Who is to be asked how they are doing: the list of an adviser's catchments."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from referrals.moves import CaseStatus
from referrals.municipality import content as contents
from referrals.municipality.follow_up.models import FollowUp
from referrals.municipality.follow_up.points import Point
from referrals.municipality.follow_up.queries import ENDING
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Case
from servicetray.core import clock, crypto
from servicetray.core.db import db

MOST = 200


@dataclass(frozen=True, kw_only=True)
class DueFollowUp:
    """Somebody to be asked how they are doing."""

    case_id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    name: str
    kind_code: str
    municipality_code: str
    handler_id: uuid.UUID | None
    mine: bool
    point: Point
    due_on: dt.date
    days_late: int
    practice: bool


def due_follow_ups(scope: Scope, *, today: dt.date, limit: int = MOST) -> Sequence[DueFollowUp]:
    """Return the points that are due in somebody's catchments, longest due first.

    Of each case only its latest point: who was not asked at 3 months is asked at 6 months, not twice. Closed cases
    are among them. A protected client's is its handler's alone. Whoever shows the list writes its audit row.
    """
    later = aliased(FollowUp)
    rows = db.session.execute(
        select(FollowUp.point, FollowUp.due_on, Case)
        .join(Case, Case.id == FollowUp.case_id)
        .where(
            FollowUp.recorded_at.is_(None),
            FollowUp.due_on <= today,
            ~exists().where(
                later.case_id == FollowUp.case_id, later.due_on > FollowUp.due_on, later.due_on <= today
            ),
            Case.catchment_id.in_(scope.catchment_ids),
            Case.status != CaseStatus.ENTERED_IN_ERROR,
            or_(Case.outcome.is_(None), Case.outcome.not_in(ENDING)),
            Case.withdrawn_at.is_(None),
            Case.restricted_at.is_(None),
            Case.sealed.is_not(None),
            or_(Case.protected.is_(False), Case.handler_id == scope.user_id),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(limit)
    ).all()
    # Held while unsealing, so that each key is read once.
    keys = crypto.keys_at_hand(
        {crypto.municipality_controller(case.municipality_code) for _, _, case in rows}
    )
    found = tuple(_due(point, due_on, case, scope=scope, today=today) for point, due_on, case in rows)
    del keys
    return found


def _due(point: Point, due_on: dt.date, case: Case, *, scope: Scope, today: dt.date) -> DueFollowUp:
    assert case.sealed is not None
    content = contents.unseal(case.sealed, municipality_code=case.municipality_code, case_id=case.id)
    return DueFollowUp(
        case_id=case.id,
        referral_id=case.referral_id,
        reference=case.reference,
        name=content.name,
        kind_code=case.kind_code,
        municipality_code=case.municipality_code,
        handler_id=case.handler_id,
        mine=case.handler_id == scope.user_id,
        point=point,
        due_on=due_on,
        days_late=clock.working_days_between(due_on, today),
        practice=case.practice,
    )
