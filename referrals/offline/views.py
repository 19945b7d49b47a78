"""Blank forms: a list, each to be printed from the page, each as a PDF. They hold no data of anybody."""

from flask import Blueprint, Response, url_for
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.municipality.inbox.scope import scope_of
from referrals.offline.blank import sheet_of
from referrals.offline.commands import file_name
from referrals.offline.pages import BlankFormPage, BlankFormsPage, FormLink
from referrals.offline.pdf import pdf_of
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("offline", __name__)

AT = "/lahetteet/tyhja-lomake"


@blueprint.get(AT)
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def forms() -> BaseResponse:
    """List the blank forms."""
    user = who()
    entered = (
        {kind.code for kind in kinds.kinds()}
        if user.may(Permission.REFERRAL_SEND)
        else set(scope_of(user).kind_codes)
    )
    return render(
        BlankFormsPage(
            title=_p("page title", "Blank forms"),
            forms=[
                FormLink(
                    name=in_language(kind.counselling, current_language()).text.capitalize(),
                    icon=kind.icon,
                    colour=kind.colour,
                    page_url=url_for("offline.form", kind=kind.code),
                    pdf_url=url_for("offline.form_pdf", kind=kind.code),
                    enter_url=url_for("offline.paper", kind=kind.code) if kind.code in entered else "",
                )
                for kind in kinds.kinds()
            ],
        )
    )


@blueprint.get(f"{AT}/<kind>")
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def form(kind: str) -> BaseResponse:
    """Show a blank form as it is printed."""
    return render(
        BlankFormPage(
            title=_p("page title", "Blank form"),
            sheet=sheet_of(_kind(kind), on=clock.helsinki_day(clock.now())),
            pdf_url=url_for("offline.form_pdf", kind=kind),
        )
    )


@blueprint.get(f"{AT}/<kind>.pdf")
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def form_pdf(kind: str) -> BaseResponse:
    """Give a blank form as a PDF to keep."""
    now = clock.now()
    made = pdf_of(sheet_of(_kind(kind), on=clock.helsinki_day(now)), now=now)
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(kind)}.pdf"'
    return response


def _kind(code: str) -> Kind:
    found = kinds.kind(code)
    if found is None:
        raise NotFoundError
    return found
