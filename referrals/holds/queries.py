"""Questions about holds."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, literal, select

from referrals.holds.models import LegalHold
from servicetray.core import crypto
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One hold, readable."""

    reason: str
    set_at: dt.datetime
    set_by: uuid.UUID
    lifted_at: dt.datetime | None


def holds_of(referral_id: uuid.UUID, *, controller: str) -> Sequence[Hold]:
    """Return the holds that a controller has had on its record, the latest first."""
    rows = db.session.scalars(
        select(LegalHold)
        .where(LegalHold.referral_id == referral_id, LegalHold.controller == controller)
        .order_by(LegalHold.set_at.desc(), LegalHold.id)
    ).all()
    return tuple(
        Hold(
            reason=crypto.unseal(row.controller, row.sealed_reason, f"legal_hold:{row.id}").decode(),
            set_at=row.set_at,
            set_by=row.set_by,
            lifted_at=row.lifted_at,
        )
        for row in rows
    )


def is_held(referral_id: uuid.UUID, *, controller: str) -> bool:
    """Whether a controller's record of a client must not be erased now."""
    return (
        db.session.scalars(
            select(LegalHold.id).where(
                LegalHold.referral_id == referral_id,
                LegalHold.controller == controller,
                LegalHold.lifted_at.is_(None),
            )
        ).first()
        is not None
    )


def held(
    referral_id: SQLColumnExpression[uuid.UUID],
    *,
    municipality_code: SQLColumnExpression[str] | None = None,
) -> ColumnElement[bool]:
    """Return, as part of a larger question, whether the record with these columns is held.

    Args:
        referral_id: the column of the larger question.
        municipality_code: whose record is asked about, a column too; None for the county's.
    """
    controller: SQLColumnExpression[str] | str = crypto.COUNTY
    if municipality_code is not None:
        controller = literal(crypto.municipality_controller("")).concat(municipality_code)
    return (
        select(LegalHold.id)
        .where(
            LegalHold.referral_id == referral_id,
            LegalHold.controller == controller,
            LegalHold.lifted_at.is_(None),
        )
        .exists()
    )
