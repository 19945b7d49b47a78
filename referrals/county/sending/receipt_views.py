"""After sending: the receipt with its texts, and the sheet that the client takes home."""

import uuid
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.client import codes, identification
from referrals.client import operations as client
from referrals.consent import SenderStage
from referrals.county import queries
from referrals.county.models import Referral
from referrals.county.sending import calls, labels, sheets, standing
from referrals.county.sending.pages import CodeOnSheet, ReceiptPage, SheetLink, SheetPage
from referrals.county.sending.sheets import SheetTexts
from referrals.county.sending.texts import record_texts
from referrals.county.sending.views import (
    blueprint,
    day_said,
    kind_link,
    kind_named,
    names_of,
    unit_of,
    viewed,
    visible,
)
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality as municipality_of
from servicetray.core.pages import Text, render
from servicetray.core.settings import current_settings

ENDINGS: dict[SenderStage, Text] = {
    SenderStage.CLOSED: _l("Counselling has ended"),
    SenderStage.TRANSFERRED: _l("The referral moved to another municipality"),
    SenderStage.RETURNED: _l("The referral came back to you"),
    SenderStage.CANCELLED: _l("The referral has been taken back"),
    SenderStage.WITHDRAWN: _l("The client took the permission back"),
    SenderStage.ENTERED_IN_ERROR: _l("The referral was entered by mistake"),
}
"""Where a referral is that no municipality has any more; all other stages name the municipality."""
CLIENTS_PAGE = "/oma"
"""What the sheet leads to. The address carries nothing: neither a code nor a referral."""
LANGUAGE = "kieli"

AHEAD = frozenset({SenderStage.SENT, SenderStage.RECEIVED, SenderStage.ACCEPTED})
"""Somebody is still to contact the client, as far as the sender may know."""
IN_HAND = AHEAD | {SenderStage.STARTED}
"""The municipality has it: a sheet of what happens next is true."""


@blueprint.get("/lahetteet/<uuid:referral_id>/kuittaus")
@access.needs(Permission.REFERRAL_SEND)
def receipt(referral_id: uuid.UUID) -> BaseResponse:
    """Show where a referral is now and what to do next."""
    row = viewed(referral_id, page="receipt")
    if not standing.is_readable(row):
        return redirect(url_for("sending.referral", referral_id=referral_id), code=303)
    content, unit, language, now = queries.content_of(row), unit_of(row), current_language(), clock.now()
    unit_name = in_language(unit.name, language).text
    stage, call_by = standing.sees(row).stage, standing.call_by(row)
    booked = calls.booked_at(row, now=now)
    return render(
        ReceiptPage(
            title=_title(row, stage),
            row=row,
            kind=kind_link(kind_named(row.kind_code)),
            unit_name=unit_name,
            unit_phone=unit.phone,
            call_by=day_said(call_by) if stage in AHEAD else "",
            booked=calls.said(booked) if booked and stage in AHEAD else "",
            feedback=row.consent.feedback,
            in_hand=stage in IN_HAND,
            texts=record_texts(
                row,
                content,
                unit=unit_name,
                reasons=names_of(row, content.reasons),
                call_by=call_by if stage in AHEAD else None,
                booked=calls.said(booked) if booked and stage in AHEAD else "",
            ),
            sheets=_sheets(row, content.language),
            makes_code=_has_page(row),
        )
    )


@blueprint.get("/lahetteet/<uuid:referral_id>/ohje")
@access.needs(Permission.REFERRAL_SEND)
def sheet(referral_id: uuid.UUID) -> BaseResponse:
    """Show the client's sheet, to be printed, without a code: that one is shown only where it is made."""
    row = viewed(referral_id, page="sheet")
    if not _is_in_hand(row):
        return redirect(url_for("sending.referral", referral_id=referral_id), code=303)
    return render(_sheet_page(row, _texts(request.args.get(LANGUAGE)), code=None))


@blueprint.post("/lahetteet/<uuid:referral_id>/ohje")
@access.needs(Permission.REFERRAL_SEND)
def make_sheet(referral_id: uuid.UUID) -> BaseResponse:
    """Make the client's code anew and show it on the sheet, this once: it is stored hashed."""
    texts, now = _texts(request.form.get(LANGUAGE)), clock.now()
    with transaction():
        row = visible(referral_id)
        if not _is_in_hand(row) or not _has_page(row):
            raise NotFoundError
        code = client.make_code(row.id, actor=who(), now=now)
        record(
            Action.SHEET_MADE,
            actor=who(),
            object_type="referral",
            object_id=row.id,
            subject=subject_key(row.id),
            now=now,
            detail={"language": texts.language},
        )
    return render(_sheet_page(visible(referral_id), texts, code=codes.written(code)))


def _sheet_page(row: Referral, texts: SheetTexts, *, code: str | None) -> SheetPage:
    unit, language, sender = unit_of(row), texts.language, queries.content_of(row).sender
    sending_unit = accounts.unit(row.sending_unit_id) if row.sending_unit_id else None
    booked = calls.booked_at(row, now=clock.now())
    address = f"{current_settings().public_url}{CLIENTS_PAGE}"
    return SheetPage(
        title=texts.title,
        row=row,
        texts=texts,
        unit_name=in_language(unit.name, language),
        unit_phone=unit.phone,
        sent_on=texts.day(clock.helsinki_day(row.sent_at)),
        call_by=texts.day(standing.call_by(row)),
        booked=texts.time(booked) if booked else "",
        sender=sender.name,
        sender_unit=in_language(sending_unit.name, language).text if sending_unit else sender.unit,
        sender_phone=sender.phone,
        # The address as a person types it, without the scheme.
        code=CodeOnSheet(
            code=code, address=f"{urlsplit(address).netloc}{CLIENTS_PAGE}", qr=sheets.qr_of(address)
        )
        if code
        else None,
        makes_code=_has_page(row),
        sheets=_sheets(row, language),
        form=FlaskForm(formdata=None),
    )


def _title(row: Referral, stage: SenderStage) -> Text:
    if stage not in IN_HAND:
        return ENDINGS[stage]
    place = municipality_of(row.municipality_code)
    name = in_language(place.name_in if place else {}, current_language())
    return _("The referral is now %(place)s", place=name)


def _is_in_hand(row: Referral) -> bool:
    return standing.is_readable(row) and standing.sees(row).stage in IN_HAND


def _has_page(row: Referral) -> bool:
    """Whether the client can have a page of their own: nothing of a protected or invented one is reached from outside."""
    return not row.protected and not row.practice and identification.is_open(current_settings())


def _texts(language: str | None) -> SheetTexts:
    found = sheets.languages()
    return found.get(language or current_language(), found[sheets.MODEL])


def _sheets(row: Referral, clients: str) -> Sequence[SheetLink]:
    """Return the sheets there are, that of the client's language first."""
    found = sheets.languages()
    first = clients if clients in found else current_language()
    links = [
        SheetLink(
            code=code,
            label=labels.SHEETS.get(code) or _("Sheet: %(language)s", language=texts.name),
            url=f"{url_for('sending.sheet', referral_id=row.id)}?{LANGUAGE}={code}",
            is_clients=code == first,
        )
        for code, texts in found.items()
    ]
    return sorted(links, key=lambda link: not link.is_clients)
