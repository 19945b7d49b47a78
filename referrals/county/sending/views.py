"""What I have sent: the list, one referral, its receipt and sheet, and the moves that are the sender's."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.county import operations, queries
from referrals.county.models import Referral
from referrals.county.sending import composing, drafts, labels, standing
from referrals.county.sending.forms import AcknowledgeForm, CancelForm
from referrals.county.sending.pages import (
    KindLink,
    Line,
    MinePage,
    ReferralPage,
)
from referrals.county.sending.standing import Standing
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import MoveRefused, Who
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import Unit
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.municipalities import municipality as municipality_of
from servicetray.core.pages import Text, render

blueprint = Blueprint("sending", __name__)

FIRST = 25
"""Sent referrals shown at first; older ones are asked for."""


@blueprint.get("/lahetteet")
@access.needs(Permission.REFERRAL_SEND)
def mine() -> BaseResponse:
    """Show what I have sent, what needs me first, and what I have not finished."""
    user, now = who(), clock.now()
    found, unfinished = standing.standings(user), drafts.drafts_of(user, now=now)
    needing, others = [row for row in found if row.needs_me], [row for row in found if not row.needs_me]
    shown = others if "kaikki" in request.args else others[:FIRST]
    rows = [*needing, *shown]
    shared = user.unit is not None and user.unit.shared_list
    if rows or unfinished:
        with transaction():
            record(
                Action.REFERRAL_LISTED,
                actor=who(),
                object_type="list",
                object_id="mine",
                now=now,
                detail={
                    "subjects": " ".join(subject_key(row.id) for row in rows),
                    "drafts": " ".join(str(draft.form_key) for draft in unfinished),
                },
            )
    language = current_language()
    return render(
        MinePage(
            title=_("My referrals"),
            kinds={kind.code: kind_link(kind) for kind in kinds.kinds()},
            needing=[_line(row) for row in needing],
            others=[_line(row) for row in shown],
            older=len(others) - len(shown),
            drafts=unfinished,
            municipalities={place.code: in_language(place.name, language).text for place in municipalities()},
            form=AcknowledgeForm(),
            shared=shared,
        )
    )


@blueprint.post("/lahetteet/luonnokset/<uuid:form_key>/poista")
@access.needs(Permission.REFERRAL_SEND)
def discard_draft(form_key: uuid.UUID) -> BaseResponse:
    """Remove an unfinished form of mine."""
    with transaction():
        if not drafts.erase(form_key, user=who()):
            raise NotFoundError
    flash(_("The unfinished referral was removed."), "info")
    return redirect(url_for("sending.mine"), code=303)


@blueprint.get("/lahetteet/<uuid:referral_id>")
@access.needs(Permission.REFERRAL_SEND)
def referral(referral_id: uuid.UUID) -> BaseResponse:
    """Show one referral: what was sent and what has become of it."""
    row = viewed(referral_id, page="referral")
    return _referral_page(row, CancelForm())


@blueprint.post("/lahetteet/<uuid:referral_id>/peruuta")
@access.needs(Permission.REFERRAL_SEND)
def cancel(referral_id: uuid.UUID) -> BaseResponse:
    """Take a referral back that nobody has claimed yet (R7)."""
    form = CancelForm()
    if not form.validate():
        return _referral_page(viewed(referral_id, page="referral"), form, status=422)
    try:
        with transaction():
            operations.cancel(_own(referral_id), actor=who(), reason=form.chosen.value, now=clock.now())
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
            handover.hold_cases(referral_id)
            row = _own(referral_id)
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
            operations.acknowledge_return(_own(referral_id), actor=who(), now=clock.now())
    except MoveRefused:
        flash(_("It has been put away already."), "info")
    else:
        flash(_("The returned referral is put away."), "info")
    return redirect(url_for("sending.mine"), code=303)


def kind_link(kind: Kind) -> KindLink:
    """Return a kind as pages show it."""
    name = in_language(kind.name, current_language()).text
    return KindLink(
        code=kind.code,
        name=name,
        new_title=_("New %(kind)s", kind=name[:1].lower() + name[1:]),
        icon=kind.icon,
        colour=kind.colour,
    )


def day_said(day: dt.date) -> str:
    """Return a day as it is said."""
    # With its weekday, which Finnish says in the case that "by" wants: torstaina 26.11.
    return format_date(day, "EEEE d.M.")


def _line(row: Standing) -> Line:
    more: Text = ""
    if row.needs_me:
        more = labels.RETURN_REASONS.get(row.returned_reason or "", labels.OTHER_RETURN_REASON)
    elif row.sees.outcome:
        more = labels.OUTCOMES[row.sees.outcome]
    return Line(standing=row, stage=labels.STAGES[row.sees.stage], more=more)


def viewed(referral_id: uuid.UUID, *, page: str) -> Referral:
    """Return a referral that this person may see, and write down that it was looked at.

    Raises:
        NotFoundError: if there is none.
    """
    row = visible(referral_id)
    with transaction():
        record(
            Action.REFERRAL_VIEWED,
            actor=who(),
            object_type="referral",
            object_id=referral_id,
            subject=subject_key(referral_id),
            now=clock.now(),
            detail={"page": page},
        )
    return row


def visible(referral_id: uuid.UUID) -> Referral:
    """Return a referral that this person may see.

    Raises:
        NotFoundError: if there is none.
    """
    user = who()
    row = queries.referral_of_sender(referral_id, sender=user)
    if row is None or (row.protected and row.sender_id != user.id):
        raise NotFoundError
    return row


def _own(referral_id: uuid.UUID) -> Referral:
    # A shared list is for looking: the moves of the table are the sender's own.
    user = who()
    row = queries.referral_of_sender(referral_id, sender=user, lock=True)
    if row is None or row.sender_id != user.id:
        raise NotFoundError
    return row


def _referral_page(row: Referral, form: CancelForm, *, status: int = 200) -> BaseResponse:
    kind, unit, language = kind_named(row.kind_code), unit_of(row), current_language()
    sees, content = standing.sees(row), None
    contacts: Sequence[tuple[Text, str]] = ()
    if standing.is_readable(row):
        content = queries.content_of(row)
        allowed = operations.terms_of(row.consent).channels
        contacts = composing.contact_lines(allowed, composing.details_of(content))
    place = municipality_of(row.municipality_code)
    mine_, withdrawn = row.sender_id == who().id, row.consent.withdrawn_at is not None
    reasons = labels.RETURN_REASONS
    steps = standing.timeline(row)
    page = ReferralPage(
        title=_("Referral %(reference)s", reference=row.reference),
        row=row,
        kind=kind_link(kind),
        municipality=in_language(place.name if place else {}, language).text,
        unit_name=in_language(unit.name, language).text,
        unit_phone=unit.phone,
        sees=sees,
        stage=labels.STAGES[sees.stage],
        says_stage=not steps or steps[-1].stage is not sees.stage,
        outcome=labels.OUTCOMES[sees.outcome] if sees.outcome else "",
        returned_reason=reasons.get(row.returned_reason or "", labels.OTHER_RETURN_REASON),
        cancelled_reason=_cancelled_reason(row),
        steps=[(labels.STAGES[step.stage], step.at) for step in steps],
        call_by=day_said(standing.call_by(row)),
        is_waiting=standing.may_cancel(row),
        content=content,
        language=composing.language_name(content.language) if content else "",
        best_time=composing.best_time_name(content.best_time) if content else "",
        contacts=contacts,
        reasons=names_of(row, content.reasons) if content else (),
        interests=names_of(row, content.interests) if content else (),
        form=form,
        acknowledge_form=AcknowledgeForm(formdata=None),
        may_cancel=mine_ and standing.may_cancel(row),
        may_withdraw=mine_ and handover.may_withdraw(row.status, in_force=not withdrawn),
        withdrawn=withdrawn,
        needs_me=mine_ and sees.return_reason,
        sent_by_me=mine_,
    )
    return render(page, status=status)


def _cancelled_reason(row: Referral) -> Text:
    known = {reason.value: words for reason, words in labels.CANCEL_REASONS.items()}
    return known.get(row.cancelled_reason or "", "")


def names_of(row: Referral, codes: Sequence[str]) -> Sequence[str]:
    """Return the names of a referral's reasons or interests."""
    names: Mapping[tuple[str, str], str] = kinds.reason_names(current_language())
    return [names.get((row.kind_code, code), code) for code in codes]


def kind_named(code: str) -> Kind:
    """Return an active kind.

    Raises:
        NotFoundError: if there is none of this code.
    """
    found = kinds.kind(code)
    if found is None:
        raise NotFoundError
    return found


def unit_of(row: Referral) -> Unit:
    """Return the counselling unit that a referral was sent to."""
    catchment = municipality.catchment(row.catchment_id)
    unit = accounts.unit(catchment.unit_id) if catchment else None
    if unit is None:
        raise NotFoundError
    return unit


def today() -> dt.date:
    """Return the Helsinki day of this request."""
    return clock.helsinki_day(clock.now())
