"""A client's plan: writing it, finding services for it, and the sheet that the client takes home."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals import handover
from referrals.moves import MoveCode, MoveRefused, Outcome, OutcomeRefused, allowed_outcomes
from referrals.municipality import operations as cases
from referrals.municipality import queries as municipality
from referrals.municipality.appointments import operations as appointments
from referrals.municipality.appointments import queries as appointment_queries
from referrals.municipality.beside import Beside, Seen, opened
from referrals.municipality.plan import operations, queries
from referrals.municipality.plan.forms import GuideForm, LineForm, SearchForm
from referrals.municipality.plan.models import LineKind
from referrals.municipality.plan.pages import Found, Line, PlanPage, SheetLink, SheetPage, parts_of
from referrals.municipality.plan.sheets import languages, texts_in
from servicetray.accounts import queries as accounts
from servicetray.core import access
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.directory import queries as directory
from themes.directory.filters import Group
from themes.finding.queries import Asked, find

blueprint = Blueprint("plan", __name__)

SHOWN = 8
"""Services that a search shows: a plan needs one or two of them."""
CONFLICT, UNPROCESSABLE = 409, 422
Form = LineForm | SearchForm | GuideForm
F = TypeVar("F", LineForm, SearchForm)


@blueprint.get("/asiakkuudet/<uuid:case_id>/suunnitelma")
@access.needs(Permission.INBOX_WORK)
def plan(case_id: uuid.UUID) -> BaseResponse:
    """Show the plan."""
    return _shown(opened(case_id))


@blueprint.get("/asiakkuudet/<uuid:case_id>/suunnitelma/<any(palvelut, palvelu, ohjaa):entry>")
@access.needs(Permission.INBOX_WORK)
def back(case_id: uuid.UUID, entry: str) -> BaseResponse:
    """Lead back to the plan from the address of one of its forms."""
    del entry
    return redirect(url_for("plan.plan", case_id=case_id), code=303)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suunnitelma")
@access.needs(Permission.INBOX_WORK)
def add_line(case_id: uuid.UUID) -> BaseResponse:
    """Add a goal or a step."""
    form = LineForm()
    if not form.validate():
        return _shown(opened(case_id), form=form, status=UNPROCESSABLE)

    def operate(it: Beside) -> str:
        operations.add_line(
            it.case, kind=LineKind(form.kind.data), text=form.text.data or "", actor=it.actor, now=it.now
        )
        return _("The plan is saved.")

    return _enter(case_id, operate, form=form)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suunnitelma/palvelut")
@access.needs(Permission.INBOX_WORK)
def search(case_id: uuid.UUID) -> BaseResponse:
    """Find services of the tray by words; those of the client's municipality."""
    form, it = SearchForm(), opened(case_id)
    if not form.validate():
        return _shown(it, form=form, status=UNPROCESSABLE)
    place, language = it.case.municipality_code, current_language()
    finding = find(Asked(query=form.words.data or "", municipality=place), language=language, today=it.today)
    here = [entry.id for entry in finding.entries if entry.has(Group.MUNICIPALITY, place)]
    found = Found(
        words=finding.asked.query,
        cards=directory.cards(here[:SHOWN], language, today=it.today),
        total=len(here),
    )
    return _shown(it, form=form, found=found)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suunnitelma/palvelu")
@access.needs(Permission.INBOX_WORK)
def add_service(case_id: uuid.UUID) -> BaseResponse:
    """Add a service of the tray (``palvelu=<public id>``)."""
    it = opened(case_id)
    service_id = request.form.get("palvelu", type=uuid.UUID)
    card = _cards([service_id], it).get(service_id) if service_id else None
    if card is None:
        raise NotFoundError

    def operate(it: Beside) -> str:
        operations.add_line(
            it.case,
            kind=LineKind.SERVICE,
            text=card.name.text,
            service_id=card.id,
            actor=it.actor,
            now=it.now,
        )
        return _("%(service)s is in the plan.", service=card.name.text)

    return _enter(case_id, operate)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suunnitelma/rivi/<uuid:line_id>")
@access.needs(Permission.INBOX_WORK)
def change_line(case_id: uuid.UUID, line_id: uuid.UUID) -> BaseResponse:
    """Mark a line done or open, or take it out (``teko=tehty|auki|poista``)."""
    wanted = request.form.get("teko")
    if wanted not in {"tehty", "auki", "poista"}:
        raise NotFoundError

    def operate(it: Beside) -> str:
        if wanted == "poista":
            operations.remove(it.case, line_id, actor=it.actor, now=it.now)
        else:
            operations.set_done(it.case, line_id, done=wanted == "tehty", actor=it.actor, now=it.now)
        return _("The plan is saved.")

    return _enter(case_id, operate)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suunnitelma/ohjaa")
@access.needs(Permission.INBOX_WORK)
def guide_on(case_id: uuid.UUID) -> BaseResponse:
    """Close the case: the client goes on with a service of the plan (C7, guided elsewhere)."""
    form, it = GuideForm(), opened(case_id)
    names = {str(line.service_id): line.text for line in _lines(it) if line.service_id}
    form.service.choices = _choices(names)
    if not form.validate():
        return _shown(it, form=form, status=UNPROCESSABLE)
    said = _("Guided to: %(service)s.", service=names[form.service.data])

    def operate(it: Beside) -> str:
        cases.check_version(
            it.case, int(form.version.data or 0) if (form.version.data or "").isdecimal() else 0
        )
        handover.close(
            it.case,
            outcome=Outcome.REFERRED_ON,
            who=it.scope.acts_as(MoveCode.C7, catchment_id=it.case.catchment_id),
            actor=it.actor,
            now=it.now,
            note=" ".join(filter(None, (said, form.note.data))),
        )
        return _("The case is closed: %(outcome)s.", outcome=said)

    return _enter(case_id, operate, form=form)


@blueprint.get("/asiakkuudet/<uuid:case_id>/suunnitelma/tuloste")
@access.needs(Permission.INBOX_WORK)
def sheet(case_id: uuid.UUID) -> BaseResponse:
    """Show the plan as the client takes it home (``?kieli=sv``)."""
    it = opened(case_id)
    case, seen = it.case, Seen.of(it)
    client_language = it.content.language if it.content else "fi"
    texts = texts_in(request.args.get("kieli", client_language))
    place = municipality.catchment(case.catchment_id)
    unit = accounts.unit(place.unit_id) if place else None
    coming = appointment_queries.standing(case.id)
    handler = accounts.names_of([case.handler_id]).get(case.handler_id, "") if case.handler_id else ""
    response = render(
        SheetPage(
            title=f"{_p('page title', 'Plan')} {case.reference}",
            head=it.head,
            texts=texts,
            parts=parts_of(_lines(it, language=texts.language)),
            made_on=texts.day(it.today),
            adviser=handler or it.actor.name,
            unit_name=in_language(unit.name, texts.language).text if unit else "",
            unit_phone=unit.phone if unit else "",
            next_time=texts.time(coming.at) if coming else "",
            next_place=(
                appointments.place_of(coming, municipality_code=case.municipality_code) if coming else ""
            ),
            sheets=_sheets(case_id),
        )
    )
    seen.write(page="plan_sheet")
    return response


def _enter(case_id: uuid.UUID, operate: Callable[[Beside], str], *, form: Form | None = None) -> BaseResponse:
    try:
        with transaction():
            said = operate(opened(case_id, lock=True))
    except operations.PlanFullError:
        refused = _("A plan has at most 40 lines. Take something out first.")
        return _shown(opened(case_id), form=form, status=UNPROCESSABLE, refused=refused)
    except (ConflictError, MoveRefused, OutcomeRefused):
        refused = _("This can no longer be done: the case has moved on. Look at how it stands now.")
        return _shown(opened(case_id), form=form, status=CONFLICT, refused=refused)
    flash(said, "success")
    return redirect(url_for("plan.plan", case_id=case_id), code=303)


def _shown(
    it: Beside,
    *,
    form: Form | None = None,
    found: Found | None = None,
    status: int = 200,
    refused: str = "",
) -> BaseResponse:
    seen, lines = Seen.of(it), _lines(it)
    page = PlanPage(
        title=f"{_p('page title', 'Plan')} {it.case.reference}",
        head=it.head,
        parts=parts_of(lines),
        line_form=_own(LineForm, form) if it.is_open else None,
        search_form=_own(SearchForm, form) if it.is_open else None,
        guide_form=_guide_form(it, lines, form, fresh=status != UNPROCESSABLE),
        found=found,
        sheets=_sheets(it.case.id),
        form=form if form is not None and status == UNPROCESSABLE else FlaskForm(formdata=None),
        refused=refused,
    )
    response = render(page, status=status)
    seen.write(page="plan")
    return response


def _own(kind: type[F], came_back: Form | None) -> F:
    return came_back if isinstance(came_back, kind) else kind(formdata=None)


def _guide_form(
    it: Beside, lines: Sequence[Line], came_back: Form | None, *, fresh: bool
) -> GuideForm | None:
    names = {str(line.service_id): line.text for line in lines if line.service_id}
    facts = cases.facts_of(it.case, actor=it.actor, now=it.now)
    outcomes = allowed_outcomes(
        status=it.case.status,
        was_active=facts.ever_active,
        attempts=facts.attempts,
        allowed_channels=facts.allowed_channels,
        today=facts.today,
    )
    if not names or not it.is_open or Outcome.REFERRED_ON not in outcomes:
        return None
    form = came_back if isinstance(came_back, GuideForm) else GuideForm(formdata=None)
    form.service.choices = _choices(names)
    if fresh or not isinstance(came_back, GuideForm):
        form.version.data = str(it.case.version)
    return form


def _choices(names: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=name) for value, name in names.items()]


def _lines(it: Beside, *, language: str | None = None) -> list[Line]:
    """Return the lines of the plan; a service has its name of today, in the language asked for."""
    told = [
        (row, operations.content_of(row, municipality_code=it.case.municipality_code))
        for row in queries.lines_of(it.case.id)
    ]
    cards = _cards([content.service_id for _, content in told if content.service_id], it, language=language)
    return [
        Line(
            id=row.id,
            kind=row.kind,
            text=cards[content.service_id].name.text if content.service_id in cards else content.text,
            service_id=content.service_id,
            card=cards.get(content.service_id) if content.service_id else None,
            done_at=row.done_at,
        )
        for row, content in told
    ]


def _cards(
    ids: Sequence[uuid.UUID], it: Beside, *, language: str | None = None
) -> dict[uuid.UUID | None, directory.ServiceCard]:
    found = directory.cards(ids, language or current_language(), today=it.today)
    return {card.id: card for card in found}


def _sheets(case_id: uuid.UUID) -> list[SheetLink]:
    return [
        SheetLink(label=texts.name, lang=code, url=url_for("plan.sheet", case_id=case_id, kieli=code))
        for code, texts in languages().items()
    ]
