"""Addresses of events and groups: lists, pages, and files for calendars."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from servicetray.core import access, caching, clock
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from servicetray.core.settings import current_settings
from themes.directory.filters import PARAMETERS, Group
from themes.happenings import queries
from themes.happenings.calendar import Files, calendar_file, fingerprint
from themes.happenings.details import details_of, linked, next_dates
from themes.happenings.listing import FROM, events_listing, groups_listing, title_of
from themes.happenings.models import Kind
from themes.happenings.pages import EventsPage, GroupsPage, HappeningPage
from themes.happenings.queries import Dated
from themes.topics.queries import published_themes

blueprint = Blueprint("happenings", __name__)

FILES = "servicetray.happenings.files"


@blueprint.get("/tapahtumat")
@access.public
@caching.parameters(*PARAMETERS, FROM)
def events() -> Response:
    """Show a week of events by day, narrowed by the choices in the address."""
    listing = events_listing(request.args, language=current_language(), today=_today())
    return render(EventsPage(title=title_of("events"), listing=listing))


@blueprint.get("/tapahtumat.ics")
@access.public
def feed() -> BaseResponse:
    """Give the events of a theme, a municipality or all to a calendar that subscribes."""
    language, today = current_language(), _today()
    slug, code = request.args.get(Group.THEME.value), request.args.get(Group.MUNICIPALITY.value)
    theme = next(
        (each for each in published_themes(language=language, today=today) if each.slug == slug), None
    )
    place = next((each for each in municipalities() if each.code == code), None)
    if (slug and theme is None) or (code and place is None):
        # Without this a mistyped address would fill somebody's calendar with everything.
        raise NotFoundError(slug or code or "")
    dates = queries.for_calendar(
        today=today, theme_id=theme.id if theme else None, municipality=place.code if place else None
    )
    parts = [
        title_of("events"),
        theme.name.text if theme else "",
        in_language(place.name, language).text if place else "",
    ]
    return _file(dates, name=", ".join(part for part in parts if part), language=language)


@blueprint.get("/tapahtumat/<uuid:happening_id>")
@access.public
def event(happening_id: uuid.UUID) -> Response:
    """Show one event."""
    return _page(happening_id, Kind.EVENT)


@blueprint.get("/tapahtumat/<uuid:happening_id>.ics")
@access.public
def event_file(happening_id: uuid.UUID) -> BaseResponse:
    """Give the dates of an event, or one of them (``?paiva=2026-11-24``), to a calendar."""
    return _one_file(happening_id, Kind.EVENT)


@blueprint.get("/ryhmat")
@access.public
@caching.parameters(*PARAMETERS)
def groups() -> Response:
    """Show the groups, those to join first, narrowed by the choices in the address."""
    listing = groups_listing(request.args, language=current_language(), today=_today())
    return render(GroupsPage(title=title_of("groups"), listing=listing))


@blueprint.get("/ryhmat/<uuid:happening_id>")
@access.public
def group(happening_id: uuid.UUID) -> Response:
    """Show one group."""
    return _page(happening_id, Kind.GROUP)


@blueprint.get("/ryhmat/<uuid:happening_id>.ics")
@access.public
def group_file(happening_id: uuid.UUID) -> BaseResponse:
    """Give the meetings of a group, or one of them, to a calendar."""
    return _one_file(happening_id, Kind.GROUP)


def _page(happening_id: uuid.UUID, kind: Kind) -> Response:
    language, today = current_language(), _today()
    it = queries.published(happening_id, kind=kind)
    dates = next_dates(it, today)
    found = details_of(
        it,
        view=queries.group(happening_id, today=today) if kind is Kind.GROUP else None,
        dates=dates,
        theme_ids=queries.theme_ids_of([it.id]).get(it.id, ()),
        language=language,
        today=today,
    )
    return render(HappeningPage(title=found.name.text, it=found, linked=linked(it, dates, language=language)))


def _one_file(happening_id: uuid.UUID, kind: Kind) -> BaseResponse:
    it, language = queries.published(happening_id, kind=kind), current_language()
    dates = queries.for_calendar(today=_today(), theme_id=None, municipality=None, happening_id=it.id)
    asked = request.args.get("paiva")
    if asked is not None:
        dates = tuple(each for each in dates if each.date.planned_on.isoformat() == asked)
        if not dates:
            raise NotFoundError(asked)
    return _file(dates, name=in_language(it.name, language).text, language=language)


def _file(dates: Sequence[Dated], *, name: str, language: str) -> BaseResponse:
    site = current_settings().public_url
    files: Files = current_app.extensions[FILES]
    mark = fingerprint(dates, name, site, language)
    response = BaseResponse(mimetype="text/calendar", content_type="text/calendar; charset=utf-8")
    response.set_etag(mark)
    response.headers["Cache-Control"] = caching.SHARED
    response.headers["Content-Disposition"] = 'inline; filename="servicetray.ics"'
    if mark in request.if_none_match:
        response.status_code = 304
        return response
    body = files.get(mark)
    if body is None:
        body = calendar_file(dates, name=name, site=site, language=language, places=municipalities())
        files.keep(mark, body)
    response.set_data(body)
    return response


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
