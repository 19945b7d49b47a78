"""Handing on what a leaver sent of protected clients, to a named colleague; the administration sees numbers alone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, flash, redirect, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals.county import leaving
from referrals.county.sending.fields import OneOf
from referrals.county.sending.forms import Filled
from servicetray.accounts import fresh
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import Page, render

blueprint = Blueprint("administration_leaving", __name__)
UNPROCESSABLE = 422


class HandOnForm(FlaskForm):
    """Who takes over."""

    to = OneOf(
        _l("Who takes these over?"), choices=[], validators=[Filled(_l("Choose who takes these over."))]
    )


@dataclass(frozen=True, kw_only=True)
class HandOnPage(Page):
    """How many there are, and who may take them over."""

    template: ClassVar[str] = "referrals/leaving/hand_on.html"
    person: User
    count: int
    form: HandOnForm


@blueprint.get("/hallinta/ihmiset/<uuid:user_id>/suojatut")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def protected(user_id: uuid.UUID) -> BaseResponse:
    """Show how many referrals of protected clients a leaver's account still has."""
    leaver = _account(user_id)
    return _back(user_id) if leaver.active else _page(leaver, HandOnForm(formdata=None))


@blueprint.post("/hallinta/ihmiset/<uuid:user_id>/suojatut")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def hand_on(user_id: uuid.UUID) -> BaseResponse:
    """Give those of one unit to a colleague there, who becomes their sender."""
    leaver, form = _account(user_id), HandOnForm()
    if leaver.active:
        # Nothing is taken from a person who works.
        return _back(user_id)
    colleagues = _offer(form, leaving.protected_by_unit(leaver.id))
    chosen = colleagues.get(form.to.data or "")
    if not form.validate() or chosen is None:
        return _page(leaver, form, status=UNPROCESSABLE)
    unit_id, colleague_id = chosen
    with transaction():
        colleague = accounts.user(colleague_id)
        if colleague is None:
            raise NotFoundError
        handed = leaving.hand_on_protected(
            user_id, unit_id=unit_id, to=colleague, actor=who(), now=clock.now()
        )
        name = colleague.name
    flash(
        ngettext(
            "One referral is now %(name)s’s. They have been told.",
            "%(num)s referrals are now %(name)s’s. They have been told.",
            handed,
            name=name,
        ),
        "success",
    )
    return _back(user_id)


def _account(user_id: uuid.UUID) -> User:
    found = accounts.user(user_id)
    if found is None:
        raise NotFoundError
    return found


def _back(user_id: uuid.UUID) -> BaseResponse:
    return redirect(url_for("administration_people.person", user_id=user_id), code=303)


def _page(leaver: User, form: HandOnForm, *, status: int = 200) -> BaseResponse:
    counts = leaving.protected_by_unit(leaver.id)
    _offer(form, counts)
    page = HandOnPage(
        title=_p("administration", "Referrals of protected clients"),
        person=leaver,
        count=sum(counts.values()),
        form=form,
    )
    return render(page, status=status)


def _offer(form: HandOnForm, counts: Mapping[uuid.UUID, int]) -> Mapping[str, tuple[uuid.UUID, uuid.UUID]]:
    """Offer the colleagues of each unit; return unit and person by the value of the choice."""
    units = {unit.id: unit for unit in accounts.units(counts)}
    offered, choices = {}, []
    for unit_id, unit in units.items():
        for person in accounts.workers_of(unit_id, Permission.REFERRAL_SEND):
            value = f"{unit_id.hex}{person.id.hex}"
            offered[value] = (unit_id, person.id)
            place = in_language(unit.name, current_language()).text
            choices.append(SelectChoice(value=value, label=f"{person.name}, {place} ({counts[unit_id]})"))
    form.to.choices = choices
    if form.to.data not in offered:
        form.to.data = form.to.raw_data[0] if form.to.raw_data and form.to.raw_data[0] in offered else None
    return offered
