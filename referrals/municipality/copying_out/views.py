"""Copying a case out: its text on a page, part by part, and the same as a file."""

import uuid

from flask import Blueprint, jsonify, url_for
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.municipality.copying_out.composing import parts_of
from referrals.municipality.copying_out.pages import CopyOutPage, ShownPart
from referrals.municipality.copying_out.parts import Part, as_data, as_text
from referrals.municipality.inbox.case.correspondence import correspondence_of
from referrals.municipality.inbox.case.file import CaseFile, case_file
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.municipality.inbox.views import words_for
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render

blueprint = Blueprint("copying_out", __name__)


@blueprint.get("/asiakkuudet/<uuid:case_id>/kopioitavaksi")
@access.needs(Permission.INBOX_WORK)
def copy_out(case_id: uuid.UUID) -> BaseResponse:
    """Show a case as plain text to be pasted elsewhere."""
    file, scope, parts = _opened(case_id)
    # Made before the audit row: a copy that could not be made was not taken.
    response = render(
        CopyOutPage(
            title=_p("page title", "For another system"),
            case_id=file.id,
            heading=file.content.name if file.content else file.reference,
            everything=as_text(parts),
            parts=[
                ShownPart(name=part.name, title=part.title, text=part.text) for part in parts if part.text
            ],
            file_url=url_for("copying_out.copy_file", case_id=file.id),
        )
    )
    _copied(file, scope, shape="text")
    return response


@blueprint.get("/asiakkuudet/<uuid:case_id>/kopioitavaksi.json")
@access.needs(Permission.INBOX_WORK)
def copy_file(case_id: uuid.UUID) -> BaseResponse:
    """Give the same for machines; the file's name tells of no client."""
    file, scope, parts = _opened(case_id)
    response = jsonify(as_data(parts, now=clock.now()))
    response.headers["Content-Disposition"] = f'attachment; filename="{file.reference}.json"'
    _copied(file, scope, shape="json")
    return response


def _opened(case_id: uuid.UUID) -> tuple[CaseFile, Scope, list[Part]]:
    now, reader = clock.now(), who()
    scope = scope_of(reader)
    file = case_file(case_id, scope=scope, reader=reader, now=now)
    if file is None or file.content is None:
        raise NotFoundError
    parts = parts_of(file, correspondence_of(file), words_for(scope, now=now))
    return file, scope, list(parts)


def _copied(file: CaseFile, scope: Scope, *, shape: str) -> None:
    with transaction():
        record(
            Action.CASE_COPIED_OUT,
            actor=scope.reader,
            object_type="case",
            object_id=file.id,
            subject=subject_key(file.referral_id),
            now=clock.now(),
            detail={"shape": shape},
        )
