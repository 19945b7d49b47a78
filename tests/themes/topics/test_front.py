"""The front page, as a resident reads it."""

import pytest
import time_machine

from tests.factories import catalogue

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def theme_counts(page) -> dict[str, str]:
    found = {}
    for tile in page.main.xpath(
        ".//li[.//h3][.//a[contains(@href, '/teemat/') or contains(@href, '/palvelut')]]"
    ):
        name = tile.xpath("string(.//h3)")
        found[name] = tile.xpath("string(.//p[last()])")
    return found


def test_every_published_theme_has_its_tile_with_its_count(client):
    catalogue.service("Tuolijumppa", themes=("liikunta", "vertaistuki"))
    catalogue.service("Kävely", themes=("liikunta",), municipalities=("285",))
    catalogue.service("Neuvonta", themes=("nimeamaton-1",))
    counts = theme_counts(client.read("/"))
    assert len(counts) == 12
    assert counts["Liikunta"] == "2 palvelua"
    assert counts["Vertaistuki"] == "1 palvelu"
    assert counts["Ravitsemus"] == "0 palvelua"
    assert counts["Kaikki palvelut"] == "3 palvelua"


def test_a_municipality_changes_the_counts_and_is_taken_along(client):
    catalogue.service("Tuolijumppa")
    catalogue.service("Kävely", municipalities=("285",))
    catalogue.service("Etäopas", municipalities=())
    page = client.read(client.read("/").link("Kotka"))
    assert theme_counts(page)["Liikunta"] == "2 palvelua"
    assert page.form("Hae").fields["kunta"] == "285"
    theme = client.read(page.link("Liikunta"))
    assert theme.h1 == "Liikunta"
    assert theme.headings(2)[0] == "2 palvelua Kotkassa"
    assert theme.title == "Liikunta Kotkassa – Hyvinvointia"
    assert client.read(page.link("Kaikki palvelut")).h1


def test_an_unknown_municipality_is_the_whole_county(client):
    catalogue.service("Tuolijumppa")
    assert theme_counts(client.read("/?kunta=091"))["Liikunta"] == "1 palvelu"


def test_a_theme_appears_on_its_day(client):
    with time_machine.travel("2025-03-31T20:59:00+00:00", tick=False):
        early = theme_counts(client.read("/"))
    with time_machine.travel("2025-03-31T21:00:00+00:00", tick=False):
        # Midnight in Helsinki.
        on_time = theme_counts(client.read("/"))
    assert "Vertaistuki" not in early
    assert "Vertaistuki" in on_time


def test_search_leads_to_the_results(client):
    catalogue.service("Tuolijumppa")
    page = client.send(client.read("/").form("Hae"), q="tuolijumppa", kunta="286")
    assert "Tuolijumppa" in page.headings(3)


def test_help_is_at_hand(client):
    page = client.read("/")
    assert page.link("112") == "tel:112"
    assert page.link("09 2525 0111") == "tel:0925250111"
    assert page.items("Miten voit?")[0].startswith(
        "Terapianavigaattori Terapiat etulinjaan, noin 15 minuuttia"
    )


def test_whoever_does_not_know_where_to_begin_is_led_on(client):
    page = client.read("/")
    for link, heading in (
        ("Löydä apua askel kerrallaan", "Löydä apua"),
        ("Kaikki testit ja omahoito", "Omahoito ja testit"),
        ("Omahoito-ohjelmat", "Omahoito-ohjelmat"),
    ):
        assert client.read(page.link(link)).h1 == heading


def test_suggestions_wait_at_the_search_field(client):
    page = client.read("/")
    (address,) = page.main.xpath(".//input[@id='q']/@data-suggestions")
    assert client.get(f"{address}?q=jum").json is not None


@pytest.mark.parametrize(
    ("path", "h1", "theme"),
    [
        ("/sv/", "En god vardag börjar nära", "Motion"),
        ("/en/", "A good day starts close to home", "Exercise"),
    ],
)
def test_the_front_page_in_other_languages(client, path, h1, theme):
    page = client.read(path)
    assert page.h1 == h1
    assert client.read(page.link(theme)).h1 == theme


@pytest.mark.parametrize("path", ["/", "/teemat/liikunta?kunta=286", "/palvelut", "/sv/palvelut"])
def test_public_pages_may_be_kept_and_are_asked_for_again(client, path):
    response = client.get(path)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_few_queries(client, query_budget):
    with query_budget(6):
        client.read("/?kunta=286")
