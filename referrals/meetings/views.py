"""Addresses of the network's meetings. The coordinator calls them and keeps the minutes, leads write their news."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.meetings import operations, queries
from referrals.meetings.forms import CallForm, CancelForm, MinutesForm, NewsForm, SeenForm
from referrals.meetings.numbers import numbers_of
from referrals.meetings.operations import ChangedMeanwhileError, MeetingClosedError
from referrals.meetings.pages import CallPage, MeetingLine, MeetingPage, MeetingsPage, News, TextPage
from referrals.meetings.queries import Meeting
from referrals.statistics.staff.reach import led_by
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("meetings", __name__)

UNPROCESSABLE, CONFLICT = 422, 409
AGENDA_ROWS, MINUTES_ROWS, NEWS_ROWS = 8, 18, 8

T = TypeVar("T")


@blueprint.get("/kokous")
@access.needs(Permission.MEETING_VIEW)
def meetings() -> BaseResponse:
    """Show all meetings: those to come, then the past ones."""
    now = clock.now()
    rows = queries.meetings()
    coming = [row for row in reversed(rows) if row.at > now]
    page = MeetingsPage(
        title=_p("meeting", "Meetings"),
        coming=[_line(row) for row in coming],
        past=[_line(row) for row in rows if row.at <= now],
        may_call=_is_coordinator(),
    )
    return render(page)


@blueprint.get("/kokous/<uuid:meeting_id>")
@access.needs(Permission.MEETING_VIEW)
def meeting(meeting_id: uuid.UUID) -> BaseResponse:
    """Show a meeting; its exact numbers to those whose they are, the published ones to everybody."""
    return _meeting_page(_loaded(meeting_id))


@blueprint.get("/kokous/uusi")
@access.needs(Permission.FIGURES_COUNTY)
def new() -> BaseResponse:
    """Show the form of a new meeting."""
    return _call_page(None, CallForm(formdata=None))


@blueprint.post("/kokous/uusi")
@access.needs(Permission.FIGURES_COUNTY)
def call() -> BaseResponse:
    """Call a meeting."""
    form = CallForm()
    if not form.validate():
        return _call_page(None, form, status=UNPROCESSABLE)
    with transaction():
        made = operations.call(
            at=_given(form.at),
            place=_given(form.place.data),
            agenda=form.agenda.data or "",
            actor=who(),
            now=clock.now(),
        )
        made_id = made.id
    flash(_("The meeting is called. Write to the municipalities that they may add their news."), "success")
    return redirect(url_for("meetings.meeting", meeting_id=made_id), code=303)


@blueprint.get("/kokous/<uuid:meeting_id>/muuta")
@access.needs(Permission.FIGURES_COUNTY)
def change_form(meeting_id: uuid.UUID) -> BaseResponse:
    """Show the form of a meeting that has not begun."""
    row = _loaded(meeting_id)
    if not queries.is_coming(row, now=clock.now()):
        raise NotFoundError
    local = clock.helsinki(row.at)
    form = CallForm(
        formdata=None,
        seen=str(row.version),
        day=local.date(),
        time=local.time(),
        place=row.place,
        agenda=row.agenda,
    )
    return _call_page(row, form)


@blueprint.post("/kokous/<uuid:meeting_id>/muuta")
@access.needs(Permission.FIGURES_COUNTY)
def change(meeting_id: uuid.UUID) -> BaseResponse:
    """Change time, place and agenda, unless somebody else has since the form was shown."""
    row, form = _loaded(meeting_id), CallForm()
    if not form.validate():
        return _call_page(row, form, status=UNPROCESSABLE)

    def write() -> None:
        operations.change(
            meeting_id,
            seen=form.version,
            at=_given(form.at),
            place=_given(form.place.data),
            agenda=form.agenda.data or "",
            actor=who(),
            now=clock.now(),
        )

    refused = _written(write, form, lambda: _loaded(meeting_id).version)
    if refused:
        row = _loaded(meeting_id)
        return _call_page(row, form, status=CONFLICT, agenda_now=row.agenda)
    return _kept(meeting_id)


@blueprint.post("/kokous/<uuid:meeting_id>/peru")
@access.needs(Permission.FIGURES_COUNTY)
def cancel(meeting_id: uuid.UUID) -> BaseResponse:
    """Cancel a meeting that has not begun."""
    try:
        with transaction():
            operations.cancel(meeting_id, actor=who(), now=clock.now())
    except MeetingClosedError:
        flash(_("The meeting has begun already, so it can't be cancelled."), "warning")
    else:
        flash(_("The meeting is cancelled. It stays in the list."), "success")
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)


@blueprint.get("/kokous/<uuid:meeting_id>/poytakirja")
@access.needs(Permission.FIGURES_COUNTY)
def minutes_form(meeting_id: uuid.UUID) -> BaseResponse:
    """Show the form of the minutes."""
    row = _loaded(meeting_id)
    if row.cancelled_at is not None:
        raise NotFoundError
    form = MinutesForm(formdata=None, seen=str(row.minutes_version), text=row.minutes)
    return _text_page(row, form, label=_p("meeting", "Minutes"), rows=MINUTES_ROWS)


@blueprint.post("/kokous/<uuid:meeting_id>/poytakirja")
@access.needs(Permission.FIGURES_COUNTY)
def write_minutes(meeting_id: uuid.UUID) -> BaseResponse:
    """Keep the minutes, unless somebody else has written since the form was shown."""
    row, form = _loaded(meeting_id), MinutesForm()
    label = _p("meeting", "Minutes")
    if not form.validate():
        return _text_page(row, form, label=label, rows=MINUTES_ROWS, status=UNPROCESSABLE)

    def write() -> None:
        operations.write_minutes(
            meeting_id, seen=form.version, text=form.text.data or "", actor=who(), now=clock.now()
        )

    if _written(write, form, lambda: _loaded(meeting_id).minutes_version):
        row = _loaded(meeting_id)
        return _text_page(row, form, label=label, rows=MINUTES_ROWS, status=CONFLICT, text_now=row.minutes)
    return _kept(meeting_id)


@blueprint.get("/kokous/<uuid:meeting_id>/kuulumiset/<municipality_code>")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def news_form(meeting_id: uuid.UUID, municipality_code: str) -> BaseResponse:
    """Show the form of a municipality's news."""
    row, place = _loaded(meeting_id), _own_place(municipality_code)
    if not queries.takes_news(row, now=clock.now()):
        raise NotFoundError
    known = queries.news_of(meeting_id).get(municipality_code)
    form = NewsForm(formdata=None, seen=str(known.version if known else 0), text=known.text if known else "")
    return _text_page(row, form, label=_news_label(place), rows=NEWS_ROWS)


@blueprint.post("/kokous/<uuid:meeting_id>/kuulumiset/<municipality_code>")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def write_news(meeting_id: uuid.UUID, municipality_code: str) -> BaseResponse:
    """Keep a municipality's news, unless somebody else has written since the form was shown."""
    row, place, form = _loaded(meeting_id), _own_place(municipality_code), NewsForm()
    if not form.validate():
        return _text_page(row, form, label=_news_label(place), rows=NEWS_ROWS, status=UNPROCESSABLE)

    def write() -> None:
        operations.write_news(
            meeting_id,
            municipality_code=municipality_code,
            seen=form.version,
            text=form.text.data or "",
            actor=who(),
            now=clock.now(),
        )

    def version() -> int:
        known = queries.news_of(meeting_id).get(municipality_code)
        return known.version if known else 0

    if _written(write, form, version):
        known = queries.news_of(meeting_id).get(municipality_code)
        return _text_page(
            _loaded(meeting_id),
            form,
            label=_news_label(place),
            rows=NEWS_ROWS,
            status=CONFLICT,
            text_now=known.text if known else "",
        )
    return _kept(meeting_id)


def _written(write: Callable[[], None], form: SeenForm, version: Callable[[], int]) -> bool:
    """Write in a transaction; return whether it was refused, with the reason said and the new version taken."""
    try:
        with transaction():
            write()
    except ChangedMeanwhileError:
        form.told(
            _("Somebody has changed this since you opened it. Your text is here: compare, and keep it again.")
        )
        form.seen.data = str(version())
        return True
    except MeetingClosedError:
        form.told(_("This meeting can't be changed any more. Copy your text, if you need it elsewhere."))
        return True
    return False


def _loaded(meeting_id: uuid.UUID) -> Meeting:
    row = queries.meeting(meeting_id)
    if row is None:
        raise NotFoundError
    return row


def _is_coordinator() -> bool:
    return who().may(Permission.FIGURES_COUNTY)


def _own_places() -> Sequence[str]:
    """Return the municipalities whose news this person may write, and whose exact numbers they see, by name."""
    own = None if _is_coordinator() else led_by(who())
    return [each.code for each in municipalities() if own is None or each.code in own]


def _own_place(code: str) -> str:
    if code not in _own_places():
        raise NotFoundError
    return _places()[code]


def _places() -> dict[str, str]:
    return {each.code: in_language(each.name, current_language()).text for each in municipalities()}


def _news_label(place: str) -> str:
    return _("News of %(place)s", place=place)


def _line(row: Meeting) -> MeetingLine:
    return MeetingLine(
        id=row.id,
        at=row.at,
        place=row.place,
        cancelled=row.cancelled_at is not None,
        has_minutes=bool(row.minutes),
    )


def _meeting_page(row: Meeting) -> BaseResponse:
    now, own, coordinator = clock.now(), _own_places(), _is_coordinator()
    page = MeetingPage(
        title=_("Meeting %(day)s", day=_day(row.at)),
        meeting=_line(row),
        agenda=row.agenda,
        is_coming=queries.is_coming(row, now=now),
        numbers=numbers_of(row, exact_for=own, language=current_language(), now=now),
        whole_county=coordinator,
        threshold=current_settings().small_number,
        news=_news(row, own, now=now),
        minutes=row.minutes,
        minutes_by=accounts.names_of([row.minutes_by]).get(row.minutes_by, "") if row.minutes_by else "",
        minutes_at=row.minutes_at,
        may_change=coordinator and queries.is_coming(row, now=now),
        may_write_minutes=coordinator and row.cancelled_at is None,
        cancel_form=CancelForm(formdata=None),
    )
    return render(page)


def _news(row: Meeting, own: Sequence[str], *, now: dt.datetime) -> Sequence[News]:
    known, takes = queries.news_of(row.id), queries.takes_news(row, now=now)
    names = accounts.names_of(each.changed_by for each in known.values())
    found = []
    for code, place in _places().items():
        told = known.get(code)
        found.append(
            News(
                code=code,
                place=place,
                text=told.text if told else "",
                by=names.get(told.changed_by, "") if told else "",
                at=told.changed_at if told else None,
                may_write=takes and code in own,
            )
        )
    return found


def _day(at: dt.datetime) -> str:
    day = clock.helsinki_day(at)
    return f"{day.day}.{day.month}.{day.year}"


def _call_page(
    row: Meeting | None, form: CallForm, *, status: int = 200, agenda_now: str = ""
) -> BaseResponse:
    page = CallPage(
        title=_("Change the meeting") if row else _("Call a meeting"),
        meeting=_line(row) if row else None,
        form=form,
        agenda_now=agenda_now,
    )
    return render(page, status=status)


def _text_page(
    row: Meeting, form: SeenForm, *, label: str, rows: int, status: int = 200, text_now: str = ""
) -> BaseResponse:
    page = TextPage(title=label, meeting=_line(row), form=form, label=label, rows=rows, text_now=text_now)
    return render(page, status=status)


def _given(value: T | None) -> T:
    """Return what a valid form holds."""
    assert value is not None
    return value


def _kept(meeting_id: uuid.UUID) -> BaseResponse:
    flash(_("Kept."), "success")
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
