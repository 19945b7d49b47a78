"""Setting a hold and lifting it; the caller has checked whose officer acts."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from referrals.holds.models import LegalHold
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError


class AlreadyHeldError(ConflictError):
    """The record is held already."""


class NotHeldError(ConflictError):
    """There is no hold to lift."""


def set_hold(
    referral_id: uuid.UUID, *, controller: str, reason: str, actor: Actor, now: dt.datetime
) -> LegalHold:
    """Keep a controller's record of a client from being erased, until somebody lifts it.

    Raises:
        AlreadyHeldError: if it is held already.
    """
    hold_id = uuid.uuid4()
    row = LegalHold(
        id=hold_id,
        controller=controller,
        referral_id=referral_id,
        sealed_reason=crypto.seal(controller, reason.strip().encode(), f"legal_hold:{hold_id}"),
        set_at=now,
        set_by=actor.id,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AlreadyHeldError from error
    _record(Action.HOLD_SET, row, actor=actor, now=now)
    return row


def lift_hold(referral_id: uuid.UUID, *, controller: str, actor: Actor, now: dt.datetime) -> None:
    """Let the erasing go on: what is past its term goes with the worker's next round.

    Raises:
        NotHeldError: if nothing is held.
    """
    row = db.session.scalars(
        select(LegalHold)
        .where(
            LegalHold.referral_id == referral_id,
            LegalHold.controller == controller,
            LegalHold.lifted_at.is_(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        raise NotHeldError
    row.lifted_at, row.lifted_by = now, actor.id
    db.session.flush()
    _record(Action.HOLD_LIFTED, row, actor=actor, now=now)


def _record(action: Action, row: LegalHold, *, actor: Actor, now: dt.datetime) -> None:
    record(
        action,
        actor=actor,
        object_type="referral" if row.controller == crypto.COUNTY else "case",
        object_id=row.referral_id,
        subject=subject_key(row.referral_id),
        now=now,
        detail={"controller": row.controller},
    )
