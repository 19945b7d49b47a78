"""Addresses of the exact figures: the county's for its coordinator, the own municipality's for its lead."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.statistics import monthly, queries, tables
from referrals.statistics.public.formats import xlsx
from referrals.statistics.staff import queries as staff
from referrals.statistics.staff.figures import Exact, exact_figures, names_of, now_at
from referrals.statistics.staff.forms import PeriodForm, period_form
from referrals.statistics.staff.pages import CorrectedMonth, Download, FiguresPage, Shown
from referrals.statistics.staff.reach import Reach, reach_of
from referrals.statistics.tables import Table, month_label
from servicetray.accounts import fresh
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.core.periods import Month
from servicetray.core.settings import current_settings

blueprint = Blueprint("staff_figures", __name__)

ALL_TABLES = "luvut"
CORRECTIONS_OF_MONTHS = 24


@blueprint.get("/luvut")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def figures() -> Response:
    """Show what is going on now, and the exact figures of a kind and a free period."""
    it = _Asked.of_request()
    now_shown = now_at(it.now, reach=it.reach, names=names_of(it.kinds, current_language()))
    exact = it.exact() if it.form.validate() else None
    frozen = queries.frozen_months()
    page = FiguresPage(
        title=_("Exact figures"),
        form=it.form,
        scope=it.reach.name,
        now=now_shown,
        exact=exact,
        shown=_shown(exact, it.form) if exact else None,
        threshold=current_settings().small_number,
        frozen_month=month_label(Month.parse(frozen[-1].period)) if frozen else "",
        frozen_at=frozen[-1].frozen_at if frozen else None,
        overdue=[month_label(month) for month in monthly.overdue(it.now)],
        corrections=[
            CorrectedMonth(
                month=month_label(each.month), version=each.version, reason=each.reason, day=each.frozen_at
            )
            for each in staff.corrected_months(since=_months_ago(it.now))
        ],
    )
    return render(page, status=200 if exact else 422)


@blueprint.get("/luvut/<name>.<any(csv, xlsx):form>")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
@fresh.required
def table_file(name: str, form: str) -> Response:
    """Give one table of the exact figures, or all of them as a workbook; it leaves an audit row."""
    it = _Asked.of_request()
    if not it.form.validate():
        raise NotFoundError
    exact = it.exact()
    known = {table.name: [table] for table in exact.tables}
    if form == "xlsx":
        known[ALL_TABLES] = list(exact.tables)
    if name not in known:
        raise NotFoundError
    period = it.form.period
    with transaction():
        record(
            Action.FIGURES_EXPORTED,
            actor=who(),
            object_type="figures",
            object_id=name,
            now=it.now,
            detail={
                "kind": exact.kind.code,
                "from": period.first.isoformat(),
                "to": period.last.isoformat(),
                "municipalities": "all" if it.reach.whole_county else ",".join(it.reach.places),
                "form": form,
            },
        )
    title = f"{exact.names[exact.kind.code]}, {it.reach.name}, {period.first}\N{EN DASH}{period.last}"
    response = (
        make_response(xlsx.workbook(known[name], title=title, notes=_notes(), made_at=it.now))
        if form == "xlsx"
        else make_response(tables.as_csv(known[name][0]))
    )
    response.headers["Content-Type"] = xlsx.CONTENT_TYPE if form == "xlsx" else "text/csv; charset=utf-8"
    file = f"{name}-{exact.kind.code}-{period.first}-{period.last}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a request asks for, and within whose reach."""

    reach: Reach
    form: PeriodForm
    kinds: Sequence[Kind]
    now: dt.datetime

    @classmethod
    def of_request(cls) -> "_Asked":
        language, now, known = current_language(), clock.now(), kinds.kinds()
        choices = list(names_of(known, language).items())
        form = period_form(request.args, kinds=choices, today=clock.helsinki_day(now))
        return cls(reach=reach_of(who(), language=language), form=form, kinds=known, now=now)

    def exact(self) -> Exact:
        """Return the figures; ask only where the form is valid."""
        return exact_figures(
            self.form.period,
            kind_code=str(self.form.laji.data),
            reach=self.reach,
            language=current_language(),
            now=self.now,
            threshold=current_settings().small_number,
        )


def _shown(exact: Exact, form: PeriodForm) -> Shown:
    def download(table: Table) -> Download:
        return Download(
            table=table,
            csv_url=_address(table.name, "csv", form),
            xlsx_url=_address(table.name, "xlsx", form),
        )

    return Shown(
        months=download(exact.months),
        chart=tables.chart_of(exact.months, tables.series_of(exact.kinds, exact.names)),
        places=download(exact.places),
        waits=[download(table) for table in exact.waits],
        loop=download(exact.loop),
        breakdowns=[download(table) for table in exact.breakdowns],
        crossings=[download(table) for table in exact.crossings],
        tray=[download(table) for table in exact.tray],
        workbook_url=_address(ALL_TABLES, "xlsx", form),
    )


def _address(name: str, file: str, form: PeriodForm) -> str:
    return url_for(
        "staff_figures.table_file",
        name=name,
        form=file,
        laji=form.laji.data,
        alku=form.period.first.isoformat(),
        loppu=form.period.last.isoformat(),
    )


def _notes() -> Sequence[str]:
    return (
        _p("figures", "These figures are exact and meant for your own work. Don't publish them."),
        _(
            "In crossings we don't show numbers below %(threshold)s, nor numbers from which they could be worked out.",
            threshold=current_settings().small_number,
        ),
    )


def _months_ago(now: dt.datetime) -> Month:
    month = Month.of(now)
    for _step in range(CORRECTIONS_OF_MONTHS):
        month = month.previous()
    return month
