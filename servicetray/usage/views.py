"""Addresses of the usage figures for staff, and of the links that lead out of the tray."""

import datetime as dt

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.core.period_forms import PeriodForm
from servicetray.usage import outbound, queries, tables
from servicetray.usage.charts import columns, steps
from servicetray.usage.forms import period_form
from servicetray.usage.labels import USES
from servicetray.usage.pages import Shown, Total, UsagePage
from servicetray.usage.queries import Use
from servicetray.usage.tables import Table

blueprint = Blueprint("usage", __name__)
links = Blueprint("usage_links", __name__)


@blueprint.get("/kaytto")
@access.needs(Permission.FIGURES_COUNTY, Permission.CONTENT_EDIT)
def figures() -> Response:
    """Show how the tray was used in a period."""
    form = _form()
    if not form.validate():
        return render(
            UsagePage(
                title=_("Usage of the service tray"),
                form=form,
                totals=(),
                views=None,
                searches=None,
                days=None,
                tables=(),
                counted=False,
            ),
            status=422,
        )
    period, language = form.period, current_language()
    now, before, days = queries.totals(period), queries.totals(period.before), queries.by_day(period)
    return render(
        UsagePage(
            title=_("Usage of the service tray"),
            form=form,
            totals=[Total(label=USES[use], count=now[use], before=before[use]) for use in Use],
            views=columns(steps(period, {day: uses.get(Use.VIEW, 0) for day, uses in days.items()})),
            searches=columns(steps(period, {day: uses.get(Use.SEARCH, 0) for day, uses in days.items()})),
            days=_shown(tables.days_table(period), form),
            tables=[_shown(table, form) for table in tables.all_tables(period, language)],
            counted=any(now.values()),
        )
    )


@blueprint.get("/kaytto/<name>.csv")
@access.needs(Permission.FIGURES_COUNTY, Permission.CONTENT_EDIT)
def table_file(name: str) -> Response:
    """Give one table with all its rows; it leaves an audit row."""
    form = _form()
    if not form.validate():
        raise NotFoundError
    period = form.period
    known = {
        table.name: table
        for table in (
            tables.days_table(period),
            *tables.all_tables(period, current_language(), limit=None),
        )
    }
    if name not in known:
        raise NotFoundError
    with transaction():
        record(
            Action.USAGE_EXPORTED,
            actor=current_user,
            object_type="usage",
            object_id=name,
            now=clock.now(),
            detail={"from": period.first.isoformat(), "to": period.last.isoformat()},
        )
    response = make_response(tables.as_csv(known[name]))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    file = f"kaytto-{name}-{period.first}-{period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@links.get("/ulos/<signed>")
@access.public
def out(signed: str) -> BaseResponse:
    """Lead out of the tray, to where a page of the directory links."""
    url = outbound.destination(signed, now=clock.now())
    if url is None:
        raise NotFoundError
    response = redirect(url, code=303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _form() -> PeriodForm:
    today: dt.date = clock.helsinki_day(clock.now())
    return period_form(request.args, today=today)


def _shown(table: Table, form: PeriodForm) -> Shown:
    period = form.period
    first, last = period.first.isoformat(), period.last.isoformat()
    return Shown(table=table, csv_url=url_for(".table_file", name=table.name, alku=first, loppu=last))
