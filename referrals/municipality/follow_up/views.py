"""The follow-up of a case: what was answered, and writing down the next answer."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.municipality.beside import Beside, Seen, opened
from referrals.municipality.follow_up import operations, queries
from referrals.municipality.follow_up.forms import FollowUpForm
from referrals.municipality.follow_up.models import FollowUp
from referrals.municipality.follow_up.pages import Course, FollowUpPage, course_of
from referrals.municipality.follow_up.points import Measured, Point, due_days, measures_of
from referrals.municipality.inbox.forms import values_of
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.pages import render

blueprint = Blueprint("follow_up", __name__)

CONFLICT, UNPROCESSABLE = 409, 422


@blueprint.get("/asiakkuudet/<uuid:case_id>/seuranta")
@access.needs(Permission.INBOX_WORK)
def follow_up(case_id: uuid.UUID) -> BaseResponse:
    """Show the follow-up of a case."""
    return _shown(opened(case_id))


@blueprint.post("/asiakkuudet/<uuid:case_id>/seuranta")
@access.needs(Permission.INBOX_WORK)
def write_down(case_id: uuid.UUID) -> BaseResponse:
    """Write down one point."""
    form = FollowUpForm()
    it = opened(case_id)
    _fit(form, it)
    if not form.validate():
        return _shown(it, form=form, status=UNPROCESSABLE)
    point = Point(form.point.data)
    try:
        with transaction():
            it = opened(case_id, lock=True)
            operations.write_down(
                it.case,
                it.content,
                point=point,
                known=_known(form).get(point, 0),
                told=operations.Told(
                    on=form.measured_on.data or it.today,
                    answer=form.answer,
                    how=form.asked_how,
                    not_measured=form.reason,
                ),
                actor=it.actor,
                now=it.now,
            )
    except (operations.FollowUpChangedError, operations.NotFollowedError):
        return _shown(opened(case_id), form=form, status=CONFLICT)
    flash(_("The follow-up is written down."), "success")
    return redirect(url_for("follow_up.follow_up", case_id=case_id), code=303)


def answers_of(rows: Sequence[FollowUp], *, municipality_code: str) -> dict[Point, Measured]:
    """Return what was answered at each point."""
    told = {row.point: operations.answer_of(row, municipality_code=municipality_code) for row in rows}
    return {point: answer for point, answer in told.items() if answer is not None}


def _shown(it: Beside, *, form: FollowUpForm | None = None, status: int = 200) -> BaseResponse:
    case, seen = it.case, Seen.of(it)
    rows = list(queries.of_case(case.id))
    answers = answers_of(rows, municipality_code=case.municipality_code)
    course = course_of(case.kind_code, rows, answers, today=it.today)
    followed = operations.followed(case, it.content)
    if not followed:
        form = None
    elif form is None:
        form = _fresh(it, course)
    if form is not None and status != UNPROCESSABLE:
        form.known.data = ",".join(f"{row.point.value}:{row.version}" for row in rows if row.recorded_at)
    page = FollowUpPage(
        title=f"{_p('page title', 'Follow-up')} {case.reference}",
        head=it.head,
        course=course,
        agreed=it.content is not None and it.content.follow_up,
        started=case.started_at is not None,
        followed=followed,
        form=form or FlaskForm(formdata=None),
        answer_form=form,
        changed=status == CONFLICT,
    )
    response = render(page, status=status)
    seen.write(page="follow_up")
    return response


def _fresh(it: Beside, course: Course) -> FollowUpForm:
    form = FollowUpForm(formdata=None)
    _fit(form, it)
    recorded = {column.point for column in course.columns if column.measured_on}
    offered = values_of(form.point)
    free = [point for point in Point if point not in recorded and point.value in offered]
    form.point.data = course.due or (free[-1] if free else Point.START)
    form.measured_on.data = it.today
    return form


def _fit(form: FollowUpForm, it: Beside) -> None:
    """Ask what the kind asks, of the points whose day has come."""
    form.asked = measures_of(it.case.kind_code)
    form.earliest = clock.helsinki_day(it.case.accepted_at)
    started = it.case.started_at
    if started is not None:
        days = due_days(clock.helsinki_day(started))
        form.choose(point for point, day in days.items() if day <= it.today)


def _known(form: FollowUpForm) -> dict[Point, int]:
    known: dict[Point, int] = {}
    for part in (form.known.data or "").split(","):
        name, _colon, version = part.partition(":")
        if name in set(Point) and version.isdecimal():
            known[Point(name)] = int(version)
    return known
