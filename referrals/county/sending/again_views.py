"""A returned referral mended and sent again (R4): its form is that of a new one, filled with what was sent."""

import uuid
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.consent import Parties, party_problems
from referrals.county import queries
from referrals.county.models import Consent, Referral
from referrals.county.sending import calls, checks, elsewhere, standing
from referrals.county.sending.composing import new_referral, typed_again
from referrals.county.sending.following_pages import AgainPage
from referrals.county.sending.form_views import (
    MORE_TIMES,
    SHOW_TEXT,
    STEP,
    blueprint,
    duplicates_of,
    is_own,
    is_text_read,
    kind_of,
    offer_of,
    page_of,
    posted_form,
)
from referrals.county.sending.forms import NO, YES, ReferralForm
from referrals.county.sending.views import return_reason, today, viewed, visible
from referrals.kinds.queries import Kind
from referrals.moves import MoveRefused, ReferralStatus
from referrals.moves.needs import Need
from referrals.municipality import queries as municipality
from referrals.municipality.queries import Route
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import Text, render

MISSING: dict[str, tuple[str, Text]] = {
    "wrong_municipality": ("place", _l("To which municipality?")),
    "contact_details_missing": ("reach", _l("How to reach the client")),
    "not_in_target_group": ("why", _l("Why is the client referred?")),
}
"""Where in the form to look first, by why it came back: the section and its heading."""
WRONG_KIND = "wrong_kind"


@blueprint.get("/lahetteet/<uuid:referral_id>/uudelleen/<kind>")
@access.needs(Permission.REFERRAL_SEND)
def again(referral_id: uuid.UUID, kind: str) -> BaseResponse:
    """Show the form of a returned referral, filled with what was sent; the permission is asked if it must be."""
    row = visible(referral_id)
    if not _is_mendable(row):
        return _no_longer(referral_id)
    row, chosen = viewed(referral_id, page="again"), kind_of(kind)
    typed = typed_again(row, queries.content_of(row))
    typed.setlist("channels", list(row.consent.channels))
    form = ReferralForm(offer=offer_of(chosen, municipality=elsewhere.receiving(typed)), formdata=typed)
    form.text_language.data = current_language()
    return _page(row, form, chosen)


@blueprint.post("/lahetteet/<uuid:referral_id>/uudelleen/<kind>")
@access.needs(Permission.REFERRAL_SEND)
def resend(referral_id: uuid.UUID, kind: str) -> BaseResponse:
    """Send a mended referral again, or show its form once more: with its preview, the text, or its faults."""
    row = visible(referral_id)
    if not _is_mendable(row):
        return _no_longer(referral_id)
    row, chosen = viewed(referral_id, page="again"), kind_of(kind)
    step = request.form.get(STEP, "send")
    form = posted_form(chosen, more=step == MORE_TIMES)
    if not is_own(form, who()):
        raise NotFoundError
    if step != "send":
        if step.removeprefix(SHOW_TEXT) in LANGUAGES:
            form.text_language.data = step.removeprefix(SHOW_TEXT)
        return _page(row, form, chosen, status=422 if form.note_codes() else 200)
    kept = not _why_anew(row, form, chosen)
    if kept:
        _take_over(form, row.consent)
    elif form.method.data is None and form.giver.data is None:
        # The part of the permission was not on the page that was sent: it begins as an empty one does.
        form.method.data, form.giver.data = form.method.default, form.giver.default
    if not checks.is_ready(form, today=today()) or not (kept or is_text_read(form, chosen)):
        return _page(row, form, chosen, status=422)
    return _send(row, form, chosen)


def _send(row: Referral, form: ReferralForm, kind: Kind) -> BaseResponse:
    referral_id = row.id
    try:
        with transaction():
            duplicates = duplicates_of(form, kind)
            if not duplicates or form.send_anyway.data:
                _operate(referral_id, form, kind)
                flash(_("Sent again. The municipality sees what you mended."), "info")
                return redirect(url_for("sending.receipt", referral_id=referral_id), code=303)
        form.say(
            form.send_anyway,
            _("The client already has an open referral. Look at it first, then mark this."),
        )
        return _page(row, form, kind, duplicates=duplicates, status=422)
    except calls.TakenError:
        form.say(form.call_time, _("That time was taken a moment ago. Choose another, or leave it open."))
        form.offer_times(offer_of(kind, municipality=form.opening.code if form.opening else None))
    except MoveRefused as refused:
        if not _is_mendable(visible(referral_id)):
            return _no_longer(referral_id)
        if Need.MENDED not in refused.needs:
            form.municipality.errors = [_("The municipality stopped taking referrals a moment ago.")]
            return _page(visible(referral_id), form, kind, status=422)
        form.form_errors.append(_("Nothing has been changed yet. Add or mend what was missing, then send."))
    return _page(visible(referral_id), form, kind, status=422)


def _operate(referral_id: uuid.UUID, form: ReferralForm, kind: Kind) -> None:
    now, user = clock.now(), who()
    day = clock.helsinki_day(now)
    row = queries.referral_of_sender(referral_id, sender=user, lock=True)
    route = _route(form, kind)
    receiver = accounts.unit(route.unit_id) if route else None
    if row is None or route is None or receiver is None:
        raise NotFoundError
    new = new_referral(form, kind=kind, text=elsewhere.text_to_read(form, kind, on=day), sender=user)
    kept = not _why_anew(row, form, kind)
    handover.resend(
        row,
        new=new,
        route=route,
        receiver=receiver,
        consent=None if kept else new.consent,
        actor=user,
        now=now,
    )
    if form.chosen_time is not None:
        calls.book(form.chosen_time, referral=row, actor=user, now=now)


def _why_anew(row: Referral, form: ReferralForm, kind: Kind) -> Text:
    """Return why the client's permission is to be asked anew; empty where the one given covers this sending.

    It named the unit and the ways of contact, and rests on who gave it.
    """
    route = _route(form, kind)
    if route is None:
        # No place is chosen yet; what is asked is seen once it is.
        return ""
    if not handover.keeps_consent(row, route=route):
        return _("It goes to another unit than the one the client was told of, so ask the permission anew.")
    if form.allowed != frozenset(row.consent.channels):
        return _("The ways to contact the client have changed, so ask the permission anew.")
    given = row.consent
    parties = Parties(
        giver=given.giver,
        basis=given.basis,
        contact=given.contact,
        guardians_may_be_told=given.guardians_may_be_told,
    )
    if form.year is not None and party_problems(parties, birth_year=form.year, today=today()):
        return _("With this year of birth somebody else may have to decide, so ask the permission anew.")
    return ""


def _take_over(form: ReferralForm, given: Consent) -> None:
    """Answer what the form asks of the permission as the client answered it; a hidden part is not filled in."""
    answers = {True: YES, False: NO}
    form.consent_given.data, form.method.data = True, given.method.value
    form.giver.data = given.giver.value
    form.basis.data = given.basis.value if given.basis else None
    form.contact.data = given.contact.value if given.contact else None
    told = given.guardians_may_be_told
    form.guardians_may_be_told.data = None if told is None else answers[told]
    form.feedback.data = answers[given.feedback]
    form.follow_up.data = answers[given.follow_up]
    form.transfer.data = answers[given.transfer]
    form.interpreted_by.data = given.interpreted_by


def _route(form: ReferralForm, kind: Kind) -> Route | None:
    opening = form.opening
    return municipality.route(kind.code, opening.code, on=today()) if opening and opening.is_open else None


def _page(
    row: Referral, form: ReferralForm, kind: Kind, *, duplicates: Sequence[Referral] = (), status: int = 200
) -> BaseResponse:
    page, why_anew = page_of(form, kind, form.offer, duplicates=duplicates), _why_anew(row, form, kind)
    shown = vars(page) | {
        "title": _("Complete and send again"),
        "action": url_for("sending.resend", referral_id=row.id, kind=kind.code),
        "keep_url": "",
        "others": (),
    }
    return render(
        AgainPage(
            **shown,
            row=row,
            returned_reason=return_reason(row),
            missing=MISSING.get(row.returned_reason or ""),
            other_kinds=page.others if row.returned_reason == WRONG_KIND else (),
            expires_on=standing.expires_on(row),
            keeps_consent=not why_anew,
            why_anew=why_anew,
            given_at=row.consent.given_at,
        ),
        status=status,
    )


def _is_mendable(row: Referral) -> bool:
    return row.status is ReferralStatus.RETURNED and standing.is_readable(row)


def _no_longer(referral_id: uuid.UUID) -> BaseResponse:
    flash(_("It does not wait to be sent again any more."), "info")
    return redirect(url_for("sending.referral", referral_id=referral_id), code=303)
