"""The rights of somebody who enrolled, as the data protection officer of the controller sees to them.

They are found by the phone number or e-mail address that they gave: shown, taken as a file, and erased.
"""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.enrolment import operations, queries
from referrals.enrolment.forms import LookUpForm
from referrals.enrolment.labels import ATTENDED, FIELDS, STATES
from referrals.enrolment.models import EnrolmentState
from referrals.enrolment.pages import Held, HeldPage
from referrals.enrolment.queries import Enrolment
from referrals.enrolment.rows import language_name, told
from referrals.log_report.scope import reach_of
from referrals.municipality.inbox.scope import Reader
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.happenings import queries as happenings
from themes.happenings.queries import Happening

blueprint = Blueprint("enrolment_rights", __name__, url_prefix="/tietosuoja/ilmoittautumiset")


@blueprint.get("")
@access.needs(Permission.RIGHTS_MANAGE)
def look_up() -> BaseResponse:
    """Show where enrolments are looked up."""
    return _page(LookUpForm(formdata=None), None)


@blueprint.post("")
@access.needs(Permission.RIGHTS_MANAGE)
def found() -> BaseResponse:
    """Show what is held of a phone number or e-mail address."""
    form = LookUpForm()
    form.validate()
    if not form.errors and not form.phone.data and not form.email.data:
        form.phone.errors = [_("Write a phone number or an e-mail address.")]
    if form.errors:
        return _page(form, None, status=422)
    rows = queries.found_by(
        phone=form.phone.data or "", email=form.email.data or "", municipality_codes=_codes(who())
    )
    shown = [_held(row, group) for row, group in rows]
    response = _page(form, shown)
    subjects = " ".join(sorted(subject_key(row.id) for row, _group in rows))
    _write(Action.CLIENT_LOOKED_UP, "look_up", "", {"by": "contact", "subjects": subjects})
    return response


@blueprint.post("/<uuid:enrolment_id>/jaljennos.json")
@access.needs(Permission.RIGHTS_MANAGE)
def copy_file(enrolment_id: uuid.UUID) -> BaseResponse:
    """Give what is held of one enrolment as a file for machines (GDPR, articles 15 and 20)."""
    row = queries.held(enrolment_id, municipality_codes=_codes(who()))
    group = happenings.required(row.group_id)
    body = json.dumps(_for_machines(row, group), ensure_ascii=False, indent=2)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="ilmoittautuminen.json"'
    response.headers["Cache-Control"] = "no-store"
    _write(Action.DATA_COPIED, "enrolment", str(enrolment_id), {"shape": "json"}, subject=enrolment_id)
    return response


@blueprint.post("/<uuid:enrolment_id>/poisto")
@access.needs(Permission.RIGHTS_MANAGE)
def erase(enrolment_id: uuid.UUID) -> BaseResponse:
    """Erase one enrolment at once; a place that comes free goes to the next in line."""
    with transaction():
        actor = who()
        row = queries.held(enrolment_id, municipality_codes=_codes(actor), lock=True)
        if row.state is EnrolmentState.CANCELLED:
            operations.erase(row, actor=actor, now=clock.now(), why="right")
        else:
            operations.cancel(row.id, actor=actor, now=clock.now())
    flash(_("The enrolment is cancelled, and the person's data is erased."), "success")
    return redirect(url_for(".look_up"), code=303)


def _page(form: LookUpForm, shown: Sequence[Held] | None, *, status: int = 200) -> BaseResponse:
    page = HeldPage(title=_("Enrolments to groups"), form=form, found=shown)
    return render(page, status=status)


def _codes(user: User) -> Collection[str | None]:
    reach = reach_of(user)
    county: set[str | None] = {None} if reach.county else set()
    return county | set(reach.municipalities)


def _held(row: Enrolment, group: Happening) -> Held:
    about = queries.who_is(row)
    words: dict[str, Any] = {**about.model_dump(), "language": language_name(about.language)} if about else {}
    return Held(
        id=row.id,
        group=in_language(group.name, current_language()),
        state=STATES[row.state],
        enrolled_at=row.enrolled_at,
        facts=[(label, told(words[name])) for name, label in FIELDS.items() if words.get(name)],
        meetings=[(at, ATTENDED[mark]) for at, mark in _came(row)],
    )


def _came(row: Enrolment) -> list[tuple[Any, Any]]:
    marks = queries.attendance_of([row.id])
    return [
        (each.starts_at, marks[row.id, each.id])
        for each in happenings.meetings_of(row.group_id)
        if (row.id, each.id) in marks
    ]


def _for_machines(row: Enrolment, group: Happening) -> dict[str, Any]:
    about = queries.who_is(row)
    return {
        "group": group.name,
        "state": row.state.value,
        "enrolled_at": row.enrolled_at.isoformat(),
        "permission": {"version": row.permission_version, "language": row.permission_language},
        "participant": about.model_dump() if about else None,
        "meetings": [{"at": at.isoformat(), "attended": mark.value} for at, mark in _came(row)],
    }


def _write(
    action: Action, kind: str, object_id: str, detail: dict[str, str], *, subject: uuid.UUID | None = None
) -> None:
    user = who()
    actor = Reader(id=user.id, unit_id=user.unit_id)
    with transaction():
        record(
            action,
            actor=actor,
            object_type=kind,
            object_id=object_id,
            subject=subject_key(subject) if subject else "",
            now=clock.now(),
            detail=detail,
        )
