"""What a lead sees of messages that have not left, and sending one again."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.undelivered import queries
from referrals.undelivered.pages import MessagesPage
from servicetray.accounts.sessions import who
from servicetray.core import access, clock, outbox
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("undelivered", __name__)

SHOWN = 100


@blueprint.get("/viestit")
@access.needs(Permission.INBOX_LEAD)
def messages() -> Response:
    """Show the messages that have not left; nothing in them tells of a client."""
    rows = queries.unsent_for(who(), language=current_language(), now=clock.now())
    return render(
        MessagesPage(
            title=_p("page title", "Messages that have not left"),
            rows=rows[:SHOWN],
            more=max(len(rows) - SHOWN, 0),
            form=FlaskForm(formdata=None),
        )
    )


@blueprint.post("/viestit/<int:message_id>/laheta-uudelleen")
@access.needs(Permission.INBOX_LEAD)
def send_again(message_id: int) -> BaseResponse:
    """Let a message be tried anew."""
    now = clock.now()
    with transaction():
        if not queries.concerns(who(), message_id, now=now):
            raise NotFoundError
        outbox.send_again(message_id, now=now)
    flash(_("The message is on its way again. If it can't be delivered, it comes back here."), "success")
    return redirect(url_for("undelivered.messages"), code=303)
