"""Conversation cards: whole in three languages, to read and to print."""

import pytest
import time_machine

from servicetray.core.i18n import LANGUAGES
from tests.factories import catalogue
from themes.conversation_cards.reading import CardFileError, PartKind, conversation_cards, read


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def test_there_is_one_for_exercise_and_one_for_culture_with_every_part():
    cards = conversation_cards()
    assert [card.slug for card in cards] == ["liikunta", "kulttuuri"]
    for card in cards:
        assert [part.kind for part in card.parts] == list(PartKind)
        assert all(set(part.lines) == set(LANGUAGES) for part in card.parts)


def test_a_card_that_lacks_a_language_is_refused():
    with pytest.raises(CardFileError, match="koe"):
        read('position = 1\ntheme = "liikunta"\nreferral = "exercise"\n[name]\nfi = "Vain suomeksi"\n', "koe")
    with pytest.raises(CardFileError):
        read("ei = [", "koe")


@pytest.mark.usefixtures("foundation")
def test_a_card_opens_from_the_list_and_fits_a_pocket(client):
    page = client.read(client.read("/puheeksi").link("Liikunta puheeksi"))
    assert page.h1 == "Liikunta puheeksi"
    assert page.headings(2) == [
        "Kysy avoimesti",
        "Kuuntele näitä",
        "Sano vaikka näin",
        "Tarjoa lähetettä",
        "Jos vastaus on ei",
    ]
    pocket = client.read(page.link("Taskuun"))
    assert "Sopiiko, että puhutaan hetki liikkumisesta?" in pocket.text
    assert client.read(pocket.link("Kokoa hyvinvointikortti")).headings(3)[0] == "Liikunta"
    client.read("/puheeksi/ei-ole", status=404)


@pytest.mark.usefixtures("foundation")
@pytest.mark.parametrize(("prefix", "name"), [("/sv", "Tala om kultur"), ("/en", "Talking about culture")])
def test_it_speaks_the_readers_language(client, prefix, name):
    assert client.read(f"{prefix}/puheeksi/kulttuuri").h1 == name
