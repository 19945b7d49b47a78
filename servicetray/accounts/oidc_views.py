"""To the organisation's own sign-in and back."""

import hashlib
import hmac
from typing import Any

import structlog
from flask import Blueprint, current_app, redirect, request, url_for
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import devices, fresh, identities, invitations, joining, oidc
from servicetray.accounts.invitations import InvitationGoneError
from servicetray.accounts.models import SignInMethod
from servicetray.accounts.oidc import Identity, Provider, ProviderDownError, Refusal, RefusedError, Start
from servicetray.accounts.sessions import this_sign_in, who
from servicetray.accounts.sign_ins import open_session, prove_again
from servicetray.accounts.views import OWN_ADDRESS, enter
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import DEFAULT, LANGUAGES, current_language, root_path
from servicetray.core.settings import current_settings

log = structlog.get_logger()

blueprint = Blueprint("oidc", __name__)

DOOR = "/kirjaudu"
BACK = f"{DOOR}/paluu"
"""One address for all languages: it is registered with the provider."""
SECONDS = 10 * 60


@blueprint.get("/kirjaudu/tunnistus")
@access.public
def start() -> BaseResponse:
    """Send the browser to the provider; what was made up for it goes along in a cookie of the door's alone.

    A link, not a form: a form may lead nowhere but to ourselves (``form-action 'self'``).
    """
    provider = _provider()
    made, again = Start.new(), "vahvista" in request.args
    target, invitation = request.args.get("next", ""), request.args.get("kutsu", "")
    if invitation:
        try:
            invitations.opened_by(invitation, now=clock.now())
        except InvitationGoneError:
            # The invitation's own page says so.
            return _private(redirect(url_for("invitations.accept", avain=invitation), code=303))
    travels = {
        "state": made.state,
        "nonce": made.nonce,
        "verifier": made.verifier,
        "next": target if OWN_ADDRESS.fullmatch(target) else "",
        "language": current_language(),
        "again": again,
        "invitation": invitation,
    }
    try:
        response = redirect(provider.authorization_url(made, back=_back(), again=again), code=303)
    except ProviderDownError as error:
        return _refuse(error, travels)
    response.set_cookie(
        cookie_name(),
        _signer().dumps(travels),
        max_age=SECONDS,
        path=f"{root_path()}{DOOR}",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        # The way back comes from another site, as a link does.
        samesite="Lax",
    )
    return _private(response)


@blueprint.get(BACK)
@access.public
def back() -> BaseResponse:
    """Check what the provider sent back, and open a sign-in for whoever it names."""
    provider = _provider()
    travels = _travels()
    try:
        identity = _identity(provider, travels)
        if travels["invitation"]:
            response = _ask(identity, travels)
        else:
            response = _confirm(identity, travels) if travels["again"] else _enter(identity, travels)
    except RefusedError as error:
        return _refuse(error, travels)
    except IntegrityError:
        # Two first times at once; the other one bound the account.
        return _refuse(RefusedError(Refusal.FAILED, "bound_meanwhile"), travels)
    return _spent(response)


def cookie_name() -> str:
    """Return the cookie's name; the prefix makes browsers refuse one that came without TLS."""
    return "__Secure-servicetray_oidc" if current_app.config["SESSION_COOKIE_SECURE"] else "servicetray_oidc"


def _identity(provider: Provider, travels: dict[str, Any]) -> Identity:
    told = request.args
    if not travels.get("state") or not hmac.compare_digest(
        travels["state"].encode(), told.get("state", "").encode()
    ):
        raise RefusedError(Refusal.FAILED, "state")
    # RFC 9207: an answer of another provider is not taken for one of ours.
    issuer = told.get("iss")
    expects = bool(provider.metadata().get("authorization_response_iss_parameter_supported"))
    if (issuer or expects) and issuer != provider.settings.oidc_issuer:
        raise RefusedError(Refusal.FAILED, "issuer")
    if told.get("error"):
        cancelled = told["error"] == "access_denied"
        raise RefusedError(Refusal.CANCELLED if cancelled else Refusal.FAILED, "error")
    code = told.get("code", "")
    if not code:
        raise RefusedError(Refusal.FAILED, "no_code")
    sent = Start(state=travels["state"], nonce=travels["nonce"], verifier=travels["verifier"])
    return provider.identity(code, sent, back=_back(), now=clock.now())


def _enter(identity: Identity, travels: dict[str, Any]) -> BaseResponse:
    now = clock.now()
    with transaction():
        user = identities.account_of(identity, now=now)
        token = open_session(
            user, now=now, method=SignInMethod.OIDC, device=devices.label(request.user_agent.string)
        )
    target = enter(user, token, target=travels["next"])
    return redirect(_in_language(target, travels), code=303)


def _confirm(identity: Identity, travels: dict[str, Any]) -> BaseResponse:
    """Take a sign-in made at this moment as a second factor shown again, if it is the same person's."""
    if not current_user.is_authenticated:
        raise RefusedError(Refusal.FAILED, "signed_out_meanwhile")
    now = clock.now()
    when = identity.signed_in_at
    if when is None or now - when > fresh.LASTS:
        raise RefusedError(Refusal.FAILED, "old_proof")
    with transaction():
        if identities.account_of(identity, now=now).id != who().id:
            raise RefusedError(Refusal.FAILED, "another_person")
        prove_again(this_sign_in().id, now=now)
    return redirect(_in_language(travels["next"] or url_for("accounts.start"), travels), code=303)


def _ask(identity: Identity, travels: dict[str, Any]) -> BaseResponse:
    """Let somebody who came by an invitation say whether this is the account to connect."""
    key, now = travels["invitation"], clock.now()
    target = url_for("invitations.connect", avain=key)
    try:
        invitation, _user = invitations.opened_by(key, now=now)
        joining.keep(identity, invitation_id=invitation.id, now=now)
    except InvitationGoneError:
        target = url_for("invitations.accept", avain=key)
    return redirect(_in_language(target, travels), code=303)


def _refuse(error: RefusedError, travels: dict[str, Any]) -> BaseResponse:
    log.warning("oidc_refused", refusal=error.refusal.name.lower(), why=error.why)
    again = bool(travels["again"]) and current_user.is_authenticated
    if error.refusal is not Refusal.DOWN:
        with transaction():
            record(
                Action.SIGN_IN_REFUSED, actor=None, object_type="oidc", object_id=error.why, now=clock.now()
            )
    if travels["invitation"]:
        target = url_for("invitations.accept", avain=travels["invitation"], tunnistus=error.refusal.value)
    else:
        endpoint = "accounts.confirm" if again else "accounts.sign_in"
        target = url_for(endpoint, next=travels["next"] or None, tunnistus=error.refusal.value)
    return _spent(redirect(_in_language(target, travels), code=303))


def _travels() -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "state": "",
        "next": "",
        "language": current_language(),
        "again": False,
        "invitation": "",
    }
    try:
        found: dict[str, Any] = _signer().loads(request.cookies.get(cookie_name(), ""), max_age=SECONDS)
    except BadData:
        return nothing
    # One that was made before a new version was installed says less.
    return nothing | found


def _spent(response: BaseResponse) -> BaseResponse:
    response.delete_cookie(
        cookie_name(),
        path=f"{root_path()}{DOOR}",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return _private(response)


def _in_language(target: str, travels: dict[str, Any]) -> str:
    """Return an own address in the language that somebody came from."""
    path = target.removeprefix(request.script_root)
    language = travels["language"]
    prefix = "" if language == DEFAULT or language not in LANGUAGES else f"/{language}"
    return f"{root_path()}{prefix}{path}"


def _back() -> str:
    return f"{current_settings().public_url}{BACK}"


def _provider() -> Provider:
    provider = oidc.provider()
    if provider is None:
        raise NotFoundError
    return provider


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_settings().secret_key.get_secret_value(),
        salt="servicetray.oidc",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
