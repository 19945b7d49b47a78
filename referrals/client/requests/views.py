"""Asking to be contacted (/ota-yhteytta): no session, no cookie, and nothing of a person in an address.

The receipt is the answer to the form itself. A page of its own could show the code once only by changing something
on GET, or by an address that opens it; so a page loaded again sends the same form, which is then known.
"""

from typing import Final

from babel.lists import format_list
from flask import Blueprint, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from referrals.client import codes, identification
from referrals.client.requests.forms import RequestForm, is_ready
from referrals.client.requests.operations import Receipt, request_contact
from referrals.client.requests.pages import ChoicePage, KindChoice, ReceiptPage, RequestPage
from referrals.county.sending.openings import openings
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from servicetray.accounts import queries as accounts
from servicetray.accounts import throttle
from servicetray.core import access, anonymous, clock
from servicetray.core.anonymous import FormProblem
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text, render
from servicetray.core.settings import current_settings

blueprint = Blueprint("contact_me", __name__, url_prefix="/ota-yhteytta")

PURPOSE: Final = "contact_me"
MOST_FROM_ADDRESS: Final = 12
MOST_IN_ALL: Final = 300

PROBLEMS: dict[FormProblem, Text] = {
    FormProblem.FORGED: _l(
        "We could not see that this came from this page. Read it through and send once more."
    ),
    FormProblem.TOO_OLD: _l("The page had been open for a long time. Read it through and send once more."),
    FormProblem.TOO_FAST: _l("That was very quick. Read it through and send once more."),
    FormProblem.TRAPPED: _l(
        "Something in your browser filled in a field that people don't see. Send once more."
    ),
}


@blueprint.get("")
@access.public
def choose() -> BaseResponse:
    """Show which counselling can be asked for, and where."""
    return render(
        ChoicePage(
            title=_("Ask to be contacted"), kinds=[each for kind in kinds.kinds() if (each := _choice(kind))]
        )
    )


@blueprint.get("/<kind>")
@access.public
def form(kind: str) -> BaseResponse:
    """Show the form of one kind of counselling."""
    chosen = _kind(kind)
    return _private(_form_page(chosen, _blank(chosen)))


@blueprint.post("/<kind>")
@anonymous.takes_forms
@access.public
def send(kind: str) -> BaseResponse:
    """Take the request in, or show the form again with everything typed."""
    chosen, now = _kind(kind), clock.now()
    typed = _form(chosen, filled=True)
    if not is_ready(typed, today=clock.helsinki_day(now)):
        return _private(_form_page(chosen, typed, status=422))
    problem = anonymous.problem_of(PURPOSE, now=now)
    if problem is not None:
        return _private(_form_page(chosen, typed, problem=str(PROBLEMS[problem]), status=422))
    key, opening = anonymous.read_key(PURPOSE), typed.opening
    assert key is not None
    assert opening is not None
    assert opening.route is not None
    receipt: Receipt | None = None
    with transaction():
        receiver = accounts.unit(opening.route.unit_id)
        if _may_send() and receiver is not None:
            receipt = request_contact(
                typed,
                kind=chosen,
                route=opening.route,
                receiver=receiver,
                form_key=key.id,
                language=current_language(),
                with_code=identification.is_open(current_settings()),
                now=now,
            )
    if receipt is None:
        said = _(
            "Many requests come in just now. Wait ten minutes and send once more, or call: %(phone)s.",
            phone=opening.unit_phone,
        )
        return _private(_form_page(chosen, typed, problem=said, status=429))
    return _private(
        render(
            ReceiptPage(
                title=_("Your request has arrived"),
                reference=receipt.reference,
                code=codes.written(receipt.code) if receipt.code else "",
                unit_name=opening.unit_name,
                unit_phone=opening.unit_phone,
                has_own_page=identification.is_open(current_settings()),
            )
        )
    )


def _may_send() -> bool:
    now, address = clock.now(), throttle.network(request.remote_addr or "")
    from_address = throttle.take("contact_me", address, most=MOST_FROM_ADDRESS, now=now)
    in_all = throttle.take("contact_me_all", "", most=MOST_IN_ALL, now=now)
    return from_address and in_all


def _kind(code: str) -> Kind:
    kind = kinds.kind(code)
    if kind is None:
        raise NotFoundError
    return kind


def _choice(kind: Kind) -> KindChoice | None:
    found = [each.name for each in openings(kind, on=clock.helsinki_day(clock.now())) if each.is_open]
    if not found:
        return None
    return KindChoice(
        url=url_for(".form", kind=kind.code),
        name=_counselling(kind),
        colour=kind.colour,
        icon=kind.icon,
        open_in=format_list(found, locale=get_locale() or "fi"),
    )


def _counselling(kind: Kind) -> str:
    return in_language(kind.counselling, current_language()).text


def _form(kind: Kind, *, filled: bool) -> RequestForm:
    return RequestForm(
        request.form if filled else None,
        openings=openings(kind, on=clock.helsinki_day(clock.now())),
        interests=kinds.interests(kind.code) if kind.asks_interests else (),
        language=current_language(),
    )


def _blank(kind: Kind) -> RequestForm:
    blank = _form(kind, filled=False)
    wanted = request.args.get("kunta", "")
    if wanted in blank.openings:
        blank.municipality.data = wanted
    return blank


def _form_page(kind: Kind, typed: RequestForm, *, problem: str = "", status: int = 200) -> BaseResponse:
    everywhere = openings(kind, on=clock.helsinki_day(clock.now()))
    counselling = _counselling(kind)
    return render(
        RequestPage(
            title=_(
                "Ask to be contacted: %(counselling)s", counselling=counselling[:1].lower() + counselling[1:]
            ),
            form=typed,
            form_key=anonymous.make_key(PURPOSE, now=clock.now()),
            problem=problem,
            closed=[each for each in everywhere if not each.is_open],
        ),
        status=status,
    )


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
