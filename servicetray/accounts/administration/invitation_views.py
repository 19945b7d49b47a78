"""A person comes by the link of their invitation: with the organisation's account, or with a password and their phone."""

import segno
from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import devices, invitations, joining, oidc, own_account, throttle
from servicetray.accounts.administration.forms import AcceptForm
from servicetray.accounts.administration.pages import AcceptPage, GonePage, JoinPage
from servicetray.accounts.invitations import PATH, InvitationGoneError
from servicetray.accounts.models import SignInMethod, User
from servicetray.accounts.oidc import RefusedError
from servicetray.accounts.operations import hash_password
from servicetray.accounts.own_account import OfferGoneError, WrongCodeError
from servicetray.accounts.sign_ins import open_session
from servicetray.accounts.views import enter, provider_name, refusal_told
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("invitations", __name__)

GROUP = 4
"""Signs of a secret that are written together."""
TRIES = 60
"""Forms that may be sent from one network in ten minutes; each costs a slow hash."""
GONE = 410


@blueprint.get(PATH)
@access.public
def accept() -> BaseResponse:
    """Show the form; opening the link uses nothing up, since mail systems open links, too."""
    try:
        _invitation, user = invitations.opened_by(_key(), now=clock.now())
    except InvitationGoneError:
        return _gone()
    return _page(AcceptForm(formdata=None), user)


@blueprint.post(PATH)
@access.public
def take() -> BaseResponse:
    """Set the secrets, use the link up, and let the person in."""
    form, now = AcceptForm(), clock.now()
    try:
        _invitation, user = invitations.opened_by(_key(), now=now)
    except InvitationGoneError:
        return _gone()
    if not form.validate():
        return _page(form, user, status=422)
    with transaction():
        allowed = throttle.take(
            "invitation", throttle.network(request.remote_addr or ""), most=TRIES, now=now
        )
    if not allowed:
        form.code.errors = [_("Too many tries. Wait ten minutes and try again.")]
        return _page(form, user, status=429)
    # Argon2 takes its time; it stays outside of the write transaction.
    password = form.password.data or ""
    password_hash = hash_password(password)
    try:
        with transaction():
            entered = invitations.accept(
                _key(),
                password=password,
                password_hash=password_hash,
                offer=form.offer.data or "",
                code=form.code.data or "",
                now=now,
            )
            token = open_session(entered, now=now, device=devices.label(request.user_agent.string))
    except InvitationGoneError:
        return _gone()
    except (WrongCodeError, OfferGoneError) as error:
        return _page(_said(form, error), _owner(), status=422)
    response = redirect(enter(entered, token, target=""), code=303)
    devices.remember(response, entered)
    return _private(response)


@blueprint.get(f"{PATH}/yhdista")
@access.public
def connect() -> BaseResponse:
    """Ask somebody whom the organisation's own sign-in has named whether this is the account to connect."""
    now = clock.now()
    try:
        invitation, user = invitations.opened_by(_key(), now=now)
    except InvitationGoneError:
        return _gone()
    identity = joining.waiting(invitation_id=invitation.id, now=now)
    if identity is None:
        return _private(redirect(_back_to_link(), code=303))
    page = JoinPage(
        title=_l("Connect your organisation's account"),
        form=FlaskForm(),
        name=user.name,
        email=user.email,
        provider_email=identity.email,
        link_url=_back_to_link(),
    )
    return _private(render(page))


@blueprint.post(f"{PATH}/yhdista")
@access.public
def connected() -> BaseResponse:
    """Connect the two, use the link up, and let the person in."""
    now = clock.now()
    try:
        invitation, _user = invitations.opened_by(_key(), now=now)
        identity = joining.waiting(invitation_id=invitation.id, now=now)
        if identity is None:
            return _private(redirect(_back_to_link(), code=303))
        with transaction():
            entered = joining.join(_key(), identity, now=now)
            token = open_session(
                entered, now=now, method=SignInMethod.OIDC, device=devices.label(request.user_agent.string)
            )
    except InvitationGoneError:
        return _gone()
    except RefusedError as error:
        with transaction():
            record(Action.SIGN_IN_REFUSED, actor=None, object_type="oidc", object_id=error.why, now=now)
        return _private(redirect(_back_to_link(refusal=error.refusal.value), code=303))
    return _private(redirect(enter(entered, token, target=""), code=303))


def _back_to_link(*, refusal: str | None = None) -> str:
    return url_for("invitations.accept", avain=_key(), tunnistus=refusal)


def _said(form: AcceptForm, error: WrongCodeError | OfferGoneError) -> AcceptForm:
    if isinstance(error, WrongCodeError):
        sentence = _("That is not the code of the new account in your app. Write the one it shows now.")
    else:
        form.offer.data = ""
        sentence = _("The page had stood open too long: scan the new picture, and write its code.")
    form.code.errors = [sentence]
    return form


def _key() -> str:
    key = request.args.get("avain", "")
    if not key or len(key) > 200:  # noqa: PLR2004 - no link of ours is as long
        raise NotFoundError
    return key


def _owner() -> User:
    return invitations.opened_by(_key(), now=clock.now())[1]


def _page(form: AcceptForm, user: User, status: int = 200) -> BaseResponse:
    now = clock.now()
    try:
        secret = own_account.offered_secret(form.offer.data or "", user=user, now=now)
    except OfferGoneError:
        form.offer.data = own_account.offer_secret(user, now=now)
        secret = own_account.offered_secret(form.offer.data, user=user, now=now)
    uri = own_account.provisioning_uri(user, secret, issuer=current_settings().service_name)
    page = AcceptPage(
        title=_l("Choose a password and connect your phone"),
        form=form,
        email=user.email,
        provider_url=url_for("oidc.start", kutsu=_key()) if oidc.provider() else "",
        provider_name=provider_name(),
        refusal=refusal_told(),
        image=segno.make_qr(uri, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        spelled=" ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP)),
    )
    return _private(render(page, status=status))


def _gone() -> BaseResponse:
    return _private(render(GonePage(title=_l("This link does not open any more")), status=GONE))


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
