"""What concerns the own page of a client whose referral waits: what they said on it, and its code."""

import uuid

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.client.codes import written
from referrals.client.messages import mark_handled
from referrals.client.operations import ProtectedClientError, make_code
from referrals.handover import AlreadyClaimedError
from referrals.municipality.inbox.pages import CodePage
from referrals.municipality.inbox.referral_views import locked, taken
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.inbox.views import blueprint
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render


@blueprint.post("/saapuneet/<uuid:referral_id>/viesti/<uuid:message_id>")
@access.needs(Permission.INBOX_WORK)
def message_seen(referral_id: uuid.UUID, message_id: uuid.UUID) -> BaseResponse:
    """Mark as seen what the client said."""
    try:
        with transaction():
            person = who()
            locked(referral_id, scope_of(person), protected=False)
            mark_handled(message_id, referral_id=referral_id, actor=person, now=clock.now())
    except AlreadyClaimedError:
        return taken(referral_id)
    return redirect(url_for("inbox.referral", referral_id=referral_id), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/tunnus")
@access.needs(Permission.INBOX_WORK)
def renew_referral_code(referral_id: uuid.UUID) -> BaseResponse:
    """Make a new code for the client's page; it is shown once, and the earlier one ends."""
    try:
        with transaction():
            person = who()
            row = locked(referral_id, scope_of(person), protected=False)
            reference = row.reference
            code = make_code(referral_id, actor=person, now=clock.now())
    except AlreadyClaimedError:
        return taken(referral_id)
    except ProtectedClientError:
        raise NotFoundError from None
    page = CodePage(
        title=_("A new code for the client"),
        reference=reference,
        code=written(code),
        back_url=url_for("inbox.referral", referral_id=referral_id),
    )
    return render(page)
