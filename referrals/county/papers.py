"""Papers that came back: their sender has no account, so the unit that entered them hears of it and tells on."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from referrals.county import operations
from referrals.county.content import SenderCard
from referrals.county.models import Consent, Referral
from referrals.county.queries import content_of
from referrals.moves import ReferralStatus
from referrals.moves.needs import EXPIRY_DAYS
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import Texts, db
from servicetray.core.errors import NotFoundError

MOST: Final = 100
"""Rows of the list; those put away make room."""


@dataclass(frozen=True, kw_only=True)
class ReturnedPaper:
    """A paper that came back."""

    id: uuid.UUID
    reference: str
    kind_code: str
    name: str
    """Of the client; empty where the client is protected."""
    protected: bool
    practice: bool
    reason: str
    """Why it came back (``handover.ReturnReason``)."""
    returned_on: dt.date
    ends_on: dt.date
    """The Helsinki day on which it is cancelled by itself."""
    unit_name: Texts
    """Who returned it."""
    sender: SenderCard
    """Who filled in the paper."""


def returned_papers(unit_ids: Collection[uuid.UUID], *, practice: bool) -> Sequence[ReturnedPaper]:
    """Return the papers that units entered and that came back, longest ago first."""
    rows = db.session.scalars(
        _asked(select(Referral), unit_ids, practice=practice)
        .order_by(Referral.returned_at, Referral.id)
        .limit(MOST)
    ).all()
    places = {row.catchment_id: municipality.catchment(row.catchment_id) for row in rows}
    units = {unit.id: unit for unit in accounts.units(place.unit_id for place in places.values() if place)}
    found = []
    for row in rows:
        place, content = places[row.catchment_id], content_of(row)
        unit = units.get(place.unit_id) if place else None
        returned_on = clock.helsinki_day(row.returned_at or row.status_changed_at)
        found.append(
            ReturnedPaper(
                id=row.id,
                reference=row.reference,
                kind_code=row.kind_code,
                name="" if row.protected else f"{content.first_name} {content.last_name}",
                protected=row.protected,
                practice=row.practice,
                reason=row.returned_reason or "",
                returned_on=returned_on,
                ends_on=returned_on + dt.timedelta(days=EXPIRY_DAYS),
                unit_name=unit.name if unit else {},
                sender=content.sender,
            )
        )
    return tuple(found)


def count_returned(unit_ids: Collection[uuid.UUID], *, practice: bool) -> int:
    """Return how many papers of units came back and have not been put away."""
    statement = _asked(select(func.count(Referral.id)), unit_ids, practice=practice)
    return int(db.session.scalars(statement).one())


def put_away(
    referral_id: uuid.UUID, *, unit_ids: Collection[uuid.UUID], actor: User, now: dt.datetime
) -> str:
    """Put away a paper that came back (R5), once its writer has been told; return its reference.

    The unit that entered it stands for its sender.

    Raises:
        NotFoundError: if it is not a paper of these units that came back.
    """
    statement = _asked(select(Referral), unit_ids, practice=None).where(Referral.id == referral_id)
    row: Referral | None = db.session.scalars(statement.with_for_update(of=Referral)).first()
    if row is None:
        raise NotFoundError
    operations.acknowledge_return(row, actor=actor, now=now)
    return row.reference


def _asked(statement: Any, unit_ids: Collection[uuid.UUID], *, practice: bool | None) -> Any:
    conditions: list[ColumnElement[bool]] = [
        Referral.entered_unit_id.in_(unit_ids),
        Referral.status == ReferralStatus.RETURNED,
        Referral.restricted_at.is_(None),
        Referral.sealed.is_not(None),
        Consent.withdrawn_at.is_(None),
    ]
    if practice is not None:
        conditions.append(Referral.practice.is_(practice))
    return statement.join(
        Consent, (Consent.referral_id == Referral.id) & Consent.replaced_at.is_(None)
    ).where(*conditions)
