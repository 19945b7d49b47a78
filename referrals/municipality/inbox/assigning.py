"""A lead gives referrals and cases to an adviser: some rows of the inbox, or all that somebody has (R2, C10).

Each row is given in a transaction of its own, so that one which has moved on holds back none of the others.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from referrals import handover
from referrals.county import queries as county
from referrals.handover import AlreadyClaimedError
from referrals.moves import OPEN_CASE, CaseStatus, MoveRefused, Who
from referrals.municipality import operations, queries
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Case
from referrals.municipality.operations import NotAWorkerError
from servicetray.accounts import queries as accounts
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError

MOST = 500
"""Rows given at once."""


class What(StrEnum):
    """What a row is; the value stands in the form."""

    REFERRAL = "lahete"
    CASE = "asiakkuus"


class Refused(StrEnum):
    """Why a row stayed where it was."""

    MOVED_ON = "moved_on"
    NOT_A_WORKER = "not_a_worker"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row that was chosen."""

    what: What
    id: uuid.UUID

    @classmethod
    def parse(cls, text: str) -> "Row | None":
        """Read what a form carries: ``lahete:`` or ``asiakkuus:`` and the id."""
        what, _colon, key = text.partition(":")
        try:
            return cls(what=What(what), id=uuid.UUID(key))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.what.value}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Left:
    """A row that could not be given."""

    row: Row
    reference: str
    """Empty where it is not the lead's to see any more."""
    why: Refused


@dataclass(frozen=True, kw_only=True)
class Held:
    """An open case of somebody, as a lead who hands it on sees it: no name, for none is needed."""

    id: uuid.UUID
    reference: str
    kind_code: str
    municipality_code: str
    status: CaseStatus
    due_on: dt.date | None
    sent_at: dt.datetime
    protected: bool
    practice: bool


def held_by(user_id: uuid.UUID, *, scope: Scope) -> Sequence[Held]:
    """Return the open cases of one adviser in the catchments that somebody leads, soonest target first."""
    rows = db.session.scalars(
        select(Case)
        .where(
            Case.handler_id == user_id,
            Case.catchment_id.in_(scope.led),
            Case.status.in_(OPEN_CASE),
            Case.withdrawn_at.is_(None),
        )
        .order_by(Case.due_on.is_(None), Case.due_on, Case.sent_at, Case.id)
    ).all()
    return tuple(
        Held(
            id=row.id,
            reference=row.reference,
            kind_code=row.kind_code,
            municipality_code=row.municipality_code,
            status=row.status,
            due_on=row.due_on,
            sent_at=row.sent_at,
            protected=row.protected,
            practice=row.practice,
        )
        for row in rows
    )


def holders_in(scope: Scope) -> dict[uuid.UUID, int]:
    """Return who has open cases in the catchments that somebody leads, leavers too, and how many."""
    held = [
        Case.catchment_id.in_(scope.led),
        Case.status.in_(OPEN_CASE),
        Case.withdrawn_at.is_(None),
        Case.handler_id.is_not(None),
    ]
    found: dict[uuid.UUID, int] = {}
    for handler_id in db.session.scalars(select(Case.handler_id).where(*held).order_by(Case.id)):
        if handler_id is not None:
            found[handler_id] = found.get(handler_id, 0) + 1
    return found


def give(
    rows: Sequence[Row], *, to_id: uuid.UUID, actor_id: uuid.UUID, led: frozenset[uuid.UUID], now: dt.datetime
) -> Sequence[Left]:
    """Give rows to an adviser, each in its own transaction; return those that stayed where they were."""
    left = []
    for row in rows:
        try:
            with transaction():
                _give(row, to_id=to_id, actor_id=actor_id, led=led, now=now)
        except NotAWorkerError:
            left.append(Left(row=row, reference=_reference(row, led=led), why=Refused.NOT_A_WORKER))
        except (AlreadyClaimedError, MoveRefused, NotFoundError):
            left.append(Left(row=row, reference=_reference(row, led=led), why=Refused.MOVED_ON))
    return tuple(left)


def _give(
    row: Row, *, to_id: uuid.UUID, actor_id: uuid.UUID, led: frozenset[uuid.UUID], now: dt.datetime
) -> None:
    actor, to = accounts.user(actor_id), accounts.user(to_id)
    if actor is None or to is None:
        raise NotFoundError
    if row.what is What.REFERRAL:
        referral = county.waiting_referral_in(row.id, catchment_ids=tuple(led), lock=True)
        if referral is None:
            raise NotFoundError
        handover.accept(referral, who=Who.LEAD, actor=actor, handler=to, now=now)
        return
    case = queries.case_to_assign(row.id, catchment_ids=tuple(led), lock=True)
    if case is None:
        raise NotFoundError
    operations.assign(case, to=to, who=Who.LEAD, actor=actor, now=now)


def _reference(row: Row, *, led: frozenset[uuid.UUID]) -> str:
    if row.what is What.CASE:
        case = queries.case_to_assign(row.id, catchment_ids=tuple(led))
        return case.reference if case else ""
    referral = county.waiting_referral_in(row.id, catchment_ids=tuple(led))
    return referral.reference if referral else ""
