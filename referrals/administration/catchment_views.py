"""Catchments: who receives whose referrals, where nobody does, opening and changing."""

import datetime as dt
import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.administration.catchment_forms import NewCatchmentForm, TermsForm, refuse
from referrals.administration.desk import Desk, desk_of
from referrals.administration.pages import CatchmentPage, CatchmentsPage, KindPlaces, Place, Receiver
from referrals.changes import mark_of
from referrals.county.sending.openings import COUNSELLED_IN
from referrals.municipality import queries as municipality
from referrals.municipality import routing, setting_up
from referrals.municipality.queries import Catchment
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import DomainError, NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("administration_catchments", __name__)
BOTH = (Permission.SETUP_MANAGE, Permission.INBOX_LEAD)
DAY = "d.M.yyyy"


@blueprint.get("/hallinta/vastuualueet")
@access.needs(*BOTH)
def listed() -> BaseResponse:
    """Show every kind and municipality with who receives, the gaps first."""
    desk, today = desk_of(who()), _today()
    rows = routing.all_catchments()
    unit_names = {
        unit.id: in_language(unit.name, current_language()).text
        for unit in accounts.units(row.unit_id for row in rows)
    }
    away = {
        row.catchment_id: row.last_day
        for row in routing.absences_from([row.id for row in rows], on=today)
        if row.first_day <= today and row.substitute_id is None
    }
    kinds = []
    for code, name in desk.kinds.items():
        places = []
        for place, place_name in desk.municipalities.items():
            receivers = [
                _receiver(row, desk, unit_names, away.get(row.id), today)
                for row in rows
                if row.kind_code == code and row.municipality_code == place
            ]
            places.append(
                Place(
                    code=place,
                    name=place_name,
                    receivers=receivers,
                    covered=any(each.is_open for each in receivers),
                )
            )
        gaps = [each.name for each in places if not each.covered]
        kinds.append(KindPlaces(code=code, name=name, places=places, gaps=gaps))
    return render(CatchmentsPage(title=_p("administration", "Catchments"), kinds=kinds))


@blueprint.get("/hallinta/vastuualueet/uusi")
@access.needs(*BOTH)
def new() -> BaseResponse:
    """Show the form that opens a catchment; where and of what kind may stand in the address."""
    form = NewCatchmentForm(
        formdata=None,
        kind=request.args.get("laji"),
        municipality=request.args.get("kunta"),
        opens_on=_today(),
        languages=["fi"],
        min_age=0,
    )
    return _new_page(form, desk_of(who()))


@blueprint.post("/hallinta/vastuualueet/uusi")
@access.needs(*BOTH)
def create() -> BaseResponse:
    """Open a catchment."""
    form, desk = NewCatchmentForm(), desk_of(who())
    form.offer(desk.kinds, desk.municipalities, desk.units)
    if not form.validate():
        return _new_page(form, desk, status=422)
    try:
        with transaction():
            actor = who()
            unit_id = uuid.UUID(form.unit.data)
            if unit_id not in desk_of(actor).units:
                raise NotFoundError
            setting_up.open_catchment(
                unit_id=unit_id,
                municipality_code=form.municipality.data,
                kind_code=form.kind.data,
                opens_on=form.opens_on.data or _today(),
                terms=form.terms,
                actor=actor,
                now=clock.now(),
            )
    except routing.OverlapError as error:
        refuse(form.opens_on, _overlap_words(error))
        return _new_page(form, desk, status=422)
    except routing.BackwardsError as error:
        refuse(form.closes_on, _end_words(error))
        return _new_page(form, desk, status=422)
    flash(_("Kept. Senders see it at once."), "success")
    return redirect(url_for("administration_catchments.listed"), code=303)


@blueprint.get("/hallinta/vastuualueet/<uuid:catchment_id>")
@access.needs(*BOTH)
def one(catchment_id: uuid.UUID) -> BaseResponse:
    """Show the form that changes a catchment."""
    desk = desk_of(who())
    row = desk.catchment(catchment_id)
    form = TermsForm(
        formdata=None,
        languages=list(row.languages),
        min_age=row.min_age,
        max_age=row.max_age,
        usual_wait_days=row.usual_wait_days,
        closes_on=row.closes_on,
        takes_non_residents=row.takes_non_residents,
        seen=mark_of(setting_up.facts_of(row)),
    )
    return _change_page(form, row, desk)


@blueprint.post("/hallinta/vastuualueet/<uuid:catchment_id>")
@access.needs(*BOTH)
def change(catchment_id: uuid.UUID) -> BaseResponse:
    """Change on what terms a catchment takes referrals."""
    desk, form = desk_of(who()), TermsForm()
    row = desk.catchment(catchment_id)
    if not form.validate():
        return _change_page(form, row, desk, status=422)
    try:
        with transaction():
            actor = who()
            row = desk_of(actor).catchment(municipality.hold_catchment(catchment_id))
            stale = form.is_stale(mark_of(setting_up.facts_of(row)))
            if not stale:
                setting_up.change_catchment(row, form.terms, actor=actor, now=clock.now())
    except (routing.EndedError, routing.LongPastError, routing.BackwardsError, routing.OverlapError) as error:
        refuse(form.closes_on, _end_words(error))
        return _change_page(form, desk.catchment(catchment_id), desk, status=422)
    if stale:
        return _change_page(form, desk.catchment(catchment_id), desk, status=409)
    flash(_("Kept. Senders see it at once."), "success")
    return redirect(url_for("administration_catchments.listed"), code=303)


def _new_page(form: NewCatchmentForm, desk: Desk, *, status: int = 200) -> BaseResponse:
    form.offer(desk.kinds, desk.municipalities, desk.units)
    page = CatchmentPage(
        title=_p("administration", "Open a catchment"),
        form=form,
        is_new=True,
        name="",
        opened=None,
        has_ended=False,
    )
    return render(page, status=status)


def _change_page(form: TermsForm, row: Catchment, desk: Desk, *, status: int = 200) -> BaseResponse:
    page = CatchmentPage(
        title=_p("administration", "Change a catchment"),
        form=form,
        is_new=False,
        name=desk.name_of(row),
        opened=row.opens_on,
        has_ended=row.closes_on is not None and row.closes_on < _today(),
    )
    return render(page, status=status)


def _receiver(
    row: Catchment, desk: Desk, units: Mapping[uuid.UUID, str], away_until: dt.date | None, today: dt.date
) -> Receiver:
    ended = row.closes_on is not None and row.closes_on < today
    opens_later = row.opens_on > today
    if ended:
        state = _p("catchment", "Ended")
    else:
        state = _p("catchment", "Opens later") if opens_later else _p("catchment", "Open")
    until = format_date(row.closes_on, DAY) if row.closes_on else ""
    return Receiver(
        id=row.id,
        unit=units[row.unit_id],
        days=f"{format_date(row.opens_on, DAY)}–{until}",
        state=state,
        is_open=not ended and not opens_later,
        has_ended=ended,
        terms=_terms(row),
        away=_("Nobody answers until %(day)s", day=format_date(away_until, DAY)) if away_until else "",
        may_change=row.unit_id in desk.units and not ended,
    )


def _terms(row: Catchment) -> str:
    said = [", ".join(str(COUNSELLED_IN.get(code, code)) for code in row.languages)]
    if row.max_age is not None:
        said.append(_("aged %(least)s–%(most)s", least=row.min_age, most=row.max_age))
    elif row.min_age:
        said.append(_("aged %(least)s or more", least=row.min_age))
    if row.usual_wait_days is not None:
        said.append(ngettext("wait one working day", "wait %(num)s working days", row.usual_wait_days))
    if row.takes_non_residents:
        said.append(_("other municipalities' clients too"))
    return "; ".join(said)


def _overlap_words(error: routing.OverlapError) -> str:
    first = format_date(error.opens_on, DAY)
    if error.closes_on is None:
        return _(
            "Another unit takes these referrals since %(first)s, without an end. Give that one a last day first.",
            first=first,
        )
    return _(
        "Another unit takes these referrals from %(first)s to %(last)s. Choose other days.",
        first=first,
        last=format_date(error.closes_on, DAY),
    )


def _end_words(error: DomainError) -> str:
    if isinstance(error, routing.OverlapError):
        return _overlap_words(error)
    if isinstance(error, routing.EndedError):
        return _("It ended on %(day)s. Open a new one instead.", day=format_date(error.closed_on, DAY))
    if isinstance(error, routing.LongPastError):
        return _(
            "Referrals may have come since. The earliest last day is %(day)s, which closes it now.",
            day=format_date(error.earliest, DAY),
        )
    return _("The last day would be before the first.")


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
