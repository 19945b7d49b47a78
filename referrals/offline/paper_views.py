"""Entering a referral that came on paper: by its writer later on, or by an adviser who was handed it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from referrals.county import operations, queries
from referrals.county.consent_texts import TextVersion, versions_of
from referrals.county.operations import NewReferral
from referrals.county.queries import Origin, Referral
from referrals.county.sending import checks, elsewhere
from referrals.county.sending.composing import new_referral
from referrals.county.sending.form_views import (
    STEP,
    duplicates_of,
    is_own,
    kind_of,
    offer_of,
    page_of,
)
from referrals.county.sending.forms import Offer
from referrals.county.sending.pages import NewPage
from referrals.county.sending.views import today
from referrals.kinds.queries import Kind
from referrals.moves import MoveRefused
from referrals.municipality import queries as municipality
from referrals.municipality.inbox.scope import scope_of
from referrals.offline.paper_forms import OF_THE_DAY, OLDEST_PAPER, PaperForm
from referrals.offline.views import blueprint
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.pages import render

TRIES = 2
UNPROCESSABLE = 422


@dataclass(frozen=True, kw_only=True)
class PaperPage(NewPage):
    """The form of a referral on paper."""

    template: ClassVar[str] = "referrals/offline/paper.html"


@blueprint.get("/lahetteet/paperi/<kind>")
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def paper(kind: str) -> BaseResponse:
    """Show the form, empty."""
    chosen = kind_of(kind)
    form = PaperForm(
        offer=_offer(chosen, municipality=None),
        asks_sender=_asks_sender(),
        versions=_versions(chosen),
        formdata=None,
    )
    return _page(form, chosen)


@blueprint.post("/lahetteet/paperi/<kind>")
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def enter_paper(kind: str) -> BaseResponse:
    """Send what stands on the paper, once."""
    chosen = kind_of(kind)
    form = PaperForm(
        offer=_offer(chosen, municipality=request.form.get("municipality")),
        asks_sender=_asks_sender(),
        versions=_versions(chosen),
    )
    if not is_own(form, who()):
        raise NotFoundError
    if request.form.get(STEP, "send") != "send":
        return _page(form, chosen, status=UNPROCESSABLE if form.note_codes() else 200)
    if not checks.is_ready(form, today=today()):
        return _page(form, chosen, status=UNPROCESSABLE)
    return _send(form, chosen)


def _send(form: PaperForm, kind: Kind) -> BaseResponse:
    for _try in range(TRIES):
        try:
            with transaction():
                # An adviser sees in the inbox itself who else is waiting under the same name.
                duplicates = () if form.asks_sender else duplicates_of(form, kind)
                if not duplicates or form.send_anyway.data:
                    sent = _operate(form, kind)
                    return _entered(sent, asks_sender=form.asks_sender)
            form.say(
                form.send_anyway,
                _("The client already has an open referral. Look at it first, then mark this."),
            )
            return _page(form, kind, duplicates=duplicates, status=UNPROCESSABLE)
        except MoveRefused:
            form.municipality.errors = [_("The municipality stopped taking referrals a moment ago.")]
            return _page(form, kind, status=UNPROCESSABLE)
        except IntegrityError:
            # The form came twice and the other one won; else the random reference was in use: once more.
            earlier = queries.sent_with(form.key, sender=who())
            if earlier is not None:
                return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    if form.asks_sender:
        flash(_("This paper has been entered already."), "info")
        return redirect(url_for("inbox.inbox"), code=303)
    raise ConflictError


def _operate(form: PaperForm, kind: Kind) -> Referral:
    now, user, opening = clock.now(), who(), form.opening
    route = municipality.route(kind.code, opening.code, on=clock.helsinki_day(now)) if opening else None
    receiver = accounts.unit(route.unit_id) if route else None
    if route is None or receiver is None:
        raise NotFoundError
    return operations.send(_new(form, kind), route=route, receiver=receiver, actor=user, now=now)


def _new(form: PaperForm, kind: Kind) -> NewReferral:
    assert form.paper_date.data is not None
    # The words that the client heard are those of the paper: of its day, unless another version stands on it.
    text = elsewhere.text_to_read(
        form, kind, on=form.paper_date.data, version=form.text_on_paper.data or OF_THE_DAY
    )
    new = new_referral(form, kind=kind, text=text, sender=who())
    card = form.typed_sender
    return replace(
        new,
        content=new.content.model_copy(update={"sender": card}) if card else new.content,
        origin=Origin.PAPER,
        written_on=form.paper_date.data,
        actor_sends=card is None,
    )


def _entered(sent: Referral, *, asks_sender: bool) -> BaseResponse:
    if not asks_sender:
        return redirect(url_for("sending.receipt", referral_id=sent.id), code=303)
    flash(_("Entered as %(reference)s. Destroy the paper now.", reference=sent.reference), "success")
    return redirect(url_for("inbox.referral", referral_id=sent.id), code=303)


def _asks_sender() -> bool:
    """Whether the person enters papers of others: somebody who may not send, but works with what comes."""
    return not who().may(Permission.REFERRAL_SEND)


def _versions(kind: Kind) -> Sequence[TextVersion]:
    """Return what may have been read for a paper that is not too old, the latest first, and the one before."""
    found = [each for each in versions_of(kind.code) if each.valid_from <= today()]
    newer = [each for each in found if each.valid_from > today() - OLDEST_PAPER]
    # Who printed blank forms ahead may have used one for a while after its text had changed.
    return found[: len(newer) + 2]


def _offer(kind: Kind, *, municipality: str | None) -> Offer:
    """Return what can be chosen; an adviser enters papers of the municipalities that they work for."""
    offer = offer_of(kind, municipality=municipality)
    if not _asks_sender():
        return replace(offer, times=(), more_times=False)
    own = set(scope_of(who()).catchment_ids)
    openings = [each for each in offer.openings if each.route and each.route.catchment_id in own]
    if not openings:
        raise NotFoundError
    return replace(offer, openings=openings, times=(), more_times=False)


def _page(
    form: PaperForm, kind: Kind, *, duplicates: Sequence[Referral] = (), status: int = 200
) -> BaseResponse:
    page = page_of(form, kind, form.offer, duplicates=duplicates)
    card = form.typed_sender
    shown = vars(page) | {
        "title": _("Enter a referral from paper"),
        "action": url_for("offline.enter_paper", kind=kind.code),
        "keep_url": "",
        "others": (),
        "times_elsewhere": False,
        "preview": replace(page.preview, sender=card) if card else page.preview,
    }
    return render(PaperPage(**shown), status=status)
