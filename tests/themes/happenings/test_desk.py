"""Editors add, preview, change and cancel events and groups."""

import datetime as dt

import pytest
import time_machine

from servicetray.accounts.permissions import Role
from tests.factories import catalogue, happenings, people
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


@pytest.mark.parametrize("role", [Role.PROVIDER_EDITOR, Role.ADVISER, Role.ADMINISTRATOR])
def test_the_desk_is_the_content_editors(client, role):
    it = happenings.group()
    people.sign_in(client, people.user(role))
    for path in ("", "/uusi", f"/{it}"):
        client.read(f"/sisalto/ryhmat{path}", status=404)
