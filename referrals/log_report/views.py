"""Addresses of those who oversee the log: its rows, a client's report, what an account saw."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _

from referrals.log_report import exposure, queries, report
from referrals.log_report.forms import (
    ExposureForm,
    PersonForm,
    ReferenceForm,
    exposure_form,
    log_form,
    older_form,
)
from referrals.log_report.labels import ACTIONS, OlderReason
from referrals.log_report.look_up import found_rows
from referrals.log_report.pages import ExposurePage, LogPage, LookUpPage, ReportPage, SeenRow
from referrals.log_report.queries import Found
from referrals.log_report.report import Entry
from referrals.log_report.scope import Reach, reach_of
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.audit.queries import Wanted, log_page
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("log_report", __name__)

ROWS = 100
SHOWN = 500
"""Clients on one page of an examination; the file has them all."""


@blueprint.get("/tietosuoja/loki")
@access.needs(Permission.AUDIT_READ)
def log() -> Response:
    """Show the officer's part of the log, newest first (``?ennen=<id>``: the rows before one)."""
    reach = reach_of(who())
    form = log_form(request.args)
    valid = form.validate()
    before = request.args.get("ennen", "")
    rows: Sequence[Entry] = ()
    more = False
    if valid:
        found = queries.by_reference(form.viite.data, reach=reach) if form.viite.data else ()
        wanted = Wanted(
            since=form.since,
            until=form.until,
            action=Action(form.teko.data) if form.teko.data else None,
            actor_id=form.user_id,
            subjects=frozenset(subject_key(each.id) for each in found),
        )
        if form.viite.data:
            _looked_up(found, by="reference", form="log")
        if found or not form.viite.data:
            page = log_page(wanted, part=reach.part(), before=_number(before), limit=ROWS + 1)
            more = len(page) > ROWS
            rows = report.entries_of(page[:ROWS], language=current_language())
    kept = _kept(without="ennen")
    return render(
        LogPage(
            title=_("The log"),
            form=form,
            entries=rows,
            older_url=url_for("log_report.log", **kept, ennen=rows[-1].id) if more else "",
            newest_url=url_for("log_report.log", **kept) if before else "",
        ),
        status=200 if valid else 422,
    )


@blueprint.get("/tietosuoja/lokiraportti")
@access.needs(Permission.AUDIT_READ)
def look_up() -> Response:
    """Ask whose log report is to be made."""
    return _look_up_page(reach_of(who()), ReferenceForm(), PersonForm(), found=None)


@blueprint.post("/tietosuoja/lokiraportti/viite")
@access.needs(Permission.AUDIT_READ)
def look_up_reference() -> Response:
    """Find a client by the reference of a referral."""
    reach, form = reach_of(who()), ReferenceForm()
    if not form.validate():
        return _look_up_page(reach, form, PersonForm(formdata=None), found=None, status=422)
    found = queries.by_reference(str(form.reference.data), reach=reach)
    _looked_up(found, by="reference", form="report")
    return _look_up_page(reach, form, PersonForm(formdata=None), found=found)


@blueprint.post("/tietosuoja/lokiraportti/henkilo")
@access.needs(Permission.AUDIT_READ)
def look_up_person() -> Response:
    """Find a client by exact names and birth year; the county's officer alone has the index."""
    reach, form = reach_of(who()), PersonForm()
    if not reach.county:
        raise NotFoundError
    if not form.validate():
        return _look_up_page(reach, ReferenceForm(formdata=None), form, found=None, status=422)
    with transaction():
        found = queries.by_person(
            first_name=str(form.first_name.data),
            last_name=str(form.last_name.data),
            birth_year=int(form.birth_year.data or 0),
        )
        _record_look_up(found, by="person", form="report")
    return _look_up_page(reach, ReferenceForm(formdata=None), form, found=found)


@blueprint.get("/tietosuoja/lokiraportti/tulos")
@access.needs(Permission.AUDIT_READ)
def client_report() -> Response:
    """Show the log report of a client (``?lahete=<id>``, several of one person; ``kaikki=<reason>``)."""
    reach, now, reason = reach_of(who()), clock.now(), _reason()
    referrals = queries.referrals_within(_asked_for(), reach=reach)
    since = None if reason else report.starts_at(now)
    _reported(referrals, reason=reason, shape="page")
    rows = queries.log_of(referrals, reach=reach, since=since)
    entries = report.entries_of(rows, language=current_language())
    older = older_form(request.args)
    ids = [each.id for each in referrals]
    return render(
        ReportPage(
            title=_("Log report"),
            references=[each.reference for each in referrals],
            referral_ids=ids,
            since=since,
            made_at=now,
            controller=_controller(reach),
            entries=entries,
            people=report.people_of(entries),
            older=older,
            csv_url=url_for("log_report.client_report_file", lahete=ids, kaikki=reason or None),
        )
    )


@blueprint.get("/tietosuoja/lokiraportti/tulos.csv")
@access.needs(Permission.AUDIT_READ)
def client_report_file() -> Response:
    """Give the log report of a client as CSV."""
    reach, now, reason = reach_of(who()), clock.now(), _reason()
    referrals = queries.referrals_within(_asked_for(), reach=reach)
    _reported(referrals, reason=reason, shape="csv")
    rows = queries.log_of(referrals, reach=reach, since=None if reason else report.starts_at(now))
    return _csv(
        report.as_csv(report.entries_of(rows, language=current_language())),
        name=f"loki-{referrals[0].reference}",
    )


@blueprint.get("/tietosuoja/altistus")
@access.needs(Permission.AUDIT_READ)
def exposed() -> Response:
    """Show everything that an account, or one sign-in of it, saw."""
    reach, form = reach_of(who()), exposure_form(request.args)
    valid = form.validate()
    title = _("What an account has seen")
    if not valid or not form.is_asked:
        empty = ExposurePage(title=title, form=form, rows=None, total=0, with_names=False, csv_url="")
        return render(empty, status=200 if valid else 422)
    rows = exposure.exposure(form.wanted, part=reach.part())
    shown, named = rows[:SHOWN], bool(form.nimet.data)
    if named:
        shown = exposure.with_names(shown, reach=reach)
    _examined(form, total=len(rows), subjects=[row.seen.subject_key for row in shown], named=named)
    return render(
        ExposurePage(
            title=title,
            form=form,
            rows=[
                SeenRow(
                    reference=row.reference,
                    key=row.seen.subject_key,
                    name=row.name,
                    first_at=row.seen.first_at,
                    last_at=row.seen.last_at,
                    times=row.seen.times,
                    actions=[ACTIONS[action] for action in row.seen.actions],
                    report_url=url_for("log_report.client_report", lahete=row.found.id) if row.found else "",
                )
                for row in shown
            ],
            total=len(rows),
            with_names=named,
            csv_url=url_for(
                "log_report.exposed_file",
                **_kept(without="nimet"),
            ),
        )
    )


@blueprint.get("/tietosuoja/altistus.csv")
@access.needs(Permission.AUDIT_READ)
def exposed_file() -> Response:
    """Give an examination as CSV, without names."""
    form = exposure_form(request.args)
    if not form.validate() or not form.is_asked:
        raise NotFoundError
    rows = exposure.exposure(form.wanted, part=reach_of(who()).part())
    _examined(form, total=len(rows), subjects=(), named=False)
    return _csv(exposure.as_csv(rows), name="altistus")


def _look_up_page(
    reach: Reach,
    by_reference: ReferenceForm,
    by_person: PersonForm,
    *,
    found: Sequence[Found] | None,
    status: int = 200,
) -> Response:
    rows = found_rows(found or (), url_of=lambda each: url_for("log_report.client_report", lahete=each))
    return render(
        LookUpPage(
            title=_("A client’s log report"),
            by_reference=by_reference,
            by_person=by_person if reach.county else None,
            found=rows if found is not None else None,
            reference_url=url_for("log_report.look_up_reference"),
            person_url=url_for("log_report.look_up_person"),
            all_url=(
                url_for("log_report.client_report", lahete=[row.id for row in rows]) if len(rows) > 1 else ""
            ),
        ),
        status=status,
    )


def _looked_up(found: Sequence[Found], *, by: str, form: str) -> None:
    with transaction():
        _record_look_up(found, by=by, form=form)


def _record_look_up(found: Sequence[Found], *, by: str, form: str) -> None:
    # A look-up that found nobody tells of the officer too.
    keys = " ".join(subject_key(each.id) for each in found)
    record(
        Action.CLIENT_LOOKED_UP,
        actor=who(),
        object_type="look_up",
        object_id=form,
        now=clock.now(),
        detail={"by": by, "found": str(len(found))} | ({"subjects": keys} if keys else {}),
    )


def _reported(referrals: Sequence[Found], *, reason: str, shape: str) -> None:
    with transaction():
        for each in referrals:
            record(
                Action.LOG_REPORT_MADE,
                actor=who(),
                object_type="referral",
                object_id=each.id,
                subject=subject_key(each.id),
                now=clock.now(),
                detail={"shape": shape} | ({"older": reason} if reason else {}),
            )


def _examined(form: ExposureForm, *, total: int, subjects: Sequence[str], named: bool) -> None:
    with transaction():
        record(
            Action.EXPOSURE_REPORTED,
            actor=who(),
            object_type="session" if form.session_id else "user",
            object_id=form.session_id or form.user_id or "",
            now=clock.now(),
            detail={"clients": str(total), "names": "yes" if named else "no"}
            | ({"subjects": " ".join(subjects)} if subjects else {}),
        )


def _kept(*, without: str) -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if value and name != without}


def _asked_for() -> list[uuid.UUID]:
    try:
        return list(dict.fromkeys(uuid.UUID(each) for each in request.args.getlist("lahete")))
    except ValueError as error:
        raise NotFoundError from error


def _reason() -> str:
    asked = request.args.get("kaikki", "")
    if asked and asked not in set(OlderReason):
        raise NotFoundError
    return asked


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:  # noqa: PLR2004 - what a database's integer holds
        raise NotFoundError
    return int(text)


def _controller(reach: Reach) -> str:
    if reach.county:
        return in_language(current_settings().county_name, current_language()).text
    names = [place.name for place in municipalities() if place.code in reach.municipalities]
    return ", ".join(in_language(each, current_language()).text for each in names)


def _csv(text: str, *, name: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
