"""The page that goes on where somebody left off: what they had posted, one press from being sent again."""

import uuid

from flask import Blueprint, Flask, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import kept_forms
from servicetray.accounts.kept_forms import Fields
from servicetray.accounts.pages import ResumePage
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock, problems
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render

blueprint = Blueprint("kept", __name__)


@blueprint.get("/jatka/<uuid:kept_id>")
@access.signed_in
def resume(kept_id: uuid.UUID) -> Response:
    """Show that a form waits, with a button that sends it on."""
    now = clock.now()
    with transaction():
        found = kept_forms.kept(kept_id, user=who(), now=now)
        if found is None:
            raise NotFoundError
        record(Action.REFERRAL_VIEWED, actor=who(), object_type="kept_form", object_id=kept_id, now=now)
    return render(
        ResumePage(
            title=_l("Go on where you left off"),
            action=request.script_root + found.path,
            fields=found.fields,
            kept_id=str(kept_id),
            kept_at=found.kept_at,
            kept_until=found.kept_at + kept_forms.LIVES,
        )
    )


@blueprint.post("/jatka/<uuid:kept_id>/pois")
@access.signed_in
def throw_away(kept_id: uuid.UUID) -> BaseResponse:
    """Erase a form that waits."""
    with transaction():
        if not kept_forms.erase(kept_id, user=who()):
            raise NotFoundError
    flash(_("The form you had left was thrown away."), "info")
    return redirect(url_for("accounts.start"), code=303)


def init_app(app: Flask) -> None:
    """Register the page, and the answer to a form of an earlier sign-in."""
    app.register_blueprint(blueprint)
    app.register_error_handler(CSRFError, _other_session)


def _other_session(error: CSRFError) -> BaseResponse:
    """Offer a form once more where its sender has signed in anew, in another window, since opening it.

    The browser says that it comes from our own page, and nothing is done before a press of the button.
    """
    del error
    from_here = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not from_here or not kept_forms.is_keepable() or not current_user.is_authenticated:
        return problems.answer(400)
    fields: Fields = kept_forms.posted()
    if not fields:
        return problems.answer(400)
    response = render(
        ResumePage(
            title=_l("Go on where you left off"),
            action=request.script_root + kept_forms.path_here(),
            fields=fields,
            kept_id="",
            kept_at=None,
            kept_until=None,
        ),
        status=kept_forms.UNPROCESSABLE,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
