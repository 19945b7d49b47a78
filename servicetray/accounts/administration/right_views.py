"""A person's roles, ways in, sign-ins, and their leaving."""

import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import fresh, identities, sign_ins
from servicetray.accounts import queries as accounts
from servicetray.accounts.administration import operations, remains
from servicetray.accounts.administration.forms import RolesForm
from servicetray.accounts.administration.operations import (
    ChangedMeanwhileError,
    LastAdministratorError,
    OwnRightsError,
)
from servicetray.accounts.administration.pages import LeaverPage, RolesPage
from servicetray.accounts.administration.people_views import (
    grant_lines,
    require,
    role_words,
    sorted_units,
    unit_names,
)
from servicetray.accounts.models import User
from servicetray.accounts.operations import AccountClosedError, AccountOpenError
from servicetray.accounts.pages import Detail
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import DomainError, NotFoundError
from servicetray.core.pages import render

blueprint = Blueprint("administration_people_rights", __name__)

HERE = "/hallinta/ihmiset/<uuid:user_id>"


@blueprint.get(f"{HERE}/roolit")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def roles(user_id: uuid.UUID) -> BaseResponse:
    """Show a person's roles as a form; nobody is shown their own."""
    user = require(user_id)
    if user.id == who().id or not user.active:
        return _back(user_id)
    held = [{"role": grant.role.value, "unit": str(grant.unit_id or "")} for grant in user.grants]
    form = RolesForm(formdata=None, data={"rows": held, "seen": operations.roles_stamp(user)})
    return _roles(form, user)


@blueprint.post(f"{HERE}/roolit")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def change_roles(user_id: uuid.UUID) -> BaseResponse:
    """Give a person other roles, and end their sign-ins."""
    user, form = require(user_id), RolesForm()
    _offer(form, user)
    if not form.validate():
        return _roles(form, user, status=422)
    try:
        with transaction():
            ended = operations.give_roles(
                operations.account(user_id),
                grants=form.grants(),
                seen=form.seen.data or "",
                actor=who(),
                now=clock.now(),
            )
    except ChangedMeanwhileError:
        user = require(user_id)
        form.seen.data = operations.roles_stamp(user)
        stands = [Detail(label=line.role, value=line.unit.text) for line in grant_lines(user)]
        return _roles(form, user, status=409, stands=stands)
    except OwnRightsError:
        return _own_refused(user_id)
    except (LastAdministratorError, AccountClosedError) as error:
        first = form.rows.entries[0].form.role
        first.errors = [_refusal(error)]
        return _roles(form, require(user_id), status=422)
    flash(_("The roles are changed.") + " " + _ended(ended), "success")
    return _back(user_id)


@blueprint.get(f"{HERE}/lahtija")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def leaver(user_id: uuid.UUID) -> BaseResponse:
    """Show what a person still holds, before their account is closed."""
    user = require(user_id)
    if not user.active:
        return _back(user_id)
    return _leaver(user)


@blueprint.post(f"{HERE}/lahtija")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def close(user_id: uuid.UUID) -> BaseResponse:
    """Close a person's account at once."""
    try:
        with transaction():
            ended = operations.close_account(operations.account(user_id), actor=who(), now=clock.now())
    except (OwnRightsError, LastAdministratorError, AccountClosedError) as error:
        return _leaver(require(user_id), refusal=_refusal(error), status=422)
    flash(_("The account is closed.") + " " + _ended(ended), "success")
    return _back(user_id)


@blueprint.post(f"{HERE}/avaa")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def reopen(user_id: uuid.UUID) -> BaseResponse:
    """Open a closed account again."""
    return _done(
        user_id,
        lambda user: operations.open_account(user, actor=who(), now=clock.now()),
        _("The account is open again with the roles below. A link for new password and codes is on its way."),
    )


@blueprint.post(f"{HERE}/kutsu")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def invite(user_id: uuid.UUID) -> BaseResponse:
    """Send a new link to somebody who has not used theirs."""
    return _done(
        user_id,
        lambda user: operations.invite_again(user, actor=who(), now=clock.now()),
        _("A new link is on its way. The earlier one opens nothing any more."),
    )


@blueprint.post(f"{HERE}/uudet-tunnukset")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def renew(user_id: uuid.UUID) -> BaseResponse:
    """Make a person's password and codes worthless, and send a link for new ones."""
    return _done(
        user_id,
        lambda user: operations.renew_secrets(user, actor=who(), now=clock.now()),
        _("The old password and codes open nothing any more. A link for new ones is on its way."),
    )


@blueprint.post(f"{HERE}/irrota-tunnistus")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def unlink(user_id: uuid.UUID) -> BaseResponse:
    """Take the organisation's own sign-in away from an account."""

    def take_away(user: User) -> None:
        now = clock.now()
        identities.unlink(user, actor=who(), now=now)
        sign_ins.end_others(user, but=None, actor=who(), now=now)

    return _done(user_id, take_away, _("The organisation's account is not connected any more."))


@blueprint.post(f"{HERE}/kirjautumiset/<uuid:sign_in_id>/lopeta")
@access.needs(Permission.PEOPLE_MANAGE)
def end_sign_in(user_id: uuid.UUID, sign_in_id: uuid.UUID) -> BaseResponse:
    """End one sign-in of a person."""
    return _done(
        user_id,
        lambda user: sign_ins.end_sign_in(sign_in_id, user=user, actor=who(), now=clock.now()),
        _("That sign-in has ended."),
    )


@blueprint.post(f"{HERE}/kirjautumiset/lopeta")
@access.needs(Permission.PEOPLE_MANAGE)
def end_all(user_id: uuid.UUID) -> BaseResponse:
    """End every sign-in of a person."""

    def end(user: User) -> None:
        sign_ins.end_others(user, but=None, actor=who(), now=clock.now())

    return _done(user_id, end, _("Every sign-in of this person has ended."))


def _done(user_id: uuid.UUID, act: Callable[[User], object], said: str) -> BaseResponse:
    try:
        with transaction():
            act(operations.account(user_id))
    except OwnRightsError:
        return _own_refused(user_id)
    except (AccountClosedError, AccountOpenError) as error:
        flash(_refusal(error), "warning")
        return _back(user_id)
    flash(said, "success")
    return _back(user_id)


def _roles(form: RolesForm, user: User, status: int = 200, stands: Sequence[Detail] = ()) -> Response:
    _offer(form, user)
    page = RolesPage(
        title=_("Roles of %(name)s", name=user.name), form=form, person=user, may=role_words(), stands=stands
    )
    return render(page, status=status)


def _offer(form: RolesForm, user: User) -> None:
    held = {grant.unit_id for grant in user.grants}
    units = sorted_units([unit for unit in accounts.all_units() if unit.active or unit.id in held])
    form.offer(units, unit_names(units))


def _leaver(user: User, refusal: str = "", status: int = 200) -> Response:
    page = LeaverPage(
        title=_("%(name)s leaves", name=user.name),
        form=FlaskForm(formdata=None),
        person=user,
        remaining=remains.held_by(user.id, now=clock.now()),
        roles=grant_lines(user),
        refusal=refusal,
    )
    return render(page, status=status)


def _own_refused(user_id: uuid.UUID) -> BaseResponse:
    flash(_refusal(OwnRightsError()), "warning")
    return _back(user_id)


def _refusal(error: DomainError) -> str:
    if isinstance(error, OwnRightsError):
        return _("Another administrator changes your roles, your ways in and your account. Ask them.")
    if isinstance(error, LastAdministratorError):
        return _("Nobody else administers people. Give somebody else the role of administrator first.")
    if isinstance(error, AccountOpenError):
        return _("The account is open already.")
    if isinstance(error, AccountClosedError):
        return _("The account has been closed meanwhile.")
    raise NotFoundError


def _ended(number: int) -> str:
    if not number:
        return _("They were signed in nowhere.")
    return ngettext("One sign-in of theirs has ended.", "%(num)s sign-ins of theirs have ended.", number)


def _back(user_id: uuid.UUID) -> BaseResponse:
    return redirect(url_for("administration_people.person", user_id=user_id), code=303)
