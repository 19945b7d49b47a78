"""Keeping what is typed: while it is being typed, and through a session that has ended meanwhile."""

from enum import StrEnum

from flask import Response, jsonify, make_response, request, session, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from referrals.county import queries
from referrals.county.sending import drafts
from referrals.county.sending.form_views import blueprint, form_page, is_own, kind_of, posted_form
from referrals.county.sending.forms import ReferralForm
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from servicetray.accounts import queries as accounts
from servicetray.accounts.operations import lapsed_user
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.core import access, clock, problems
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language

CREATE, KEEP = "sending.create", "sending.keep"
SEE_OTHER, SIGNED_OUT, OTHER_SESSION = 303, 401, 409


class State(StrEnum):
    """What became of what was typed, as the page's script reads it."""

    SAVED = "saved"
    SENT = "sent"
    SIGNED_OUT = "signed_out"
    OTHER_SESSION = "other_session"


@blueprint.post("/lahetteet/uusi/<kind>/talleta")
@access.needs(Permission.REFERRAL_SEND)
def keep(kind: str) -> BaseResponse:
    """Keep an unfinished form while it is being typed; the page's script asks for it."""
    chosen = kind_of(kind)
    form = posted_form(chosen)
    if not is_own(form, who()):
        raise NotFoundError
    if queries.sent_with(form.key, sender=who()) is not None:
        return _said(State.SENT, _("This referral has been sent."))
    with transaction():
        drafts.save(form.key, form.typed, kind_code=chosen.code, actor=who(), now=clock.now())
    return _said(State.SAVED, _("Saved at %(time)s", time=_time()))


@blueprint.after_request
def _keep_through_expiry(response: BaseResponse) -> BaseResponse:
    """Keep what was typed when the session had expired in the form, for its own user to find after signing in.

    The door has already turned the request away. The cookie still carries the sign-in that lapsed, and the form's
    token fits it: that is enough to keep a sealed draft for that user, and for nothing else.
    """
    asked = request.endpoint in {CREATE, KEEP} and response.status_code == SEE_OTHER
    if not asked or current_user.is_authenticated:
        return response
    kind = kinds.kind((request.view_args or {}).get("kind", ""))
    token = session.get("_user_id")
    user = lapsed_user(str(token)) if token else None
    back = _kept_for(user, kind) if kind is not None and user is not None else None
    if request.endpoint == KEEP:
        return _signed_out(back)
    if back is not None:
        response.headers["Location"] = back
    return response


@blueprint.errorhandler(CSRFError)
def _other_session(error: CSRFError) -> BaseResponse:
    """Show the form again with all that was typed, where the person has signed in anew in another window.

    The script that saves gets the new session's token instead, and goes on by itself.
    """
    del error
    if not current_user.is_authenticated:
        return _signed_out(None) if request.endpoint == KEEP else problems.answer(400)
    same_site = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.endpoint not in {CREATE, KEEP} or not same_site:
        return problems.answer(400)
    if not current_user.may(Permission.REFERRAL_SEND):
        return problems.answer(404)
    kind = kind_of((request.view_args or {}).get("kind", ""))
    form = posted_form(kind)
    if not is_own(form, who()):
        return problems.answer(404)
    if request.endpoint == KEEP:
        return _said(State.OTHER_SESSION, "", status=OTHER_SESSION, token=generate_csrf())
    form.note_codes()
    notice = _("You signed in anew after opening this form. Your text is here: look it over and send again.")
    return form_page(form, kind, form.offer, notice=notice, status=422)


def _kept_for(user: User, kind: Kind) -> str | None:
    """Keep the posted form for somebody whose session has lapsed; return where to sign in and go on."""
    if not user.may(Permission.REFERRAL_SEND):
        return None
    form = posted_form(kind)
    if not is_own(form, user):
        return None
    form_key, typed, user_id = form.key, form.typed, user.id
    try:
        with transaction():
            owner = accounts.user(user_id)
            if owner is not None:
                drafts.save(form_key, typed, kind_code=kind.code, actor=owner, now=clock.now())
    except NotFoundError:
        # The key is that of somebody else's form: nothing is kept, and nothing told.
        return None
    return _sign_in(form, kind)


def _sign_in(form: ReferralForm, kind: Kind) -> str:
    back = url_for("sending.new", kind=kind.code, luonnos=form.key, jatka=1).removeprefix(request.script_root)
    return url_for("accounts.sign_in", next=back)


def _signed_out(back: str | None) -> Response:
    text = (
        _("You have been signed out. Your text is kept: sign in in another tab, and go on here.")
        if back
        else _(
            "You have been signed out. Sign in in another tab, and go on here: the page still has your text."
        )
    )
    sign_in = back or url_for("accounts.sign_in")
    return _said(State.SIGNED_OUT, text, status=SIGNED_OUT, sign_in=sign_in, link=_("Sign in"))


def _said(state: State, text: str, *, status: int = 200, **more: str) -> Response:
    return make_response(jsonify(state=state.value, text=text, **more), status)


def _time() -> str:
    pattern = "HH:mm" if current_language() == "en" else "H.mm"
    return format_datetime(clock.helsinki(clock.now()), pattern, rebase=False)
