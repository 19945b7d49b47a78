"""Addresses of the client's rights: finding the record, its copy, and what an officer does with it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.county.content import ReferralContent
from referrals.holds.operations import AlreadyHeldError, NotHeldError
from referrals.kinds.queries import reason_names
from referrals.log_report import queries as look_ups
from referrals.log_report.forms import PersonForm, ReferenceForm
from referrals.log_report.queries import Found
from referrals.log_report.scope import reach_of
from referrals.moves import MoveRefused
from referrals.rights import composing, correcting, operations
from referrals.rights.correcting import NothingCorrectedError
from referrals.rights.forms import (
    LISTS,
    ConfirmForm,
    EraseForm,
    HoldForm,
    RectifyForm,
    RestrictForm,
    WithdrawForm,
)
from referrals.rights.operations import (
    AlreadyErasedError,
    AlreadyRestrictedError,
    AwaitsReleaseError,
    ErasureGround,
    HeldError,
    NotRestrictedError,
    RestrictionGround,
    StillOpenError,
)
from referrals.rights.pages import RectifyPage, RestrictedPage
from referrals.rights.records import Record, record_of, records_of
from referrals.rights.restriction import RestrictedError
from servicetray.accounts import fresh
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record as write
from servicetray.audit.operations import subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import DomainError, NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("rights", __name__)
AT = "/tietosuoja/oikeudet/<uuid:referral_id>/<holder>"
REFUSED = (
    AlreadyErasedError,
    AlreadyHeldError,
    AlreadyRestrictedError,
    AwaitsReleaseError,
    HeldError,
    MoveRefused,
    NotHeldError,
    NotRestrictedError,
    StillOpenError,
)


def register_errors(app: Flask) -> None:
    """Answer in words where somebody opens a record whose use is restricted."""

    @app.errorhandler(RestrictedError)
    def _restricted(error: RestrictedError) -> Response:
        del error
        response = render(RestrictedPage(title=_("The use of these data is restricted")), status=409)
        response.headers["Cache-Control"] = "no-store"
        return response


@blueprint.get("/tietosuoja/oikeudet")
@access.needs(Permission.RIGHTS_MANAGE)
def look_up() -> Response:
    """Ask whose record it is."""
    return composing.look_up_page(reach_of(who()), ReferenceForm(), PersonForm(), found=None)


@blueprint.post("/tietosuoja/oikeudet/viite")
@access.needs(Permission.RIGHTS_MANAGE)
def look_up_reference() -> Response:
    """Find a client by the reference of a referral."""
    reach, form = reach_of(who()), ReferenceForm()
    if not form.validate():
        return composing.look_up_page(reach, form, PersonForm(formdata=None), found=None, status=422)
    found = look_ups.by_reference(str(form.reference.data), reach=reach)
    with transaction():
        _looked_up(found, by="reference")
    return composing.look_up_page(reach, form, PersonForm(formdata=None), found=found)


@blueprint.post("/tietosuoja/oikeudet/henkilo")
@access.needs(Permission.RIGHTS_MANAGE)
def look_up_person() -> Response:
    """Find a client by exact names and birth year; the county's officer alone has the index."""
    reach, form = reach_of(who()), PersonForm()
    if not reach.county:
        raise NotFoundError
    if not form.validate():
        return composing.look_up_page(reach, ReferenceForm(formdata=None), form, found=None, status=422)
    with transaction():
        found = look_ups.by_person(
            first_name=str(form.first_name.data),
            last_name=str(form.last_name.data),
            birth_year=int(form.birth_year.data or 0),
        )
        _looked_up(found, by="person")
    return composing.look_up_page(reach, ReferenceForm(formdata=None), form, found=found)


@blueprint.get("/tietosuoja/oikeudet/<uuid:referral_id>")
@access.needs(Permission.RIGHTS_MANAGE)
def records(referral_id: uuid.UUID) -> BaseResponse:
    """Lead on to the officer's own record of a referral."""
    found = records_of(referral_id, reach=reach_of(who()))
    if not found:
        raise NotFoundError
    return redirect(_url(found[0]), code=303)


@blueprint.get(AT)
@access.needs(Permission.RIGHTS_MANAGE)
def record(referral_id: uuid.UUID, holder: str) -> Response:
    """Show a record, and what can be done with it."""
    found = record_of(referral_id, holder, reach=reach_of(who()))
    _viewed(found)
    return composing.record_page(found)


@blueprint.get(f"{AT}/jaljennos")
@access.needs(Permission.RIGHTS_MANAGE)
@fresh.required
def copy(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Show a copy of everything that a record holds, to be printed in the language of the page."""
    found = record_of(referral_id, holder, reach=reach_of(who()))
    _copied(found, shape="page")
    return composing.copy_page(found, now=clock.now())


@blueprint.get(f"{AT}/jaljennos.json")
@access.needs(Permission.RIGHTS_MANAGE)
@fresh.required
def copy_file(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Give the same for machines."""
    found = record_of(referral_id, holder, reach=reach_of(who()))
    _copied(found, shape="json")
    response = jsonify(composing.as_data(found, now=clock.now()))
    name = f"tiedot-{found.reference}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get(f"{AT}/oikaisu")
@access.needs(Permission.RIGHTS_MANAGE)
def rectify(referral_id: uuid.UUID, holder: str) -> Response:
    """Show what the record says of the client, to be corrected."""
    found = record_of(referral_id, holder, reach=reach_of(who()))
    form = _rectify_form(found, filled=True)
    _viewed(found)
    return _rectify_page(found, form)


@blueprint.post(f"{AT}/oikaisu")
@access.needs(Permission.RIGHTS_MANAGE)
def save_rectified(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Correct the record."""
    reach = reach_of(who())
    found = record_of(referral_id, holder, reach=reach)
    form, noted = _rectify_form(found, filled=False), correcting.noted_of(found)
    if not form.validate():
        return _rectify_page(found, form, status=422)
    try:
        with transaction():
            locked = record_of(referral_id, holder, reach=reach, lock=True)
            done = correcting.rectify(
                locked,
                values=form.values,
                noted=dict(zip([each.key for each in noted], form.noted.data, strict=False)),
                reason=str(form.reason.data),
                actor=who(),
                now=clock.now(),
            )
    except NothingCorrectedError:
        form.reason.errors = [_("Nothing was changed: the record says all this already.")]
        return _rectify_page(found, form, status=409)
    flash(_("The record is corrected. The other side is told that it was, not what."), "success")
    if "birth_year" in done.fields and found.referral is not None:
        flash(_("The client's code no longer works: the sender can make a new one."), "warning")
    if "home_municipality" in done.fields:
        flash(
            _("The referral stays where it is. If the client is to be counselled elsewhere, it is moved."),
            "info",
        )
    return redirect(_url(found), code=303)


@blueprint.post(f"{AT}/rajoitus")
@access.needs(Permission.RIGHTS_MANAGE)
def restrict(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Restrict the use of a record."""
    form = RestrictForm()
    return _act(
        referral_id,
        holder,
        form,
        lambda it: operations.restrict(
            it, ground=RestrictionGround(form.ground.data), actor=who(), now=clock.now()
        ),
        done=_("The use is restricted. Nobody but you opens it now."),
    )


@blueprint.post(f"{AT}/rajoitus/poista")
@access.needs(Permission.RIGHTS_MANAGE)
def lift_restriction(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Lift the restriction."""
    return _act(
        referral_id,
        holder,
        ConfirmForm(),
        lambda it: operations.lift_restriction(it, actor=who(), now=clock.now()),
        done=_("The restriction is lifted."),
    )


@blueprint.post(f"{AT}/pito")
@access.needs(Permission.RIGHTS_MANAGE)
def hold(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Stop the erasing."""
    form = HoldForm()
    return _act(
        referral_id,
        holder,
        form,
        lambda it: operations.hold(it, reason=str(form.reason.data), actor=who(), now=clock.now()),
        done=_("Nothing of it is erased until you let it."),
    )


@blueprint.post(f"{AT}/pito/poista")
@access.needs(Permission.RIGHTS_MANAGE)
def lift_hold(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Let the erasing go on."""
    return _act(
        referral_id,
        holder,
        ConfirmForm(),
        lambda it: operations.lift_hold(it, actor=who(), now=clock.now()),
        done=_("The erasing goes on as usual."),
    )


@blueprint.post(f"{AT}/poisto")
@access.needs(Permission.RIGHTS_MANAGE)
@fresh.required
def erase(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Erase a record at once."""
    form = EraseForm()
    return _act(
        referral_id,
        holder,
        form,
        lambda it: operations.erase(
            it, ground=ErasureGround(form.erase_ground.data), actor=who(), now=clock.now()
        ),
        done=_("The data are erased. The permission and the log stay as evidence."),
    )


@blueprint.post(f"{AT}/peruutus")
@access.needs(Permission.RIGHTS_MANAGE)
def withdraw(referral_id: uuid.UUID, holder: str) -> BaseResponse:
    """Write down that the client takes the permission back."""
    return _act(
        referral_id,
        holder,
        WithdrawForm(),
        lambda it: operations.withdraw(it, actor=who(), now=clock.now()),
        done=_("Both sides' records are hidden now and erased in seven days."),
    )


def _act(
    referral_id: uuid.UUID,
    holder: str,
    form: FlaskForm,
    work: Callable[[Record], None],
    *,
    done: str,
) -> BaseResponse:
    reach = reach_of(who())
    found = record_of(referral_id, holder, reach=reach)
    if not form.validate():
        return composing.record_page(found, form, status=422)
    try:
        with transaction():
            work(record_of(referral_id, holder, reach=reach, lock=True))
    except REFUSED as refused:
        return composing.record_page(
            record_of(referral_id, holder, reach=reach), refused=_refusal(refused), status=409
        )
    flash(done, "success")
    return redirect(_url(found), code=303)


def _refusal(refused: DomainError | MoveRefused) -> str:
    if isinstance(refused, MoveRefused):
        return _("The permission can't be taken back now: it was already, or the referral was cancelled.")
    return str(composing.REFUSALS[type(refused)])


def _rectify_form(found: Record, *, filled: bool) -> RectifyForm:
    content = correcting.content(found)
    held = [*content.reasons, *content.interests]
    names = reason_names(current_language())
    values: dict[str, Any] = {}
    if filled:
        values = {name: getattr(content, name) for name in correcting.FIELDS}
        values |= {name: list(values[name]) for name in LISTS} | {"birth_year": str(content.birth_year)}
        values["noted"] = [each.text for each in correcting.noted_of(found)]
        if isinstance(content, ReferralContent) and content.contact_person is not None:
            person = content.contact_person.model_dump()
            values |= {f"contact_{name}": text for name, text in person.items()}
    return RectifyForm(
        None if filled else request.form,
        kind_code=found.kind_code,
        names=names,
        held=held,
        homes=composing.homes_of(found, content.home_municipality),
        in_parts=isinstance(content, ReferralContent),
        data=values,
    )


def _rectify_page(found: Record, form: RectifyForm, *, status: int = 200) -> Response:
    title = _("Correct %(reference)s", reference=found.reference)
    return render(
        RectifyPage(title=title, form=form, noted=correcting.noted_of(found), record_url=_url(found)),
        status=status,
    )


def _url(found: Record) -> str:
    return url_for("rights.record", referral_id=found.referral_id, holder=found.holder)


def _viewed(found: Record) -> None:
    action = Action.CASE_VIEWED if found.cases else Action.REFERRAL_VIEWED
    _leave_row(found, action, {"page": "rights"})


def _copied(found: Record, *, shape: str) -> None:
    _leave_row(found, Action.DATA_COPIED, {"shape": shape})


def _leave_row(found: Record, action: Action, detail: dict[str, str]) -> None:
    with transaction():
        write(
            action,
            actor=who(),
            object_type=found.object_type,
            object_id=found.object_id,
            subject=subject_key(found.referral_id),
            now=clock.now(),
            detail=detail,
        )


def _looked_up(found: Sequence[Found], *, by: str) -> None:
    keys = " ".join(subject_key(each.id) for each in found)
    write(
        Action.CLIENT_LOOKED_UP,
        actor=who(),
        object_type="look_up",
        object_id="rights",
        now=clock.now(),
        detail={"by": by, "found": str(len(found))} | ({"subjects": keys} if keys else {}),
    )
