"""Addresses in easy language: where one begins, and each service that has such a text."""

import datetime as dt
import uuid

from babel.dates import format_date
from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from servicetray.core import access, caching, clock
from servicetray.core.content import kept
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from themes.directory import easy, labels, linked
from themes.directory.details import service_details
from themes.directory.easy_pages import EasyServicePage, EasyStartPage, Next
from themes.directory.ended import EndedError
from themes.directory.ended import answer as ended_answer
from themes.directory.plain_text import Paragraph
from themes.happenings import cards
from themes.happenings.labels import clock_time
from themes.happenings.queries import next_of

blueprint = Blueprint("easy", __name__)


@blueprint.errorhandler(EndedError)
def ended(error: EndedError) -> Response:
    """Say that a service has ended, and where to go on."""
    return ended_answer(error)


@blueprint.get("/selko")
@access.public
@caching.parameters()
def start() -> Response:
    """Say what the tray is and how it is used, and list what there is in easy language."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    return render(
        EasyStartPage(
            title=_("Easy to read"),
            description=_("What you find here and how to find it, and services in easy language."),
            themes=kept(
                ("directory.easy", language, today), lambda: easy.easy_themes(language=language, today=today)
            ),
        )
    )


@blueprint.get("/palvelut/<uuid:service_id>/selko")
@access.public
@caching.parameters()
def service(service_id: uuid.UUID) -> BaseResponse:
    """Show one service in easy language; where nobody has written that yet, lead to its own page."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    found = kept(
        ("directory.details", service_id, language, today),
        lambda: service_details(service_id, language=language, today=today),
    )
    if not found.easy:
        return redirect(url_for("directory.service", service_id=service_id))
    first = found.easy.blocks[0]
    return render(
        EasyServicePage(
            title=_("%(name)s, in easy language", name=found.name.text),
            description=linked.summary(
                " ".join(first.lines if isinstance(first, Paragraph) else first.points)
            ),
            service=found,
            only_in=labels.only_in(found.easy.lang, language),
            next=kept(
                ("directory.easy_next", service_id, language, today),
                lambda: _next(service_id, language, today),
            ),
            today=today,
        )
    )


def _next(service_id: uuid.UUID, language: str, today: dt.date) -> Next | None:
    nearest = next_of(today=today, service_id=service_id, most=1)
    if not nearest:
        return None
    date, it = nearest[0].date, nearest[0].happening
    begins, ends = clock.helsinki(date.starts_at).time(), clock.helsinki(date.ends_at).time()
    return Next(
        name=in_language(it.name, language),
        url=cards.page_url(it),
        day=format_date(date.day, "EEEE d. MMMM" if language == "fi" else "EEEE d MMMM", locale=language),
        times=_p("easy", "at %(start)s–%(end)s", start=clock_time(begins), end=clock_time(ends)),
        where=cards.where(it, municipalities(), language),
    )
