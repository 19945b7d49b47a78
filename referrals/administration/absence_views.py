"""Absences: who is away, from when to when, and who stands in."""

import datetime as dt

from flask import Blueprint, flash, redirect, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.administration.catchment_forms import AbsenceForm, refuse
from referrals.administration.desk import Desk, desk_of, substitutes
from referrals.administration.pages import AbsencesPage, Away
from referrals.county.sending.openings import back_on
from referrals.municipality import routing, setting_up
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render

blueprint = Blueprint("administration_absences", __name__)
BOTH = (Permission.SETUP_MANAGE, Permission.INBOX_LEAD)


@blueprint.get("/hallinta/poissaolot")
@access.needs(*BOTH)
def listed() -> BaseResponse:
    """Show the absences of today and to come, and the form of a new one."""
    form = AbsenceForm(formdata=None)
    return _page(form, desk_of(who()))


@blueprint.post("/hallinta/poissaolot")
@access.needs(*BOTH)
def add() -> BaseResponse:
    """Write down an absence, of several catchments at once where one person has them."""
    form, desk = AbsenceForm(), desk_of(who())
    _offer(form, desk)
    fine = form.validate()
    last = form.last_day.data
    if last is not None and last < _today() and not form.last_day.errors:
        refuse(form.last_day, _("This day has passed. Choose one that is still to come."))
        fine = False
    if not fine or form.first_day.data is None or last is None:
        return _page(form, desk, status=422)
    try:
        with transaction():
            actor = who()
            again = desk_of(actor)
            for catchment_id in form.chosen:
                setting_up.add_absence(
                    again.catchment(catchment_id).id,
                    first_day=form.first_day.data,
                    last_day=last,
                    substitute_id=form.substitute_id,
                    actor=actor,
                    now=clock.now(),
                )
    except routing.AbsenceOverlapError as error:
        refuse(
            form.first_day,
            _(
                "There is an absence already from %(first)s to %(last)s. Choose other days, or end that one.",
                first=format_date(error.first_day, "d.M.yyyy"),
                last=format_date(error.last_day, "d.M.yyyy"),
            ),
        )
        return _page(form, desk, status=422)
    flash(_("Kept. Senders see it at once."), "success")
    return redirect(url_for("administration_absences.listed"), code=303)


@blueprint.post("/hallinta/poissaolot/<int:absence_id>/paata")
@access.needs(*BOTH)
def end(absence_id: int) -> BaseResponse:
    """End an absence early, or take away one that has not begun."""
    with transaction():
        actor = who()
        ids = [row.id for row in desk_of(actor).catchments()]
        row = routing.absence_in(absence_id, catchment_ids=ids, lock=True)
        if row is None:
            raise NotFoundError
        try:
            setting_up.end_absence(row, actor=actor, now=clock.now())
        except routing.EndedError:
            raise NotFoundError from None
    flash(_("The absence is over."), "success")
    return redirect(url_for("administration_absences.listed"), code=303)


def _page(form: AbsenceForm, desk: Desk, *, status: int = 200) -> BaseResponse:
    _offer(form, desk)
    today = _today()
    names = {row.id: desk.name_of(row) for row in desk.catchments()}
    found = routing.absences_from(list(names), on=today)
    people = accounts.names_of(row.substitute_id for row in found)
    rows = [
        Away(
            id=row.id,
            name=names[row.catchment_id],
            first_day=row.first_day,
            last_day=row.last_day,
            substitute=people.get(row.substitute_id, "") if row.substitute_id else "",
            answered_from=back_on(row.last_day),
            is_now=row.first_day <= today,
        )
        for row in found
    ]
    return render(AbsencesPage(title=_p("administration", "Absences"), rows=rows, form=form), status=status)


def _offer(form: AbsenceForm, desk: Desk) -> None:
    today = _today()
    form.offer(
        {
            row.id: desk.name_of(row)
            for row in desk.catchments()
            if row.closes_on is None or row.closes_on >= today
        },
        substitutes(),
    )


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
