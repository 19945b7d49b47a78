"""Enrolling a client of counselling in a group, from the case. The group's side never learns that there is a case."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.client import codes
from referrals.client.requests.forms import Language
from referrals.enrolment import operations, permission, queries
from referrals.enrolment.content import Participant
from referrals.enrolment.forms import ClientForm
from referrals.enrolment.operations import Enrolled, NotOpenError
from referrals.enrolment.pages import Choice, ChoicePage, ClientEnrolledPage, ClientPage
from referrals.enrolment.queries import EnrolmentState
from referrals.enrolment.views import needs_year
from referrals.municipality.beside import Beside, Seen, noted, opened
from referrals.municipality.content import CaseContent
from servicetray.core import access
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from themes.happenings import cards, labels
from themes.happenings import queries as happenings
from themes.happenings.groups import GroupView
from themes.happenings.operations import rule_of
from themes.happenings.queries import Happening

blueprint = Blueprint("client_groups", __name__)

CONFLICT, UNPROCESSABLE = 409, 422


@blueprint.get("/asiakkuudet/<uuid:case_id>/ryhma")
@access.needs(Permission.INBOX_WORK)
def choose(case_id: uuid.UUID) -> BaseResponse:
    """Show the groups that the client could join, those of the municipality first."""
    it = opened(case_id)
    seen, language = Seen.of(it), current_language()
    offered = () if _why_not(it) else _open_groups(it)
    choices = [_choice(view, row, language) for view, row in offered]
    page = ChoicePage(title=_("Enrol in a group"), head=it.head, choices=choices, why_not=_why_not(it))
    response = render(page)
    seen.write(page="group")
    return response


@blueprint.get("/asiakkuudet/<uuid:case_id>/ryhma/<uuid:group_id>")
@access.needs(Permission.INBOX_WORK)
def form(case_id: uuid.UUID, group_id: uuid.UUID) -> BaseResponse:
    """Show what is to be read to the client, and what goes to the group."""
    it, blank = opened(case_id), ClientForm(formdata=None)
    spoken = it.content.language if it.content is not None else ""
    blank.language.data = spoken if spoken in set(Language) else Language.FINNISH.value
    return _shown(it, group_id, blank)


@blueprint.post("/asiakkuudet/<uuid:case_id>/ryhma/<uuid:group_id>")
@access.needs(Permission.INBOX_WORK)
def enrol(case_id: uuid.UUID, group_id: uuid.UUID) -> BaseResponse:
    """Enrol the client, and show the code once for the adviser to pass on."""
    it, typed = opened(case_id), ClientForm()
    view = happenings.group(group_id, today=it.today)
    typed.validate()
    if not typed.agreed.data:
        typed.agreed.errors = [_("Read the text above and mark that they agree. Without it nothing is sent.")]
    key = request.form.get("avain", type=uuid.UUID)
    if typed.errors or _why_not(it) or key is None or it.content is None:
        return _shown(it, group_id, typed, status=UNPROCESSABLE)
    agreed = permission.for_group(view, language=current_language())
    who = _participant(it.content, typed, view)
    try:
        with transaction():
            case = opened(case_id, lock=True)
            _check(case)
            told = operations.enrol(
                group_id, who, form_key=key, permission=agreed, actor=case.actor, now=case.now
            )
            if told.enrolment_id is not None and told.code:
                operations.link(case.case, told.enrolment_id, actor=case.actor, now=case.now)
            noted(case.case, what="group", actor=case.actor, now=case.now)
    except NotOpenError:
        refused = _("This group can no longer be joined. Choose another one.")
        return _shown(opened(case_id), group_id, typed, status=CONFLICT, refused=refused)
    return _receipt(opened(case_id), view, told)


@blueprint.post("/asiakkuudet/<uuid:case_id>/ryhma/<uuid:enrolment_id>/peru")
@access.needs(Permission.INBOX_WORK)
def cancel(case_id: uuid.UUID, enrolment_id: uuid.UUID) -> BaseResponse:
    """Cancel an enrolment that was made from this case, by the client's word."""
    with transaction():
        it = opened(case_id, lock=True)
        if enrolment_id not in {each.enrolment.id for each in queries.of_cases([it.case.id])}:
            raise NotFoundError(str(enrolment_id))
        operations.cancel(enrolment_id, actor=it.actor, now=it.now)
        noted(it.case, what="group", actor=it.actor, now=it.now)
    flash(_("The client's enrolment is cancelled."), "success")
    return redirect(url_for("inbox.case", case_id=case_id), code=303)


def _receipt(it: Beside, view: GroupView, told: Enrolled) -> BaseResponse:
    if told.enrolment_id is None:
        # The adviser is told what a stranger is not: the client is in the group already.
        flash(_("This person is in the group already."), "info")
        return redirect(url_for("inbox.case", case_id=it.case.id), code=303)
    seen, has_place = Seen.of(it), told.state is EnrolmentState.PLACE
    page = ClientEnrolledPage(
        title=_("The client has a place") if has_place else _("The client is on the waiting list"),
        head=it.head,
        group=in_language(view.name, current_language()),
        has_place=has_place,
        place_in_line=told.place_in_line,
        code=codes.written(told.code) if told.code else "",
    )
    response = render(page)
    seen.write(page="group")
    return response


def _shown(
    it: Beside, group_id: uuid.UUID, typed: ClientForm, *, status: int = 200, refused: str = ""
) -> BaseResponse:
    seen, language = Seen.of(it), current_language()
    view = happenings.group(group_id, today=it.today)
    if not operations.takes_enrolments(view):
        raise NotFoundError(str(group_id))
    choice = _choice(view, happenings.required(group_id), language)
    why_not = _why_not(it) or ("" if view.can_enrol else _("This group can no longer be joined."))
    page = ClientPage(
        title=_("Enrol in a group"),
        head=it.head,
        form=typed,
        form_key=request.form.get("avain", default=uuid.uuid4(), type=uuid.UUID),
        group=choice,
        who=[part for part in _known(it.content) if part],
        permission=permission.for_group(view, language=language),
        refused=refused or why_not,
        can_enrol=not why_not,
    )
    response = render(page, status=status)
    seen.write(page="group")
    return response


def _why_not(it: Beside) -> str:
    if it.case.protected:
        return _("A protected client is not enrolled here: no list may have them.")
    if it.case.practice:
        return _("In practice nobody is enrolled: the groups are real.")
    if not it.is_open or it.content is None:
        return _("The case is closed.")
    if not it.content.phone and not it.content.email:
        return _("The case has no phone number or e-mail address of the client.")
    return ""


def _check(it: Beside) -> None:
    if _why_not(it):
        raise NotOpenError


def _known(content: CaseContent | None) -> Sequence[str]:
    return (content.name, content.phone, content.email) if content else ()


def _open_groups(it: Beside) -> list[tuple[GroupView, Happening]]:
    """Return the groups that can be joined today by enrolling, those of the client's municipality first."""
    pairs = [
        pair
        for pair in happenings.groups_with_rows(today=it.today)
        if pair[0].can_enrol and operations.takes_enrolments(pair[0])
    ]
    home = {it.case.municipality_code, None}
    return sorted(pairs, key=lambda pair: pair[0].municipality_code not in home)


def _choice(view: GroupView, row: Happening, language: str) -> Choice:
    return Choice(
        id=view.id,
        name=in_language(view.name, language),
        when=labels.when(rule_of(row), language),
        where=cards.where(row, municipalities(), language),
        state=labels.joining(view, language),
    )


def _participant(content: CaseContent, form: ClientForm, view: GroupView) -> Participant:
    return Participant(
        first_name=content.first_name,
        last_name=content.last_name,
        phone=content.phone,
        email=content.email,
        birth_year=content.birth_year if needs_year(view) else None,
        language=form.language.data or Language.FINNISH.value,
        heed=form.heed.data or "",
    )
