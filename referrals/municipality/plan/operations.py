"""Writing a client's plan."""

import datetime as dt
import uuid
from collections.abc import Collection

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete

from referrals.moves import OPEN_CASE
from referrals.municipality.models import Case
from referrals.municipality.plan import queries
from referrals.municipality.plan.models import LineKind, PlanLine
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError, NotFoundError

MOST_LINES = 40


class PlanClosedError(ConflictError):
    """The case is closed: its plan is only read."""


class PlanFullError(DomainError):
    """A plan has 40 lines at most: who is to follow it has to be able to read it."""


class LineContent(BaseModel):
    """What a line says."""

    model_config = ConfigDict(frozen=True)

    text: str
    """The client's own words, or the service's name when it was picked."""
    service_id: uuid.UUID | None = None
    """The public id of a service of the tray."""


def add_line(
    case: Case,
    *,
    kind: LineKind,
    text: str,
    actor: User,
    now: dt.datetime,
    service_id: uuid.UUID | None = None,
) -> PlanLine:
    """Add a line to the plan of an open case; a service that is in it already is not added twice.

    Raises:
        PlanClosedError: if the case is closed.
        PlanFullError: if the plan has as many lines as it may have.
    """
    _check_open(case)
    lines = queries.lines_of(case.id)
    if service_id is not None:
        for line in lines:
            if content_of(line, municipality_code=case.municipality_code).service_id == service_id:
                return line
    if len(lines) >= MOST_LINES:
        raise PlanFullError
    identity = uuid.uuid4()
    made = PlanLine(
        id=identity,
        case_id=case.id,
        kind=kind,
        sealed=seal(
            LineContent(text=text.strip(), service_id=service_id),
            municipality_code=case.municipality_code,
            line_id=identity,
        ),
        added_at=now,
        added_by=actor.id,
    )
    db.session.add(made)
    _noted(case, actor=actor, now=now)
    return made


def set_done(case: Case, line_id: uuid.UUID, *, done: bool, actor: User, now: dt.datetime) -> None:
    """Mark a line done, or open again.

    Raises:
        PlanClosedError: if the case is closed.
        NotFoundError: if there is no such line in the plan.
    """
    line = _line(case, line_id)
    line.done_at = (line.done_at or now) if done else None
    _noted(case, actor=actor, now=now)


def remove(case: Case, line_id: uuid.UUID, *, actor: User, now: dt.datetime) -> None:
    """Take a line out of the plan.

    Raises:
        PlanClosedError: if the case is closed.
        NotFoundError: if there is no such line in the plan.
    """
    db.session.delete(_line(case, line_id))
    _noted(case, actor=actor, now=now)


def content_of(line: PlanLine, *, municipality_code: str) -> LineContent:
    """Return what a line says."""
    controller = crypto.municipality_controller(municipality_code)
    return LineContent.model_validate_json(crypto.unseal(controller, line.sealed, f"plan_line:{line.id}"))


def seal(content: LineContent, *, municipality_code: str, line_id: uuid.UUID) -> bytes:
    """Encrypt what a line says with the municipality's key, bound to the line."""
    controller = crypto.municipality_controller(municipality_code)
    return crypto.seal(controller, content.model_dump_json().encode(), f"plan_line:{line_id}")


def erase(case_ids: Collection[uuid.UUID]) -> None:
    """Erase the plans of cases whose content is being erased."""
    db.session.execute(delete(PlanLine).where(PlanLine.case_id.in_(case_ids)))


def _line(case: Case, line_id: uuid.UUID) -> PlanLine:
    _check_open(case)
    found = next((line for line in queries.lines_of(case.id) if line.id == line_id), None)
    if found is None:
        raise NotFoundError
    return found


def _check_open(case: Case) -> None:
    if case.status not in OPEN_CASE:
        raise PlanClosedError


def _noted(case: Case, *, actor: User, now: dt.datetime) -> None:
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"what": "plan"},
    )
    db.session.flush()
