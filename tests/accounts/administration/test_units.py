"""Administering units and organisations."""

from typing import Any

import pytest
from sqlalchemy import select

from servicetray.accounts.models import MessageWish, Organisation, OrganisationKind, Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db
from tests.client import Client
from tests.factories.people import municipality, sign_in, unit, user

pytestmark = pytest.mark.usefixtures("database")


def administrator(client: Client) -> Client:
    return sign_in(client, user(Role.ADMINISTRATOR))


def fresh(unit_id: object) -> Unit:
    db.session.expire_all()
    return db.session.get_one(Unit, unit_id)


def test_a_unit_belongs_to_its_municipality_or_to_the_county():
    sending, counselling, again = unit(), unit(UnitKind.COUNSELLING), unit(UnitKind.COUNSELLING)
    kinds: dict[Any, Any] = {
        row.id: (row.kind, row.municipality_code) for row in db.session.scalars(select(Organisation))
    }
    assert kinds[sending.organisation_id] == (OrganisationKind.COUNTY, None)
    assert kinds[counselling.organisation_id] == (OrganisationKind.MUNICIPALITY, "286")
    assert counselling.organisation_id == again.organisation_id


def test_a_unit_is_added_changed_closed_and_opened_again(client: Client):
    admin = administrator(client)
    unit()
    page = admin.send(
        admin.read("/hallinta/yksikot/uusi").form(), name_fi="Uusi asema", kind="sending", status=422
    )
    assert page.form().data()["name_fi"] == "Uusi asema"
    admin.send(page.form(), name_sv="Nya stationen")
    made = db.session.scalars(select(Unit).order_by(Unit.active, Unit.id)).all()
    unit_id = next(row.id for row in made if row.name["fi"] == "Uusi asema")
    here = f"/hallinta/yksikot/{unit_id}"
    form = admin.read(here).form_to(here)
    admin.send(form, phone="040 000 0199", messages="daily", shared_list="y", mailbox="asema@example.org")
    changed = fresh(unit_id)
    assert (changed.phone, changed.message_wish, changed.shared_list) == (
        "040 000 0199",
        MessageWish.DAILY,
        True,
    )
    assert changed.name == {"fi": "Uusi asema", "sv": "Nya stationen"}
    admin.send(admin.read(here).form_to("/sulje"))
    assert not fresh(unit_id).active
    admin.send(admin.read(here).form_to("/avaa"))
    assert fresh(unit_id).active
    told = db.session.scalars(
        select(AuditRow.detail).where(AuditRow.action == Action.UNIT_CHANGED).order_by(AuditRow.id)
    )
    assert [detail["change"] for detail in told] == ["added", "details", "message_wish", "closed", "opened"]


def test_who_comes_second_keeps_what_they_typed(client: Client):
    admin, place = administrator(client), unit()
    here = f"/hallinta/yksikot/{place.id}"
    form = admin.read(here).form_to(here)
    admin.send(form, phone="040 000 0111")
    page = admin.send(form, phone="040 000 0222", status=409)
    assert "040 000 0111" in page.text
    assert page.form_to(here).data()["phone"] == "040 000 0222"
    admin.send(page.form_to(here))
    assert fresh(place.id).phone == "040 000 0222"


def test_a_unit_with_people_stays_open_and_one_person_alone_is_pointed_out(client: Client):
    admin, place = administrator(client), unit(UnitKind.COUNSELLING, name="Yhden hengen neuvonta")
    user(Role.ADVISER, units=[place], name="Yksinäinen Neuvoja")
    here = f"/hallinta/yksikot/{place.id}"
    page = admin.read(here)
    assert "Yksinäinen Neuvoja" in page.text
    assert "vain yksi ihminen" in page.text
    page = admin.send(page.form_to("/sulje"), status=422)
    assert "Yhdellä ihmisellä on rooli" in page.text
    assert fresh(place.id).active


def test_a_counselling_unit_needs_its_municipality(client: Client):
    admin = administrator(client)
    unit()
    form = admin.read("/hallinta/yksikot/uusi").form()
    page = admin.send(form, kind="counselling", name_fi="N", name_sv="N", municipality="", status=422)
    assert "municipality" in page.errors


def test_an_organisation_is_added_renamed_and_closed_when_it_is_empty(client: Client):
    admin, place = administrator(client), unit()
    municipality("285", "Kotka")
    form = admin.read("/hallinta/organisaatiot/uusi").form()
    admin.send(form, kind="other", name_fi="Testiyhdistys", name_sv="Testföreningen")
    rows = db.session.scalars(select(Organisation).where(Organisation.kind == OrganisationKind.OTHER)).all()
    here = f"/hallinta/organisaatiot/{rows[0].id}"
    form = admin.read(here).form_to(here)
    admin.send(form, name_fi="Testiyhdistys ry")
    assert "Testiyhdistys ry" in admin.send(form, name_fi="Toinen", status=409).text
    admin.send(admin.read(here).form_to("/sulje"))
    db.session.expire_all()
    assert not db.session.get_one(Organisation, rows[0].id).active
    theirs = f"/hallinta/organisaatiot/{fresh(place.id).organisation_id}"
    admin.send(admin.read(theirs).form_to("/sulje"), status=422)
