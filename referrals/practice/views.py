"""Switching practice on and off for one's own sign-in."""

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.changes import changed
from referrals.practice.wiping import DAYS
from servicetray.accounts import sign_ins
from servicetray.accounts.sessions import this_sign_in, who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.pages import Page, render

blueprint = Blueprint("practice", __name__)
ON = "on"


@dataclass(frozen=True, kw_only=True)
class PracticePage(Page):
    """What practice is, and the button."""

    template: ClassVar[str] = "referrals/practice/practice.html"
    form: FlaskForm
    is_on: bool
    days: int


@blueprint.get("/harjoittelu")
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def page() -> BaseResponse:
    """Say what practice is, and offer to begin or end it."""
    return render(
        PracticePage(
            title=_p("practice", "Practice"),
            form=FlaskForm(),
            is_on=this_sign_in().practising,
            days=DAYS,
        )
    )


@blueprint.post("/harjoittelu")
@access.needs(Permission.REFERRAL_SEND, Permission.INBOX_WORK)
def switch() -> BaseResponse:
    """Begin or end practising."""
    on = request.form.get("practice") == ON
    with transaction():
        user, sign_in = who(), this_sign_in()
        before = {"practice": str(sign_in.practising)}
        sign_ins.practise(sign_in.id, on=on)
        changed("sign_in", sign_in.id, before, {"practice": str(on)}, actor=user, now=clock.now())
        sends = user.may(Permission.REFERRAL_SEND)
    if on:
        flash(_("You practise now. You see invented clients alone, and nothing is counted."), "info")
    else:
        flash(_("You no longer practise. From now on the clients are real."), "warning")
    return redirect(url_for("sending.mine" if sends else "inbox.inbox"), code=303)
