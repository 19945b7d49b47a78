"""The form of a new referral: shown, previewed, kept unfinished, sent once."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from referrals.county import content as contents
from referrals.county import operations, queries
from referrals.county.models import ConsentText, Referral
from referrals.county.sending import checks, drafts
from referrals.county.sending.composing import new_referral, preview_of, typed_again
from referrals.county.sending.forms import Offer, ReferralForm
from referrals.county.sending.openings import openings
from referrals.county.sending.pages import ClosedPage, KindLink, NewPage
from referrals.county.sending.standing import is_readable
from referrals.county.sending.views import blueprint as blueprint
from referrals.county.sending.views import kind_link, today
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import MoveRefused
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.operations import lapsed_user
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock, problems
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import Text, render

TEXT_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}
STEP = "step"
SHOW_TEXT = "text-"
TRIES = 2


@blueprint.get("/lahetteet/uusi")
@access.needs(Permission.REFERRAL_SEND)
def new_any() -> BaseResponse:
    """Go to the form of the first kind; the others are one link away."""
    first = next(iter(kinds.kinds()), None)
    if first is None:
        raise NotFoundError
    return redirect(url_for("sending.new", kind=first.code), code=303)


@blueprint.get("/lahetteet/uusi/<kind>")
@access.needs(Permission.REFERRAL_SEND)
def new(kind: str) -> BaseResponse:
    """Show the form, empty or as an unfinished one was left; or say that nobody takes referrals now."""
    chosen, offer = _kind(kind), _offer(_kind(kind))
    if not any(each.is_open for each in offer.openings):
        return render(
            ClosedPage(
                title=kind_link(chosen).new_title,
                kind=kind_link(chosen),
                others=_others(chosen),
                closed=offer.openings,
            )
        )
    again, draft_key = _uuid(request.args.get("pohja")), _uuid(request.args.get("luonnos"))
    if again is not None:
        return _form_page(_from_earlier(again, offer), chosen, offer)
    if draft_key is None:
        return _form_page(_blank(offer), chosen, offer)
    return _unfinished(draft_key, chosen, offer)


@blueprint.post("/lahetteet/uusi/<kind>")
@access.needs(Permission.REFERRAL_SEND)
def create(kind: str) -> BaseResponse:
    """Send the form once, keep it unfinished, or show it again: with a preview, or the text in a language."""
    chosen = _kind(kind)
    offer = _offer(chosen)
    form = ReferralForm(offer=offer)
    earlier = queries.sent_with(form.key, sender=who())
    if earlier is not None:
        return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    step = request.form.get(STEP, "send")
    if step == "save":
        return _save(form, chosen)
    if step != "send":
        if step.removeprefix(SHOW_TEXT) in LANGUAGES:
            form.text_language.data = step.removeprefix(SHOW_TEXT)
        return _form_page(form, chosen, offer, status=422 if form.note_codes() else 200)
    if not checks.is_ready(form, today=today()):
        return _form_page(form, chosen, offer, status=422)
    return _send(form, chosen, offer)


def _unfinished(draft_key: uuid.UUID, chosen: Kind, offer: Offer) -> BaseResponse:
    earlier = queries.sent_with(draft_key, sender=who())
    if earlier is not None:
        return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    typed = drafts.opened(draft_key, kind_code=chosen.code, user=who(), now=clock.now())
    if typed is None:
        return _form_page(
            _blank(offer), chosen, offer, notice=_("That unfinished referral is no longer here.")
        )
    with transaction():
        record(Action.REFERRAL_VIEWED, actor=who(), object_type="draft", object_id=draft_key, now=clock.now())
    form = ReferralForm(offer=offer, formdata=typed)
    form.form_key.data = str(draft_key)
    notice = _("You are signed in again, and your text is here. Look it over and send.")
    return _form_page(form, chosen, offer, notice=notice if "jatka" in request.args else "")


def _send(form: ReferralForm, kind: Kind, offer: Offer) -> BaseResponse:
    if form.text_version.data != _consent_text(kind, form.read_in, today()).version:
        # The record of the consent must name the words that were read.
        form.consent_given.data = False
        form.say(
            form.consent_given,
            _(
                "The text to read aloud has changed. Read the new one to the client and mark the consent again."
            ),
        )
        return _form_page(form, kind, offer, status=422)
    for _try in range(TRIES):
        try:
            with transaction():
                duplicates = _duplicates(form, kind)
                same = next((row for row in duplicates if row.form_key == form.key), None)
                if same is not None:
                    # Pressed twice: the first press has just been committed.
                    return redirect(url_for("sending.receipt", referral_id=same.id), code=303)
                if not duplicates or form.send_anyway.data:
                    sent = _operate(form, kind)
                    return redirect(url_for("sending.receipt", referral_id=sent.id), code=303)
            form.say(
                form.send_anyway,
                _("The client already has an open referral. Look at it first, then mark this."),
            )
            return _form_page(form, kind, offer, duplicates=duplicates, status=422)
        except MoveRefused:
            form.municipality.errors = [_("The municipality stopped taking referrals a moment ago.")]
            return _form_page(form, kind, _offer(kind), status=422)
        except IntegrityError:
            # The same form came twice at once: the other one won. Else the random reference was in use.
            earlier = queries.sent_with(form.key, sender=who())
            if earlier is not None:
                return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    raise ConflictError


def _operate(form: ReferralForm, kind: Kind) -> Referral:
    now, user, opening = clock.now(), who(), form.opening
    day = clock.helsinki_day(now)
    route = municipality.route(kind.code, opening.code, on=day) if opening else None
    receiver = accounts.unit(route.unit_id) if route else None
    if route is None or receiver is None:
        raise NotFoundError
    text = _consent_text(kind, form.read_in, day)
    new_one = new_referral(form, kind=kind, text=text, sender=user)
    return operations.send(new_one, route=route, receiver=receiver, actor=user, now=now)


def _duplicates(form: ReferralForm, kind: Kind) -> Sequence[Referral]:
    assert form.year is not None
    now, user = clock.now(), who()
    index = contents.person_index(
        first_name=form.first_name.data or "", last_name=form.last_name.data or "", birth_year=form.year
    )
    found = queries.open_for_same_person(index, kind_code=kind.code, sender=user)
    record(
        Action.DUPLICATE_LOOKED_UP,
        actor=user,
        object_type="form",
        object_id=form.key,
        now=now,
        detail={"found": str(len(found))},
    )
    for row in found:
        record(
            Action.DUPLICATE_LOOKED_UP,
            actor=user,
            object_type="referral",
            object_id=row.id,
            subject=subject_key(row.id),
            now=now,
        )
    return found


def _save(form: ReferralForm, kind: Kind) -> BaseResponse:
    with transaction():
        drafts.save(form.key, form.typed, kind_code=kind.code, actor=who(), now=clock.now())
    flash(_("The unfinished referral is kept for you for 14 days. Nothing has been sent."), "info")
    if form.note_codes():
        flash(_("A personal identity code was taken out of the text before it was kept."), "warning")
    return redirect(url_for("sending.mine"), code=303)


@blueprint.after_request
def _keep_through_expiry(response: BaseResponse) -> BaseResponse:
    """Keep what was typed when the session had expired in the form, for its own user to find after signing in.

    The door has already turned the request away. The cookie still carries the sign-in that lapsed, and the form's
    token fits it: that is enough to keep a sealed draft for that user, and for nothing else.
    """
    if request.endpoint != "sending.create" or response.status_code != 303 or current_user.is_authenticated:  # noqa: PLR2004
        return response
    kind = kinds.kind((request.view_args or {}).get("kind", ""))
    token = session.get("_user_id")
    user = lapsed_user(str(token)) if token else None
    if kind is None or user is None or not user.may(Permission.REFERRAL_SEND):
        return response
    form = ReferralForm(offer=_offer(kind))
    form_key, typed, user_id = form.key, form.typed, user.id
    with transaction():
        owner = accounts.user(user_id)
        if owner is not None:
            drafts.save(form_key, typed, kind_code=kind.code, actor=owner, now=clock.now())
    back = url_for("sending.new", kind=kind.code, luonnos=form_key, jatka=1).removeprefix(request.script_root)
    response.headers["Location"] = url_for("accounts.sign_in", next=back)
    return response


@blueprint.errorhandler(CSRFError)
def _other_session(error: CSRFError) -> BaseResponse:
    """Show the form again with all that was typed, where the person has signed in anew in another window."""
    del error
    same_site = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.endpoint != "sending.create" or not same_site or not current_user.is_authenticated:
        return problems.answer(400)
    if not current_user.may(Permission.REFERRAL_SEND):
        return problems.answer(404)
    kind = _kind((request.view_args or {}).get("kind", ""))
    offer = _offer(kind)
    form = ReferralForm(offer=offer)
    form.note_codes()
    notice = _("You signed in anew after opening this form. Your text is here: look it over and send again.")
    return _form_page(form, kind, offer, notice=notice, status=422)


def _form_page(
    form: ReferralForm,
    kind: Kind,
    offer: Offer,
    *,
    status: int = 200,
    duplicates: Sequence[Referral] = (),
    notice: Text = "",
) -> BaseResponse:
    link, day = kind_link(kind), today()
    form.form_key.data = str(form.key)
    form.text_language.data = form.read_in
    text = _consent_text(kind, form.read_in, day)
    form.text_version.data = text.version
    return render(
        NewPage(
            title=link.new_title,
            form=form,
            kind=link,
            going_to=in_language(kind.counselling_in, current_language()),
            others=_others(kind),
            open_notes={each.code: each.note for each in offer.openings if each.is_open},
            closed=[each for each in offer.openings if not each.is_open],
            consent_text=text,
            text_languages=[(code, name, code == form.read_in) for code, name in TEXT_NAMES.items()],
            preview=preview_of(form, sender=who()),
            asks_parties=checks.asks_parties(form, today=day),
            duplicates=duplicates,
            notice=notice,
        ),
        status=status,
    )


def _from_earlier(referral_id: uuid.UUID, offer: Offer) -> ReferralForm:
    row = queries.referral_of_sender(referral_id, sender=who())
    if row is None or row.sender_id != who().id or not is_readable(row):
        raise NotFoundError
    typed = typed_again(row, queries.content_of(row))
    with transaction():
        record(
            Action.REFERRAL_VIEWED,
            actor=who(),
            object_type="referral",
            object_id=referral_id,
            subject=subject_key(referral_id),
            now=clock.now(),
            detail={"page": "new"},
        )
    form = ReferralForm(offer=offer, formdata=typed)
    form.text_language.data = current_language()
    return form


def _blank(offer: Offer) -> ReferralForm:
    form = ReferralForm(offer=offer, formdata=None)
    form.text_language.data = current_language()
    return form


def _offer(kind: Kind) -> Offer:
    return Offer(
        openings=openings(kind, on=today()),
        reasons=kinds.reasons(kind.code),
        interests=kinds.interests(kind.code),
        language=current_language(),
    )


def _others(kind: Kind) -> Sequence[KindLink]:
    return [kind_link(each) for each in kinds.kinds() if each.code != kind.code]


def _kind(code: str) -> Kind:
    found = kinds.kind(code)
    if found is None:
        raise NotFoundError
    return found


def _consent_text(kind: Kind, language: str, on: dt.date) -> ConsentText:
    text = queries.consent_text(kind.code, language, on=on)
    if text is None:
        raise NotFoundError
    return text


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
