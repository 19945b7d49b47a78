"""The moves on what I have sent that take a button or a line: taking back, answering, asking to stop, voiding."""

import uuid

from flask import flash, redirect, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.consent import SenderStage
from referrals.county import operations
from referrals.county.models import Referral
from referrals.county.sending import standing
from referrals.county.sending.following_forms import StopForm, VoidForm
from referrals.county.sending.following_pages import VoidPage
from referrals.county.sending.forms import CancelForm
from referrals.county.sending.views import (
    answer_form,
    blueprint,
    followers,
    goes_on_unseen,
    kind_link,
    kind_named,
    may_ask_to_stop,
    own,
    referral_page,
    viewed,
)
from referrals.moves import BREACH_REASONS, MoveRefused, Who
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render


@blueprint.post("/lahetteet/<uuid:referral_id>/peruuta")
@access.needs(Permission.REFERRAL_SEND)
def cancel(referral_id: uuid.UUID) -> BaseResponse:
    """Take a referral back that nobody has claimed yet (R7)."""
    form = CancelForm()
    if not form.validate():
        return referral_page(viewed(referral_id, page="referral"), cancel=form, status=422)
    try:
        with transaction():
            operations.cancel(own(referral_id), actor=who(), reason=form.chosen.value, now=clock.now())
    except MoveRefused:
        flash(_("It can't be taken back any more. Call the unit, the number is on this page."), "warning")
    else:
        flash(_("The referral is taken back. The municipality no longer sees it."), "info")
    return redirect(url_for("sending.referral", referral_id=referral_id), code=303)


@blueprint.post("/lahetteet/<uuid:referral_id>/suostumus")
@access.needs(Permission.REFERRAL_SEND)
def withdraw(referral_id: uuid.UUID) -> BaseResponse:
    """Write down that the client takes the permission back (R9, R9b)."""
    try:
        with transaction():
            chain = handover.hold_chain(referral_id)
            row = own(referral_id)
            if goes_on_unseen(row):
                handover.withdraw_along(
                    chain[chain.index(row) :], who=Who.SENDER, actor=who(), now=clock.now()
                )
            else:
                handover.withdraw(row, who=Who.SENDER, actor=who(), now=clock.now())
            erased_on = format_date(row.erase_after, "d.M.yyyy")
    except MoveRefused:
        flash(_("Nothing was changed: the permission or the referral had been taken back already."), "info")
    else:
        flash(
            _(
                "The permission is taken back. The referral is now hidden, and its content will be erased on %(day)s.",
                day=erased_on,
            ),
            "info",
        )
    return redirect(url_for("sending.referral", referral_id=referral_id), code=303)


@blueprint.post("/lahetteet/<uuid:referral_id>/luettu")
@access.needs(Permission.REFERRAL_SEND)
def acknowledge(referral_id: uuid.UUID) -> BaseResponse:
    """Put a returned referral away after reading why it came back (R5)."""
    try:
        with transaction():
            operations.acknowledge_return(own(referral_id), actor=who(), now=clock.now())
    except MoveRefused:
        flash(_("It has been put away already."), "info")
    else:
        flash(_("The returned referral is put away."), "info")
    return redirect(url_for("sending.mine"), code=303)


@blueprint.post("/lahetteet/<uuid:referral_id>/kysymykset/<uuid:question_id>")
@access.needs(Permission.REFERRAL_SEND)
def answer(referral_id: uuid.UUID, question_id: uuid.UUID) -> BaseResponse:
    """Answer what the municipality asked (C11); a colleague may, where the unit shares its list."""
    row = viewed(referral_id, page="referral")
    if question_id not in {each.id for each in handover.questions_of(row.id)}:
        raise NotFoundError
    form = answer_form(question_id)
    if not form.validate():
        return referral_page(row, answers={question_id: form}, status=422)
    try:
        with transaction():
            handover.answer(question_id, text=form.text.data or "", actor=who(), now=clock.now())
    except handover.AlreadyAnsweredError:
        flash(_("A colleague answered a moment ago; the answer is on this page."), "info")
    except handover.QuestionOverError:
        flash(_("The answer is no longer waited for, so it was not sent."), "info")
    except handover.TextRefusedError:
        form.text.errors = [_("Write the answer without identity codes, at most 1,000 characters.")]
        return referral_page(row, answers={question_id: form}, status=422)
    else:
        flash(_("Your answer is on its way to the adviser."), "info")
    return redirect(url_for("sending.referral", referral_id=referral_id), code=303)


@blueprint.post("/lahetteet/<uuid:referral_id>/lopeta")
@access.needs(Permission.REFERRAL_SEND)
def request_stop(referral_id: uuid.UUID) -> BaseResponse:
    """Ask the adviser to stop (R8)."""
    if not StopForm().validate():
        raise NotFoundError
    told = True
    try:
        with transaction():
            handover.hold_cases(referral_id)
            row = own(referral_id)
            told = row.consent.feedback
            if not may_ask_to_stop(row):
                raise NotFoundError
            _ask_to_stop(row)
    except MoveRefused:
        if told:
            flash(_("There is nothing to stop any more."), "info")
            return redirect(url_for("sending.referral", referral_id=referral_id), code=303)
    # Where no more is told, the same words are said whether or not there is anybody to hear them.
    said = (
        _("The adviser now sees your wish, and closes the counselling with the client.")
        if told
        else _("If counselling still goes on, the adviser now sees your wish.")
    )
    flash(said, "info")
    return redirect(url_for("sending.referral", referral_id=referral_id), code=303)


@blueprint.get("/lahetteet/<uuid:referral_id>/vahinko")
@access.needs(Permission.REFERRAL_SEND)
def confirm_void(referral_id: uuid.UUID) -> BaseResponse:
    """Show what marking a referral as entered by mistake does, before it is done."""
    own(referral_id, lock=False)
    row = viewed(referral_id, page="void")
    if not handover.may_be_voided(row, who=Who.SENDER):
        return redirect(url_for("sending.referral", referral_id=referral_id), code=303)
    return render(_void_page(row, VoidForm(formdata=None)))


@blueprint.post("/lahetteet/<uuid:referral_id>/vahinko")
@access.needs(Permission.REFERRAL_SEND)
def void(referral_id: uuid.UUID) -> BaseResponse:
    """Mark a referral as entered by mistake (R11), and what it became by a transfer."""
    form = VoidForm()
    if not form.validate():
        own(referral_id, lock=False)
        return render(_void_page(viewed(referral_id, page="void"), form), status=422)
    breach = form.chosen in BREACH_REASONS
    try:
        with transaction():
            _void_all(referral_id, form)
    except MoveRefused:
        flash(_("Nothing was changed: it had been marked as a mistake already."), "info")
    else:
        flash(
            _("Marked as a mistake. The data protection officers have been told, and may call you.")
            if breach
            else _("Marked as a mistake. Nobody sees it any more."),
            "info",
        )
    return redirect(url_for("sending.referral", referral_id=referral_id), code=303)


def _ask_to_stop(row: Referral) -> None:
    latest = [row, *followers(row)][-1] if not row.consent.feedback else row
    if latest.id != row.id:
        handover.hold_cases(latest.id)
    handover.request_stop(latest, actor=who(), now=clock.now())


def _void_all(referral_id: uuid.UUID, form: VoidForm) -> None:
    chain = handover.hold_chain(referral_id)
    row = own(referral_id)
    handover.void_along(
        chain,
        pressed=row.id,
        # Where the sender may not hear of a transfer, what it became is a mistake for the same reason.
        along=bool(form.also.data) or standing.sees(row).stage is not SenderStage.TRANSFERRED,
        reason=form.chosen,
        who=Who.SENDER,
        actor=who(),
        now=clock.now(),
    )


def _void_page(row: Referral, form: VoidForm) -> VoidPage:
    told = standing.sees(row).stage is SenderStage.TRANSFERRED
    return VoidPage(
        title=_("Entered by mistake: %(reference)s", reference=row.reference),
        row=row,
        kind=kind_link(kind_named(row.kind_code)),
        form=form,
        goes_on=next(iter(followers(row)), None) if told else None,
    )
