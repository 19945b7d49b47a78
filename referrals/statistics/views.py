"""Addresses of the figures: what everybody may see, and what those in charge see exactly."""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _

from referrals.kinds import queries as kinds
from referrals.statistics import monthly, public, queries, tables
from referrals.statistics.counting import Measure
from referrals.statistics.exact import exact_figures, reach_of
from referrals.statistics.forms import PeriodForm, period_form
from referrals.statistics.pages import Download, FiguresPage, PublicFiguresPage, YearLink
from referrals.statistics.periods import Month
from referrals.statistics.suppression import Mark
from referrals.statistics.tables import Table, month_label
from servicetray.accounts import fresh
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("statistics", __name__)

DECEMBER = 12


@blueprint.get("/tilastot")
@access.public
def public_figures() -> Response:
    """Show the published figures of a year (``?vuosi=2024``), the newest one where none is asked for."""
    figures = _published()
    year = _year(figures, request.args.get("vuosi", ""))
    table = figures.table(year) if year else None
    cells = [cell for row in (*table.rows, table.foot) if row for cell in row.cells] if table else []
    last = figures.months[-1] if figures.months else None
    over = year is not None and any(each.period == str(Month(year, DECEMBER)) for each in figures.months)
    return render(
        PublicFiguresPage(
            title=_("Figures"),
            years=[
                YearLink(
                    year=each, url=url_for("statistics.public_figures", vuosi=each), current=each == year
                )
                for each in figures.years
            ],
            headlines=figures.headlines(until=year) if year else (),
            table=table,
            chart=(tables.chart_of(table, tables.series_of(figures.kinds, figures.names)) if table else None),
            csv_url=url_for("statistics.public_table", year=year) if year else "",
            threshold=current_settings().small_number,
            has_hidden=Mark.HIDDEN in cells,
            has_unused=Mark.NOT_IN_USE in cells,
            year_is_over=over,
            last_month=month_label(Month.parse(last.period)) if last else "",
            frozen_at=last.frozen_at if last else None,
            corrections=figures.corrections(year) if year else (),
        )
    )


@blueprint.get("/tilastot/<int:year>.csv")
@access.public
def public_table(year: int) -> Response:
    """Give the published table of a year as CSV, with the same numbers hidden."""
    figures = _published()
    if year not in figures.years:
        raise NotFoundError
    return _csv(figures.table(year), name=f"tilastot-{year}")


@blueprint.get("/luvut")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def figures() -> Response:
    """Show the exact figures of a kind and a free period."""
    language, now = current_language(), clock.now()
    reach = reach_of(who(), language=language)
    form = _form(language)
    exact = (
        exact_figures(form.period, kind_code=str(form.laji.data), reach=reach, language=language, now=now)
        if form.validate()
        else None
    )
    frozen = queries.frozen_months()
    page = FiguresPage(
        title=_("Exact figures"),
        form=form,
        scope=reach.name,
        exact=exact,
        months=_download(exact.months(), form) if exact else None,
        chart=(
            tables.chart_of(exact.months(), tables.series_of(exact.kinds, exact.names)) if exact else None
        ),
        places=_download(exact.by_place(), form) if exact else None,
        tables=[_download(table, form) for table in exact.breakdowns()] if exact else (),
        days_to_accepted=exact.wait(Measure.DAYS_TO_ACCEPTED) if exact else None,
        days_to_reached=exact.wait(Measure.DAYS_TO_REACHED) if exact else None,
        frozen_month=month_label(Month.parse(frozen[-1].period)) if frozen else "",
        frozen_at=frozen[-1].frozen_at if frozen else None,
        overdue=[month_label(Month.parse(period)) for period in monthly.due(now)],
    )
    return render(page, status=200 if exact else 422)


@blueprint.get("/luvut/<name>.csv")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
@fresh.required
def table_file(name: str) -> Response:
    """Give one table of the exact figures as CSV; it leaves an audit row."""
    language, now = current_language(), clock.now()
    person = who()
    form = _form(language)
    if not form.validate():
        raise NotFoundError
    reach = reach_of(person, language=language)
    exact = exact_figures(form.period, kind_code=str(form.laji.data), reach=reach, language=language, now=now)
    table = next(
        (each for each in (exact.months(), exact.by_place(), *exact.breakdowns()) if each.name == name), None
    )
    if table is None:
        raise NotFoundError
    detail = {
        "kind": exact.kind.code,
        "from": form.period.first.isoformat(),
        "to": form.period.last.isoformat(),
        "municipalities": "all" if reach.whole_county else ",".join(reach.places),
    }
    with transaction():
        record(
            Action.FIGURES_EXPORTED,
            actor=who(),
            object_type="figures",
            object_id=name,
            now=now,
            detail=detail,
        )
    return _csv(table, name=f"{name}-{exact.kind.code}-{form.period.first}-{form.period.last}")


def _published() -> public.PublicFigures:
    return public.public_figures(language=current_language(), threshold=current_settings().small_number)


def _year(known: public.PublicFigures, asked: str) -> int | None:
    """Return the year to show, or None while nothing is frozen.

    Raises:
        NotFoundError: if there are no figures of the year that was asked for.
    """
    if not asked:
        return known.years[0] if known.years else None
    if asked not in {str(year) for year in known.years}:
        raise NotFoundError
    return int(asked)


def _form(language: str) -> PeriodForm:
    choices: Sequence[tuple[str, str]] = [
        (kind.code, in_language(kind.name, language).text) for kind in kinds.kinds()
    ]
    return period_form(request.args, kinds=choices, today=clock.helsinki_day(clock.now()))


def _download(table: Table, form: PeriodForm) -> Download:
    address = url_for(
        "statistics.table_file",
        name=table.name,
        laji=form.laji.data,
        alku=form.period.first.isoformat(),
        loppu=form.period.last.isoformat(),
    )
    return Download(table=table, csv_url=address)


def _csv(table: Table, *, name: str) -> Response:
    response = make_response(tables.as_csv(table))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
