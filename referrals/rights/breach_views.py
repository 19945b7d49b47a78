"""Addresses of breaches: the list with its 72 hours, one breach, and the release of what was entered in error."""

import datetime as dt
import uuid

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.breaches import operations, queries
from referrals.breaches.operations import (
    AssessmentRefusedError,
    BreachClosedError,
    BreachNotReadyError,
    WrongOfficerError,
)
from referrals.breaches.queries import Breach, BreachRisk
from referrals.county import queries as county
from referrals.handover import NotVoidedError
from referrals.log_report.scope import Reach, reach_of
from referrals.moves import Side
from referrals.rights import labels
from referrals.rights.forms import AssessForm, ConfirmForm, ToldForm
from referrals.rights.pages import BreachesPage, BreachPage, BreachRow, ReleaseRow
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text, render

blueprint = Blueprint("breaches", __name__)

HOUR = dt.timedelta(hours=1)
AUTHORITY, CLIENT = "viranomainen", "asiakas"


@blueprint.get("/tietosuoja/loukkaukset")
@access.needs(Permission.RIGHTS_MANAGE)
def breaches() -> BaseResponse:
    """Show the breaches of this officer's controllers, and what waits for their release."""
    reach, now = reach_of(who()), clock.now()
    codes = [None] if reach.county else sorted(reach.municipalities)
    open_ones = [row for code in codes for row in queries.open_breaches(municipality_code=code)]
    closed = [row for code in codes for row in queries.closed_breaches(municipality_code=code)]
    return render(
        BreachesPage(
            title=_("Data breaches"),
            open_ones=[_row(row, now=now) for row in sorted(open_ones, key=lambda each: each.notify_by)],
            closed=[_row(row, now=now) for row in closed],
            releases=_releases(reach),
            form=ConfirmForm(formdata=None),
        )
    )


@blueprint.get("/tietosuoja/loukkaukset/<uuid:breach_id>")
@access.needs(Permission.RIGHTS_MANAGE)
def breach(breach_id: uuid.UUID) -> BaseResponse:
    """Show one breach."""
    return _page(_breach(breach_id))


@blueprint.post("/tietosuoja/loukkaukset/<uuid:breach_id>/arvio")
@access.needs(Permission.RIGHTS_MANAGE)
def assess(breach_id: uuid.UUID) -> BaseResponse:
    """Write the assessment."""
    row, form = _breach(breach_id), AssessForm()
    if not form.validate():
        return _page(row, form, status=422)
    try:
        with transaction():
            operations.assess(
                _breach(breach_id, lock=True),
                risk=BreachRisk(form.risk.data),
                text=str(form.text.data),
                actor=who(),
                now=clock.now(),
            )
    except AssessmentRefusedError as refused:
        form.text.errors = [
            form.text.code_sentence if refused.identity_code else _("Write what happened and what was done.")
        ]
        return _page(_breach(breach_id), form, status=422)
    except BreachClosedError:
        return _page(_breach(breach_id), form, status=409)
    flash(_("The assessment is saved."), "success")
    return _back(breach_id)


@blueprint.post("/tietosuoja/loukkaukset/<uuid:breach_id>/kerrottu/<whom>")
@access.needs(Permission.RIGHTS_MANAGE)
def note_told(breach_id: uuid.UUID, whom: str) -> BaseResponse:
    """Write down when the authority, or the client, was told."""
    if whom not in {AUTHORITY, CLIENT}:
        raise NotFoundError
    row, form = _breach(breach_id), ToldForm(prefix=whom)
    if not form.validate():
        return _page(row, form, status=422)
    told = operations.note_notified if whom == AUTHORITY else operations.note_client_told
    try:
        with transaction():
            told(_breach(breach_id, lock=True), at=form.at, actor=who(), now=clock.now())
    except BreachClosedError:
        return _page(_breach(breach_id), form, status=409)
    flash(_("Written down."), "success")
    return _back(breach_id)


@blueprint.post("/tietosuoja/loukkaukset/<uuid:breach_id>/sulje")
@access.needs(Permission.RIGHTS_MANAGE)
def close(breach_id: uuid.UUID) -> BaseResponse:
    """Close a breach that has been dealt with."""
    form = ConfirmForm()
    if not form.validate():
        return _page(_breach(breach_id), status=422)
    try:
        with transaction():
            operations.close(_breach(breach_id, lock=True), actor=who(), now=clock.now())
    except BreachNotReadyError as error:
        return _page(_breach(breach_id), missing=error, status=409)
    except BreachClosedError:
        return _page(_breach(breach_id), status=409)
    flash(_("The breach is closed. Its record stays."), "success")
    return redirect(url_for("breaches.breaches"), code=303)


@blueprint.post("/tietosuoja/vapautukset/<uuid:referral_id>/<side>")
@access.needs(Permission.RIGHTS_MANAGE)
def release(referral_id: uuid.UUID, side: str) -> BaseResponse:
    """Release the content of a voided referral for one side."""
    if side not in set(Side) or not ConfirmForm().validate():
        raise NotFoundError
    try:
        with transaction():
            handover.hold_cases(referral_id)
            row = county.referral(referral_id, lock=True)
            if row is None:
                raise NotFoundError
            both = handover.release_erasure(row, side=Side(side), actor=who(), now=clock.now())
    except (NotVoidedError, WrongOfficerError) as error:
        # Not voided, or another's to release: for this person there is nothing here.
        raise NotFoundError from error
    flash(
        _("Both sides have released it: it is erased now.")
        if both
        else _("Released. It is erased when the other side releases it too."),
        "success",
    )
    return redirect(url_for("breaches.breaches"), code=303)


def _breach(breach_id: uuid.UUID, *, lock: bool = False) -> Breach:
    reach, row = reach_of(who()), queries.breach(breach_id, lock=lock)
    if row is None or not (reach.county or row.municipality_code in reach.municipalities):
        raise NotFoundError
    return row


def _page(
    row: Breach,
    form: FlaskForm | None = None,
    *,
    missing: BreachNotReadyError | None = None,
    status: int = 200,
) -> BaseResponse:
    now, text = clock.now(), queries.assessment_of(row)
    filled = {"risk": row.risk.value if row.risk else None, "text": text}
    local = clock.helsinki(now)
    clock_now = {"day": local.date(), "time": local.time().replace(second=0, microsecond=0)}
    with transaction():
        record(
            Action.REFERRAL_VIEWED,
            actor=who(),
            object_type="breach",
            object_id=row.id,
            subject=subject_key(row.referral_id),
            now=now,
            detail={"page": "breach"},
        )
    return render(
        BreachPage(
            title=_("Data breach %(reference)s", reference=row.reference),
            row=_row(row, now=now),
            risk=labels.RISKS[row.risk] if row.risk else "",
            assessment=text,
            assessed_at=row.assessed_at,
            notified_at=row.notified_at,
            client_told_at=row.client_told_at,
            missing=_missing(missing) if missing else (),
            assess=form if isinstance(form, AssessForm) else AssessForm(formdata=None, data=filled),
            authority=_told_form(form, AUTHORITY, clock_now),
            client=_told_form(form, CLIENT, clock_now),
            confirm=ConfirmForm(formdata=None),
            exposure_url=url_for("log_report.client_report", lahete=row.referral_id),
        ),
        status=status,
    )


def _told_form(form: FlaskForm | None, whom: str, filled: dict[str, object]) -> ToldForm:
    if isinstance(form, ToldForm) and form._prefix == f"{whom}-":  # noqa: SLF001 - WTForms has no public name for it
        return form
    return ToldForm(formdata=None, prefix=whom, data=filled)


def _missing(error: BreachNotReadyError) -> list[Text]:
    said = (
        (error.unassessed, _l("Write the assessment.")),
        (error.authority_untold, _l("Write down when the authority was told.")),
        (error.client_untold, _l("Write down when the client was told.")),
    )
    return [words for is_missing, words in said if is_missing]


def _row(row: Breach, *, now: dt.datetime) -> BreachRow:
    return BreachRow(
        id=row.id,
        reference=row.reference,
        municipality=_place(row.municipality_code),
        reason=labels.VOID_REASONS[row.reason],
        opened_at=row.opened_at,
        notify_by=row.notify_by,
        hours_left=(row.notify_by - now) // HOUR,
        needs_telling=row.closed_at is None and row.notified_at is None and row.risk is not BreachRisk.NONE,
        closed_at=row.closed_at,
    )


def _releases(reach: Reach) -> list[ReleaseRow]:
    wanted: list[tuple[Side, str | None]] = [(Side.COUNTY, None)] if reach.county else []
    wanted += [(Side.MUNICIPALITY, code) for code in sorted(reach.municipalities)]
    return [
        ReleaseRow(
            referral_id=each.referral_id,
            reference=each.reference,
            municipality=_place(each.municipality_code),
            voided_at=each.voided_at,
            side=labels.SIDES[side],
            side_code=side.value,
            other_released=bool(each.released_by),
        )
        for side, code in wanted
        for each in queries.awaiting_release(side, municipality_code=code)
    ]


def _place(code: str) -> str:
    names = {place.code: place.name for place in municipalities()}
    return in_language(names.get(code), current_language()).text


def _back(breach_id: uuid.UUID) -> BaseResponse:
    return redirect(url_for("breaches.breach", breach_id=breach_id), code=303)
