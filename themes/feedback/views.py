"""Giving feedback (/palaute): no account, no cookie, and nothing of a person in an address."""

import uuid
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import throttle
from servicetray.core import access, anonymous, clock
from servicetray.core.db import Localized, in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.directory import queries as directory
from themes.feedback import operations
from themes.feedback.forms import FeedbackForm
from themes.feedback.labels import PROBLEMS
from themes.feedback.models import Topic
from themes.feedback.pages import FeedbackPage, ThanksPage

blueprint = Blueprint("feedback", __name__, url_prefix="/palaute")

PURPOSE: Final = "feedback"
MOST_FROM_ADDRESS: Final = 10
MOST_IN_ALL: Final = 200


@blueprint.get("")
@access.public
def form() -> BaseResponse:
    """Show the form; ``palvelu`` is the service that it is about, ``aihe`` a topic that is chosen already."""
    service_id = _service_id()
    wanted = request.args.get("aihe", "")
    if service_id is not None:
        wanted = wanted or Topic.SERVICE.value
    known = wanted in {topic.value for topic in Topic}
    return _form_page(FeedbackForm(formdata=None, topic=wanted if known else None))


@blueprint.post("")
@anonymous.takes_forms
@access.public
def send() -> BaseResponse:
    """Take the feedback in, or show the form again with everything typed."""
    typed, now = FeedbackForm(), clock.now()
    if not typed.validate():
        return _form_page(typed, status=422)
    problem = anonymous.problem_of(PURPOSE, now=now)
    if problem is not None:
        return _form_page(typed, problem=str(PROBLEMS[problem]), status=422)
    key, service_id, given = anonymous.read_key(PURPOSE), _service_id(), None
    assert key is not None
    with transaction():
        if _may_send():
            given = operations.give(
                topic=typed.chosen,
                text=typed.text.data or "",
                contact=typed.contact.data or "",
                service_id=service_id,
                language=current_language(),
                form_key=key.id,
                now=now,
            )
    if given is None:
        said = _("Much feedback comes in just now. Wait ten minutes and send once more.")
        return _form_page(typed, problem=said, status=429)
    return redirect(
        url_for(
            ".thanks",
            aihe=typed.chosen.value,
            vastaus=1 if typed.contact.data else None,
            palvelu=service_id,
        ),
        code=303,
    )


@blueprint.get("/kiitos")
@access.public
def thanks() -> BaseResponse:
    """Say what happens next; the address tells the topic and whether there is somebody to answer, nothing else."""
    service_id = _service_id()
    return render(
        ThanksPage(
            title=_("Thank you for your feedback"),
            accessibility=request.args.get("aihe") == Topic.ACCESSIBILITY.value,
            answered=request.args.get("vastaus") == "1",
            service_url=url_for("directory.service", service_id=service_id) if service_id else "",
        )
    )


def _may_send() -> bool:
    now, address = clock.now(), throttle.network(request.remote_addr or "")
    from_address = throttle.take("feedback", address, most=MOST_FROM_ADDRESS, now=now)
    in_all = throttle.take("feedback_all", "", most=MOST_IN_ALL, now=now)
    return from_address and in_all


def _service_id() -> uuid.UUID | None:
    try:
        service_id = uuid.UUID(request.args.get("palvelu", ""))
    except ValueError:
        return None
    return service_id if service_id in directory.service_names([service_id]) else None


def _service(service_id: uuid.UUID | None) -> Localized | None:
    names = directory.service_names([service_id]) if service_id else {}
    return in_language(names[service_id], current_language()) if service_id in names else None


def _form_page(typed: FeedbackForm, *, problem: str = "", status: int = 200) -> BaseResponse:
    service_id = _service_id()
    response = render(
        FeedbackPage(
            title=_("Give feedback"),
            form=typed,
            form_key=anonymous.make_key(PURPOSE, now=clock.now()),
            problem=problem,
            service=_service(service_id),
            service_url=url_for("directory.service", service_id=service_id) if service_id else "",
        ),
        status=status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
