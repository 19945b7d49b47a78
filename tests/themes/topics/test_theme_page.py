"""The page of a theme."""

import pytest
import time_machine

from tests.factories import catalogue

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def test_a_theme_shows_its_own_services_the_main_ones_first(client):
    catalogue.service("Aamukuoro", themes=("taide-ja-kulttuuri", "liikunta"))
    catalogue.service("Vesijumppa")
    catalogue.service("Kuntosali")
    catalogue.service("Ruokapiiri", themes=("ravitsemus",))
    page = client.read("/teemat/liikunta")
    assert page.headings(3)[:3] == ["Kuntosali", "Vesijumppa", "Aamukuoro"]
    assert page.headings(2) == ["3 palvelua", "Omahoito ja testit"]
    assert page.text.count("Ruokapiiri") == 0


def test_its_tools_follow_the_municipality(client):
    catalogue.service("Etäopas", municipalities=())
    assert "Pyhtään kunta" in client.read("/teemat/liikunta").text
    page = client.read("/teemat/liikunta?kunta=286")
    assert "Pyhtää: ohjattu liikunta" not in page.text
    assert any(item.startswith("Kouvola: vinkit kotijumppaan") for item in page.items("Omahoito ja testit"))
    assert client.get(page.link("Kouvola: erityisliikunta")).location == "https://www.kouvola.fi/"


def test_choices_are_offered_only_where_some_service_has_them(client):
    catalogue.service("Tuolijumppa", forms=("in_person",), life_stages=("older_people",))
    form = client.read("/teemat/liikunta").form("Näytä palvelut")
    assert {choice.value for choice in form.choices["miten"]} == {"paikalla"}
    assert form.labels["ikavaihe"] == "Ikävaihe"
    assert "hinta" not in form.choices
    assert len(form.choices["kunta"]) == 7


def test_a_theme_without_services_says_so(client):
    page = client.read("/teemat/ravitsemus")
    assert page.headings(2) == ["Täällä ei ole vielä palveluja"]
    assert client.read(page.link("Selaa kaikkia palveluja")).h1 == "Kaikki palvelut"


@pytest.mark.parametrize("slug", ["nimeamaton-1", "ei-ole", "Liikunta", "liikunta-"])
def test_what_is_not_published_is_404(client, slug):
    client.read(f"/teemat/{slug}", status=404)


def test_a_theme_is_not_there_before_its_day(client):
    with time_machine.travel("2024-12-15T12:00:00+00:00", tick=False):
        client.read("/teemat/liikunta", status=404)
    with time_machine.travel("2024-12-16T12:00:00+00:00", tick=False):
        client.read("/teemat/liikunta")


def test_the_language_is_switched_in_place(client):
    catalogue.service({"fi": "Tuolijumppa", "sv": "Stolsgymnastik"}, forms=("remote",))
    page = client.read("/teemat/liikunta?kunta=286&miten=etana")
    swedish = client.read(page.link("SV"))
    assert swedish.h1 == "Motion"
    assert swedish.headings(2)[0] == "1 tjänst i Kouvola"
    assert swedish.headings(3)[0] == "Stolsgymnastik"


def test_few_queries_whatever_the_length(client, query_budget):
    for number in range(25):
        catalogue.service(f"Palvelu {number}", provider_id=catalogue.provider(f"Yhdistys {number} ry"))
    with query_budget(9):
        client.read("/teemat/liikunta?kunta=286")
