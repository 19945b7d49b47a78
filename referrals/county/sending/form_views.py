"""The form of a new referral: shown, previewed, kept unfinished, sent once."""

import uuid
from collections.abc import Sequence

import structlog
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from referrals.county import content as contents
from referrals.county import operations, queries
from referrals.county.models import Referral
from referrals.county.sending import calls, cards, checks, drafts, elsewhere, practising
from referrals.county.sending.composing import new_referral, preview_of, typed_again
from referrals.county.sending.forms import LONGEST_CODE, YES, Offer, ReferralForm
from referrals.county.sending.openings import openings
from referrals.county.sending.owners import is_own as is_own
from referrals.county.sending.owners import owner_mark as owner_mark
from referrals.county.sending.pages import ClosedPage, KindLink, NewPage
from referrals.county.sending.standing import is_readable
from referrals.county.sending.views import blueprint as blueprint
from referrals.county.sending.views import kind_link, today
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import MoveRefused
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts import throttle
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import Text, render

TEXT_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}
STEP = "step"
SHOW_TEXT = "text-"
MORE_TIMES = "times"
CARD = "kortti"
"""The query's name for a card's code; it only fills the field in, the press of a button looks it up."""
TRIES = 2
MOST_LOOKUPS = 30
"""Look-ups for duplicates that one person gets within ten minutes."""

log = structlog.get_logger()


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
    chosen = kind_of(kind)
    offer = offer_of(chosen, municipality=_own_municipality())
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
        return _earlier(again, chosen)
    if draft_key is None:
        form = _blank(offer)
        form.card_code.data = (request.args.get(CARD) or "")[:LONGEST_CODE] or None
        return form_page(form, chosen, offer)
    return _unfinished(draft_key, chosen, offer)


@blueprint.post("/lahetteet/uusi/<kind>")
@access.needs(Permission.REFERRAL_SEND)
def create(kind: str) -> BaseResponse:
    """Send the form once, keep it unfinished, or show it again: with a preview, or the text in a language."""
    chosen = kind_of(kind)
    step = request.form.get(STEP, "send")
    form = posted_form(chosen, more=step == MORE_TIMES)
    if not is_own(form, who()):
        raise NotFoundError
    earlier = queries.sent_with(form.key, sender=who())
    if earlier is not None:
        return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    if practising.is_of_other_mode(form):
        practising.take_over(form)
        return form_page(form, chosen, form.offer, notice=practising.CHANGED, status=422)
    if step == "save":
        return _save(form, chosen)
    if step != "send":
        return _show_again(form, chosen, step)
    if not checks.is_ready(form, today=today()) or not is_text_read(form, chosen):
        return form_page(form, chosen, form.offer, status=422)
    return _send(form, chosen, form.offer)


def _show_again(form: ReferralForm, chosen: Kind, step: str) -> BaseResponse:
    """Show the form with everything typed and its preview: in another language, with more times, with a card."""
    if step == practising.INVENT and form.is_practice:
        practising.invent(form, kind=chosen)
    if step.removeprefix(SHOW_TEXT) in LANGUAGES:
        form.text_language.data = step.removeprefix(SHOW_TEXT)
    if form.note_codes():
        return form_page(form, chosen, form.offer, status=422)
    if not form.card_code.data:
        return form_page(form, chosen, form.offer)
    with transaction():
        card = cards.read(form.card_code.data, address=request.remote_addr or "", now=clock.now())
    if isinstance(card, cards.Refused):
        form.card_code.errors = [cards.REFUSALS[card]]
        return form_page(form, chosen, form.offer, status=422)
    leads_to = cards.clear_kind(card, language=current_language(), today=today())
    if leads_to is not None and leads_to != chosen.code and kinds.kind(leads_to) is not None:
        # Reasons and interests are of a kind; all else that was typed goes along.
        chosen = kind_of(leads_to)
        form = posted_form(chosen)
    notice = cards.fill_in(form, card, today=today())
    form.card_code.data = None
    return form_page(form, chosen, form.offer, notice=notice)


def _unfinished(draft_key: uuid.UUID, chosen: Kind, offer: Offer) -> BaseResponse:
    earlier = queries.sent_with(draft_key, sender=who())
    if earlier is not None:
        return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    typed = drafts.opened(draft_key, kind_code=chosen.code, user=who(), now=clock.now())
    if typed is None or typed.get("practice", "") != practising.mode():
        return form_page(
            _blank(offer), chosen, offer, notice=_("That unfinished referral is no longer here.")
        )
    with transaction():
        record(Action.REFERRAL_VIEWED, actor=who(), object_type="draft", object_id=draft_key, now=clock.now())
    offer = offer_of(chosen, municipality=elsewhere.receiving(typed))
    form = ReferralForm(offer=offer, formdata=typed)
    form.form_key.data = str(draft_key)
    notice = _("You are signed in again, and your text is here. Look it over and send.")
    return form_page(form, chosen, offer, notice=notice if "jatka" in request.args else "")


def _send(form: ReferralForm, kind: Kind, offer: Offer) -> BaseResponse:
    for _try in range(TRIES):
        try:
            with transaction():
                duplicates = duplicates_of(form, kind)
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
            return form_page(form, kind, offer, duplicates=duplicates, status=422)
        except calls.TakenError:
            form.say(form.call_time, _("That time was taken a moment ago. Choose another, or leave it open."))
            form.offer_times(offer_of(kind, municipality=form.opening.code if form.opening else None))
            return form_page(form, kind, form.offer, status=422)
        except MoveRefused:
            form.municipality.errors = [_("The municipality stopped taking referrals a moment ago.")]
            return form_page(form, kind, offer_of(kind, municipality=None), status=422)
        except IntegrityError:
            # The same form came twice at once: the other one won. Else the random reference was in use.
            earlier = queries.sent_with(form.key, sender=who())
            if earlier is not None:
                return redirect(url_for("sending.receipt", referral_id=earlier.id), code=303)
    raise ConflictError


def is_text_read(form: ReferralForm, kind: Kind) -> bool:
    """Tell whether the record of the consent would name the words that were read; say it where not."""
    if not elsewhere.is_recipient_read(form):
        return False
    if form.text_version.data == elsewhere.text_to_read(form, kind, on=today()).version:
        return True
    form.consent_given.data = False
    form.say(
        form.consent_given,
        _("The text to read aloud has changed. Read the new one to the client and mark the consent again."),
    )
    return False


def _operate(form: ReferralForm, kind: Kind) -> Referral:
    now, user, opening = clock.now(), who(), form.opening
    day = clock.helsinki_day(now)
    route = municipality.route(kind.code, opening.code, on=day) if opening else None
    receiver = accounts.unit(route.unit_id) if route else None
    if route is None or receiver is None:
        raise NotFoundError
    text = elsewhere.text_to_read(form, kind, on=day)
    new_one = new_referral(form, kind=kind, text=text, sender=user)
    sent = operations.send(new_one, route=route, receiver=receiver, actor=user, now=now)
    if form.chosen_time is not None:
        calls.book(form.chosen_time, referral=sent, actor=user, now=now)
    return sent


def duplicates_of(form: ReferralForm, kind: Kind) -> Sequence[Referral]:
    """Return open referrals of the same person and kind that this person may open already; the log tells of it."""
    assert form.year is not None
    now, user = clock.now(), who()
    if not throttle.take("duplicates", str(user.id), most=MOST_LOOKUPS, now=now):
        # Nobody sends so many: the look-up would answer whether somebody was referred. Sending goes on without.
        log.warning("duplicate_lookups_stopped", user=str(user.id))
        record(
            Action.DUPLICATE_LOOKED_UP,
            actor=user,
            object_type="form",
            object_id=form.key,
            now=now,
            detail={"stopped": "too many"},
        )
        return ()
    index = contents.person_index(
        first_name=form.first_name.data or "", last_name=form.last_name.data or "", birth_year=form.year
    )
    found = queries.open_for_same_person(index, kind_code=kind.code, sender=user, practice=form.is_practice)
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


def form_page(
    form: ReferralForm,
    kind: Kind,
    offer: Offer,
    *,
    status: int = 200,
    duplicates: Sequence[Referral] = (),
    notice: Text = "",
) -> BaseResponse:
    return render(page_of(form, kind, offer, duplicates=duplicates, notice=notice), status=status)


def page_of(
    form: ReferralForm,
    kind: Kind,
    offer: Offer,
    *,
    duplicates: Sequence[Referral] = (),
    notice: Text = "",
) -> NewPage:
    """Return what the page of a form shows, and make the form the signed-in person's."""
    link, day = kind_link(kind), today()
    form.form_key.data = str(form.key)
    form.owner.data = owner_mark(form, who())
    form.practice.data = practising.mode()
    form.text_language.data = form.read_in
    text = elsewhere.text_to_read(form, kind, on=day)
    form.text_version.data, form.read_for.data = text.version, form.elsewhere_code
    return NewPage(
        title=link.new_title,
        form=form,
        action=url_for("sending.create", kind=kind.code),
        keep_url=url_for("sending.keep", kind=kind.code),
        kind=link,
        going_to=in_language(kind.counselling_in, current_language()),
        others=_others(kind),
        open_notes={each.code: each.note for each in offer.homes},
        closed=[each for each in offer.openings if each not in offer.homes],
        consent_text=text,
        text_languages=[(code, name, code == form.read_in) for code, name in TEXT_NAMES.items()],
        preview=preview_of(form, sender=who()),
        asks_parties=checks.asks_parties(form, today=day),
        times_elsewhere=calls.any_published(),
        duplicates=duplicates,
        notice=notice,
    )


def _earlier(referral_id: uuid.UUID, kind: Kind) -> BaseResponse:
    """Show a new form with what an earlier referral of one's own told of the client."""
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
    offer = offer_of(kind, municipality=elsewhere.receiving(typed))
    form = ReferralForm(offer=offer, formdata=typed)
    form.text_language.data = current_language()
    return form_page(form, kind, offer)


def _blank(offer: Offer) -> ReferralForm:
    form = ReferralForm(offer=offer, formdata=None)
    form.text_language.data = current_language()
    own = offer.opening(_own_municipality())
    if own is not None and own.is_open:
        # Most clients live where their nurse works; whoever does not is one press away.
        form.municipality.data = own.code
    return form


def _own_municipality() -> str:
    unit = who().unit
    return (unit.municipality_code or "") if unit else ""


def posted_form(kind: Kind, *, more: bool = False) -> ReferralForm:
    """Return the form as it was posted, with what can be chosen today."""
    more = more or bool(request.form.get("more_times"))
    form = ReferralForm(offer=offer_of(kind, municipality=elsewhere.receiving(request.form), more=more))
    form.more_times.data = YES if more else ""
    return form


def offer_of(kind: Kind, *, municipality: str | None, more: bool = False) -> Offer:
    """Return what can be chosen today; the call times are those of a municipality."""
    found = openings(kind, on=today())
    opening = next((each for each in found if each.code == municipality), None)
    times = calls.offered(opening, now=clock.now(), more=more)
    return Offer(
        openings=found,
        reasons=kinds.reasons(kind.code),
        interests=kinds.interests(kind.code),
        language=current_language(),
        times=times.shown,
        more_times=times.more,
    )


def _others(kind: Kind) -> Sequence[KindLink]:
    return [kind_link(each) for each in kinds.kinds() if each.code != kind.code]


def kind_of(code: str) -> Kind:
    found = kinds.kind(code)
    if found is None:
        raise NotFoundError
    return found


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
