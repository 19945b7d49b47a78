"""Addresses of the wellbeing card: putting it together (/kortti/kokoa), showing it (/kortti), its code (/k).

Nobody signs in, and nothing is kept: a card is its address. Only a short code is a row, for 90 days.
"""

import contextlib
import datetime as dt
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import throttle
from servicetray.core import access, anonymous, clock
from servicetray.core.anonymous import FormProblem
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import Text, render
from themes.wellbeing_card import addresses
from themes.wellbeing_card.addresses import CARD
from themes.wellbeing_card.card import (
    Card,
    FullCardError,
    Item,
    ItemKind,
    ShortCode,
    UnreadableCardError,
)
from themes.wellbeing_card.composing import MAKING, compose_page
from themes.wellbeing_card.contents import contents
from themes.wellbeing_card.operations import KEPT, CardIds, TooManyTriesError, card_of, make_code, plain
from themes.wellbeing_card.pages import CardPage, OpenPage, UnreadablePage
from themes.wellbeing_card.picking import Asked

blueprint = Blueprint("wellbeing_card", __name__)

OPENING: Final = "card_open"
MOST_MADE: Final = 60
"""Codes made from one address within ten minutes, at most; a whole hospital may have one."""
AT_ONCE: Final = dt.timedelta(0)
"""A button alone may be pressed as soon as it is there."""
ONLY: Final = {"a4": "a4", "lompakko": "wallet"}
LONGEST_CODE: Final = 12

KINDS: Final = {
    "palvelu": ItemKind.SERVICE,
    "ryhma": ItemKind.GROUP,
    "teema": ItemKind.THEME,
    "testi": ItemKind.TOOL,
    "ohjelma": ItemKind.PROGRAMME,
    "tapahtuma": ItemKind.EVENT,
    "polku": ItemKind.PATH,
}
"""Which name in the address of "add to a card" means what."""

PROBLEMS: Final[dict[FormProblem, Text]] = {
    FormProblem.FORGED: _l("We could not see that this came from this page. Press the button once more."),
    FormProblem.TOO_OLD: _l("The page had been open for a long time. Press the button once more."),
    FormProblem.TOO_FAST: _l("The page had been open for a long time. Press the button once more."),
    FormProblem.TRAPPED: _l("Something in your browser filled in a field that people don't see. Try again."),
}


@blueprint.get("/kortti/kokoa")
@access.public
def compose() -> BaseResponse:
    """Show the card so far, what can be added, and once there is something, how to hand it over."""
    try:
        card = _card()
    except UnreadableCardError:
        return _unreadable()
    return _private(render(compose_page(card, _asked(), today=_today())))


@blueprint.get("/kortti/lisaa")
@access.public
def add() -> BaseResponse:
    """Put one thing on the card of the address, or on a new one, and go on there."""
    try:
        card, item = _card(), _named_item()
    except UnreadableCardError:
        return _unreadable()
    if item is not None:
        # A full card stays as it is, and its page says that it is full.
        with contextlib.suppress(FullCardError):
            card = card.with_item(item)
    return redirect(addresses.compose(card), code=303)


@blueprint.get("/kortti")
@access.public
def show() -> BaseResponse:
    """Show a card in the language of the page: on the screen, and on paper."""
    if not request.args.get(CARD):
        return redirect(url_for("wellbeing_card.compose"), code=303)
    try:
        card = _card()
    except UnreadableCardError:
        return _unreadable()
    language, today = current_language(), _today()
    known = contents(card, language=language, today=today)
    return render(
        CardPage(
            title=_("Wellbeing card"),
            entries=known.entries,
            gone=len(known.gone),
            large=card.large,
            only=ONLY.get(request.args.get("koko", ""), ""),
            qr=addresses.qr(addresses.sent(card, language=language)),
            site=addresses.site(),
            code=addresses.code_shown(_living(card.code, today), language=language),
            edit_url=addresses.compose(card),
            both_url=addresses.shown(card, language=language),
            sheet_url=addresses.shown(card, language=language, only="a4"),
            wallet_url=addresses.shown(card, language=language, only="lompakko"),
            today=today,
        )
    )


@blueprint.post("/kortti/koodi")
@anonymous.takes_forms
@access.public
def make() -> BaseResponse:
    """Keep what is on the card for 90 days under a short code, and go on with it."""
    try:
        card = addresses.card_in(request.form.get(CARD, ""))
    except UnreadableCardError:
        return _unreadable(status=422)
    now, today = clock.now(), _today()
    problem = anonymous.problem_of(MAKING, now=now, fastest=AT_ONCE)
    if problem is not None or not card.items:
        said = PROBLEMS[problem] if problem else _("Pick something first.")
        return _private(render(compose_page(card, Asked(), today=today, problem=said), status=422))
    code = ""
    with transaction():
        address = throttle.network(request.remote_addr or "")
        if throttle.take(MAKING, address, most=MOST_MADE, now=now):
            code = make_code(CardIds.of(card), now=now)
    if not code:
        said = _("Many codes are being made from here just now. Wait ten minutes and press once more.")
        return _private(render(compose_page(card, Asked(), today=today, problem=said), status=429))
    # Its last whole day: the row ends in the course of the next one.
    until = clock.helsinki_day(now + KEPT) - dt.timedelta(days=1)
    return redirect(
        addresses.compose(card.with_code(ShortCode(code=code, until=until)), anchor="valmis"), code=303
    )


@blueprint.get("/k")
@blueprint.get("/k/<code>")
@access.public
def open_form(code: str = "") -> BaseResponse:
    """Ask for a card's code; an address that holds it fills it in, and the press of the button looks it up."""
    return _open_page(plain(code)[:LONGEST_CODE])


@blueprint.post("/k")
@anonymous.takes_forms
@access.public
def open_code() -> BaseResponse:
    """Look a code up, at most so often, and go to its card."""
    code, now = plain(request.form.get("koodi", "")[: 3 * LONGEST_CODE])[:LONGEST_CODE], clock.now()
    problem = anonymous.problem_of(OPENING, now=now, fastest=AT_ONCE)
    if problem is not None:
        return _open_page(code, PROBLEMS[problem], status=422)
    if not code:
        return _open_page(code, _("Type the code that stands on your card."), status=422)
    found: CardIds | None = None
    too_many = False
    with transaction():
        try:
            found = card_of(code, address=request.remote_addr or "", now=now)
        except TooManyTriesError:
            too_many = True
    if too_many:
        said = _("Too many codes were tried from here. Wait ten minutes and try again.")
        return _open_page(code, said, status=429)
    if found is None:
        said = _(
            "We don't find a card with this code. Check it once more. A code lasts for 90 days; the QR code and "
            "the link of your card work longer."
        )
        return _open_page(code, said, status=422)
    language = current_language()
    return redirect(addresses.shown(found.card.read_as(language=language), language=language), code=303)


def _open_page(code: str, problem: Text = "", *, status: int = 200) -> BaseResponse:
    page = OpenPage(
        title=_("Open a wellbeing card"),
        code=code,
        form_key=anonymous.make_key(OPENING, now=clock.now()),
        problem=problem,
    )
    return _private(render(page, status=status))


def _unreadable(*, status: int = 404) -> BaseResponse:
    return _private(render(UnreadablePage(title=_("This card does not open")), status=status))


def _card() -> Card:
    text = request.args.get(CARD, "")
    if not text:
        language = current_language()
        return Card(language=language if language in LANGUAGES else LANGUAGES[0])
    return addresses.card_in(text)


def _named_item() -> Item | None:
    for name, kind in KINDS.items():
        ref = request.args.get(name)
        if ref:
            try:
                return Item.of(kind, ref)
            except UnreadableCardError as error:
                raise NotFoundError(ref) from error
    return None


def _asked() -> Asked:
    return Asked(
        query=request.args.get("q", ""),
        theme=request.args.get("teema", ""),
        municipality=request.args.get("kunta", ""),
        page=request.args.get("sivu"),
    )


def _living(code: ShortCode | None, today: dt.date) -> ShortCode | None:
    return code if code is not None and today <= code.until else None


def _private(response: BaseResponse) -> BaseResponse:
    # A form's key is fresh each time; and a professional's way through a card is nobody else's.
    response.headers["Cache-Control"] = "no-store"
    return response


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
