"""Editors add, change and remove the ways to reach a service."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.factories import catalogue
from tests.reading import words
from themes.directory.contacts import contacts
from themes.directory.models import Channel, Service, ServiceChannel
from themes.directory.operations import (
    ChannelKind,
    ChannelRecord,
    Facet,
    ServiceRecord,
    Source,
    upsert_channel,
    upsert_service,
)
from themes.directory.own import standing_against

PLACE = ChannelRecord(
    id=uuid.UUID(int=7),
    source=Source.PTV,
    kind=ChannelKind.LOCATION,
    name={"fi": "Jokitalo", "de": "Flusshaus"},
    phones=({"number": "+358401234567", "info": {}, "charge": {"fi": "pvm"}},),
    street={"fi": "Rantakatu 1"},
    postal_code="45100",
    municipality_code="286",
    latitude=60.8,
    longitude=26.7,
    hours=({"days": [1, 5], "from": "08:00", "to": "16:00", "closed": False, "info": {}, "kind": "Daily"},),
)


def of_catalogue(number: int = 8, **more: Any) -> uuid.UUID:
    record = ServiceRecord(
        id=uuid.UUID(int=number),
        source=Source.PTV,
        name={"fi": f"Luettelon jumppa {number}"},
        facets={Facet.MUNICIPALITY: {"286"}},
        whereabouts={"fi": "Rantakatu 1, Kouvola"},
        suggested_themes=("liikunta",),
        **{"channel_ids": (PLACE.id,), **more},
    )
    with transaction():
        upsert_channel(PLACE)
        upsert_service(record, now=catalogue.NOW)
    return record.id


def channels(service_id: uuid.UUID) -> list[Channel]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(Channel)
            .join(ServiceChannel, ServiceChannel.channel_id == Channel.id)
            .where(ServiceChannel.service_id == service_id)
            .order_by(ServiceChannel.position)
        )
    )


def path(service_id: uuid.UUID, channel_id: uuid.UUID | str = "uusi") -> str:
    return f"/sisalto/palvelut/{service_id}/yhteydet/{channel_id}"


def test_a_place_with_hours_is_added_and_residents_see_it(editor, new_client):
    service_id = catalogue.service("Kerho")
    form = editor.read(path(service_id)).form("Tallenna")
    page = editor.send(
        form,
        button="Tallenna",
        **{
            "kind": "location",
            "name_fi": "Kerhotalo",
            "street_fi": "Torikatu 3",
            "municipality": "286",
            "phones-0-number": "040 000 0101",
            "weekly-0-first": "1",
            "weekly-0-last": "5",
            "weekly-0-opens": "9.00",
            "weekly-0-closes": "15:30",
            "exceptions-0-valid_from": "2099-12-24",
            "exceptions-0-closed": ["y"],
        },
    )
    assert "Kerhotalo" in page.text
    told = new_client().read(f"/palvelut/{service_id}").text
    for part in ("Torikatu 3", "Kouvola", "040 000 0101", "ma–pe", "9–15.30", "24.12. suljettu"):
        assert part in told


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"kind": "location"}, {"street_fi", "municipality"}),
        ({"kind": "phone"}, {"phones-0-number"}),
        ({"kind": "phone", "phones-0-number": "kysy tiskiltä"}, {"phones-0-number"}),
        ({"kind": "web_page"}, {"url_fi"}),
        ({"kind": "web_page", "url_fi": "javascript:alert(1)"}, {"url_fi"}),
        ({"kind": "e_service", "url_sv": "www.example.org"}, {"url_sv"}),
        (
            {"kind": "phone", "phones-0-number": "040 000 0101", "emails": "a@example.org\nei osoite"},
            {"emails"},
        ),
        (
            {"kind": "phone", "phones-0-number": "040 000 0101", "weekly-1-opens": "9.00"},
            {"weekly-1-first", "weekly-1-closes"},
        ),
        (
            {"kind": "phone", "phones-0-number": "040 000 0101", "exceptions-0-closed": ["y"]},
            {"exceptions-0-valid_from"},
        ),
    ],
)
def test_what_has_to_be_mended_is_said_at_its_field_and_stays_as_typed(editor, typed, fields):
    service_id = catalogue.service("Kerho")
    form = editor.read(path(service_id)).form("Tallenna")
    page = editor.send(form, button="Tallenna", status=422, name_fi="Kesken jäi", **typed)
    assert set(page.errors) == fields
    assert "Ei vielä tallennettu" in page.text
    assert page.form("Tallenna").data()["name_fi"] == "Kesken jäi"
    assert channels(service_id) == []


def test_more_rows_come_without_keeping_anything(editor):
    service_id = catalogue.service("Kerho")
    form = editor.read(path(service_id)).form("Tallenna")
    page = editor.send(form, button="Lisää rivejä", **{"weekly-0-opens": "9.00", "name_fi": "Talo"})
    more = page.form("Tallenna")
    assert "weekly-4-opens" in more.names - form.names
    assert more.data()["name_fi"] == "Talo"
    assert channels(service_id) == []


def test_a_change_of_an_imported_way_stands_when_it_comes_again(editor):
    service_id, other = of_catalogue(), of_catalogue(9)
    form = editor.read(path(service_id, PLACE.id)).form("Tallenna")
    editor.send(form, button="Tallenna", **{"weekly-0-closes": "18:00", "everywhere": []})
    of_catalogue()
    (mine,), (theirs,) = channels(service_id), channels(other)
    assert (mine.hours[0]["to"], theirs.hours[0]["to"]) == ("18:00", "16:00")
    assert (theirs.id, mine.source) == (PLACE.id, Source.EDITOR)
    assert (mine.name["de"], mine.phones[0]["charge"], mine.latitude) == ("Flusshaus", {"fi": "pvm"}, 60.8)
    record = ServiceRecord(id=service_id, source=Source.PTV, name={}, channel_ids=(PLACE.id,))
    assert "channels" in standing_against(record)
    editor.send(
        editor.read(f"/sisalto/palvelut/{service_id}").form("Ota Palvelutietovarannon tekstit takaisin")
    )
    of_catalogue()
    assert [each.id for each in channels(service_id)] == [PLACE.id]
    assert db.session.get(Channel, mine.id) is None, "what nothing is reached by is gone"


def test_a_place_that_several_services_have_is_changed_for_all_at_once(editor):
    service_id, other = of_catalogue(), of_catalogue(9)
    form = editor.read(path(service_id, PLACE.id)).form("Tallenna")
    editor.send(form, button="Tallenna", street_fi="Rantakatu 2", everywhere=["y"])
    (mine,), (theirs,) = channels(service_id), channels(other)
    assert mine.id == theirs.id
    assert mine.latitude is None, "the point on the map was of the old address"
    for each in (service_id, other):
        it = db.session.get_one(Service, each)
        assert it.whereabouts == {"fi": "Rantakatu 2, Kouvola"}
        assert it.own_fields == ["channels", "whereabouts"]


def test_keeping_without_changes_makes_nothing_of_its_own(editor):
    service_id = of_catalogue()
    editor.send(editor.read(path(service_id, PLACE.id)).form("Tallenna"), button="Tallenna")
    assert [each.id for each in channels(service_id)] == [PLACE.id]
    assert db.session.get_one(Service, service_id).own_fields == []


def test_the_last_way_on_stays_and_others_can_go(editor):
    service_id = of_catalogue()
    page = editor.send(editor.read(path(service_id, PLACE.id)).form("Poista tämä palvelulta"), status=422)
    assert "Kerro, miten palvelun tavoittaa" in page.text
    form = editor.read(path(service_id)).form("Tallenna")
    editor.send(form, button="Tallenna", kind="web_page", url_fi="https://www.example.org/jumppa")
    editor.send(editor.read(path(service_id, PLACE.id)).form("Poista tämä palvelulta"))
    of_catalogue()
    (left,) = channels(service_id)
    assert left.urls == {"fi": "https://www.example.org/jumppa"}


def test_who_comes_second_keeps_the_typed_text_and_overwrites_nothing(editor):
    service_id = of_catalogue()
    form = editor.read(path(service_id, PLACE.id)).form("Tallenna")
    first = editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna")
    editor.send(first, button="Tallenna", name_fi="Uusi")
    page = editor.send(form, button="Tallenna", status=409, street_fi="Sitten")
    assert page.form("Tallenna").data()["street_fi"] == "Sitten"
    assert [each.id for each in channels(service_id)] == [PLACE.id]


def in_order(service_id: uuid.UUID) -> list[str]:
    return [each.name["fi"] for each in channels(service_id)]


def test_the_one_put_first_is_what_residents_are_offered_first(own_editor, provider_id, new_client):
    ways = [
        catalogue.channel(ChannelKind.PHONE, name={"fi": name}, phones=({"number": number},))
        for name, number in (
            ("Vaihde", "040 000 0101"),
            ("Neuvonta", "040 000 0102"),
            ("Ilta", "040 000 0103"),
        )
    ]
    service_id = catalogue.service("Kerho", provider_id=provider_id, channel_ids=ways)
    page = own_editor.read(f"/sisalto/palvelut/{service_id}")
    buttons = page.root.xpath("//section[@aria-labelledby='yhteydet']//button")
    assert [(words(each), each.get("id")) for each in buttons] == [
        ("Siirrä alas: Vaihde, nyt sijalla 1, yhteensä 3", f"down-{ways[0]}"),
        ("Siirrä ylös: Neuvonta, nyt sijalla 2, yhteensä 3", f"up-{ways[1]}"),
        ("Siirrä alas: Neuvonta, nyt sijalla 2, yhteensä 3", f"down-{ways[1]}"),
        ("Siirrä ylös: Ilta, nyt sijalla 3, yhteensä 3", f"up-{ways[2]}"),
    ]
    token = page.form("Tallenna").data()["csrf_token"]

    def pressed(at: int, step: str) -> str:
        done = own_editor.post(
            f"{path(service_id, ways[at])}/jarjestys", data={"csrf_token": token, "step": step}
        )
        assert done.status_code == 303
        return str(done.location).partition("#")[2]

    assert pressed(2, "up") == f"up-{ways[2]}", "the focus stays on the button that was pressed"
    assert pressed(2, "up") == f"down-{ways[2]}", "it is the first now: the other button is left"
    assert in_order(service_id) == ["Ilta", "Vaihde", "Neuvonta"]
    assert pressed(2, "up") == f"down-{ways[2]}", "nothing is before the first"
    assert pressed(0, "down") == f"up-{ways[0]}"
    assert in_order(service_id) == ["Ilta", "Neuvonta", "Vaihde"]
    assert contacts([service_id], language="fi")[service_id].phone == "040 000 0103"
    resident = new_client().read(f"/palvelut/{service_id}").text
    assert resident.index("040 000 0103") < resident.index("040 000 0102") < resident.index("040 000 0101")


def test_an_order_made_here_stands_when_the_catalogue_comes_again(editor):
    second = replace(PLACE, id=uuid.UUID(int=6), name={"fi": "Toinen talo"})
    with transaction():
        upsert_channel(second)
    both = (PLACE.id, second.id)
    service_id = of_catalogue(channel_ids=both)
    before = in_order(service_id)
    page = editor.send(
        editor.read(f"/sisalto/palvelut/{service_id}").form_to(f"{second.id}/jarjestys"),
        button="Siirrä ylös: Toinen talo, nyt sijalla 2, yhteensä 2",
    )
    assert "Muutettu täällä" in page.text
    of_catalogue(channel_ids=both)
    assert (before, in_order(service_id)) == (["Jokitalo", "Toinen talo"], ["Toinen talo", "Jokitalo"])
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.CONTENT_CHANGED)).one()
    assert row.detail == {"what": "channel_moved", "kind": "location", "to": "1"}
    editor.send(
        editor.read(f"/sisalto/palvelut/{service_id}").form("Ota Palvelutietovarannon tekstit takaisin")
    )
    of_catalogue(channel_ids=both)
    assert in_order(service_id) == before


def test_one_way_alone_has_no_order(editor):
    service_id = of_catalogue()
    assert "Siirrä" not in editor.read(f"/sisalto/palvelut/{service_id}").text
    token = editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna").data()["csrf_token"]
    for step in ("up", "down", "elsewhere", ""):
        done = editor.post(
            f"{path(service_id, PLACE.id)}/jarjestys", data={"csrf_token": token, "step": step}
        )
        assert (done.status_code, str(done.location).partition("#")[2]) == (303, "yhteydet")
    assert db.session.get_one(Service, service_id).own_fields == []


def test_an_editor_of_a_provider_reaches_that_providers_services_alone(own_editor, provider_id):
    place = catalogue.channel(street={"fi": "Torikatu 1"}, municipality_code="286")
    own = catalogue.service("Oma kerho", provider_id=provider_id, channel_ids=(place,))
    strange = catalogue.service("Muu", provider_id=catalogue.provider("Toinen ry"), channel_ids=(place,))
    form = own_editor.read(path(own, place)).form("Tallenna")
    assert "everywhere" not in form.names, "the other service is another provider's"
    own_editor.send(form, button="Tallenna", name_fi="Oma tila")
    assert [each.name for each in channels(own)] == [{"fi": "Oma tila"}]
    assert [each.name for each in channels(strange)] == [{"fi": "Kerhotila"}]
    own_editor.read(path(strange, place), status=404)
    own_editor.read(path(own, place), status=404)
    for address in (
        path(strange),
        path(strange, place),
        f"{path(strange, place)}/poisto",
        f"{path(strange, place)}/jarjestys",
    ):
        assert own_editor.post(address, data=form.data()).status_code == 404
    assert len(channels(strange)) == 1
