"""Programmes of our own: whole in three languages, read step by step, kept by nobody."""

import pytest
import time_machine

from tests.factories import catalogue
from themes.self_care.reading import ProgrammeError, programmes, read


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def test_the_programmes_are_whole():
    assert [each.slug for each in programmes()] == ["irti-nikotiinista", "parempi-uni", "liiketta-arkeen"]


def test_a_text_that_lacks_a_language_is_no_programme():
    with pytest.raises(ProgrammeError, match="koe"):
        read('theme = "liikunta"\nposition = 1\nminutes = 5\nname.fi = "Koe"', "koe")


@pytest.mark.usefixtures("foundation")
def test_a_programme_is_read_from_the_first_step_to_the_last(client):
    page = client.read("/omahoito")
    page = client.read(page.link("Irti nikotiinista"))
    assert page.h1 == "Irti nikotiinista"
    page = client.read(page.link("Aloita ensimmäisestä askeleesta"))
    seen = [page.h1]
    while any(link.text.startswith("Seuraavaksi: ") for link in page.links):
        page = client.read(next(link for link in page.links if link.text.startswith("Seuraavaksi: ")).href)
        seen.append(page.h1)
    assert len(seen) == 5
    assert "Olet perillä. Minne seuraavaksi?" in page.headings(2)


@pytest.mark.usefixtures("foundation")
@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_the_whole_programme_is_on_one_page(client, prefix):
    page = client.read(f"{prefix}/omahoito/parempi-uni/kaikki")
    assert len(page.headings(2)) == 4


@pytest.mark.usefixtures("foundation")
@pytest.mark.parametrize("end", ["ei-ole", "parempi-uni/0", "parempi-uni/5", "parempi-uni/muuta"])
def test_what_is_not_there_is_not_found(client, end):
    client.read(f"/omahoito/{end}", status=404)


@pytest.mark.usefixtures("foundation")
def test_it_stands_beside_its_theme(client):
    page = client.read("/teemat/liikunta")
    assert page.link("Liikettä arkeen") == "/omahoito/liiketta-arkeen"
