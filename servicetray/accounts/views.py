"""Signing in, in two steps, and out."""

import re
import uuid
from typing import Any

from flask import Blueprint, Response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from servicetray.accounts import devices, kept_forms, oidc, queries, throttle
from servicetray.accounts.forms import CodeForm, SignInForm
from servicetray.accounts.labels import REFUSALS
from servicetray.accounts.models import SignInMethod, User
from servicetray.accounts.oidc import Refusal
from servicetray.accounts.operations import check_password, use_code
from servicetray.accounts.pages import CodePage, ConfirmPage, SignInPage, StartPage
from servicetray.accounts.sessions import SignedInUser, this_sign_in, who
from servicetray.accounts.sign_ins import end_session, open_session, prove_again
from servicetray.accounts.starting import place_of_most_work
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.db import transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text, render
from servicetray.core.settings import current_settings

blueprint = Blueprint("accounts", __name__)

CODE_MINUTES = 10
OWN_ADDRESS = re.compile(r"/(?!/)[A-Za-z0-9/_.~?&=%+*:,-]*")
FIRST_STEP = "first_step"
CONFIRMING = "accounts.check_confirmation"


@blueprint.get("/kirjaudu")
@access.public
def sign_in() -> BaseResponse:
    """Show the first step."""
    return _private(_first(SignInForm()))


@blueprint.post("/kirjaudu")
@access.public
def check_sign_in() -> BaseResponse:
    """Check e-mail and password."""
    form = SignInForm()
    if not form.validate():
        return _private(_first(form, status=422))
    now, account, address = clock.now(), (form.email.data or "").strip().lower(), _address()
    user = queries.user_by_email(account)
    device = devices.known_device(user)
    if throttle.is_blocked(account=account, address=address, device=device, now=now):
        return _private(_refused(form, form.password, _wait(), status=429))
    # Argon2 takes its time; it stays outside of the write transaction.
    if not check_password(user, form.password.data or "") or user is None:
        with transaction():
            throttle.count_failure(account=account, address=address, device=device, now=now)
            record(
                Action.SIGN_IN_REFUSED,
                actor=None,
                object_type="user",
                object_id=user.id if user else "",
                now=now,
            )
        return _private(
            _refused(form, form.password, _("We don't know this e-mail and password together."), status=422)
        )
    _begin_anew()
    session[FIRST_STEP] = {"user": str(user.id), "at": now.timestamp()}
    return _private(redirect(_step("accounts.code"), code=303))


@blueprint.get("/kirjaudu/koodi")
@access.public
def code() -> BaseResponse:
    """Show the second step to those who passed the first."""
    if _half_signed_in() is None:
        return _private(redirect(_step("accounts.sign_in"), code=303))
    return _private(_second(CodeForm()))


@blueprint.post("/kirjaudu/koodi")
@access.public
def check_code() -> BaseResponse:
    """Check the code and open the session."""
    user_id = _half_signed_in()
    if user_id is None:
        return _private(redirect(_step("accounts.sign_in"), code=303))
    form = CodeForm()
    if not form.validate():
        return _private(_second(form, status=422))
    now, address = clock.now(), _address()
    device = devices.known_device(queries.user(user_id))
    if throttle.is_blocked(account=str(user_id), address=address, device=device, now=now):
        return _private(_refused(form, form.code, _wait(), status=429))
    token = ""
    with transaction() as db_session:
        user = db_session.get(User, user_id)
        if user is not None and user.active and use_code(user, form.code.data or "", now=now):
            token = open_session(user, now=now, device=devices.label(request.user_agent.string))
            throttle.forget(account=str(user_id), address=address, device=device)
            throttle.forget(account=user.email, address=address, device=device)
        else:
            throttle.count_failure(account=str(user_id), address=address, device=device, now=now)
            record(Action.SIGN_IN_REFUSED, actor=None, object_type="user", object_id=user_id, now=now)
    if user is None or not token:
        return _private(
            _refused(
                form,
                form.code,
                wrong_code(),
                status=422,
            )
        )
    response = redirect(enter(user, token, target=request.args.get("next", "")), code=303)
    devices.remember(response, user)
    return _private(response)


@blueprint.get("/kirjaudu/vahvista")
@access.signed_in
def confirm() -> Response:
    """Ask for the second factor once more (``fresh.required``)."""
    return _confirmation(CodeForm())


@blueprint.post("/kirjaudu/vahvista")
@access.signed_in
def check_confirmation() -> BaseResponse:
    """Check the code and go on to where it was asked for."""
    form = CodeForm()
    if not form.validate():
        return _confirmation(form, status=422)
    now, address, account = clock.now(), _address(), str(who().id)
    device = devices.known_device(who())
    if throttle.is_blocked(account=account, address=address, device=device, now=now):
        return _refused(form, form.code, _wait(), status=429)
    with transaction():
        proved = use_code(who(), form.code.data or "", now=now)
        if proved:
            prove_again(this_sign_in().id, now=now)
        else:
            throttle.count_failure(account=account, address=address, device=device, now=now)
            record(Action.SIGN_IN_REFUSED, actor=who(), object_type="user", object_id=account, now=now)
    if not proved:
        return _refused(form, form.code, wrong_code(), status=422)
    return redirect(own_address(request.args.get("next", "")), code=303)


@blueprint.get("/alku")
@access.signed_in
def start() -> BaseResponse:
    """Send each to the place of most of their work."""
    url = place_of_most_work(who())
    if url is not None:
        return redirect(url, code=303)
    return render(StartPage(title=_("You are signed in")))


@blueprint.post("/kirjaudu-ulos")
@access.public
def sign_out() -> BaseResponse:
    """End the session on the server, too; who has idled out is no less signed out than they asked for."""
    token = session.get("_user_id")
    method = None
    if token:
        with transaction():
            method = end_session(str(token), now=clock.now())
    logout_user()
    session.clear()
    how = "organisaatio" if method is SignInMethod.OIDC else 1
    return _private(redirect(url_for("accounts.sign_in", ulos=how), code=303))


def enter(user: User, token: str, *, target: str) -> str:
    """Put the token of a sign-in just opened into the browser's session; return where to go."""
    left = session.get(kept_forms.IN_SESSION)
    session.clear()
    session.permanent = True
    login_user(SignedInUser(token))
    if left:
        kept_id, user_id = uuid.UUID(left), user.id
        with transaction() as db_session:
            owner = db_session.get_one(User, user_id)
            if kept_forms.waits_for(kept_id, user=owner, now=clock.now()):
                return url_for("kept.resume", kept_id=kept_id)
    return own_address(target)


def own_address(target: str) -> str:
    """Return an address of our own to go to, or the start, never another host."""
    return request.script_root + target if OWN_ADDRESS.fullmatch(target) else url_for("accounts.start")


def wrong_code() -> str:
    """Say that a code was not taken."""
    return _("That code doesn't work any more. Write the one your app shows now.")


def provider_name() -> str:
    """Return the words of the button of the organisation's own sign-in."""
    names = current_settings().oidc_name
    return names.get(current_language()) or next(iter(names.values()), "")


def refusal_told() -> Text:
    """Return why the organisation's own sign-in let nobody in, as the address tells, or nothing."""
    told = request.args.get("tunnistus", "")
    return REFUSALS[Refusal(told)] if told in {refusal.value for refusal in Refusal} else ""


def _begin_anew() -> None:
    # What was kept for the one before goes along until it is known who this is.
    left = session.get(kept_forms.IN_SESSION)
    session.clear()
    session.permanent = True
    if left:
        session[kept_forms.IN_SESSION] = left


def _first(form: SignInForm, status: int = 200) -> Response:
    provider, left = oidc.provider(), request.args.get("ulos", "")
    target = request.args.get("next") or None
    page = SignInPage(
        title=_l("Sign in"),
        form=form,
        was_signed_out=bool(left),
        provider_url=url_for("oidc.start", next=target) if provider else "",
        provider_name=provider_name(),
        provider_sign_out=provider.end_session_url(back=current_settings().public_url)
        if provider and left == "organisaatio"
        else "",
        refusal=refusal_told(),
        idle_minutes=current_settings().session_idle_minutes,
        form_waits=kept_forms.IN_SESSION in session,
    )
    return render(page, status=status)


def _confirmation(form: CodeForm, status: int = 200) -> Response:
    target = request.args.get("next") or None
    by_provider = oidc.provider() is not None and this_sign_in().method is SignInMethod.OIDC
    page = ConfirmPage(
        title=_l("Confirm that it is still you"),
        form=form,
        provider_url=url_for("oidc.start", next=target, vahvista=1) if by_provider else "",
        provider_name=provider_name(),
        refusal=refusal_told(),
    )
    return render(page, status=status)


def _second(form: CodeForm, status: int = 200) -> Response:
    return render(CodePage(title=_l("Confirm that it is you"), form=form), status=status)


def _refused(form: SignInForm | CodeForm, field: Field, sentence: str, *, status: int) -> Response:
    field.errors = [*field.errors, sentence]
    if isinstance(form, SignInForm):
        return _first(form, status)
    return _confirmation(form, status) if request.endpoint == CONFIRMING else _second(form, status)


def _wait() -> str:
    return _("Too many tries. Wait ten minutes and try again.")


def _step(endpoint: str) -> str:
    """The address of a step of signing in, on the way to the same place."""
    return url_for(endpoint, next=request.args.get("next") or None)


def _half_signed_in() -> uuid.UUID | None:
    step: dict[str, Any] | None = session.get(FIRST_STEP)
    if step is None or clock.now().timestamp() - float(step["at"]) > CODE_MINUTES * 60:
        return None
    return uuid.UUID(step["user"])


def _address() -> str:
    return request.remote_addr or ""


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
