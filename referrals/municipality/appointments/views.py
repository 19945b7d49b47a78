"""The appointments of a case, changing the one that is agreed, and its calendar file."""

import uuid

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.municipality.appointments import operations, queries
from referrals.municipality.appointments.calendar import Entry, calendar_file
from referrals.municipality.appointments.forms import ChangeForm
from referrals.municipality.appointments.labels import STATES
from referrals.municipality.appointments.models import Appointment, AppointmentState
from referrals.municipality.appointments.pages import AppointmentsPage, Row
from referrals.municipality.beside import Beside, Seen, opened
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.views import words_for
from referrals.municipality.models import MeetingForm
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render

blueprint = Blueprint("appointments", __name__)

TOLD = frozenset({AppointmentState.AGREED, AppointmentState.CANCELLED})
"""What a calendar may be told: that it stands, or that it is off."""


@blueprint.get("/asiakkuudet/<uuid:case_id>/tapaamiset")
@access.needs(Permission.INBOX_WORK)
def appointments(case_id: uuid.UUID) -> BaseResponse:
    """Show the appointments of a case."""
    return _shown(opened(case_id))


@blueprint.post("/asiakkuudet/<uuid:case_id>/tapaamiset")
@access.needs(Permission.INBOX_WORK)
def change(case_id: uuid.UUID) -> BaseResponse:
    """Move the appointment that is agreed, or correct its length or place."""
    form = ChangeForm()
    it = opened(case_id)
    standing = queries.standing(case_id)
    if not form.validate(now=it.now, standing=standing.at if standing else None) or form.at is None:
        return _shown(it, form=form, status=422)
    try:
        with transaction():
            it = opened(case_id, lock=True)
            operations.change(
                it.case,
                at=form.at,
                form=MeetingForm(form.how.data),
                minutes=form.minutes.data or 0,
                place=form.meeting_place.data or "",
                known=form.known.data or "",
                actor=it.actor,
                now=it.now,
            )
    except operations.AppointmentChangedError:
        return _shown(opened(case_id), form=form, status=409)
    flash(_("The appointment is saved. Tell the client, and take the new calendar file."), "success")
    return redirect(url_for("appointments.appointments", case_id=case_id), code=303)


@blueprint.get("/asiakkuudet/<uuid:case_id>/tapaamiset/<uuid:appointment_id>.ics")
@access.needs(Permission.INBOX_WORK)
def calendar(case_id: uuid.UUID, appointment_id: uuid.UUID) -> Response:
    """Give the calendar file of an appointment; there is none of a protected client's."""
    with transaction():
        it = opened(case_id)
        found = queries.appointment_of(case_id, appointment_id)
        if found is None or not _has_file(it, found):
            raise NotFoundError
        body = calendar_file(
            Entry(
                uid=found.uid,
                sequence=found.sequence,
                title=_("Client meeting %(reference)s", reference=it.case.reference),
                place=operations.place_of(found, municipality_code=it.case.municipality_code),
                starts_at=found.at,
                minutes=found.minutes,
                changed_at=found.changed_at,
                cancelled=found.state is AppointmentState.CANCELLED,
            )
        )
        name = it.case.reference
        operations.calendar_file_made(it.case, found.id, actor=it.actor, now=it.now)
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _has_file(it: Beside, found: Appointment) -> bool:
    return not it.case.protected and found.state in TOLD and operations.newest_of(found)


def _shown(it: Beside, *, form: ChangeForm | None = None, status: int = 200) -> BaseResponse:
    words, seen, case = words_for(it.scope, now=it.now), Seen.of(it), it.case
    standing = queries.standing(case.id)
    if standing is None:
        form = None
    elif form is None:
        form = ChangeForm(formdata=None)
        local = clock.helsinki(standing.at)
        form.day.data, form.time.data = local.date(), local.time()
        form.how.data, form.minutes.data = standing.form.value, standing.minutes
        form.meeting_place.data = operations.place_of(standing, municipality_code=case.municipality_code)
    if form is not None and standing is not None and (status != 422):  # noqa: PLR2004 - a status is best read as its number
        form.known.data = operations.known_as(standing)
    page = AppointmentsPage(
        title=f"{_p('page title', 'Appointments')} {case.reference}",
        head=it.head,
        rows=[
            Row(
                id=each.id,
                when=words.meets_at(each.at),
                how=labels.MEETING_FORMS[each.form],
                minutes=each.minutes,
                place=operations.place_of(each, municipality_code=case.municipality_code),
                state=each.state,
                said=STATES[each.state],
                agreed_at=each.agreed_at,
                file_url=(
                    url_for("appointments.calendar", case_id=case.id, appointment_id=each.id)
                    if _has_file(it, each)
                    else ""
                ),
            )
            for each in queries.of_case(case.id)
        ],
        form=form or FlaskForm(formdata=None),
        change_form=form,
        changed=status == 409,  # noqa: PLR2004 - the same
    )
    response = render(page, status=status)
    seen.write(page="appointments")
    return response
