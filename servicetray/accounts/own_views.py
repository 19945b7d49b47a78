"""One's own details, password, second factor and open sign-ins."""

import uuid
from typing import TypeVar

import segno
from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from servicetray.accounts import devices, identities, own_account, sign_ins, throttle
from servicetray.accounts.forms import CodeForm, NewCodeForm, PasswordForm, PreferencesForm
from servicetray.accounts.labels import ROLES, SIGN_IN_METHODS
from servicetray.accounts.models import MessageWish
from servicetray.accounts.operations import check_password, set_message_wish, use_code
from servicetray.accounts.own_account import OfferGoneError, WrongCodeError
from servicetray.accounts.pages import Detail, NewSecretPage, OwnPage, PasswordPage, SecondFactorPage
from servicetray.accounts.sessions import this_sign_in, time_left, who
from servicetray.accounts.views import wrong_code
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("own", __name__)

F = TypeVar("F", bound=FlaskForm)

GROUP = 4
"""Signs of a secret that are written together."""


@blueprint.get("/omat-tiedot")
@access.signed_in
def details() -> Response:
    """Show what is known of the person, and where they are signed in."""
    person = who()
    form = PreferencesForm(
        formdata=None, data={"language": person.language, "messages": person.message_wish.value}
    )
    return _details(form)


@blueprint.post("/omat-tiedot")
@access.signed_in
def choose() -> BaseResponse:
    """Keep the person's choices."""
    form = PreferencesForm()
    if not form.validate():
        return _details(form, status=422)
    now = clock.now()
    with transaction():
        person = who()
        own_account.set_language(person, language=form.language.data, now=now)
        set_message_wish(person, wish=MessageWish(form.messages.data), actor=person, now=now)
    flash(_("Your choices are kept."), "success")
    return redirect(url_for("own.details"), code=303)


@blueprint.post("/omat-tiedot/istunto")
@access.signed_in
def stay() -> Response:
    """Go on with this sign-in; loading it has marked it as used. Answers how long it stays good."""
    left = time_left()
    assert left is not None
    return jsonify(idle=left.idle, whole=left.whole)


@blueprint.post("/omat-tiedot/kirjautumiset/<uuid:sign_in_id>/lopeta")
@access.signed_in
def end_one(sign_in_id: uuid.UUID) -> BaseResponse:
    """End one of the person's sign-ins."""
    with transaction():
        sign_ins.end_sign_in(sign_in_id, user=who(), actor=who(), now=clock.now())
    flash(_("That sign-in has ended."), "success")
    return redirect(url_for("own.details"), code=303)


@blueprint.post("/omat-tiedot/kirjautumiset/lopeta-muut")
@access.signed_in
def end_others() -> BaseResponse:
    """End every sign-in of the person but this one."""
    with transaction():
        ended = sign_ins.end_others(who(), but=this_sign_in().id, actor=who(), now=clock.now())
    flash(_others_ended(ended), "success")
    return redirect(url_for("own.details"), code=303)


@blueprint.get("/omat-tiedot/salasana")
@access.signed_in
def password() -> Response:
    """Ask for the present password, a new one and a code."""
    return _password(PasswordForm())


@blueprint.post("/omat-tiedot/salasana")
@access.signed_in
def change_password() -> BaseResponse:
    """Change the password, and end the other sign-ins."""
    form = PasswordForm()
    if not form.validate():
        return _password(form, status=422)
    if _is_blocked():
        return _password(_said(form, form.present, _wait()), status=429)
    # Argon2 takes its time; it stays outside of the write transaction.
    known = who().password_hash
    knows = check_password(who(), form.present.data or "")
    now, proved, ended = clock.now(), False, 0
    with transaction():
        person = who()
        if knows and person.password_hash == known:
            proved = use_code(person, form.code.data or "", now=now)
        if proved:
            ended = own_account.change_password(
                person, new=form.new.data or "", keep=this_sign_in().id, now=now
            )
        else:
            _count_failure()
    if not proved:
        if not knows:
            return _password(_said(form, form.present, _("That is not your present password.")), status=422)
        return _password(_said(form, form.code, wrong_code()), status=422)
    flash(_("Your password is changed.") + " " + _others_ended(ended), "success")
    response = redirect(url_for("own.details"), code=303)
    # What this browser was known by has gone with the old password.
    devices.remember(response, who())
    return response


@blueprint.get("/omat-tiedot/todennus")
@access.signed_in
def second_factor() -> Response:
    """Ask for the code of the present secret."""
    return _second_factor(CodeForm())


@blueprint.post("/omat-tiedot/todennus")
@access.signed_in
def new_secret() -> BaseResponse:
    """Show a new secret to whoever has shown the present one."""
    form = CodeForm()
    if not form.validate():
        return _second_factor(form, status=422)
    if _is_blocked():
        return _second_factor(_said(form, form.code, _wait()), status=429)
    now, offer = clock.now(), ""
    with transaction():
        if use_code(who(), form.code.data or "", now=now):
            offer = own_account.offer_secret(who(), now=now)
        else:
            _count_failure()
    if not offer:
        return _second_factor(_said(form, form.code, wrong_code()), status=422)
    return _new_secret(NewCodeForm(formdata=None, data={"offer": offer}))


@blueprint.post("/omat-tiedot/todennus/uusi")
@access.signed_in
def take_secret() -> BaseResponse:
    """Make the new secret the person's own, once its first code fits."""
    form = NewCodeForm()
    if not form.validate():
        return _new_secret(form, status=422)
    if _is_blocked():
        return _new_secret(_said(form, form.code, _wait()), status=429)
    try:
        with transaction():
            ended = own_account.take_secret(
                who(),
                offer=form.offer.data or "",
                code=form.code.data or "",
                keep=this_sign_in().id,
                now=clock.now(),
            )
    except WrongCodeError:
        with transaction():
            _count_failure()
        sentence = _("That is not the code of the new account in your app. Write the one it shows now.")
        return _new_secret(_said(form, form.code, sentence), status=422)
    except OfferGoneError:
        return _offer_gone()
    flash(_("From now on your app's new code is asked for.") + " " + _others_ended(ended), "success")
    return redirect(url_for("own.details"), code=303)


def _details(form: PreferencesForm, status: int = 200) -> Response:
    person, now = who(), clock.now()
    unit = in_language(person.unit.name, current_language()).text if person.unit else ""
    roles = ", ".join(sorted({str(ROLES[grant.role]) for grant in person.grants}))
    known = (
        (_("Name"), person.name),
        (_("Title"), person.title),
        (_("Work e-mail"), person.email),
        (_("Phone"), person.phone),
        (_("Unit"), unit),
        (ngettext("Role", "Roles", len({grant.role for grant in person.grants})), roles),
    )
    page = OwnPage(
        title=_l("Your details"),
        form=form,
        details=[Detail(label=label, value=value) for label, value in known if value],
        sign_ins=sign_ins.sign_ins_of(person.id, now=now),
        methods={method.value: label for method, label in SIGN_IN_METHODS.items()},
        here=str(this_sign_in().id),
        linked=bool(current_settings().oidc_issuer) and identities.is_linked(person),
    )
    return render(page, status=status)


def _password(form: FlaskForm, status: int = 200) -> Response:
    return render(PasswordPage(title=_l("Change your password"), form=form), status=status)


def _second_factor(form: FlaskForm, status: int = 200) -> Response:
    return render(SecondFactorPage(title=_l("Move codes to another device"), form=form), status=status)


def _new_secret(form: NewCodeForm, status: int = 200) -> BaseResponse:
    try:
        secret = own_account.offered_secret(form.offer.data or "", user=who(), now=clock.now())
    except OfferGoneError:
        return _offer_gone()
    uri = own_account.provisioning_uri(who(), secret, issuer=current_settings().service_name)
    page = NewSecretPage(
        title=_l("Scan the new code"),
        form=form,
        image=segno.make_qr(uri, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        spelled=" ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP)),
    )
    return render(page, status=status)


def _offer_gone() -> BaseResponse:
    flash(_("The page had stood open too long. Begin again; your present app still works."), "warning")
    return redirect(url_for("own.second_factor"), code=303)


def _said(form: F, field: Field, sentence: str) -> F:
    field.errors = [*field.errors, sentence]
    return form


def _others_ended(ended: int) -> str:
    if not ended:
        return _("You are signed in nowhere else.")
    return ngettext(
        "One other sign-in of yours has ended.", "%(num)s other sign-ins of yours have ended.", ended
    )


def _counted() -> dict[str, str]:
    person = who()
    return {
        "account": str(person.id),
        "address": request.remote_addr or "",
        "device": devices.known_device(person),
    }


def _is_blocked() -> bool:
    return throttle.is_blocked(**_counted(), now=clock.now())


def _count_failure() -> None:
    now = clock.now()
    throttle.count_failure(**_counted(), now=now)
    record(Action.SIGN_IN_REFUSED, actor=who(), object_type="user", object_id=who().id, now=now)


def _wait() -> str:
    return _("Too many tries. Wait ten minutes and try again.")
