"""Adding, renaming, closing and opening an organisation."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from servicetray.accounts.administration import places
from servicetray.accounts.administration.forms import OrganisationForm
from servicetray.accounts.administration.labels import ORGANISATION_KINDS
from servicetray.accounts.administration.operations import ChangedMeanwhileError
from servicetray.accounts.administration.pages import OrganisationPage
from servicetray.accounts.administration.places import OrganisationInUseError
from servicetray.accounts.models import Organisation, OrganisationKind
from servicetray.accounts.organisations import organisation
from servicetray.accounts.pages import Detail
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text, render

blueprint = Blueprint("administration_units_organisations", __name__)


@blueprint.get("/hallinta/organisaatiot/uusi")
@access.needs(Permission.PEOPLE_MANAGE)
def new() -> Response:
    """Show the empty form for a new organisation."""
    return _page(OrganisationForm(formdata=None, data={"kind": OrganisationKind.OTHER.value}), None)


@blueprint.post("/hallinta/organisaatiot/uusi")
@access.needs(Permission.PEOPLE_MANAGE)
def add() -> BaseResponse:
    """Add an organisation."""
    form = OrganisationForm()
    _offer(form)
    if not form.validate():
        return _page(form, None, status=422)
    kind = OrganisationKind(form.kind.data)
    with transaction():
        places.new_organisation(
            kind=kind,
            name=form.name(),
            municipality_code=form.municipality.data if kind is OrganisationKind.MUNICIPALITY else None,
            actor=who(),
            now=clock.now(),
        )
    flash(_("The organisation is added. Now its units can be added."), "success")
    return redirect(url_for("administration_units.units"), code=303)


@blueprint.get("/hallinta/organisaatiot/<uuid:organisation_id>")
@access.needs(Permission.PEOPLE_MANAGE)
def edit(organisation_id: uuid.UUID) -> Response:
    """Show one organisation as a form."""
    found = _require(organisation_id)
    return _page(_filled(found), found)


@blueprint.post("/hallinta/organisaatiot/<uuid:organisation_id>")
@access.needs(Permission.PEOPLE_MANAGE)
def change(organisation_id: uuid.UUID) -> BaseResponse:
    """Change an organisation's name."""
    found, form = _require(organisation_id), OrganisationForm()
    form.kind.data, form.municipality.data = found.kind.value, found.municipality_code or ""
    _offer(form)
    if not form.validate():
        return _page(form, found, status=422)
    try:
        with transaction():
            places.rename_organisation(
                places.held_organisation(organisation_id),
                name=form.name(),
                seen=form.seen.data or "",
                actor=who(),
                now=clock.now(),
            )
    except ChangedMeanwhileError:
        found = _require(organisation_id)
        form.seen.data = places.organisation_stamp(found)
        stands = [
            Detail(label=form[f"name_{code}"].label.text, value=found.name[code])
            for code in ("fi", "sv", "en")
            if found.name.get(code)
        ]
        return _page(form, found, status=409, stands=stands)
    flash(_("The organisation's name is kept."), "success")
    return redirect(url_for("administration_units.units"), code=303)


@blueprint.post("/hallinta/organisaatiot/<uuid:organisation_id>/sulje")
@access.needs(Permission.PEOPLE_MANAGE)
def close(organisation_id: uuid.UUID) -> BaseResponse:
    """Close an organisation that has no open units."""
    try:
        with transaction():
            places.close_organisation(places.held_organisation(organisation_id), actor=who(), now=clock.now())
    except OrganisationInUseError:
        found = _require(organisation_id)
        return _page(
            _filled(found), found, status=422, refusal=_("It still has open units. Close them first.")
        )
    flash(_("The organisation is closed."), "success")
    return redirect(url_for("administration_units.units"), code=303)


@blueprint.post("/hallinta/organisaatiot/<uuid:organisation_id>/avaa")
@access.needs(Permission.PEOPLE_MANAGE)
def reopen(organisation_id: uuid.UUID) -> BaseResponse:
    """Open a closed organisation again."""
    with transaction():
        places.open_organisation(places.held_organisation(organisation_id), actor=who(), now=clock.now())
    flash(_("The organisation is open again."), "success")
    return redirect(url_for("administration_units.units"), code=303)


def _require(organisation_id: uuid.UUID) -> Organisation:
    found = organisation(organisation_id)
    if found is None:
        raise NotFoundError
    return found


def _filled(found: Organisation) -> OrganisationForm:
    return OrganisationForm(
        formdata=None,
        data={
            **{f"name_{code}": found.name.get(code, "") for code in ("fi", "sv", "en")},
            "kind": found.kind.value,
            "municipality": found.municipality_code or "",
            "seen": places.organisation_stamp(found),
        },
    )


def _page(
    form: OrganisationForm,
    found: Organisation | None,
    *,
    status: int = 200,
    refusal: Text = "",
    stands: Sequence[Detail] = (),
) -> Response:
    _offer(form)
    page = OrganisationPage(
        title=in_language(found.name, current_language()).text if found else _l("Add an organisation"),
        form=form,
        organisation=found,
        kind=ORGANISATION_KINDS[found.kind] if found else "",
        refusal=refusal,
        stands=stands,
    )
    return render(page, status=status)


def _offer(form: OrganisationForm) -> None:
    form.municipality.choices = [
        SelectChoice(value="", label=_("None")),
        *(
            SelectChoice(value=each.code, label=in_language(each.name, current_language()).text)
            for each in municipalities()
        ),
    ]
