"""The pages of whoever runs a group (/ryhmani): who is in, whom to call, who came."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.enrolment import operations, permission, queries
from referrals.enrolment.forms import ButtonForm, CallerForm, is_ready, marks_of
from referrals.enrolment.labels import ATTENDED, CALLS, COLOURS, FIELDS, STATES
from referrals.enrolment.models import Attended, EnrolmentState
from referrals.enrolment.operations import MeetingAheadError, NotOpenError
from referrals.enrolment.pages import (
    AttendancePage,
    CallerPage,
    GroupPage,
    Led,
    LedPage,
    ListPage,
    PersonPage,
)
from referrals.enrolment.rows import answer_day, language_name, led, meetings_of, rows_of, subjects_of, told
from referrals.enrolment.views import needs_year
from referrals.municipality.inbox.scope import Reader
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import access, clock
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.directory import plain_text
from themes.happenings import queries as happenings
from themes.happenings.queries import Happening

blueprint = Blueprint("group_desk", __name__, url_prefix="/ryhmani")

CONFLICT, UNPROCESSABLE = 409, 422
AT = "/<uuid:group_id>"


@blueprint.get("")
@access.signed_in
def groups() -> BaseResponse:
    """Show the groups that somebody runs."""
    today = _today()
    rows = led(queries.groups_of(who()), language=current_language(), today=today)
    return render(
        LedPage(
            title=_("My groups"),
            # What goes on or begins first stands first; of those that are over, the latest.
            groups=[each for each in reversed(rows) if not each.is_over],
            over=[each for each in rows if each.is_over],
        )
    )


@blueprint.get(AT)
@access.signed_in
def group(group_id: uuid.UUID) -> BaseResponse:
    """Show who is in a group."""
    found, row = _opened(group_id)
    enrolled = queries.in_group(row.id)
    rows = rows_of(enrolled)
    meetings = meetings_of(row, now=clock.now())
    page = GroupPage(
        title=_("Group"),
        group=found,
        places=[rows[each.id] for each in enrolled if each.state is EnrolmentState.PLACE],
        waiting=[rows[each.id] for each in enrolled if each.state is EnrolmentState.WAITING],
        calls=[rows[each.id] for each in enrolled if each.call_for is not None],
        past=[each for each in reversed(meetings) if each.may_note],
        coming=[each for each in meetings if not each.may_note],
    )
    return _listed(group_id, page, enrolled=subjects_of(enrolled), page="participants")


@blueprint.get(f"{AT}/lista")
@access.signed_in
def paper(group_id: uuid.UUID) -> BaseResponse:
    """Show the list of participants as it is printed, with a column for each of the next meetings."""
    found, row = _opened(group_id)
    enrolled = [each for each in queries.in_group(row.id) if each.state is EnrolmentState.PLACE]
    rows = rows_of(enrolled)
    today = _today()
    coming = [
        each
        for each in meetings_of(row, now=clock.now())
        if not each.cancelled and clock.helsinki_day(each.starts_at) >= today
    ]
    page = ListPage(
        title=_("List of participants"),
        group=found,
        places=[rows[each.id] for each in enrolled],
        meetings=coming[:6],
    )
    return _listed(group_id, page, enrolled=subjects_of(enrolled), page="paper")


@blueprint.get(f"{AT}/uusi")
@access.signed_in
def new(group_id: uuid.UUID) -> BaseResponse:
    """Show the form for somebody who called."""
    form = CallerForm(formdata=None)
    form.language.data = "fi"
    return _caller(group_id, form)


@blueprint.post(f"{AT}/uusi")
@access.signed_in
def add(group_id: uuid.UUID) -> BaseResponse:
    """Enrol somebody who called."""
    now = clock.now()
    queries.run_by(who(), group_id)
    view = happenings.group(group_id, today=_today())
    form = CallerForm()
    if not needs_year(view):
        del form.birth_year
    key = request.form.get("avain", type=uuid.UUID)
    if key is None:
        raise NotFoundError(str(group_id))
    if not is_ready(form):
        return _caller(group_id, form, status=UNPROCESSABLE)
    agreed = permission.for_group(view, language=current_language())
    try:
        with transaction():
            told_ = operations.enrol(
                group_id,
                form.participant,
                form_key=key,
                permission=agreed,
                actor=_runner(group_id)[0],
                now=now,
                by_leader=True,
            )
    except NotOpenError:
        refused = _("Nobody can be enrolled in this group any more.")
        return _caller(group_id, form, refused=refused, status=CONFLICT)
    if told_.enrolment_id is None:
        flash(_("This person is in the group already."), "info")
    elif told_.state is EnrolmentState.PLACE:
        flash(_("Enrolled: a place in the group."), "success")
    else:
        flash(_("Enrolled: number %(place)s on the waiting list.", place=told_.place_in_line), "success")
    return redirect(url_for(".group", group_id=group_id), code=303)


@blueprint.get(f"{AT}/osallistuja/<uuid:enrolment_id>")
@access.signed_in
def person(group_id: uuid.UUID, enrolment_id: uuid.UUID) -> BaseResponse:
    """Show one participant."""
    found, _row = _opened(group_id)
    row = queries.one_in_group(group_id, enrolment_id)
    about = queries.who_is(row)
    if about is None:
        raise NotFoundError(str(enrolment_id))
    words = {**about.model_dump(), "language": str(language_name(about.language))}
    page = PersonPage(
        title=_("Participant"),
        group=found,
        enrolment_id=row.id,
        name=about.name,
        state=STATES[row.state],
        colour=COLOURS[row.state],
        place_in_line=queries.place_in_line(row),
        facts=[(label, told(words[name])) for name, label in FIELDS.items() if words[name]],
        phone_url=plain_text.phone_address(about.phone),
        answer_by=answer_day(row),
        call=CALLS[row.call_for] if row.call_for else None,
    )
    response = render(page)
    actor = _plain(who())
    with transaction():
        record(
            Action.ENROLMENT_VIEWED,
            actor=actor,
            object_type="enrolment",
            object_id=enrolment_id,
            subject=subject_key(enrolment_id),
            now=clock.now(),
        )
    return response


@blueprint.post(f"{AT}/osallistuja/<uuid:enrolment_id>/soitettu")
@access.signed_in
def called(group_id: uuid.UUID, enrolment_id: uuid.UUID) -> BaseResponse:
    """Note that a participant was called."""
    with transaction():
        actor, _group = _runner(group_id)
        row = queries.one_in_group(group_id, enrolment_id, lock=True)
        operations.was_called(row, actor=actor, now=clock.now())
    flash(_("Noted: they have been called."), "success")
    return redirect(url_for(".group", group_id=group_id), code=303)


@blueprint.post(f"{AT}/osallistuja/<uuid:enrolment_id>/peru")
@access.signed_in
def cancel(group_id: uuid.UUID, enrolment_id: uuid.UUID) -> BaseResponse:
    """Cancel an enrolment by the word of the participant; their data goes at once."""
    with transaction():
        actor, _group = _runner(group_id)
        row = queries.one_in_group(group_id, enrolment_id)
        operations.cancel(row.id, actor=actor, now=clock.now())
    flash(_("The enrolment is cancelled, and the person's data is erased."), "success")
    return redirect(url_for(".group", group_id=group_id), code=303)


@blueprint.get(f"{AT}/kokoontuminen/<uuid:occurrence_id>")
@access.signed_in
def meeting(group_id: uuid.UUID, occurrence_id: uuid.UUID) -> BaseResponse:
    """Show the form of who came to a meeting."""
    found, row = _opened(group_id)
    it = next((each for each in meetings_of(row, now=clock.now()) if each.id == occurrence_id), None)
    if it is None or not it.may_note or it.cancelled:
        raise NotFoundError(str(occurrence_id))
    enrolled = [each for each in queries.in_group(group_id) if each.state is EnrolmentState.PLACE]
    rows = rows_of(enrolled)
    page = AttendancePage(
        title=_("Who came"),
        group=found,
        meeting=it,
        places=[rows[each.id] for each in enrolled],
        marks=_marks([each.id for each in enrolled], occurrence_id),
        words=ATTENDED,
        form=ButtonForm(formdata=None),
    )
    return _listed(group_id, page, enrolled=subjects_of(enrolled), page="attendance")


@blueprint.post(f"{AT}/kokoontuminen/<uuid:occurrence_id>")
@access.signed_in
def note(group_id: uuid.UUID, occurrence_id: uuid.UUID) -> BaseResponse:
    """Note who came to a meeting."""
    noted: dict[uuid.UUID, Attended] = {}
    for name, mark in marks_of(request.form).items():
        try:
            noted[uuid.UUID(name)] = mark
        except ValueError:
            continue
    try:
        with transaction():
            actor, row = _runner(group_id)
            number = operations.note_attendance(row, occurrence_id, noted, actor=actor, now=clock.now())
    except MeetingAheadError as error:
        raise NotFoundError(str(occurrence_id)) from error
    flash(_("Noted for %(number)s participants.", number=number), "success")
    return redirect(url_for(".group", group_id=group_id), code=303)


def _opened(group_id: uuid.UUID) -> tuple[Led, Happening]:
    row = queries.run_by(who(), group_id)
    (found,) = led([row], language=current_language(), today=_today())
    return found, row


def _runner(group_id: uuid.UUID) -> tuple[User, Happening]:
    """Return who acts and the locked group, inside a transaction."""
    actor = who()
    return actor, queries.run_by(actor, group_id, lock=True)


def _caller(group_id: uuid.UUID, form: CallerForm, *, refused: str = "", status: int = 200) -> BaseResponse:
    found, _row = _opened(group_id)
    view = happenings.group(group_id, today=_today())
    if not needs_year(view) and "birth_year" in form:
        del form.birth_year
    page = CallerPage(
        title=_("Write down somebody who called"),
        group=found,
        form=form,
        form_key=request.form.get("avain", default=uuid.uuid4(), type=uuid.UUID),
        permission=permission.for_group(view, language=current_language()),
        refused=refused,
    )
    return render(page, status=status)


def _marks(enrolment_ids: Sequence[uuid.UUID], occurrence_id: uuid.UUID) -> dict[uuid.UUID, Attended]:
    found = queries.attendance_of(enrolment_ids)
    return {who_: mark for (who_, meeting_), mark in found.items() if meeting_ == occurrence_id}


def _listed(
    group_id: uuid.UUID, shown: GroupPage | ListPage | AttendancePage, *, enrolled: str, page: str
) -> BaseResponse:
    response = render(shown)
    actor = _plain(who())
    with transaction():
        record(
            Action.GROUP_LISTED,
            actor=actor,
            object_type="group",
            object_id=group_id,
            now=clock.now(),
            detail={"page": page, "subjects": enrolled},
        )
    return response


def _plain(user: User) -> Actor:
    # What was read is forgotten when a transaction begins; the log needs two ids.
    return Reader(id=user.id, unit_id=user.unit_id)


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
