"""Addresses of the monthly report: of the whole county for its coordinator, of the own municipality for a lead."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, Response, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.statistics.counting import COUNTY
from referrals.statistics.report import queries
from referrals.statistics.report.labels import names_in
from referrals.statistics.report.models import MonthlyReport
from referrals.statistics.report.numbers import Numbers, Which
from referrals.statistics.report.pages import ReportLink, ReportPage, ReportsPage, Year
from referrals.statistics.report.paste import Paste, paste_of
from referrals.statistics.report.published import published_months
from referrals.statistics.report.queries import ReportHead
from referrals.statistics.report.sentences import speech
from referrals.statistics.report.story import Story, Teller
from referrals.statistics.report.typeset import pdf_of, png_of
from referrals.statistics.staff.reach import Reach, reach_of
from referrals.statistics.tables import month_label
from servicetray.accounts import fresh
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import DEFAULT, current_language
from servicetray.core.pages import render
from servicetray.core.periods import Month, NotAMonthError
from servicetray.core.settings import current_settings

blueprint = Blueprint("report", __name__)


@blueprint.get("/raportti")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def reports() -> Response:
    """List the reports, the newest first, with what it begins with."""
    found = queries.newest_heads()
    links = [_link(each) for each in found]
    lead: Sequence[str] = ()
    if found:
        newest = _report(Month.parse(found[0].period), found[0].version)
        lead = _stories(queries.numbers_of(newest), _reach())[0].lead
    return render(
        ReportsPage(
            title=_p("page title", "Monthly reports"),
            years=[
                Year(year=year, reports=[link for _head, link in pairs])
                for year, pairs in groupby(
                    zip(found, links, strict=True), key=lambda pair: Month.parse(pair[0].period).year
                )
            ],
            newest=links[0] if links else None,
            lead=lead,
            next_on=Month.of(clock.now()).next().first_day,
        )
    )


@blueprint.get("/raportti/<month>")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def newest(month: str) -> Response:
    """Show the newest version of a month's report."""
    versions = queries.versions_of(_month(month))
    if not versions:
        raise NotFoundError
    return _page(_month(month), versions[0].version)


@blueprint.get("/raportti/<month>/<int:version>")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def report(month: str, version: int) -> Response:
    """Show one version of a month's report: it stays as it was made."""
    return _page(_month(month), version)


@blueprint.get("/raportti/<month>/<int:version>.pdf")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
@fresh.required
def report_pdf(month: str, version: int) -> BaseResponse:
    """Give a report as a PDF; it leaves an audit row, as every file with exact figures does."""
    found, reach, language = _report(_month(month), version), _reach(), current_language()
    numbers = queries.numbers_of(found)
    made = pdf_of(
        _stories(numbers, reach),
        title=_title(numbers.month, language),
        notes=_notes(found, numbers),
        language=language,
        made_at=found.made_at,
    )
    with transaction():
        record(
            Action.FIGURES_EXPORTED,
            actor=who(),
            object_type="report",
            object_id=f"{found.period}/{found.version}",
            now=clock.now(),
            detail={"municipalities": "all" if reach.whole_county else ",".join(reach.places)},
        )
    return _file(
        made, name=f"raportti-{found.period}-v{found.version}-{language}.pdf", mimetype="application/pdf"
    )


@blueprint.get("/raportti/<month>/<int:version>/kuva.png")
@access.needs(Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY)
def picture(month: str, version: int) -> BaseResponse:
    """Give the picture that is ready to paste: published numbers alone."""
    numbers = queries.numbers_of(_report(_month(month), version))
    paste = _paste(numbers)
    if paste is None or paste.picture is None:
        raise NotFoundError
    language = current_language()
    name = f"lahetteet-{numbers.month}-{language}.png"
    return _file(png_of(paste.picture, language=language), name=name, mimetype="image/png", shown=True)


def _page(month: Month, version: int) -> Response:
    found, reach = _report(month, version), _reach()
    numbers = queries.numbers_of(found)
    heads = queries.versions_of(month)
    paste = _paste(numbers)
    return render(
        ReportPage(
            title=_title(month, current_language()),
            scope=reach.name,
            stories=_stories(numbers, reach),
            notes=_notes(found, numbers),
            versions=[_link(head, newest=False) for head in heads] if len(heads) > 1 else (),
            version=version,
            is_newest=version == heads[0].version,
            paste=paste,
            picture_url=url_for("report.picture", month=month, version=version)
            if paste and paste.picture
            else "",
            pdf_url=url_for("report.report_pdf", month=month, version=version),
        )
    )


def _stories(numbers: Numbers, reach: Reach) -> list[Story]:
    language = current_language()
    names = names_in(language, numbers)
    places = [COUNTY] if reach.whole_county else list(reach.places)
    return [Teller(numbers, names, language=language, place=place).story() for place in places]


def _paste(numbers: Numbers) -> Paste | None:
    language = current_language()
    settings = current_settings()
    public = settings.public_url + ("" if language == DEFAULT else f"/{language}") + "/tilastot"
    if numbers.published is None:
        # A month that was published after its report was made.
        numbers = replace(numbers, published=published_months(numbers.month))
    return paste_of(
        numbers,
        names_in(language, numbers).kinds,
        language=language,
        source=f"{settings.service_name}, {public}",
    )


def _notes(found: MonthlyReport, numbers: Numbers) -> list[str]:
    sources = [
        f"{month_label(Month.parse(source.period))} ({source.version})"
        for which in Which
        if (source := numbers.sources.get(which))
    ]
    notes = [
        _p(
            "monthly report",
            "Made by itself on %(day)s from frozen months (version in brackets): %(months)s.",
            day=format_date(clock.helsinki(found.made_at).date(), "d.M.yyyy"),
            months=", ".join(sources),
        ),
        _("Waits are medians: at least half of the clients waited at most so long."),
        _p("monthly report", "Checksum of the numbers: %(digest)s", digest=found.digest[:16]),
    ]
    if found.correction:
        notes.insert(
            0,
            _p(
                "monthly report",
                "Corrected, version %(version)s: %(reason)s",
                version=found.version,
                reason=found.correction,
            ),
        )
    return notes


def _title(month: Month, language: str) -> str:
    said = speech(language).month(month)
    return _p("page title", "Monthly report: %(month)s", month=said if language == "en" else said.lower())


def _link(head: ReportHead, *, newest: bool = True) -> ReportLink:
    month = Month.parse(head.period)
    return ReportLink(
        month=speech(current_language()).month(month),
        url=(
            url_for("report.newest", month=head.period)
            if newest
            else url_for("report.report", month=head.period, version=head.version)
        ),
        made_at=head.made_at,
        version=head.version,
        correction=head.correction or "",
    )


def _reach() -> Reach:
    return reach_of(who(), language=current_language())


def _report(month: Month, version: int) -> MonthlyReport:
    found = queries.report(month, version)
    if found is None:
        raise NotFoundError
    return found


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except NotAMonthError as error:
        raise NotFoundError from error


def _file(content: bytes, *, name: str, mimetype: str, shown: bool = False) -> Response:
    response = Response(content, mimetype=mimetype)
    way = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    return response
