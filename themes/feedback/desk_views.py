"""The editors' queue of feedback (/sisalto/palaute)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Texts, in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.directory import plain_text
from themes.directory import queries as directory
from themes.directory.filters import page_number
from themes.feedback import labels, operations, queries, sealed
from themes.feedback.forms import DealForm
from themes.feedback.operations import NothingToDoError
from themes.feedback.pages import Note, OnePage, QueuePage, Row
from themes.feedback.queries import Feedback, State

blueprint = Blueprint("feedback_desk", __name__, url_prefix="/sisalto/palaute")

PAGE_SIZE: Final = 30
_BEGINNING: Final = 90


@blueprint.get("")
@access.needs(Permission.CONTENT_EDIT)
def queue() -> BaseResponse:
    """Show what waits, the most urgent first, and what was settled."""
    waiting, total = queries.waiting(), queries.settled_count()
    page, last = page_number(request.args.get("sivu"), total=total, size=PAGE_SIZE)
    settled = queries.settled(limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    names = _service_names([*waiting, *settled])
    return render(
        QueuePage(
            title=_("Feedback"),
            waiting=[_row(each, names) for each in waiting],
            settled=[_row(each, names) for each in settled],
            page=page,
            last=last,
            previous_url=url_for(".queue", sivu=page - 1) if page > 1 else None,
            next_url=url_for(".queue", sivu=page + 1) if page < last else None,
        )
    )


@blueprint.get("/<uuid:feedback_id>")
@access.needs(Permission.CONTENT_EDIT)
def one(feedback_id: uuid.UUID) -> BaseResponse:
    """Show one piece of feedback; opening it leaves a row in the log."""
    with transaction():
        operations.note_view(queries.required(feedback_id), actor=who(), now=clock.now())
    feedback = queries.required(feedback_id)
    return _one_page(feedback, DealForm(formdata=None, state=feedback.state.value))


@blueprint.post("/<uuid:feedback_id>")
@access.needs(Permission.CONTENT_EDIT)
def deal(feedback_id: uuid.UUID) -> BaseResponse:
    """Write down what was done about it."""
    form = DealForm()
    feedback = queries.required(feedback_id)
    if not form.validate():
        return _one_page(feedback, form, status=422)
    try:
        with transaction():
            operations.change(
                queries.required(feedback_id, lock=True),
                state=form.chosen,
                note=form.note.data or "",
                actor=who(),
                now=clock.now(),
            )
    except NothingToDoError:
        said = _("Nothing has changed yet. Choose another state, or write a note.")
        return _one_page(queries.required(feedback_id), form, problem=said, status=422)
    flash(_("Written down."), "success")
    if form.chosen is State.NEW:
        return redirect(url_for(".one", feedback_id=feedback_id), code=303)
    return redirect(url_for(".queue"), code=303)


def _service_names(rows: Sequence[Feedback]) -> Mapping[uuid.UUID, Texts]:
    return directory.service_names({row.service_id for row in rows if row.service_id})


def _row(feedback: Feedback, names: Mapping[uuid.UUID, Texts]) -> Row:
    name = names.get(feedback.service_id) if feedback.service_id else None
    words = " ".join(feedback.text.split())
    return Row(
        id=feedback.id,
        topic=labels.SHORT[feedback.topic],
        beginning=words if len(words) <= _BEGINNING else f"{words[:_BEGINNING].rstrip()}…",
        service=in_language(name, current_language()).text if name else "",
        given_at=feedback.created_at,
        due_on=feedback.due_on,
        is_late=feedback.state is State.NEW and feedback.due_on < clock.helsinki_day(clock.now()),
        state=labels.STATES[feedback.state],
        colour=labels.COLOURS[feedback.state],
        wants_answer=feedback.contact_sealed is not None,
    )


def _one_page(feedback: Feedback, form: DealForm, *, problem: str = "", status: int = 200) -> BaseResponse:
    notes = queries.notes_of(feedback.id)
    authors = accounts.names_of(note.author_id for note in notes)
    names, contact = _service_names([feedback]), sealed.contact_of(feedback)
    row = _row(feedback, names)
    shown = feedback.service_id is not None and feedback.service_id in names
    return render(
        OnePage(
            title=_("Feedback: %(topic)s", topic=row.topic),
            id=feedback.id,
            row=row,
            text=feedback.text,
            language=feedback.language,
            contact=contact,
            contact_url=plain_text.mail_address(contact) or plain_text.phone_address(contact)
            if contact
            else "",
            contact_erased=not contact
            and feedback.settled_at is not None
            and feedback.settled_at < clock.now() - operations.CONTACT_KEPT,
            service_url=url_for("directory.service", service_id=feedback.service_id) if shown else "",
            notes=[
                Note(author=authors.get(note.author_id, ""), at=note.written_at, text=note.text)
                for note in notes
            ],
            form=form,
            problem=problem,
        ),
        status=status,
    )
