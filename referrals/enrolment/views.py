"""Enrolling in a group without an account: no session, no cookie, and nothing of a person in an address.

As with a request to be contacted, the receipt is the answer to the form itself, and a form sent twice is known.
The code is typed, never part of an address; what follows from it is a form again.
"""

import datetime as dt
import uuid
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.client import codes
from referrals.client.requests.views import PROBLEMS
from referrals.enrolment import operations, permission, queries
from referrals.enrolment.forms import CodeForm, EnrolForm, is_ready
from referrals.enrolment.operations import Enrolled, NotOpenError
from referrals.enrolment.pages import CancelledPage, ClosedPage, DoorPage, EnrolledPage, EnrolPage, OwnPage
from referrals.enrolment.queries import EnrolmentState
from referrals.enrolment.rows import answer_day
from servicetray.accounts import throttle
from servicetray.core import access, anonymous, clock
from servicetray.core.anonymous import FormProblem
from servicetray.core.db import transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.happenings import queries as happenings
from themes.happenings.details import details_of, next_dates
from themes.happenings.groups import GroupView
from themes.happenings.pages import Details
from themes.happenings.queries import Kind

blueprint = Blueprint("enrolment", __name__)

ENROL, OWN = "enrolment", "enrolment_own"
"""What the keys of the two forms are for."""
MOST_FROM_ADDRESS: Final = 12
MOST_IN_ALL: Final = 300
MOST_CODES_FROM_ADDRESS: Final = 30
MOST_OF_CODE: Final = 8
UNPROCESSABLE, TOO_MANY, CONFLICT = 422, 429, 409


@blueprint.get("/ryhmat/<uuid:group_id>/ilmoittaudu")
@access.public
def enrol(group_id: uuid.UUID) -> BaseResponse:
    """Show the form of a group, or how one joins it."""
    view = happenings.group(group_id, today=_today())
    return _form_page(view, blank_form(view)) if _is_open(view) else _closed(group_id)


@blueprint.post("/ryhmat/<uuid:group_id>/ilmoittaudu")
@anonymous.takes_forms
@access.public
def send(group_id: uuid.UUID) -> BaseResponse:
    """Take an enrolment in, or show the form again with everything typed."""
    now, view = clock.now(), happenings.group(group_id, today=_today())
    if not operations.takes_enrolments(view):
        return _closed(group_id, status=CONFLICT)
    form = EnrolForm(request.form)
    if not needs_year(view):
        del form.birth_year
    if not is_ready(form):
        return _form_page(view, form, status=UNPROCESSABLE)
    problem = anonymous.problem_of(ENROL, now=now)
    if problem is not None:
        return _form_page(view, form, problem=str(PROBLEMS[problem]), status=UNPROCESSABLE)
    key = anonymous.read_key(ENROL)
    assert key is not None
    agreed = permission.for_group(view, language=current_language())
    told: Enrolled | None = None
    try:
        with transaction():
            if _may_send():
                told = operations.enrol(
                    group_id, form.participant, form_key=key.id, permission=agreed, actor=None, now=now
                )
    except NotOpenError:
        return _closed(group_id, status=CONFLICT)
    if told is None:
        said = _("Many people enrol just now. Wait ten minutes and send once more.")
        return _form_page(view, form, problem=said, status=TOO_MANY)
    has_place = told.state is EnrolmentState.PLACE
    page = EnrolledPage(
        title=_("You have a place") if has_place else _("You are on the waiting list"),
        it=_details(group_id),
        has_place=has_place,
        place_in_line=told.place_in_line,
        code=codes.written(told.code) if told.code else "",
        by_letter=bool(form.email.data),
    )
    return _private(render(page))


@blueprint.get("/ryhmat/ilmoittautuminen")
@access.public
def own() -> BaseResponse:
    """Show where the code is typed."""
    return _door(CodeForm())


@blueprint.post("/ryhmat/ilmoittautuminen")
@anonymous.takes_forms
@access.public
def own_opened() -> BaseResponse:
    """Show the enrolment of a code, take the place that is held (``teko=ota``), or cancel it (``teko=peru``)."""
    now, form = clock.now(), CodeForm(request.form)
    if not form.validate():
        return _door(form, status=UNPROCESSABLE)
    problem = anonymous.problem_of(OWN, now=now)
    if problem is not None and problem is not FormProblem.TOO_FAST:
        return _refused(form, _("The page had been open too long. Press once more."))
    typed = form.code.data or ""
    with transaction():
        allowed = _may_try(typed)
        done = request.form.get("teko") if allowed else None
        cancelled = done == "peru" and operations.cancel_by_code(typed, now=now)
        if done == "ota":
            operations.take_by_code(typed, now=now)
    if not allowed:
        return _refused(form, _("Too many tries. Wait ten minutes and try again."), status=TOO_MANY)
    if cancelled:
        return _private(redirect(url_for(".cancelled"), code=303))
    row = operations.by_code(typed)
    if row is None:
        return _refused(form, _("There is no enrolment with this code. Check it, or call the group."))
    page = OwnPage(
        title=_("Your enrolment"),
        it=_details(row.group_id),
        state=row.state,
        answer_by=answer_day(row),
        lapsed=row.lapsed_at is not None,
        place_in_line=queries.place_in_line(row),
        is_over=happenings.group(row.group_id, today=_today()).is_over,
        code=codes.normalised(typed),
        form_key=anonymous.make_key(OWN, now=now),
    )
    return _private(render(page))


@blueprint.get("/ryhmat/ilmoittautuminen/peruttu")
@access.public
def cancelled() -> BaseResponse:
    """Say that an enrolment is cancelled, to whoever comes here: the page knows nobody."""
    return _private(render(CancelledPage(title=_("Your enrolment is cancelled"))))


def needs_year(view: GroupView) -> bool:
    """Whether a group asks for the year of birth: where it is for a stage of life."""
    return bool(view.life_stages)


def blank_form(view: GroupView) -> EnrolForm:
    """Return an empty form of a group, in the language of the page."""
    form = EnrolForm()
    if not needs_year(view):
        del form.birth_year
    form.language.data = current_language()
    return form


def _is_open(view: GroupView) -> bool:
    return view.can_enrol and operations.takes_enrolments(view)


def _form_page(view: GroupView, form: EnrolForm, *, problem: str = "", status: int = 200) -> BaseResponse:
    it = _details(view.id)
    page = EnrolPage(
        title=_("Enrol: %(group)s", group=it.name.text),
        it=it,
        form=form,
        form_key=anonymous.make_key(ENROL, now=clock.now()),
        permission=permission.for_group(view, language=current_language()),
        problem=problem,
    )
    return _private(render(page, status=status))


def _closed(group_id: uuid.UUID, *, status: int = 200) -> BaseResponse:
    it = _details(group_id)
    return _private(
        render(ClosedPage(title=_("Enrolling: %(group)s", group=it.name.text), it=it), status=status)
    )


def _details(group_id: uuid.UUID) -> Details:
    today = _today()
    row = happenings.required(group_id, kind=Kind.GROUP)
    return details_of(
        row,
        view=happenings.group(group_id, today=today),
        dates=next_dates(row, today),
        theme_ids=happenings.theme_ids_of([group_id]).get(group_id, ()),
        language=current_language(),
        today=today,
    )


def _door(form: CodeForm, *, status: int = 200) -> BaseResponse:
    page = DoorPage(
        title=_("Your enrolment to a group"), form=form, form_key=anonymous.make_key(OWN, now=clock.now())
    )
    return _private(render(page, status=status))


def _refused(form: CodeForm, sentence: str, *, status: int = UNPROCESSABLE) -> BaseResponse:
    form.code.errors = [sentence]
    return _door(form, status=status)


def _may_send() -> bool:
    now, address = clock.now(), throttle.network(request.remote_addr or "")
    from_address = throttle.take("enrolment", address, most=MOST_FROM_ADDRESS, now=now)
    in_all = throttle.take("enrolment_all", "", most=MOST_IN_ALL, now=now)
    return from_address and in_all


def _may_try(typed: str) -> bool:
    now, address = clock.now(), throttle.network(request.remote_addr or "")
    of_code = throttle.take("enrolment_code", codes.throttle_name(typed), most=MOST_OF_CODE, now=now)
    from_address = throttle.take("enrolment_door", address, most=MOST_CODES_FROM_ADDRESS, now=now)
    return of_code and from_address


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
