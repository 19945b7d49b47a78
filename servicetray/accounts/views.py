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

from servicetray.accounts import devices, queries, throttle
from servicetray.accounts.forms import CodeForm, SignInForm
from servicetray.accounts.models import User
from servicetray.accounts.operations import check_password, end_session, open_session, use_code
from servicetray.accounts.pages import CodePage, SignInPage, StartPage
from servicetray.accounts.sessions import SignedInUser
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.db import transaction
from servicetray.core.pages import navigation, render

blueprint = Blueprint("accounts", __name__)

CODE_MINUTES = 10
OWN_ADDRESS = re.compile(r"/(?!/)[A-Za-z0-9/_.~?&=%+*:,-]*")
FIRST_STEP = "first_step"


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
    session.clear()
    session.permanent = True
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
            token = open_session(user, now=now)
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
                _("That code doesn't work any more. Write the one your app shows now."),
                status=422,
            )
        )
    session.clear()
    session.permanent = True
    login_user(SignedInUser(token))
    response = redirect(_next(), code=303)
    devices.remember(response, user)
    return _private(response)


@blueprint.get("/alku")
@access.signed_in
def start() -> BaseResponse:
    """Send each to the first place of their work."""
    places = navigation()
    if places:
        return redirect(places[0].url, code=303)
    return render(StartPage(title=_("You are signed in")))


@blueprint.post("/kirjaudu-ulos")
@access.public
def sign_out() -> BaseResponse:
    """End the session on the server, too; who has idled out is no less signed out than they asked for."""
    token = session.get("_user_id")
    if token:
        with transaction():
            end_session(str(token), now=clock.now())
    logout_user()
    session.clear()
    return _private(redirect(url_for("accounts.sign_in", ulos=1), code=303))


def _first(form: SignInForm, status: int = 200) -> Response:
    return render(
        SignInPage(title=_l("Sign in"), form=form, was_signed_out="ulos" in request.args), status=status
    )


def _second(form: CodeForm, status: int = 200) -> Response:
    return render(CodePage(title=_l("Confirm that it is you"), form=form), status=status)


def _refused(form: SignInForm | CodeForm, field: Field, sentence: str, *, status: int) -> Response:
    field.errors = [*field.errors, sentence]
    return _first(form, status) if isinstance(form, SignInForm) else _second(form, status)


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


def _next() -> str:
    """Where to go after signing in: an address of our own or the start, never another host."""
    target = request.args.get("next", "")
    return request.script_root + target if OWN_ADDRESS.fullmatch(target) else url_for("accounts.start")
