"""Laying out the points of a follow-up, and writing down what was answered."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete

from referrals.municipality.content import CaseContent
from referrals.municipality.follow_up import queries
from referrals.municipality.follow_up.models import FollowUp, How, NotMeasured
from referrals.municipality.follow_up.points import EXERCISE, Measure, Measured, Point, due_days, measures_of
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock, crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError


@dataclass(frozen=True, kw_only=True)
class Told:
    """What came of asking: an answer and how it was asked, or why there is none."""

    on: dt.date
    """The Helsinki day of the answer or the try."""
    answer: Measured | None = None
    """What the kind does not ask is dropped."""
    how: How | None = None
    not_measured: NotMeasured | None = None


class NotFollowedError(DomainError):
    """The client did not agree to be followed up, counselling has not started, or its course ended it."""


class FollowUpChangedError(ConflictError):
    """A colleague wrote this point down after the page was opened; nothing was changed."""


class NothingMeasuredError(DomainError):
    """Neither an answer nor a reason why there is none."""


def lay_out(case: Case, content: CaseContent | None) -> None:
    """Lay the points out from the day counselling started; once, and only where the client agreed."""
    if content is None or not content.follow_up or case.started_at is None:
        return
    known = {row.point for row in queries.of_case(case.id)}
    for point, day in due_days(clock.helsinki_day(case.started_at)).items():
        if point not in known:
            db.session.add(FollowUp(case_id=case.id, point=point, due_on=day))
    db.session.flush()


def write_down(
    case: Case,
    content: CaseContent | None,
    *,
    point: Point,
    known: int,
    told: Told,
    actor: User,
    now: dt.datetime,
) -> None:
    """Write down what a client answered at a point, or why not; a second time corrects the first.

    Args:
        case: locked by the caller; it may be closed.
        content: what the case tells of the client.
        point: which one.
        known: the version of the point that the page showed; 0 where none was there yet.
        told: what came of it.
        actor: who writes it down.
        now: this instant.

    Raises:
        NotFollowedError: if this case is not followed up.
        FollowUpChangedError: if a colleague was faster.
        NothingMeasuredError: if there is neither an answer nor a reason.
    """
    if not followed(case, content):
        raise NotFollowedError
    lay_out(case, content)
    rows = {row.point: row for row in queries.of_case(case.id)}
    row = rows[point]
    if known != (row.version if row.recorded_at else 0):
        raise FollowUpChangedError
    if told.not_measured is None and (
        told.answer is None or told.how is None or not any_answer(case.kind_code, told.answer)
    ):
        raise NothingMeasuredError
    answered = told.not_measured is None
    row.measured_on, row.not_measured = told.on, told.not_measured
    row.how = told.how if answered else None
    row.sealed = _sealed(case, row.id, told.answer if answered else None)
    row.recorded_at, row.actor_id = now, actor.id
    if told.not_measured is NotMeasured.NO_MORE:
        for later in rows.values():
            if later.recorded_at is None and later.due_on > row.due_on:
                later.measured_on, later.not_measured = told.on, NotMeasured.NO_MORE
                later.recorded_at, later.actor_id = now, actor.id
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"what": "follow_up", "point": point.value},
    )
    db.session.flush()


def followed(case: Case, content: CaseContent | None) -> bool:
    """Whether a case is followed up: the client agreed, counselling started, and nothing ended it since."""
    return (
        content is not None
        and content.follow_up
        and case.started_at is not None
        and case.withdrawn_at is None
        and case.outcome not in queries.ENDING
    )


def any_answer(kind_code: str, answer: Measured) -> bool:
    """Whether anything that the kind asks was answered."""
    return any(answer.of(measure) is not None for measure in measures_of(kind_code))


def answer_of(row: FollowUp, *, municipality_code: str) -> Measured | None:
    """Return what was answered, or None."""
    if row.sealed is None:
        return None
    controller = crypto.municipality_controller(municipality_code)
    return Measured.model_validate_json(crypto.unseal(controller, row.sealed, f"follow_up:{row.id}"))


def seal_answer(answer: Measured, *, municipality_code: str, follow_up_id: uuid.UUID) -> bytes:
    """Encrypt an answer with the municipality's key, bound to its row."""
    controller = crypto.municipality_controller(municipality_code)
    return crypto.seal(controller, answer.model_dump_json().encode(), f"follow_up:{follow_up_id}")


def erase(case_ids: Collection[uuid.UUID]) -> None:
    """Erase the follow-ups of cases whose content is being erased."""
    db.session.execute(delete(FollowUp).where(FollowUp.case_id.in_(case_ids)))


def _sealed(case: Case, follow_up_id: uuid.UUID, answer: Measured | None) -> bytes | None:
    if answer is None:
        return None
    if case.kind_code != EXERCISE:
        answer = Measured(wellbeing=answer.of(Measure.WELLBEING))
    return seal_answer(answer, municipality_code=case.municipality_code, follow_up_id=follow_up_id)
