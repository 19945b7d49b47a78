"""Editors and providers keep services true."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select

from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.factories import catalogue, people
from themes.directory.models import Facet, Service, ServiceFacet, ServiceStatus, ServiceTheme
from themes.directory.operations import ServiceRecord, Source, upsert_service
from themes.search.models import IndexedText


def stored(service_id) -> Service:
    db.session.expire_all()
    return db.session.get_one(Service, service_id)


def themes(service_id: uuid.UUID) -> list[int]:
    rows = select(ServiceTheme.theme_id).where(ServiceTheme.service_id == service_id)
    return list(db.session.scalars(rows.order_by(ServiceTheme.position)))


def of_catalogue(service_id: uuid.UUID, **more: Any) -> None:
    facts: dict[str, Any] = {
        "name": {"fi": "Luettelon jumppa", "sv": "Katalogens gympa", "de": "Turnen"},
        "summary": {"fi": "Vanha lause."},
        "facets": {Facet.MUNICIPALITY: {"286"}, Facet.TARGET_GROUP: {"KR1.2.1", "KR1.2"}},
        "suggested_themes": ("ravitsemus", "liikunta"),
        **more,
    }
    record = ServiceRecord(id=service_id, source=Source.PTV, **facts)
    with transaction():
        upsert_service(record, now=catalogue.NOW)


def test_what_is_changed_here_stays_when_its_source_comes_again(editor):
    service_id = uuid.uuid4()
    of_catalogue(service_id)
    form = editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna")
    page = editor.send(form, button="Tallenna", summary_fi="Uusi lause.", forms=["remote"])
    assert "Muutettu täällä" in page.text
    of_catalogue(service_id, summary={"fi": "Luettelon uusi."}, instructions={"fi": "Soita."})
    it = stored(service_id)
    assert (it.summary, it.instructions) == ({"fi": "Uusi lause."}, {"fi": "Soita."})
    assert it.own_fields == ["facet:form", "summary"]
    assert it.name["de"] == "Turnen"
    editor.send(
        editor.read(f"/sisalto/palvelut/{service_id}").form("Ota Palvelutietovarannon tekstit takaisin")
    )
    of_catalogue(service_id, summary={"fi": "Luettelon uusi."})
    assert stored(service_id).summary == {"fi": "Luettelon uusi."}


def test_keeping_without_changes_changes_nothing(editor):
    service_id = uuid.uuid4()
    of_catalogue(service_id, description={"fi": "Eka rivi.\n\nToka rivi. "})
    before = (stored(service_id).updated_at, themes(service_id))
    editor.send(editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna"), button="Tallenna")
    assert (stored(service_id).updated_at, themes(service_id)) == before
    assert stored(service_id).own_fields == []
    finer = select(ServiceFacet.value).where(ServiceFacet.facet == Facet.TARGET_GROUP)
    assert set(db.session.scalars(finer)) == {"KR1.2.1", "KR1.2"}


def test_a_service_needs_a_name_and_what_was_typed_stays(editor):
    service_id = catalogue.service("Kävely")
    form = editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna")
    page = editor.send(form, button="Tallenna", status=422, name_fi="", summary_fi="Kesken jäi.")
    assert page.form("Tallenna").data()["summary_fi"] == "Kesken jäi."
    assert stored(service_id).name == {"fi": "Kävely"}


def test_who_comes_second_keeps_the_typed_text_and_overwrites_nothing(editor):
    service_id = catalogue.service("Kävely")
    form = editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna")
    editor.send(form, button="Tallenna", name_fi="Ensin")
    page = editor.send(form, button="Tallenna", status=409, name_fi="Sitten")
    assert page.form("Tallenna").data()["name_fi"] == "Sitten"
    assert stored(service_id).name == {"fi": "Ensin"}


def test_one_click_says_that_all_holds(own_editor, provider_id, new_client):
    old = dt.date(2024, 1, 1)
    service_id = catalogue.service("Kerho", provider_id=provider_id, checked_on=old)
    new_client().read(f"/palvelut/{service_id}", status=404)
    listed = own_editor.read("/sisalto/palvelut?tila=tarkistamatta")
    assert "Kerho" in listed.text
    own_editor.send(own_editor.read(f"/sisalto/palvelut/{service_id}").form("Tiedot pitävät paikkansa"))
    checked_on = stored(service_id).checked_on
    assert checked_on is not None
    assert checked_on > old
    assert new_client().read(f"/palvelut/{service_id}").h1 == "Kerho"
    row = db.session.scalars(
        select(AuditRow).where(
            AuditRow.action == Action.CONTENT_CHANGED, AuditRow.object_id == str(service_id)
        )
    ).one()
    assert row.detail == {"what": "confirmed"}


def test_hiding_takes_it_out_of_sight_and_search_and_showing_brings_it_back(editor, new_client):
    service_id = catalogue.service(
        "Kerho", provider_id=catalogue.provider("Puhelin ry", phone="040 000 0101")
    )
    editor.send(editor.read(f"/sisalto/palvelut/{service_id}").form("Piilota asukkailta"))
    new_client().read(f"/palvelut/{service_id}", status=404)
    assert db.session.scalars(select(IndexedText)).all() == []
    editor.send(editor.read(f"/sisalto/palvelut/{service_id}").form("Näytä asukkaille"))
    assert new_client().read(f"/palvelut/{service_id}").h1 == "Kerho"


def test_an_editor_of_a_provider_sees_that_providers_services_alone(own_editor, provider_id):
    own = catalogue.service("Oma kerho", provider_id=provider_id)
    strange = catalogue.service("Muiden kerho", provider_id=catalogue.provider("Toinen ry"))
    catalogue.service("Ei kenenkään")
    page = own_editor.read("/sisalto/palvelut")
    assert "Oma kerho" in page.text
    assert "Muiden kerho" not in page.text
    assert "Ei kenenkään" not in page.text
    form = own_editor.read(f"/sisalto/palvelut/{own}").form("Tallenna")
    assert "themes" not in form.data(), "themes are the county's choice"
    own_editor.read(f"/sisalto/palvelut/{strange}", status=404)
    for path in ("", "/vahvistus", "/nakyvyys", "/palautus"):
        answer = own_editor.post(f"/sisalto/palvelut/{strange}{path}", data=form.data())
        assert answer.status_code == 404
    assert stored(strange).status is ServiceStatus.PUBLISHED


def test_an_editor_of_no_provider_is_told_whom_to_ask(foundation, client):
    catalogue.service("Kerho")
    people.sign_in(client, people.user(Role.PROVIDER_EDITOR))
    page = client.read("/sisalto/palvelut")
    assert "Kerho" not in page.text
    assert "Et vielä muokkaa" in page.text


def test_editors_of_content_decide_who_edits_for_a_provider(editor, provider_id, new_client):
    person, adviser = people.user(Role.PROVIDER_EDITOR, name="Outi Oma"), people.user(Role.ADVISER)
    emails = (person.email, adviser.email)
    own = catalogue.service("Oma kerho", provider_id=provider_id)
    path = f"/sisalto/jarjestajat/{provider_id}"
    form = editor.read(path).form("Lisää")
    for wrong in (emails[1], "ei.ketaan@example.org", ""):
        editor.send(form, button="Lisää", status=422, email=wrong)
    page = editor.send(form, button="Lisää", email=emails[0])
    assert "Outi Oma" in page.text
    assert "Outi Oma" in editor.read("/sisalto/jarjestajat?q=oma").text
    theirs = people.sign_in(new_client(), person)
    assert theirs.read(f"/sisalto/palvelut/{own}").h1 == "Oma kerho"
    theirs.read("/sisalto/jarjestajat", status=404)
    editor.send(editor.read(path).form_to("/poisto"))
    theirs.read(f"/sisalto/palvelut/{own}", status=404)
