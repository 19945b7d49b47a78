"""Taking or declining what another municipality offers to hand over (R13, R14)."""

import uuid

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.moves import MoveCode, MoveRefused, Who
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.inbox.views import blueprint
from referrals.transfers import queries as transfers
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError


@blueprint.post("/saapuneet/siirrot/<uuid:offer_id>/ota")
@access.needs(Permission.INBOX_WORK)
def take_offer(offer_id: uuid.UUID) -> BaseResponse:
    """Take what is offered: its case begins here (R13)."""
    try:
        with transaction():
            person = who()
            case = handover.accept_offer(
                offer_id, who=_acts_as(offer_id, MoveCode.R13), actor=person, now=clock.now()
            )
            case_id = case.id
    except MoveRefused:
        return _gone()
    flash(_("The referral is now yours. The next step is to contact the client."), "success")
    return redirect(url_for("inbox.case", case_id=case_id), code=303)


@blueprint.post("/saapuneet/siirrot/<uuid:offer_id>/hylkaa")
@access.needs(Permission.INBOX_WORK)
def decline_offer(offer_id: uuid.UUID) -> BaseResponse:
    """Leave with the other municipality what it offers (R14)."""
    try:
        with transaction():
            handover.decline_offer(
                offer_id, who=_acts_as(offer_id, MoveCode.R14), actor=who(), now=clock.now()
            )
    except MoveRefused:
        return _gone()
    flash(
        _("The transfer was declined. The client stays where they are, and the other unit is told."),
        "success",
    )
    return redirect(url_for("inbox.inbox"), code=303)


def _acts_as(offer_id: uuid.UUID, code: MoveCode) -> Who:
    """Return as whom somebody answers an offer.

    Raises:
        NotFoundError: if there is none, or it is not to a catchment of theirs.
    """
    scope = scope_of(who())
    catchment_id = transfers.target_of(offer_id)
    if catchment_id is None or catchment_id not in scope.catchment_ids:
        raise NotFoundError
    return scope.acts_as(code, catchment_id=catchment_id)


def _gone() -> BaseResponse:
    flash(
        _("This transfer is no longer on offer: it was taken, declined or ran out. Nothing was changed."),
        "info",
    )
    return redirect(url_for("inbox.inbox"), code=303)
