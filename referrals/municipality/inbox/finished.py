"""What the list of closed cases shows."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, literal, select, tuple_, union_all

from referrals.moves import CaseStatus, Outcome
from referrals.municipality.inbox.queries import ROWS, is_closed_to
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Case
from referrals.municipality.operations import content_of
from referrals.municipality.queries import HIDDEN_OUTCOMES
from servicetray.accounts import queries as accounts
from servicetray.core import crypto, walls
from servicetray.core.db import db

_PLACE = re.compile(r"(\d{1,17})\.([0-9a-f]{32})")
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class FinishedRow:
    """A closed case."""

    id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    kind_code: str
    name: str | None
    """None where it is hidden: returned, withdrawn, or another's protected client."""
    outcome: Outcome | None
    closed_at: dt.datetime
    handler: str
    practice: bool


@dataclass(frozen=True, kw_only=True)
class FinishedPlace:
    """Where a closed case stands in the list of the finished."""

    closed_at: dt.datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{(self.closed_at - _BEGINNING) // _MICROSECOND}.{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> "FinishedPlace | None":
        """Read what an address carries; what can't be read is no place."""
        match = _PLACE.fullmatch(text)
        if match is None:
            return None
        try:
            closed_at = _BEGINNING + int(match[1]) * _MICROSECOND
        except OverflowError:
            return None
        return cls(closed_at=closed_at, id=uuid.UUID(match[2]))


@dataclass(frozen=True, kw_only=True)
class Finished:
    """One page of closed cases, latest first."""

    rows: tuple[FinishedRow, ...]
    more: FinishedPlace | None
    """The last row of the page, where there are more after it."""


def finished_of(scope: Scope, *, after: FinishedPlace | None = None, limit: int = ROWS) -> Finished:
    """Return a page of the closed cases of a person's catchments, latest first."""
    # Rows that are hidden from the unit stand in the list without a name, which the database's wall does not know.
    with walls.everywhere():
        found = db.session.execute(_finished_places(scope, after=after, limit=limit + 1)).all()
    keys = crypto.keys_at_hand(map(crypto.municipality_controller, scope.municipalities))
    these = (
        select(Case)
        .where(Case.id.in_([each.id for each in found[:limit]]))
        .order_by(Case.closed_at.desc(), Case.id.desc())
    )
    with walls.everywhere():
        rows = db.session.scalars(these).all()
    names = accounts.names_of(row.handler_id for row in rows)
    shown = tuple(
        FinishedRow(
            id=row.id,
            referral_id=row.referral_id,
            reference=row.reference,
            kind_code=row.kind_code,
            name=_shown_name(row, scope),
            outcome=row.outcome,
            closed_at=row.closed_at,
            handler=names.get(row.handler_id, "") if row.handler_id else "",
            practice=row.practice,
        )
        for row in rows
        if row.closed_at is not None
    )
    del keys
    last = found[limit - 1] if len(found) > limit else None
    more = FinishedPlace(closed_at=last.closed_at, id=last.id) if last else None
    return Finished(rows=shown, more=more)


def _finished_places(
    scope: Scope, *, after: FinishedPlace | None, limit: int
) -> Select[dt.datetime | None, uuid.UUID]:
    """Return the question for the latest closed cases: the index answers for each catchment by itself."""
    place = (Case.closed_at, Case.id)
    conditions: list[ColumnElement[bool]] = [
        Case.status == literal(CaseStatus.CLOSED, Case.status.type, literal_execute=True),
        Case.practice.is_(scope.practice),
    ]
    if after is not None:
        conditions.append(
            tuple_(*place)
            < tuple_(literal(after.closed_at, Case.closed_at.type), literal(after.id, Case.id.type))
        )
    each = [
        select(
            select(*place)
            .where(Case.catchment_id == catchment_id, *conditions)
            .order_by(Case.closed_at.desc(), Case.id.desc())
            .limit(limit)
            .subquery()
        )
        for catchment_id in scope.catchment_ids
    ]
    if not each:
        return select(*place).where(false())
    latest = union_all(*each).subquery()
    return select(latest).order_by(latest.c.closed_at.desc(), latest.c.id.desc()).limit(limit)


def _shown_name(row: Case, scope: Scope) -> str | None:
    if row.outcome in HIDDEN_OUTCOMES or row.withdrawn_at or is_closed_to(row, scope):
        return None
    content = content_of(row)
    return content.name if content else None
