"""Editors write, check, preview, publish and withdraw paths."""

import pytest
import time_machine

from servicetray.accounts.permissions import Role
from tests.factories import catalogue, people
from tests.themes.guided_paths.test_reading import GOOD

ADDRESS = "/sisalto/polut/nukun-huonosti"


@pytest.fixture(autouse=True)
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


@pytest.fixture
def editor(client):
    people.sign_in(client, people.user(Role.CONTENT_EDITOR))
    return client


def test_a_new_path_is_kept_previewed_and_published(editor, new_client):
    form = editor.read("/sisalto/polut/uusi").form("Tallenna luonnos")
    kept = editor.send(form, button="Tallenna luonnos", slug="koe", source=GOOD)
    assert kept.h1 == "Koe"
    new_client().read("/loyda-apua/koe", status=404)
    assert editor.read(kept.link("Mitä?")).h1 == "Mitä?"
    shown = editor.send(kept.form("Julkaise"), button="Julkaise")
    assert "Julkaistu" in " ".join(shown.messages)
    assert new_client().read("/loyda-apua/koe").h1 == "Mitä?"


def test_a_draft_changes_nothing_until_it_is_published(editor, new_client):
    form = editor.read(ADDRESS).form("Julkaise")
    source = form.data()["source"].replace("Kuinka kauan olet nukkunut", "Miten kauan olet nukkunut")
    kept = editor.send(form, button="Tallenna luonnos", source=source)
    assert new_client().read("/loyda-apua/nukun-huonosti").h1.startswith("Kuinka kauan")
    editor.send(kept.form("Julkaise"), button="Julkaise")
    assert new_client().read("/loyda-apua/nukun-huonosti").h1.startswith("Miten kauan")


def test_what_leads_nowhere_is_told_by_line_and_never_published(editor, new_client):
    form = editor.read(ADDRESS).form("Julkaise")
    source = form.data()["source"].replace('to = "hoitaja"', 'to = "hoitja"')
    page = editor.send(form, button="Julkaise", status=422, source=source)
    assert "hoitja" in page.text
    assert any(item.startswith("Rivi ") for item in page.items("Korjaa nämä ennen julkaisua"))
    assert page.form("Julkaise").data()["source"].strip() == source.strip()
    assert new_client().read("/loyda-apua/nukun-huonosti").h1.startswith("Kuinka kauan")


def test_a_half_written_draft_is_kept(editor):
    form = editor.read(ADDRESS).form("Julkaise")
    page = editor.send(form, button="Tallenna luonnos", source="slug = ")
    assert page.form("Julkaise").data()["source"].strip() == "slug ="
    assert "Luonnos" in page.text


def test_nobody_writes_over_another(editor):
    first = editor.read(ADDRESS).form("Julkaise")
    second = editor.read(ADDRESS).form("Julkaise")
    editor.send(first, button="Tallenna luonnos", source="eka = 1")
    page = editor.send(second, button="Tallenna luonnos", status=409, source="toka = 2")
    assert page.form("Julkaise").data()["source"].strip() == "toka = 2"


def test_a_path_is_withdrawn_and_shown_again(editor, new_client):
    page = editor.send(editor.read(ADDRESS).form("Piilota asukkailta"), button="Piilota asukkailta")
    new_client().read("/loyda-apua/nukun-huonosti", status=404)
    assert "Piilotettu" in page.text
    editor.send(page.form("Julkaise"), button="Julkaise")
    assert new_client().read("/loyda-apua/nukun-huonosti").h1.startswith("Kuinka kauan")


def test_a_draft_is_thrown_away(editor, new_client):
    kept = editor.send(editor.read(ADDRESS).form("Julkaise"), button="Tallenna luonnos", source="eka = 1")
    page = editor.send(kept.form("Poista luonnos"), button="Poista luonnos")
    assert "Kuinka kauan" in page.form("Julkaise").data()["source"]


def test_an_address_is_used_once(editor):
    form = editor.read("/sisalto/polut/uusi").form("Tallenna luonnos")
    page = editor.send(form, button="Tallenna luonnos", status=422, slug="nukun-huonosti", source=GOOD)
    assert "Toisella polulla on tämä osoite." in page.text


def test_the_list_tells_states_and_faults(editor):
    rows = editor.read("/sisalto/polut").table()
    assert len(rows) >= 40
    assert {row["Tila"] for row in rows} == {"Näkyvissä, valmis teksti"}


@pytest.mark.parametrize("role", [Role.ADVISER, Role.NETWORK_PARTNER, Role.ADMINISTRATOR])
def test_others_meet_nothing(client, role):
    people.sign_in(client, people.user(role))
    for address in ("/sisalto/polut", "/sisalto/polut/uusi", ADDRESS, ADDRESS + "/esikatselu/kauan"):
        client.read(address, status=404)
