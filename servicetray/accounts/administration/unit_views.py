"""Organisations with their units; adding, changing, closing and opening a unit."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from servicetray.accounts import queries as accounts
from servicetray.accounts.administration import places, queries
from servicetray.accounts.administration.forms import UnitForm, chosen_id
from servicetray.accounts.administration.labels import ORGANISATION_KINDS
from servicetray.accounts.administration.operations import ChangedMeanwhileError
from servicetray.accounts.administration.pages import OrganisationUnits, UnitLine, UnitPage, UnitsPage
from servicetray.accounts.administration.people_views import line_of
from servicetray.accounts.administration.places import UnitInUseError
from servicetray.accounts.administration.queries import Wanted
from servicetray.accounts.labels import MESSAGE_WISHES, UNIT_KINDS
from servicetray.accounts.models import MessageWish, Unit, UnitKind
from servicetray.accounts.organisations import all_organisations, organisation
from servicetray.accounts.pages import Detail
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Localized, in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities, municipality
from servicetray.core.pages import render

blueprint = Blueprint("administration_units", __name__)


@blueprint.get("/hallinta/yksikot")
@access.needs(Permission.PEOPLE_MANAGE)
def units() -> Response:
    """Show every organisation with its units."""
    found = accounts.all_units()
    counts = queries.people_by_unit([unit.id for unit in found])
    towns = {place.code: place.name for place in municipalities()}
    groups = [
        OrganisationUnits(
            organisation=each,
            name=_said(each.name),
            kind=ORGANISATION_KINDS[each.kind],
            units=_lines([unit for unit in found if unit.organisation_id == each.id], counts, towns),
        )
        for each in all_organisations()
    ]
    alone = [unit for unit in found if unit.organisation_id is None]
    if alone:
        nobody = Localized(_("Units of no organisation"), current_language())
        groups.append(
            OrganisationUnits(organisation=None, name=nobody, kind="", units=_lines(alone, counts, towns))
        )
    return render(UnitsPage(title=_p("page title", "Units"), groups=groups))


@blueprint.get("/hallinta/yksikot/uusi")
@access.needs(Permission.PEOPLE_MANAGE)
def new() -> Response:
    """Show the empty form for a new unit."""
    return _page(UnitForm(formdata=None), None)


@blueprint.post("/hallinta/yksikot/uusi")
@access.needs(Permission.PEOPLE_MANAGE)
def add() -> BaseResponse:
    """Add a unit."""
    form = UnitForm()
    _offer(form, None)
    if not form.validate():
        return _page(form, None, status=422)
    with transaction():
        made = places.add_unit(
            kind=UnitKind(form.kind.data),
            values=_values(form),
            wish=MessageWish(form.messages.data),
            actor=who(),
            now=clock.now(),
        )
        made_id = made.id
    flash(_("The unit is added. People get their roles in it one by one."), "success")
    return redirect(url_for("administration_units.unit", unit_id=made_id), code=303)


@blueprint.get("/hallinta/yksikot/<uuid:unit_id>")
@access.needs(Permission.PEOPLE_MANAGE)
def unit(unit_id: uuid.UUID) -> Response:
    """Show one unit as a form, with its people."""
    found = _require(unit_id)
    return _page(_filled(found), found)


@blueprint.post("/hallinta/yksikot/<uuid:unit_id>")
@access.needs(Permission.PEOPLE_MANAGE)
def change(unit_id: uuid.UUID) -> BaseResponse:
    """Change a unit."""
    found, form = _require(unit_id), UnitForm()
    form.kind.data = found.kind.value
    _offer(form, found)
    if not form.validate():
        return _page(form, found, status=422)
    try:
        with transaction():
            places.change_unit(
                places.held_unit(unit_id),
                values=_values(form),
                wish=MessageWish(form.messages.data),
                seen=form.seen.data or "",
                actor=who(),
                now=clock.now(),
            )
    except ChangedMeanwhileError:
        found = _require(unit_id)
        form.seen.data = places.unit_stamp(found)
        return _page(form, found, status=409, stands=_stands(found))
    flash(_("The unit's details are kept."), "success")
    return redirect(url_for("administration_units.unit", unit_id=unit_id), code=303)


@blueprint.post("/hallinta/yksikot/<uuid:unit_id>/sulje")
@access.needs(Permission.PEOPLE_MANAGE)
def close(unit_id: uuid.UUID) -> BaseResponse:
    """Close a unit in which nothing is left."""
    try:
        with transaction():
            places.close_unit(places.held_unit(unit_id), actor=who(), now=clock.now())
    except UnitInUseError as error:
        found = _require(unit_id)
        return _page(_filled(found), found, status=422, refused=error)
    flash(_("The unit is closed. What it has done stays readable."), "success")
    return redirect(url_for("administration_units.units"), code=303)


@blueprint.post("/hallinta/yksikot/<uuid:unit_id>/avaa")
@access.needs(Permission.PEOPLE_MANAGE)
def reopen(unit_id: uuid.UUID) -> BaseResponse:
    """Open a closed unit again."""
    with transaction():
        places.open_unit(places.held_unit(unit_id), actor=who(), now=clock.now())
    flash(_("The unit is open again."), "success")
    return redirect(url_for("administration_units.unit", unit_id=unit_id), code=303)


def _require(unit_id: uuid.UUID) -> Unit:
    found = accounts.unit(unit_id)
    if found is None:
        raise NotFoundError
    return found


def _lines(
    found: Sequence[Unit], counts: Mapping[uuid.UUID, int], towns: Mapping[str, Mapping[str, str]]
) -> Sequence[UnitLine]:
    lines = [
        UnitLine(
            id=each.id,
            name=_said(each.name),
            kind=UNIT_KINDS[each.kind],
            municipality=_said(towns[each.municipality_code or ""])
            if each.municipality_code in towns
            else None,
            people=counts.get(each.id, 0),
            alone=_is_alone(each, counts.get(each.id, 0)),
            active=each.active,
        )
        for each in found
    ]
    return sorted(lines, key=lambda line: (not line.active, line.name.text.casefold(), str(line.id)))


def _is_alone(unit: Unit, people: int) -> bool:
    return unit.active and unit.kind is UnitKind.COUNSELLING and people == 1


def _page(
    form: UnitForm,
    found: Unit | None,
    *,
    status: int = 200,
    stands: Sequence[Detail] = (),
    refused: UnitInUseError | None = None,
) -> Response:
    _offer(form, found)
    rows = queries.people(Wanted(unit_id=found.id)).rows if found else ()
    number = queries.people_in(found.id) if found else 0
    page = UnitPage(
        title=_said(found.name).text if found else _l("Add a unit"),
        form=form,
        unit=found,
        kind=UNIT_KINDS[found.kind] if found else "",
        people=[line_of(row.user, row.state) for row in rows if row.user.active],
        alone=bool(found and _is_alone(found, number)),
        left_people=refused.people if refused else 0,
        remaining=refused.remaining if refused else (),
        stands=stands,
    )
    return render(page, status=status)


def _filled(found: Unit) -> UnitForm:
    return UnitForm(
        formdata=None,
        data={
            **{f"name_{code}": found.name.get(code, "") for code in ("fi", "sv", "en")},
            "kind": found.kind.value,
            "organisation": str(found.organisation_id or ""),
            "municipality": found.municipality_code or "",
            "service_area": found.service_area,
            "phone": found.phone,
            "mailbox": found.mailbox,
            "messages": found.message_wish.value,
            "shared_list": found.shared_list,
            "seen": places.unit_stamp(found),
        },
    )


def _offer(form: UnitForm, found: Unit | None) -> None:
    held = found.organisation_id if found else None
    form.organisation.choices = [
        SelectChoice(value=str(each.id), label=_said(each.name).text)
        for each in all_organisations()
        if each.active or each.id == held
    ]
    form.municipality.choices = [
        SelectChoice(value="", label=_("None")),
        *(SelectChoice(value=each.code, label=_said(each.name).text) for each in municipalities()),
    ]


def _values(form: UnitForm) -> dict[str, Any]:
    sends = form.kind.data == UnitKind.SENDING
    return {
        "name": form.name(),
        "organisation_id": chosen_id(form.organisation),
        "municipality_code": form.municipality.data or None,
        "service_area": (form.service_area.data or "") if sends else "",
        "phone": form.phone.data or "",
        "mailbox": form.mailbox.data or "",
        "shared_list": bool(form.shared_list.data) and sends,
    }


def _stands(found: Unit) -> Sequence[Detail]:
    town = municipality(found.municipality_code) if found.municipality_code else None
    owner = organisation(found.organisation_id) if found.organisation_id else None
    known = (
        (_("Name in Finnish"), found.name.get("fi", "")),
        (_("Name in Swedish"), found.name.get("sv", "")),
        (_("Name in English"), found.name.get("en", "")),
        (_("Organisation"), _said(owner.name).text if owner else ""),
        (_("Municipality"), _said(town.name).text if town else ""),
        (_("Service area"), found.service_area),
        (_("Phone"), found.phone),
        (_("Shared e-mail"), found.mailbox),
        (_("Messages"), MESSAGE_WISHES[found.message_wish]),
        (
            _("Professionals of the unit see each other's referrals"),
            _("Yes") if found.shared_list else _("No"),
        ),
    )
    return tuple(Detail(label=label, value=value) for label, value in known if value)


def _said(texts: Mapping[str, str]) -> Localized:
    return in_language(texts, current_language())
