"""What the client said on their own page, and a new code to get there."""

import uuid
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.client import codes, messages
from referrals.client import operations as client
from referrals.county.sending import sheets
from referrals.municipality import queries
from referrals.municipality.inbox.case.correspondence import has_clients_page
from referrals.municipality.inbox.case.file import case_file
from referrals.municipality.inbox.case.pages import CodeSheetPage
from referrals.municipality.inbox.case.showing import TO_CASE, case_of
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.inbox.views import blueprint
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

CLIENTS_PAGE = "/oma"
"""What the sheet leads to. The address carries nothing: neither a code nor a case."""
LANGUAGE = "kieli"


@blueprint.post("/asiakkuudet/<uuid:case_id>/viestit/<uuid:message_id>")
@access.needs(Permission.INBOX_WORK)
def mark_seen(case_id: uuid.UUID, message_id: uuid.UUID) -> BaseResponse:
    """Mark what the client said as seen; done twice, the first one stands."""
    with transaction():
        row = case_of(case_id)
        messages.mark_handled(
            message_id,
            referral_id=row.referral_id,
            municipality_code=row.municipality_code,
            actor=who(),
            now=clock.now(),
        )
    flash(_("Marked as seen."), "success")
    return redirect(url_for(TO_CASE, case_id=case_id), code=303)


@blueprint.post("/asiakkuudet/<uuid:case_id>/koodi")
@access.needs(Permission.INBOX_WORK)
def make_code(case_id: uuid.UUID) -> BaseResponse:
    """Make the client's code anew and show it on a sheet to print, this once: it is stored hashed."""
    now = clock.now()
    with transaction():
        reader = who()
        file = case_file(case_id, scope=scope_of(reader), reader=reader, now=now)
        if file is None or not has_clients_page(file):
            raise NotFoundError
        code = client.make_code(file.referral_id, actor=reader, now=now)
        texts = _texts(request.form.get(LANGUAGE) or (file.content.language if file.content else ""))
        record(
            Action.SHEET_MADE,
            actor=reader,
            object_type="case",
            object_id=file.id,
            subject=subject_key(file.referral_id),
            now=now,
            detail={"language": texts.language},
        )
    place = queries.catchment(file.catchment_id)
    unit = accounts.unit(place.unit_id) if place else None
    address = f"{current_settings().public_url}{CLIENTS_PAGE}"
    return render(
        CodeSheetPage(
            title=texts.title,
            back=url_for(TO_CASE, case_id=case_id),
            texts=texts,
            reference=file.reference,
            unit_name=in_language(unit.name if unit else {}, texts.language),
            unit_phone=unit.phone if unit else "",
            code=codes.written(code),
            address=f"{urlsplit(address).netloc}{CLIENTS_PAGE}",
            qr=sheets.qr_of(address),
        )
    )


def _texts(language: str) -> sheets.SheetTexts:
    found = sheets.languages()
    return found.get(language) or found.get(current_language(), found[sheets.MODEL])
