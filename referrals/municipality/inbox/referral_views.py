"""A referral that waits: its page, and what its advisers may do with it before anybody has taken it."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals import handover
from referrals.county import disclosed
from referrals.county import queries as county
from referrals.handover import (
    AlreadyAskedError,
    AlreadyClaimedError,
    AlreadyOfferedError,
    ReturnReason,
    TextRefusedError,
)
from referrals.moves import MoveCode, MoveRefused, SenderKind, VoidReason, Who
from referrals.municipality import queries as municipality
from referrals.municipality.inbox.forms import OnePageForm, ReturnForm
from referrals.municipality.inbox.leading import workers_of
from referrals.municipality.inbox.pages import ReferralPage, TakenPage
from referrals.municipality.inbox.referral_file import around, targets_for
from referrals.municipality.inbox.referral_forms import (
    AskForm,
    GiveForm,
    ReferralForms,
    TransferForm,
    VoidForm,
)
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.municipality.inbox.views import blueprint, withdrawn_words, words_for
from referrals.municipality.operations import NotAWorkerError
from referrals.statistics.operations import working_days_since_sent
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render


@blueprint.get("/saapuneet/<uuid:referral_id>")
@access.needs(Permission.INBOX_WORK)
def referral(referral_id: uuid.UUID) -> BaseResponse:
    """Show a referral that waits; once it is accepted, lead on to its case."""
    return shown(referral_id)


@blueprint.post("/saapuneet/<uuid:referral_id>/ota")
@access.needs(Permission.INBOX_WORK)
def claim(referral_id: uuid.UUID) -> BaseResponse:
    """Accept a referral (R2)."""
    now = clock.now()
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            row = locked(referral_id, scope)
            case = handover.accept(
                row, who=scope.acts_as(MoveCode.R2, catchment_id=row.catchment_id), actor=person, now=now
            )
            case_id = case.id
    except (AlreadyClaimedError, MoveRefused):
        return taken(referral_id)
    flash(_("The referral is now yours. The next step is to contact the client."), "success")
    return redirect(url_for("inbox.case", case_id=case_id), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/palauta")
@access.needs(Permission.INBOX_WORK)
def give_back(referral_id: uuid.UUID) -> BaseResponse:
    """Return a referral to its sender (R3)."""
    form = ReturnForm()
    if not form.validate():
        return shown(referral_id, came_back=form, status=422)
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            row = locked(referral_id, scope)
            handover.give_back(
                row,
                reason=ReturnReason(form.reason.data).value,
                who=scope.acts_as(MoveCode.R3, catchment_id=row.catchment_id),
                actor=person,
                now=clock.now(),
            )
    except (AlreadyClaimedError, MoveRefused):
        return taken(referral_id)
    flash(_("The referral went back to its sender, with your reason."), "success")
    return redirect(url_for("inbox.inbox"), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/suostumus")
@access.needs(Permission.INBOX_WORK)
def withdraw(referral_id: uuid.UUID) -> BaseResponse:
    """Write down that the client takes the permission back, before anybody has taken the referral (R9)."""
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            handover.hold_cases(referral_id)
            row = locked(referral_id, scope)
            handover.withdraw(
                row,
                who=scope.acts_as(MoveCode.R9, catchment_id=row.catchment_id),
                actor=person,
                now=clock.now(),
            )
            said = withdrawn_words(row.erase_after)
    except (AlreadyClaimedError, MoveRefused):
        return taken(referral_id)
    flash(said, "success")
    return redirect(url_for("inbox.inbox"), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/kysy")
@access.needs(Permission.INBOX_WORK)
def ask_about(referral_id: uuid.UUID) -> BaseResponse:
    """Ask the sender something (C11); the clock stands still meanwhile."""
    form = AskForm()
    if not form.validate():
        return shown(referral_id, came_back=form, status=422)
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            handover.hold_cases(referral_id)
            row = locked(referral_id, scope, protected=False)
            handover.ask(row, question=form.question.data or "", actor=person, now=clock.now())
    except AlreadyAskedError:
        form.question.errors = [_("A question is open already. Wait for its answer first.")]
        return shown(referral_id, came_back=form, status=409)
    except TextRefusedError:
        form.question.errors = [_("Take the personal identity code out. It isn't needed here.")]
        return shown(referral_id, came_back=form, status=422)
    except (AlreadyClaimedError, MoveRefused):
        return taken(referral_id)
    flash(_("The sender was asked. The target day waits for the answer."), "success")
    return redirect(url_for("inbox.referral", referral_id=referral_id), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/siirra")
@access.needs(Permission.INBOX_WORK)
def offer_referral(referral_id: uuid.UUID) -> BaseResponse:
    """Offer a referral to another municipality's unit (R12)."""
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            handover.hold_cases(referral_id)
            row = locked(referral_id, scope, protected=False)
            handover.offer_transfer(
                row,
                to_catchment_id=_uuid(request.form.get("to", "")),
                who=scope.acts_as(MoveCode.R12, catchment_id=row.catchment_id),
                actor=person,
                now=clock.now(),
            )
    except AlreadyClaimedError:
        return taken(referral_id)
    except (AlreadyOfferedError, MoveRefused):
        form = TransferForm()
        form.to.errors = [_("It can't be offered there now. Look at where it stands, and choose again.")]
        return shown(referral_id, came_back=form, status=409)
    flash(
        _("The transfer is on offer. Until it is taken, the referral stays here and its clock runs."),
        "success",
    )
    return redirect(url_for("inbox.referral", referral_id=referral_id), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/anna")
@access.needs(Permission.INBOX_LEAD)
def give_to(referral_id: uuid.UUID) -> BaseResponse:
    """Give a referral to an adviser of the unit, whose case it becomes (R2)."""
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            row = locked(referral_id, scope)
            to = accounts.user(_uuid(request.form.get("to", "")))
            if to is None or row.catchment_id not in scope.led:
                raise NotFoundError
            handover.accept(row, who=Who.LEAD, actor=person, handler=to, now=clock.now())
            name = to.name
    except (AlreadyClaimedError, MoveRefused):
        return taken(referral_id)
    except NotAWorkerError:
        form = GiveForm()
        form.to.errors = [_("This person does not work with these referrals.")]
        return shown(referral_id, came_back=form, status=409)
    flash(_("The referral was given to %(name)s.", name=name), "success")
    return redirect(url_for("inbox.inbox"), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/virhe")
@access.needs(Permission.INBOX_LEAD)
def void_referral(referral_id: uuid.UUID) -> BaseResponse:
    """Mark a referral as entered in error (R11): it is hidden everywhere at once."""
    form = VoidForm()
    if not form.validate():
        return shown(referral_id, came_back=form, status=422)
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            chain = handover.hold_chain(referral_id)
            row = locked(referral_id, scope)
            if row.catchment_id not in scope.led:
                raise NotFoundError
            opened = handover.void_along(
                chain,
                pressed=row.id,
                along=False,
                reason=VoidReason(form.reason.data),
                who=Who.LEAD,
                actor=person,
                now=clock.now(),
            )
            breach = opened is not None
    except (AlreadyClaimedError, MoveRefused):
        return taken(referral_id)
    flash(
        _("The referral is marked as entered in error and hidden. The data protection officers were told.")
        if breach
        else _("The referral is marked as entered in error and hidden."),
        "success",
    )
    return redirect(url_for("inbox.inbox"), code=303)


def shown(referral_id: uuid.UUID, *, came_back: OnePageForm | None = None, status: int = 200) -> BaseResponse:
    """Show the page of a referral, with a form that came back as it was typed."""
    now = clock.now()
    scope = scope_of(who())
    found = disclosed.waiting_one(referral_id, catchment_ids=scope.catchment_ids)
    if found is None:
        return _to_case(referral_id, scope)
    row, consent = found
    same = () if row.protected else disclosed.same_person_as(row.id)
    forms = _forms(row, consent, scope, came_back)
    response = render(
        ReferralPage(
            title=row.reference,
            heading=row.content.name if row.content else _("Protected client"),
            referral=row,
            consent=consent,
            waited=working_days_since_sent(row.sent_at, now=now),
            late=row.claim_due_on < clock.helsinki_day(now),
            same_person=same,
            own_catchments=scope.catchment_ids,
            around=around(row, now=now),
            words=words_for(scope, now=now),
            forms=forms,
            form=came_back or ReturnForm(formdata=None),
        ),
        status=status,
    )
    seen = [(Action.REFERRAL_VIEWED, row.id), *((Action.DUPLICATE_LOOKED_UP, other.id) for other in same)]
    with transaction():
        for action, seen_id in seen:
            record(
                action,
                actor=scope.reader,
                object_type="referral",
                object_id=seen_id,
                subject=subject_key(seen_id),
                now=now,
            )
    return response


def _forms(
    row: disclosed.WaitingReferral,
    consent: disclosed.DisclosedConsent,
    scope: Scope,
    came_back: OnePageForm | None,
) -> ReferralForms:
    """Return the forms that this person is offered: what came back as it was typed, the others empty."""

    def one(kind: Any, *, when: bool = True) -> Any:
        if not when:
            return None
        return came_back if isinstance(came_back, kind) else kind(formdata=None)

    leads = row.catchment_id in scope.led
    targets = targets_for(row, today=clock.helsinki_day(clock.now())) if consent.transfer else ()
    transfer = one(TransferForm, when=bool(targets))
    if transfer is not None:
        transfer.to.choices = [SelectChoice(value=value, label=label) for value, label in targets]
    give = one(GiveForm, when=leads)
    if give is not None:
        give.to.choices = [
            SelectChoice(value=str(key), label=name) for key, name in workers_of(scope).items()
        ]
    return ReferralForms(
        give_back=one(ReturnForm, when=row.sender is not SenderKind.RESIDENT),
        ask=one(AskForm, when=row.content is not None and row.sender is SenderKind.ACCOUNT),
        transfer=transfer,
        give=give,
        void=one(VoidForm, when=leads),
    )


def _uuid(text: str) -> uuid.UUID:
    """Return what a form names.

    Raises:
        NotFoundError: if it names nothing.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFoundError from None


def locked(referral_id: uuid.UUID, scope: Scope, *, protected: bool = True) -> county.Referral:
    """Return a referral that waits for this person, locked.

    Raises:
        AlreadyClaimedError: if it waits no more.
        NotFoundError: if its client is protected, where only the one who takes it may do this.
    """
    row = county.waiting_referral_in(referral_id, catchment_ids=scope.catchment_ids, lock=True)
    if row is None:
        raise AlreadyClaimedError
    if row.protected and not protected:
        raise NotFoundError
    return row


def _to_case(referral_id: uuid.UUID, scope: Scope) -> BaseResponse:
    case = municipality.latest_case_of(referral_id, catchment_ids=scope.catchment_ids)
    if case is None or not _may_open(case.id, scope):
        raise NotFoundError
    return redirect(url_for("inbox.case", case_id=case.id), code=303)


def _may_open(case_id: uuid.UUID, scope: Scope) -> bool:
    return (
        municipality.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=scope.user_id) is not None
    )


def taken(referral_id: uuid.UUID) -> BaseResponse:
    """Say kindly that somebody was faster; who pressed twice comes to their own case."""
    scope = scope_of(who())
    case = municipality.latest_case_of(referral_id, catchment_ids=scope.catchment_ids)
    if case is None and not disclosed.came_to(referral_id, catchment_ids=scope.catchment_ids):
        raise NotFoundError
    if case is not None and case.handler_id == scope.user_id and _may_open(case.id, scope):
        return redirect(url_for("inbox.case", case_id=case.id), code=303)
    may_open = case is not None and _may_open(case.id, scope)
    names = accounts.names_of([case.handler_id]) if case else {}
    page = TakenPage(
        title=_("Somebody was a moment ahead of you"),
        handler=names.get(case.handler_id, "") if case and case.handler_id else "",
        case_url=url_for("inbox.case", case_id=case.id) if case and may_open else None,
    )
    return render(page, status=409)
