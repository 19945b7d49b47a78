"""Target times: by when referrals are to be taken and clients first tried."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from referrals.administration.fields import Day, say
from referrals.administration.pages import TargetRow, TargetsPage
from referrals.moves import TargetDays, target_days
from referrals.target_times import operations, queries
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("administration_targets", __name__)
MOST = 90
NUMBER = _l("Write a number of working days from 1 to 90.")


class _Days(IntegerField):
    """A number of working days."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, validators=[InputRequired(NUMBER), NumberRange(1, MOST, NUMBER)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else is refused in the same words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(NUMBER)) from None


class TargetForm(FlaskForm):
    """Targets that begin to hold on a day."""

    valid_from = Day(_l("For what is sent from this day on"), missing=_l("Choose the day."))
    claim = _Days(_l("Taken by an adviser within, working days"))
    contact = _Days(_l("Client first tried within, working days"))
    soon = _Days(_l("Both of them where the sender asks for soon, working days"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the targets are in order."""
        if not super().validate(extra_validators):
            return False
        if (self.contact.data or 0) < (self.claim.data or 0):
            say(self.contact, _("The client can't be tried before the referral is taken."))
            return False
        return True


@blueprint.get("/hallinta/tavoiteajat")
@access.needs(Permission.SETUP_MANAGE)
def listed() -> BaseResponse:
    """Show the targets, and the form of the next ones filled with those that hold."""
    held = queries.targets_on(_today())
    form = TargetForm(formdata=None, claim=held.claim, contact=held.contact, soon=held.soon)
    return _page(form)


@blueprint.post("/hallinta/tavoiteajat")
@access.needs(Permission.SETUP_MANAGE)
def add() -> BaseResponse:
    """Let other targets hold from a day on."""
    form = TargetForm()
    if not form.validate() or form.valid_from.data is None:
        return _page(form, status=422)
    days = TargetDays(claim=form.claim.data or 1, contact=form.contact.data or 1, soon=form.soon.data or 1)
    try:
        with transaction():
            operations.add_rule(days, valid_from=form.valid_from.data, actor=who(), now=clock.now())
    except operations.NotToComeError as error:
        day = format_date(error.earliest, "d.M.yyyy")
        say(
            form.valid_from,
            _("The earliest day is %(day)s: what is sent today has its due day already.", day=day),
        )
        return _page(form, status=422)
    except operations.DayTakenError:
        say(form.valid_from, _("Other targets begin on that day already. Take them away first."))
        return _page(form, status=422)
    flash(_("Kept. What has been sent before keeps its due days."), "success")
    return redirect(url_for("administration_targets.listed"), code=303)


@blueprint.post("/hallinta/tavoiteajat/<day>/poista")
@access.needs(Permission.SETUP_MANAGE)
def take_back(day: str) -> BaseResponse:
    """Take away targets that do not hold yet."""
    try:
        valid_from = dt.date.fromisoformat(day)
    except ValueError:
        raise NotFoundError from None
    with transaction():
        operations.take_back_rule(valid_from, actor=who(), now=clock.now())
    flash(_("Taken away."), "success")
    return redirect(url_for("administration_targets.listed"), code=303)


def _page(form: TargetForm, *, status: int = 200) -> BaseResponse:
    return render(
        TargetsPage(title=_p("administration", "Target times"), rows=_rows(), form=form), status=status
    )


def _rows() -> Sequence[TargetRow]:
    today = _today()
    found = queries.rules()
    holds = next((each.valid_from for each in found if each.valid_from <= today), None)
    first = target_days(current_settings())
    rows = [
        TargetRow(
            valid_from=each.valid_from,
            claim=each.claim_days,
            contact=each.contact_days,
            soon=each.soon_days,
            state=_state(each.valid_from, holds=holds, today=today),
            may_withdraw=each.valid_from > today,
        )
        for each in found
    ]
    from_settings = TargetRow(
        valid_from=None,
        claim=first.claim,
        contact=first.contact,
        soon=first.soon,
        state=_p("targets", "Earlier") if holds else _p("targets", "Hold now"),
        may_withdraw=False,
    )
    return [*rows, from_settings]


def _state(valid_from: dt.date, *, holds: dt.date | None, today: dt.date) -> str:
    if valid_from > today:
        return _p("targets", "To come")
    return _p("targets", "Hold now") if valid_from == holds else _p("targets", "Earlier")


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
