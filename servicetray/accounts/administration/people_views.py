"""Finding people, adding them, and changing what is known of them."""

import uuid
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from servicetray.accounts import fresh, identities, invitations, sign_ins
from servicetray.accounts import queries as accounts
from servicetray.accounts.administration import operations, queries, remains
from servicetray.accounts.administration.forms import NewPersonForm, PersonForm, chosen_id
from servicetray.accounts.administration.labels import ROLE_MAY, STATES
from servicetray.accounts.administration.operations import ChangedMeanwhileError
from servicetray.accounts.administration.pages import (
    Choice,
    GrantLine,
    PeoplePage,
    PersonFormPage,
    PersonLine,
    PersonPage,
)
from servicetray.accounts.administration.queries import PersonState, Wanted
from servicetray.accounts.labels import LANGUAGES, ROLES, SIGN_IN_METHODS
from servicetray.accounts.models import Unit, User
from servicetray.accounts.operations import EmailTakenError
from servicetray.accounts.pages import Detail
from servicetray.accounts.permissions import Role
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Localized, in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text, render
from servicetray.core.settings import current_settings

blueprint = Blueprint("administration_people", __name__)


@blueprint.get("/hallinta/ihmiset")
@access.needs(Permission.PEOPLE_MANAGE)
def people() -> Response:
    """Show everyone who has an account, sought by name, address, unit, role and state."""
    wanted = _wanted()
    page = max(request.args.get("sivu", 1, type=int), 1)
    found = queries.people(wanted, page=page)
    last = max(-(-found.total // queries.PAGE), 1)
    names = unit_names(accounts.all_units())
    return render(
        PeoplePage(
            title=_p("page title", "People"),
            rows=[line_of(row.user, row.state) for row in found.rows],
            total=found.total,
            current=min(page, last),
            last=last,
            previous_url=_page_url(page - 1) if page > 1 else None,
            next_url=_page_url(page + 1) if page < last else None,
            text=wanted.text,
            units=_choices({str(key): name for key, name in names.items()}, str(wanted.unit_id or "")),
            roles=_choices({role.value: label for role, label in ROLES.items()}, wanted.role or ""),
            states=_choices({state.value: label for state, label in STATES.items()}, wanted.state or ""),
            narrowed=wanted != Wanted(),
            labels=STATES,
        )
    )


@blueprint.get("/hallinta/ihmiset/uusi")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def new() -> BaseResponse:
    """Show the empty form for a new person."""
    return _new(NewPersonForm(formdata=None))


@blueprint.post("/hallinta/ihmiset/uusi")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def add() -> BaseResponse:
    """Open an account and send the link by which its owner sets their secrets."""
    form = NewPersonForm()
    offer_units(form)
    if not form.validate():
        return _new(form, status=422)
    try:
        with transaction():
            made = operations.add_person(
                details=form.details(), grants=form.grants(), actor=who(), now=clock.now()
            )
            made_id = made.id
    except EmailTakenError:
        form.email.errors = [_("Somebody has this address already. Search for it in the list of people.")]
        return _new(form, status=422)
    flash(_("The account is open, and a link for password and codes is on its way by e-mail."), "success")
    return redirect(url_for("administration_people.person", user_id=made_id), code=303)


@blueprint.get("/hallinta/ihmiset/<uuid:user_id>")
@access.needs(Permission.PEOPLE_MANAGE)
def person(user_id: uuid.UUID) -> Response:
    """Show one person."""
    user, now = require(user_id), clock.now()
    state = queries.state_of(user)
    invitation = invitations.waiting([user.id]).get(user.id)
    known = (
        (_("Work e-mail"), user.email),
        (_("Title"), user.title),
        (_("Phone"), user.phone),
        (_("Language of messages"), LANGUAGES.get(user.language, user.language)),
        (_("Unit that they act for"), _unit_of(user).text),
    )
    return render(
        PersonPage(
            title=user.name,
            person=user,
            state=state,
            state_label=STATES[state],
            details=[Detail(label=label, value=value) for label, value in known if value],
            grants=grant_lines(user),
            own=user.id == who().id,
            invitation=invitation,
            letter=queries.letter_of(invitation.id) if invitation else None,
            too_old=bool(invitation and now >= invitation.ends_at),
            linked=bool(current_settings().oidc_issuer) and identities.is_linked(user),
            sign_ins=sign_ins.sign_ins_of(user.id, now=now),
            methods={method.value: label for method, label in SIGN_IN_METHODS.items()},
            remaining=[] if user.active else [each for each in remains.held_by(user.id, now=now) if each.url],
        )
    )


@blueprint.get("/hallinta/ihmiset/<uuid:user_id>/muuta")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def edit(user_id: uuid.UUID) -> BaseResponse:
    """Show a person's details as a form."""
    user = require(user_id)
    form = PersonForm(
        formdata=None,
        data={
            **{name: getattr(user, name) for name in ("email", "name", "title", "phone", "language")},
            "unit_id": str(user.unit_id or ""),
            "seen": operations.details_stamp(user),
        },
    )
    return _edit(form, user)


@blueprint.post("/hallinta/ihmiset/<uuid:user_id>/muuta")
@access.needs(Permission.PEOPLE_MANAGE)
@fresh.required
def change(user_id: uuid.UUID) -> BaseResponse:
    """Change a person's details."""
    user, form = require(user_id), PersonForm()
    _offer_own_units(form, user)
    if not form.validate():
        return _edit(form, user, status=422)
    try:
        with transaction():
            operations.change_person(
                operations.account(user_id),
                details=form.details(),
                unit_id=chosen_id(form.unit_id),
                seen=form.seen.data or "",
                actor=who(),
                now=clock.now(),
            )
    except EmailTakenError:
        form.email.errors = [_("Somebody has this address already. Search for it in the list of people.")]
        return _edit(form, require(user_id), status=422)
    except ChangedMeanwhileError:
        return _overtaken(form, require(user_id))
    flash(_("The details are kept."), "success")
    return redirect(url_for("administration_people.person", user_id=user_id), code=303)


def require(user_id: uuid.UUID) -> User:
    """Return an account.

    Raises:
        NotFoundError: if there is none.
    """
    found = accounts.user(user_id)
    if found is None:
        raise NotFoundError
    return found


def line_of(user: User, state: PersonState) -> PersonLine:
    """Return a person as a list shows them."""
    return PersonLine(
        id=user.id,
        name=user.name,
        title=user.title,
        email=user.email,
        roles=[ROLES[role] for role in dict.fromkeys(grant.role for grant in user.grants)],
        unit=_unit_of(user),
        state=state,
    )


def grant_lines(user: User) -> Sequence[GrantLine]:
    """Return a person's roles, each with its unit and what it lets them do."""
    places = {unit.id: unit for unit in accounts.units(g.unit_id for g in user.grants if g.unit_id)}
    nowhere = Localized("", current_language())
    return tuple(
        GrantLine(
            role=ROLES[grant.role],
            may=ROLE_MAY[grant.role],
            unit=in_language(places[grant.unit_id].name, current_language())
            if grant.unit_id in places
            else nowhere,
        )
        for grant in user.grants
    )


def unit_names(units: Sequence[Unit]) -> Mapping[uuid.UUID, str]:
    """Return units' names in the language of the page, in their order."""
    names = {unit.id: in_language(unit.name, current_language()).text for unit in units}
    return dict(sorted(names.items(), key=lambda pair: (pair[1].casefold(), str(pair[0]))))


def offer_units(form: NewPersonForm) -> None:
    """Let the rows of a new person's form offer the open units."""
    units = sorted_units([unit for unit in accounts.all_units() if unit.active])
    form.offer(units, unit_names(units))


def sorted_units(units: Sequence[Unit]) -> Sequence[Unit]:
    """Return units by kind, then by name in the language of the page."""
    names = unit_names(units)
    return sorted(units, key=lambda unit: (unit.kind.value, names[unit.id].casefold(), str(unit.id)))


def role_words() -> Mapping[Role, Text]:
    """Return what each role may do."""
    return ROLE_MAY


def _new(form: NewPersonForm, status: int = 200) -> Response:
    offer_units(form)
    page = PersonFormPage(title=_l("Add a person"), form=form, person=None, may=role_words())
    return render(page, status=status)


def _edit(form: PersonForm, user: User, status: int = 200, stands: Sequence[Detail] = ()) -> Response:
    _offer_own_units(form, user)
    page = PersonFormPage(
        title=_("Details of %(name)s", name=user.name),
        form=form,
        person=user,
        may=role_words(),
        stands=stands,
    )
    return render(page, status=status)


def _overtaken(form: PersonForm, user: User) -> Response:
    stands = (
        (form.email.label.text, user.email),
        (form.name.label.text, user.name),
        (form.title.label.text, user.title),
        (form.phone.label.text, user.phone),
        (form.language.label.text, LANGUAGES.get(user.language, user.language)),
        (form.unit_id.label.text, _unit_of(user).text),
    )
    # Whoever sees the difference and sends again means it.
    form.seen.data = operations.details_stamp(user)
    return _edit(
        form, user, status=409, stands=[Detail(label=label, value=value) for label, value in stands if value]
    )


def _offer_own_units(form: PersonForm, user: User) -> None:
    own = list(accounts.units(grant.unit_id for grant in user.grants if grant.unit_id))
    if user.unit_id and user.unit_id not in {unit.id for unit in own}:
        own += accounts.units([user.unit_id])
    names = unit_names(own)
    choices = [SelectChoice(value=str(key), label=name) for key, name in names.items()]
    nothing = [] if user.unit_id else [SelectChoice(value="", label=_("No unit"))]
    form.unit_id.choices = [*nothing, *choices]


def _unit_of(user: User) -> Localized:
    return in_language(user.unit.name if user.unit else None, current_language())


def _wanted() -> Wanted:
    unit, role, state = (request.args.get(name, "") for name in ("yksikko", "rooli", "tila"))
    try:
        unit_id = uuid.UUID(unit) if unit else None
    except ValueError:
        unit_id = None
    return Wanted(
        text=request.args.get("haku", "").strip()[:100],
        unit_id=unit_id,
        role=Role(role) if role in {each.value for each in Role} else None,
        state=PersonState(state) if state in {each.value for each in PersonState} else None,
    )


def _choices(words: Mapping[str, Text], chosen: str) -> Sequence[Choice]:
    return tuple(Choice(value=value, label=label, chosen=value == chosen) for value, label in words.items())


def _page_url(page: int) -> str:
    kept = {name: request.args.get(name) or None for name in ("haku", "yksikko", "rooli", "tila")}
    return url_for("administration_people.people", sivu=page, **kept)  # type: ignore[arg-type]  # values of the query
