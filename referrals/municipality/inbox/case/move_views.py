"""The moves of a case that are made seldom: asking, handing over, opening again, and what mends a mistake."""

import uuid

from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.county import queries as county
from referrals.county.queries import Referral
from referrals.moves import MoveCode, VoidReason
from referrals.municipality import operations
from referrals.municipality.inbox.case.choices import ReopenReason
from referrals.municipality.inbox.case.move_forms import (
    AskForm,
    AssignForm,
    ReopenForm,
    ReverseForm,
    TransferForm,
    VoidForm,
)
from referrals.municipality.inbox.case.showing import Acting, RefusedError, enter
from referrals.municipality.inbox.views import blueprint
from referrals.municipality.operations import NotAWorkerError
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import access
from servicetray.core.access import Permission
from servicetray.core.errors import NotFoundError


@blueprint.post("/asiakkuudet/<uuid:case_id>/avaa")
@access.needs(Permission.INBOX_WORK)
def reopen(case_id: uuid.UUID) -> BaseResponse:
    """Open a closed case again (C8)."""
    return enter(case_id, ReopenForm(), _reopen)


@blueprint.post("/asiakkuudet/<uuid:case_id>/kysy")
@access.needs(Permission.INBOX_WORK)
def ask(case_id: uuid.UUID) -> BaseResponse:
    """Ask the sender something (C11)."""
    return enter(case_id, AskForm(), _ask, both_records=True)


@blueprint.post("/asiakkuudet/<uuid:case_id>/siirra")
@access.needs(Permission.INBOX_WORK)
def assign(case_id: uuid.UUID) -> BaseResponse:
    """Hand the case to another adviser of the unit (C10)."""
    return enter(case_id, AssignForm(), _assign)


@blueprint.post("/asiakkuudet/<uuid:case_id>/toiseen-kuntaan")
@access.needs(Permission.INBOX_WORK)
def offer_transfer(case_id: uuid.UUID) -> BaseResponse:
    """Offer the client's referral to another municipality (R12)."""
    return enter(case_id, TransferForm(), _offer_transfer, both_records=True)


@blueprint.post("/asiakkuudet/<uuid:case_id>/peru-otto")
@access.needs(Permission.INBOX_WORK)
def reverse(case_id: uuid.UUID) -> BaseResponse:
    """Put a referral that was taken by mistake back among those that wait (R10)."""
    return enter(case_id, ReverseForm(), _reverse, both_records=True)


@blueprint.post("/asiakkuudet/<uuid:case_id>/virhe")
@access.needs(Permission.INBOX_WORK)
def void(case_id: uuid.UUID) -> BaseResponse:
    """Mark a referral and all its cases as entered in error (R11)."""
    return enter(case_id, VoidForm(), _void, both_records=True)


def _reopen(form: ReopenForm, acting: Acting) -> str:
    handover.reopen(
        acting.case,
        reason=ReopenReason(form.reason.data).value,
        who=acting.who(MoveCode.C8),
        actor=acting.actor,
        now=acting.now,
    )
    operations.add_note(acting.case, text=form.typed, actor=acting.actor, now=acting.now)
    return _("The case is open again.")


def _ask(form: AskForm, acting: Acting) -> str:
    asked = handover.ask(_referral(acting), question=form.typed, actor=acting.actor, now=acting.now)
    if not asked.is_pausing:
        return _("The question is on its way to the sender.")
    return _(
        "The question is on its way to the sender. The clock stands still until the answer, at most until %(day)s.",
        day=format_date(asked.pause_until, "EEE d.M."),
    )


def _assign(form: AssignForm, acting: Acting) -> str:
    chosen = _id(form.to.data)
    to = accounts.user(chosen) if chosen else None
    if to is None or not _takes(to, acting):
        form.to.errors = [_("This person no longer works with these cases. Choose another one.")]
        raise RefusedError
    return _("%(name)s goes on with the case.", name=to.name)


def _takes(to: User, acting: Acting) -> bool:
    try:
        operations.assign(
            acting.case, to=to, who=acting.who(MoveCode.C10), actor=acting.actor, now=acting.now
        )
    except NotAWorkerError:
        return False
    return True


def _offer_transfer(form: TransferForm, acting: Acting) -> str:
    target = _id(form.to.data)
    if target is None:
        form.to.errors = [_("Choose the municipality.")]
        raise RefusedError
    offer = handover.offer_transfer(
        _referral(acting),
        to_catchment_id=target,
        who=acting.who(MoveCode.R12),
        actor=acting.actor,
        now=acting.now,
    )
    return _(
        "The offer is made and stands open until %(day)s. The case stays yours until it is taken.",
        day=format_date(transfers.last_day(offer.offered_at), "EEE d.M."),
    )


def _reverse(form: ReverseForm, acting: Acting) -> str:
    del form
    handover.reverse_acceptance(acting.case, who=acting.who(MoveCode.R10), actor=acting.actor, now=acting.now)
    return _("The referral waits again as if nobody had taken it.")


def _void(form: VoidForm, acting: Acting) -> str:
    breach = handover.void_along(
        handover.hold_chain(acting.case.referral_id),
        pressed=acting.case.referral_id,
        along=False,
        reason=VoidReason(form.reason.data),
        who=acting.who(MoveCode.R11),
        actor=acting.actor,
        now=acting.now,
    )
    if breach is None:
        return _("The referral is marked as entered in error and hidden.")
    return _(
        "The referral is marked as entered in error and hidden. The data protection officers have been told of it as a possible breach."
    )


def _referral(acting: Acting) -> Referral:
    row = county.referral(acting.case.referral_id, lock=True)
    if row is None:
        raise NotFoundError
    return row


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
