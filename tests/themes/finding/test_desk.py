"""The editors' words of the search."""

import pytest

from servicetray.accounts.permissions import Role
from tests.factories import catalogue, people

ADDRESS = "/sisalto/hakusanat"


@pytest.fixture
def editor(client):
    catalogue.foundation()
    catalogue.service("Saunalautta", keywords={"fi": ["lautta"]})
    people.sign_in(client, people.user(Role.CONTENT_EDITOR))
    return client


def test_a_pair_is_added_found_by_and_taken_away(editor, new_client):
    assert "Saunalautta" not in new_client().read("/haku?q=kelluke").text
    form = editor.read(ADDRESS).form("Lisää pari")
    kept = editor.send(form, language="fi", everyday="Kellukkeelle", official="lautta")
    assert ("kelluke" in kept.text, "Lisätty täällä" in kept.text) == (True, True)
    assert "Saunalautta" in new_client().read("/haku?q=kellukkeet").text

    gone = editor.send(kept.form("Poista kelluke → lautta"))
    assert "Poistettu." in gone.text
    assert "Saunalautta" not in new_client().read("/haku?q=kelluke").text


def test_a_pair_of_the_service_s_own_is_taken_away_and_put_back(editor):
    page = editor.read(f"{ADDRESS}?alku=viina")
    gone = editor.send(page.form("Poista viina → päihde"))
    assert "viina → päihde" in gone.text
    back = editor.send(editor.read(ADDRESS).form("Ota takaisin käyttöön viina → päihde"))
    assert "Pari on taas käytössä." in back.text
    assert back.form("Poista viina → päihde")


@pytest.mark.parametrize(
    ("everyday", "official"),
    [("", "lautta"), ("kaksi sanaa", "lautta"), ("lautta", "lautta"), ("kelluke", "...")],
)
def test_what_is_no_pair_is_shown_again(editor, everyday, official):
    form = editor.read(ADDRESS).form("Lisää pari")
    page = editor.send(form, status=422, language="fi", everyday=everyday, official=official)

    assert page.form("Lisää pari").data()["everyday"] == everyday


def test_an_editor_sees_why_a_service_is_found(editor):
    page = editor.read(f"{ADDRESS}?kokeile=saunalautalle")

    assert "Saunalautta" in page.text
    assert "saunalautta" in page.text
    assert "(nimi" in page.text
    assert "Yhtään palvelua ei löytynyt." in editor.read(f"{ADDRESS}?kokeile=qwrtzxp").text


@pytest.mark.parametrize("role", [Role.ADVISER, Role.ADMINISTRATOR, Role.PROFESSIONAL])
def test_others_find_no_such_page(client, database, role):
    people.sign_in(client, people.user(role))

    client.read(ADDRESS, status=404)
