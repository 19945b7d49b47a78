"""Where editors add, change and cancel events and groups, and change single dates."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from themes.directory import queries as directory
from themes.directory.listing import whole_county
from themes.happenings import cards, desk_list, labels, operations, queries, recurrence, whose
from themes.happenings.details import MOST_DATES, details_of
from themes.happenings.forms import CancelForm, DateForm, GroupForm, HappeningForm, filled
from themes.happenings.groups import view_of
from themes.happenings.models import DateState, Happening, Kind, Occurrence, State
from themes.happenings.operations import OverError
from themes.happenings.pages import DatePage, Details, EditPage, KeptDate
from themes.happenings.queries import Dated
from themes.happenings.records import HappeningRecord
from themes.topics.queries import published_themes, theme_ids

blueprint = Blueprint("happenings_desk", __name__)

KINDS = {"tapahtumat": Kind.EVENT, "ryhmat": Kind.GROUP}
KEEPERS = (Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT)
WORDS = {kind: word for word, kind in KINDS.items()}
MOST_KEPT_DATES = 60
_STATE_COLOURS = {
    DateState.PLANNED: "success",
    DateState.MOVED: "info",
    DateState.CANCELLED: "danger",
    DateState.LEFT_OUT: "neutral",
}


@blueprint.get("/sisalto/tapahtumat")
@access.needs(*KEEPERS)
def events() -> BaseResponse:
    """Show every event, the latest first; one pile (``tila``), or those of a name (``q``)."""
    return desk_list.answer(Kind.EVENT, WORDS[Kind.EVENT])


@blueprint.get("/sisalto/ryhmat")
@access.needs(*KEEPERS)
def groups() -> BaseResponse:
    """Show every group, the latest first; one pile (``tila``), or those of a name (``q``)."""
    return desk_list.answer(Kind.GROUP, WORDS[Kind.GROUP])


@blueprint.get("/sisalto/<any(tapahtumat, ryhmat):what>/uusi")
@access.needs(*KEEPERS)
def new(what: str) -> BaseResponse:
    """Show the empty form."""
    kind = KINDS[what]
    form = _form(kind, fresh=True)
    return _edit_page(form, kind, None)


@blueprint.post("/sisalto/<any(tapahtumat, ryhmat):what>/uusi")
@access.needs(*KEEPERS)
def create(what: str) -> BaseResponse:
    """Keep a new event or group, or show how it would look."""
    kind = KINDS[what]
    form = _form(kind)
    record = _record(form, kind)
    if record is None:
        return _edit_page(form, kind, None, status=422)
    if "preview" in request.form:
        return _edit_page(form, kind, None, preview=_preview(record))
    with transaction():
        made = operations.save(record, actor=who(), now=clock.now())
        made_id = made.id
    flash(_("Kept."), "success")
    return redirect(url_for("happenings_desk.one", what=what, happening_id=made_id), code=303)


@blueprint.get("/sisalto/<any(tapahtumat, ryhmat):what>/<uuid:happening_id>")
@access.needs(*KEEPERS)
def one(what: str, happening_id: uuid.UUID) -> BaseResponse:
    """Show the form of an event or group with its dates."""
    kind = KINDS[what]
    it = whose.required(happening_id, kind=kind)
    return _edit_page(_form(kind, it, fresh=True), kind, it)


@blueprint.post("/sisalto/<any(tapahtumat, ryhmat):what>/<uuid:happening_id>")
@access.needs(*KEEPERS)
def change(what: str, happening_id: uuid.UUID) -> BaseResponse:
    """Change an event or group, or show how it would look."""
    kind = KINDS[what]
    it = whose.required(happening_id, kind=kind)
    form = _form(kind)
    record = _record(form, kind, it)
    if record is None:
        return _edit_page(form, kind, it, status=422)
    if "preview" in request.form:
        return _edit_page(form, kind, it, preview=_preview(record))
    with transaction():
        actor = who()
        held = whose.required(happening_id, kind=kind, lock=True)
        stale = form.is_stale(_mark(held))
        if not stale:
            operations.save(record, actor=actor, now=clock.now(), happening=held)
    if stale:
        return _edit_page(form, kind, queries.required(happening_id), status=409)
    flash(_("Kept. Residents see it at once."), "success")
    return redirect(url_for("happenings_desk.one", what=what, happening_id=happening_id), code=303)


@blueprint.post("/sisalto/<any(tapahtumat, ryhmat):what>/<uuid:happening_id>/peruminen")
@access.needs(*KEEPERS)
def cancel(what: str, happening_id: uuid.UUID) -> BaseResponse:
    """Cancel all of an event or group, or take that back."""
    kind = KINDS[what]
    it = whose.required(happening_id, kind=kind)
    form, back = CancelForm(), "restore" in request.form
    if not back and not form.validate():
        return _edit_page(_form(kind, it, fresh=True), kind, it, status=422, cancel_form=form)
    with transaction():
        actor, now = who(), clock.now()
        held = whose.required(happening_id, kind=kind, lock=True)
        if back:
            operations.restore(held, actor=actor, now=now)
        else:
            operations.cancel(held, reason=form.reason, actor=actor, now=now)
    flash(_("It takes place again.") if back else _("Cancelled. Its page and calendars say so."), "success")
    return redirect(url_for("happenings_desk.one", what=what, happening_id=happening_id), code=303)


@blueprint.get("/sisalto/<any(tapahtumat, ryhmat):what>/paivat/<uuid:date_id>")
@access.needs(*KEEPERS)
def date(what: str, date_id: uuid.UUID) -> BaseResponse:
    """Show the form of one date."""
    found = _dated(what, date_id)
    form = DateForm(
        formdata=None,
        state=found.date.state.value,
        day=found.date.day,
        starts=clock.helsinki(found.date.starts_at).time(),
        **{f"reason_{code}": text for code, text in found.date.reason.items()},
    )
    return _date_page(form, what, found)


@blueprint.post("/sisalto/<any(tapahtumat, ryhmat):what>/paivat/<uuid:date_id>")
@access.needs(*KEEPERS)
def change_date(what: str, date_id: uuid.UUID) -> BaseResponse:
    """Cancel, move or leave out one date, or let it be as planned."""
    found = _dated(what, date_id)
    form = DateForm()
    form.offer()
    if not form.validate():
        return _date_page(form, what, found, status=422)
    try:
        with transaction():
            actor = who()
            held = queries.date_required(date_id, lock=True).date
            _apply(form, held, actor=actor, now=clock.now())
    except OverError:
        form.form_errors.append(_("What is over can't be changed. Choose a time to come."))
        return _date_page(form, what, _dated(what, date_id), status=422)
    flash(_("Kept. Residents see it at once."), "success")
    return redirect(
        url_for("happenings_desk.one", what=what, happening_id=found.happening.id, _anchor="paivat"), code=303
    )


def _apply(form: DateForm, held: Occurrence, *, actor: accounts.User, now: dt.datetime) -> None:
    state = DateState(form.state.data)
    if state is DateState.PLANNED:
        operations.restore_date(held, actor=actor, now=now)
    elif state is DateState.CANCELLED:
        operations.cancel_date(held, reason=form.reason, actor=actor, now=now)
    elif state is DateState.LEFT_OUT:
        operations.leave_out(held, actor=actor, now=now)
    else:
        assert form.day.data is not None
        assert form.starts.data is not None
        operations.move_date(
            held, day=form.day.data, starts=form.starts.data, reason=form.reason, actor=actor, now=now
        )


def _form(kind: Kind, it: Happening | None = None, *, fresh: bool = False) -> HappeningForm:
    language, today = current_language(), _today()
    themes = published_themes(language=language, today=today)
    form_class = GroupForm if kind is Kind.GROUP else HappeningForm
    if not fresh:
        form = form_class()
    elif it is None:
        form = form_class(
            formdata=None,
            every="once",
            price="unknown",
            languages=["fi"],
            forms=["in_person"],
            published=True,
            joining="drop_in",
        )
    else:
        slugs = {theme_id: slug for slug, theme_id in theme_ids().items()}
        leader = accounts.user(it.leader_id) if it.leader_id else None
        form = form_class(
            formdata=None,
            **filled(
                it,
                [slugs[each] for each in queries.theme_ids_of([it.id]).get(it.id, ())],
                service_url=url_for("directory.service", service_id=it.service_id, _external=True)
                if it.service_id
                else "",
                leader=leader.email if leader else "",
                mark=_mark(it),
            ),
        )
    form.offer(
        providers=whose.providers(language),
        themes=[(theme.slug, theme.name.text) for theme in themes],
        municipalities=[(place.code, in_language(place.name, language).text) for place in municipalities()],
        whole_county=whole_county(),
    )
    return form


def _record(form: HappeningForm, kind: Kind, it: Happening | None = None) -> HappeningRecord | None:
    """Return what a posted form says; None, with errors under its fields, where it has to be mended."""
    if not form.validate():
        return None
    fine, leader_id = True, None
    if form.service_id is not None and directory.service_name(form.service_id) is None:
        form.service.errors = [_("There is no such service.")]
        fine = False
    if isinstance(form, GroupForm) and form.leader.data:
        leader = whose.leader(form.leader.data, it)
        if leader is None:
            form.leader.errors = [_("Nobody has this address here.")]
            fine = False
        else:
            leader_id = leader.id
    if not fine:
        return None
    source = it.source if it is not None else None
    more = {"source": source} if source is not None else {}
    return form.record(kind, leader_id=leader_id, **more)


def _preview(record: HappeningRecord) -> Details:
    language, today = current_language(), _today()
    it = operations.draft_of(record)
    rule = operations.rule_of(it)
    last = max(today, rule.first_day) + operations.HORIZON
    days = list(recurrence.days(rule, rule.first_day, last))
    dates = [_planned(it, day) for day in days[: MOST_DATES + 1]]
    ids = theme_ids(record.themes)
    view = view_of(it, bounds=(days[0], days[-1]) if days else None, taken=0, today=today)
    return details_of(
        it,
        view=view if it.kind is Kind.GROUP else None,
        dates=dates,
        theme_ids=[ids[slug] for slug in record.themes],
        language=language,
        today=today,
        saved=False,
    )


def _planned(it: Happening, day: dt.date) -> Dated:
    begins, ends = recurrence.instants(day, it.starts, it.minutes)
    date_ = Occurrence(
        planned_on=day, day=day, starts_at=begins, ends_at=ends, state=DateState.PLANNED, reason={}
    )
    return Dated(date=date_, happening=it)


def _edit_page(
    form: HappeningForm,
    kind: Kind,
    it: Happening | None,
    *,
    status: int = 200,
    preview: Details | None = None,
    cancel_form: CancelForm | None = None,
) -> BaseResponse:
    is_group = kind is Kind.GROUP
    if it is None:
        title = _("New group") if is_group else _("New event")
    else:
        title = in_language(it.name, current_language()).text
    return render(
        EditPage(
            title=title,
            what=WORDS[kind],
            form=form,
            is_group=is_group,
            happening_id=it.id if it else None,
            dates=_dates(it) if it else (),
            cancelled=it is not None and it.cancelled_at is not None,
            public_url=cards.page_url(it) if it and it.state is State.PUBLISHED else "",
            cancel_form=(cancel_form or CancelForm(formdata=None)) if it else None,
            preview=preview,
        ),
        status=status,
    )


def _short(day: dt.date, language: str) -> str:
    """Return a day in short words; the list reaches over a year, so that another year than this is said."""
    short = labels.short_day(day, language)
    return short if day.year == _today().year else f"{short}{day.year}"


def _dates(it: Happening) -> Sequence[KeptDate]:
    language, now = current_language(), clock.now()
    return [
        KeptDate(
            id=row.id,
            day=_short(row.day, language),
            times=labels.span(row.starts_at, row.ends_at),
            state=labels.DATE_STATES[row.state],
            colour=_STATE_COLOURS[row.state],
            reason=in_language(row.reason, language).text,
            is_over=row.ends_at <= now,
        )
        for row in queries.all_dates_of(it.id, first=_today(), most=MOST_KEPT_DATES)
    ]


def _dated(what: str, date_id: uuid.UUID) -> Dated:
    found = queries.date_required(date_id)
    whose.required(found.happening.id, kind=KINDS[what])
    return found


def _date_page(form: DateForm, what: str, found: Dated, *, status: int = 200) -> BaseResponse:
    form.offer()
    language = current_language()
    return render(
        DatePage(
            title=_("Change one date"),
            what=what,
            happening_id=found.happening.id,
            name=in_language(found.happening.name, language).text,
            planned=labels.day_words(found.date.planned_on, language),
            form=form,
        ),
        status=status,
    )


def _mark(it: Happening) -> str:
    return it.updated_at.isoformat()


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
