"""The client's own page (/oma): in by a code and the birth year, every change by POST, and out at once.

The code never stands in an address. The pages say nothing that tells of what, why, where or when, are kept by no
cache and carry a neutral title. They keep the site's referrer policy, by which other sites learn nothing; with
none at all browsers would no longer say that a form comes from our own page.
"""

import uuid
from typing import Final

from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals.call_times.operations import NotBookableError, TimePastError, TimeTakenError
from referrals.client import codes, operations, queries, visits
from referrals.client.forms import CallForm, EnterForm, NumberForm, TimeForm
from referrals.client.labels import ASKED, MORE, STAGES
from referrals.client.messages import Said
from referrals.client.models import MessageKind
from referrals.client.pages import EnterPage, StandingPage, TimesPage, WithdrawnPage, WithdrawPage
from referrals.client.visits import Visit
from referrals.handover.booking import book_time
from referrals.moves import MoveRefused
from servicetray.accounts import throttle
from servicetray.core import access, anonymous, clock
from servicetray.core.anonymous import FormProblem
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import Text, render

blueprint = Blueprint("client", __name__, url_prefix="/oma")

TITLE: Final[Text] = _l("Your matters")
PURPOSE: Final = "client"
MOST_FROM_ADDRESS: Final = 60
MOST_OF_CODE: Final = 8
MOST_IN_ALL: Final = 600
MOST_IN_HASTE: Final = 4
"""From one address, once there are more tries in all than people make: nobody is shut out by strangers."""


@blueprint.get("")
@access.public
def page() -> BaseResponse:
    """Show the stage to who has entered, and else the door."""
    visit = visits.current(now=clock.now())
    if visit is None:
        return _private(_door(EnterForm()))
    _touch(visit)
    return _private(_standing(visit))


@blueprint.post("")
@anonymous.takes_forms
@access.public
def enter() -> BaseResponse:
    """Check code and birth year, and open a visit."""
    now, form = clock.now(), EnterForm(request.form)
    if not form.validate():
        return _private(_door(form, status=422))
    problem = anonymous.problem_of(PURPOSE, now=now)
    if problem is not None and problem is not FormProblem.TOO_FAST:
        return _private(
            _door(_said(form, _("The page had been open too long. Press once more.")), status=422)
        )
    typed, year = form.code.data or "", int(form.birth_year.data or 0)
    token = ""
    with transaction():
        allowed = _may_try(typed)
        code = codes.check(typed, year, now=now) if allowed else None
        if code is not None:
            token = visits.begin(code, now=now)
    if not allowed:
        return _private(_door(_said(form, _("Too many tries. Wait ten minutes and try again.")), status=429))
    if not token:
        sentence = _("The code and the year don't go together. Check both, or ask for a new code.")
        return _private(_door(_said(form, sentence), status=422))
    response = redirect(url_for(".page"), code=303)
    visits.give_cookie(response, token)
    return _private(response)


@blueprint.post("/poistu")
@anonymous.takes_forms
@access.public
def leave() -> BaseResponse:
    """End the visit at once, whatever state it is in, and go to a page that tells of nothing."""
    if not anonymous.is_from_our_page():
        raise NotFoundError
    with transaction():
        visits.end(request.cookies.get(visits.cookie_name(), ""), now=clock.now())
    has_front = "topics.front" in current_app.view_functions
    return _left(url_for("topics.front" if has_front else ".page"))


@blueprint.post("/soitto")
@anonymous.takes_forms
@access.public
def ask_call() -> BaseResponse:
    """Pass on that the client would like to be called."""
    return _say(MessageKind.CALL_AGAIN, CallForm(request.form))


@blueprint.post("/aika-sopii")
@anonymous.takes_forms
@access.public
def best_time() -> BaseResponse:
    """Pass on when it is best to call."""
    return _say(MessageKind.BEST_TIME, CallForm(request.form))


@blueprint.post("/numero")
@anonymous.takes_forms
@access.public
def new_number() -> BaseResponse:
    """Pass on a new number, as a claim."""
    return _say(MessageKind.NEW_NUMBER, NumberForm(request.form))


@blueprint.post("/ei-tarvetta")
@anonymous.takes_forms
@access.public
def no_longer_needed() -> BaseResponse:
    """Pass on that it is no longer needed; what follows from it a person decides."""
    return _say(MessageKind.NO_LONGER_NEEDED, CallForm(MultiDict()))


@blueprint.get("/ajat")
@access.public
def times() -> BaseResponse:
    """Show the times to choose from."""
    visit = visits.current(now=clock.now())
    if visit is None:
        return _to_door()
    _touch(visit)
    form = _time_form(visit)
    return _private(_times(visit, form)) if form.time.choices else _to_door()


@blueprint.post("/ajat")
@anonymous.takes_forms
@access.public
def choose_time() -> BaseResponse:
    """Take one of the free times."""
    now = clock.now()
    visit = _own_visit()
    if visit is None:
        return _to_door()
    form = _time_form(visit)
    if not form.validate():
        return _private(_times(visit, form, status=422)) if form.time.choices else _to_door()
    try:
        with transaction():
            visits.touch(visit, now=now)
            book_time(visit.referral.id, time_id=uuid.UUID(form.time.data), actor=None, now=now)
    except (TimeTakenError, TimePastError):
        form = _time_form(visit)
        form.time.errors = [_("Somebody was a moment ahead of you. Choose another time.")]
        return _private(_times(visit, form, status=422))
    except NotBookableError:
        return _to_door()
    return _private(redirect(url_for(".page"), code=303))


@blueprint.get("/lupa")
@access.public
def ask_withdraw() -> BaseResponse:
    """Ask once more before the permission is taken back."""
    visit = visits.current(now=clock.now())
    if visit is None or not queries.standing(visit.referral, now=clock.now()).may_withdraw:
        return _to_door()
    _touch(visit)
    return _private(render(WithdrawPage(title=TITLE, visit_key=visit.key)))


@blueprint.post("/lupa")
@anonymous.takes_forms
@access.public
def withdraw() -> BaseResponse:
    """Take the permission back (R9, R9b); the visit ends with it."""
    visit = _own_visit()
    if visit is None:
        return _to_door()
    try:
        with transaction():
            operations.withdraw(visit.referral.id, now=clock.now())
    except MoveRefused:
        return _to_door()
    return _left(url_for(".withdrawn"))


@blueprint.get("/lupa/peruttu")
@access.public
def withdrawn() -> BaseResponse:
    """Say that the permission is taken back, to whoever comes here: the page knows nobody."""
    return _private(render(WithdrawnPage(title=TITLE)))


def _say(kind: MessageKind, form: CallForm | NumberForm) -> BaseResponse:
    visit = _own_visit()
    if visit is None:
        return _to_door()
    if not form.validate():
        return _private(_standing(visit, form=form, status=422))
    said = Said(
        phone=(form.phone.data or "") if isinstance(form, NumberForm) else "",
        best_time=(form.best_time.data or "") if isinstance(form, CallForm) else "",
    )
    now, referral_id = clock.now(), visit.referral.id
    with transaction():
        visits.touch(visit, now=now)
        operations.say(referral_id, kind, said, now=now)
    return _private(redirect(url_for(".page", kerrottu=kind.value), code=303))


def _own_visit() -> Visit | None:
    """Return the visit whose form this is; a form of another site or another visit is nowhere."""
    visit = visits.current(now=clock.now())
    if visit is not None and not (visits.is_of_visit(visit) and anonymous.is_from_our_page()):
        raise NotFoundError
    return visit


def _may_try(typed: str) -> bool:
    now, address = clock.now(), throttle.network(request.remote_addr or "")
    # All are counted, so that none is spared by another's having run out.
    in_all = throttle.take("client_all", "", most=MOST_IN_ALL, now=now)
    calm = throttle.take("client_haste", address, most=MOST_IN_HASTE, now=now)
    from_address = throttle.take("client_address", address, most=MOST_FROM_ADDRESS, now=now)
    of_code = throttle.take("client_code", codes.throttle_name(typed), most=MOST_OF_CODE, now=now)
    return from_address and of_code and (in_all or calm)


def _touch(visit: Visit) -> None:
    if visit.wants_touch:
        with transaction():
            visits.touch(visit, now=clock.now())


def _door(form: EnterForm, *, status: int = 200) -> BaseResponse:
    return render(
        EnterPage(
            title=TITLE,
            form=form,
            form_key=anonymous.make_key(PURPOSE, now=clock.now()),
        ),
        status=status,
    )


def _standing(visit: Visit, *, form: CallForm | NumberForm | None = None, status: int = 200) -> BaseResponse:
    known = queries.standing(visit.referral, now=clock.now())
    told = request.args.get("kerrottu", "")
    call = form if isinstance(form, CallForm) else CallForm()
    number = form if isinstance(form, NumberForm) else NumberForm()
    return render(
        StandingPage(
            title=TITLE,
            standing=known,
            stage=STAGES[known.stage],
            more=MORE[known.stage],
            told=ASKED[MessageKind(told)] if told in set(MessageKind) else "",
            visit_key=visit.key,
            form=form or call,
            call=call,
            number=number,
        ),
        status=status,
    )


def _time_form(visit: Visit) -> TimeForm:
    form = TimeForm()
    form.time.choices = [
        SelectChoice(
            value=str(each.id),
            label=format_datetime(clock.helsinki(each.starts_at), _time_words(), rebase=False),
        )
        for each in queries.times_for(visit.referral, now=clock.now())
    ]
    form.process(request.form)
    return form


def _time_words() -> str:
    return _("EEEE d.M., 'at' H:mm")


def _times(visit: Visit, form: TimeForm, *, status: int = 200) -> BaseResponse:
    return render(TimesPage(title=TITLE, form=form, visit_key=visit.key), status=status)


def _said(form: EnterForm, sentence: str) -> EnterForm:
    form.code.errors = [*form.code.errors, sentence]
    return form


def _to_door() -> BaseResponse:
    return _private(redirect(url_for(".page"), code=303))


def _left(address: str) -> BaseResponse:
    response = redirect(address, code=303)
    visits.take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return _private(response)


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
