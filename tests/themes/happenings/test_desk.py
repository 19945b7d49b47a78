"""Editors add, preview, change and cancel events and groups."""

import datetime as dt

import pytest
import time_machine

from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import catalogue, happenings, people
from themes.directory.desk.scope import add_editor
from themes.happenings import queries

DAY = dt.timedelta(days=1)
TODAY = happenings.TODAY


@pytest.fixture(autouse=True)
def foundation(database):
    with time_machine.travel(happenings.NOW, tick=False):
        catalogue.foundation()
        catalogue.provider()
        yield


@pytest.fixture
def editor(client):
    people.sign_in(client, people.user(Role.CONTENT_EDITOR))
    return client


def fields(provider, **more: object):
    return {
        "name_fi": "Lumikenkäretki",
        "summary_fi": "Kaksi tuntia hangella.",
        "provider": str(provider),
        "themes": ["retkeily-ja-luonto"],
        "first_day": "2026-03-14",
        "starts": "10:00",
        "ends": "12.00",
        "municipality": "286",
        "place_fi": "Laavu",
        "price": "free",
        **more,
    }


def test_an_event_is_previewed_and_only_then_kept(editor, new_client):
    provider = catalogue.provider("Retkeilijät ry")
    form = editor.read("/sisalto/tapahtumat/uusi").form("Tallenna")
    shown = editor.send(form, button="Esikatsele", **fields(provider))
    assert "Tällaisena asukkaat näkisivät sen" in shown.headings(2)
    assert "klo 10–12" in shown.text
    assert new_client().read("/tapahtumat").headings(4) == []
    kept = editor.send(shown.form("Tallenna"), button="Tallenna")
    assert kept.h1 == "Lumikenkäretki"
    assert new_client().read("/tapahtumat").headings(4) == ["Lumikenkäretki"]


def test_what_has_to_be_mended_stays_as_it_was_typed(editor):
    provider = catalogue.provider("Retkeilijät ry")
    form = editor.read("/sisalto/ryhmat/uusi").form("Tallenna")
    page = editor.send(
        form,
        button="Tallenna",
        status=422,
        **fields(
            provider,
            name_fi="",
            every="week",
            last_day="2026-03-01",
            url="javascript:alert(1)",
            leader="kuka@example.org",
            summary_fi="Soita 131052-308T",
        ),
    )
    assert page.form("Tallenna").data()["place_fi"] == "Laavu"
    assert set(page.errors) >= {"name_fi", "last_day", "url", "summary_fi"}


def test_a_cancelled_event_says_so_and_can_take_place_after_all(editor, new_client):
    it = happenings.event("Kuoro")
    page = editor.read(f"/sisalto/tapahtumat/{it}")
    editor.send(page.form("Peru"), button="Peru", status=422)
    page = editor.send(page.form("Peru"), button="Peru", reason_fi="Johtaja on sairaana")
    told = new_client().read(f"/tapahtumat/{it}")
    assert "Johtaja on sairaana" in told.text
    editor.send(page.form("Se pidetään sittenkin"), button="Se pidetään sittenkin")
    assert "Johtaja on sairaana" not in new_client().read(f"/tapahtumat/{it}").text


def test_one_date_is_moved(editor, new_client):
    it = happenings.event("Kuoro", rule=happenings.weekly(TODAY + DAY, last_day=TODAY + 8 * DAY))
    date = queries.all_dates_of(it, first=TODAY, most=9)[0]
    form = editor.read(f"/sisalto/tapahtumat/paivat/{date.id}").form("Tallenna")
    editor.send(form, button="Tallenna", status=422, state="moved", day="2026-03-01")
    editor.send(
        form, button="Tallenna", state="moved", day="13.3.2026", starts="9.30", reason_fi="Sali on varattu"
    )
    text = new_client().read("/tapahtumat").text
    assert "Siirretty, oli ke 11.3." in text
    assert "klo 9.30–11" in text


def test_somebody_elses_change_is_not_overwritten(editor):
    it = happenings.event("Kuoro")
    form = editor.read(f"/sisalto/tapahtumat/{it}").form("Tallenna")
    with time_machine.travel(happenings.NOW + dt.timedelta(minutes=1), tick=False):
        editor.send(form, button="Tallenna", name_fi="Ensin")
        page = editor.send(form, button="Tallenna", status=409, name_fi="Sitten")
        assert page.form("Tallenna").data()["name_fi"] == "Sitten"
    assert queries.required(it).name["fi"] == "Ensin"


@pytest.mark.parametrize("role", [Role.ADVISER, Role.ADMINISTRATOR])
def test_the_desk_is_the_content_editors(client, role):
    it = happenings.group()
    people.sign_in(client, people.user(role))
    for path in ("", "/uusi", f"/{it}"):
        client.read(f"/sisalto/ryhmat{path}", status=404)


def test_an_editor_of_a_provider_keeps_that_providers_alone(client, new_client):
    mine, other = catalogue.provider("Oma ry"), catalogue.provider("Toinen ry")
    own, strange = happenings.event("Oma ilta", provider_id=mine), happenings.event("Muu", provider_id=other)
    person = people.user(Role.PROVIDER_EDITOR)
    with transaction():
        add_editor(mine, person, actor=person, now=happenings.NOW)
    people.sign_in(client, person)
    listed = client.read("/sisalto/tapahtumat")
    assert "Oma ilta" in listed.text
    assert "Muu" not in listed.text
    client.read(f"/sisalto/tapahtumat/{strange}", status=404)
    form = client.read(f"/sisalto/tapahtumat/{own}").form("Tallenna")
    client.send(form, button="Tallenna", name_fi="Oma aamu")
    assert queries.required(own).name["fi"] == "Oma aamu"
    moved = {**form.data(), "provider": str(other)}
    assert client.post(f"/sisalto/tapahtumat/{own}", data=moved).status_code == 422
    assert queries.required(own).provider_id == mine
    assert client.post(f"/sisalto/tapahtumat/{strange}/peruminen", data=form.data()).status_code == 404


def test_an_editor_of_a_provider_names_a_colleague_as_leader_and_nobody_else(client):
    mine = catalogue.provider("Oma ry")
    group = happenings.group("Oma piiri", provider_id=mine)
    person, colleague = people.user(Role.PROVIDER_EDITOR), people.user(Role.PROVIDER_EDITOR)
    stranger, friend = people.user(Role.ADVISER).email, colleague.email
    with transaction():
        for each in (person, colleague):
            add_editor(mine, each, actor=person, now=happenings.NOW)
    people.sign_in(client, person)
    form = client.read(f"/sisalto/ryhmat/{group}").form("Tallenna")
    client.send(form, button="Tallenna", status=422, leader=stranger)
    assert queries.required(group).leader_id is None
    client.send(form, button="Tallenna", leader=friend)
    assert queries.required(group).leader_id == colleague.id
