"""Pages of providers and municipalities, the new choices and orders, and what search engines are told."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from lxml import etree, html

from tests.factories import catalogue
from themes.directory.operations import Facet, Price

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def head(client, path):
    return html.fromstring(client.get(path).data).find("head")


def linked(client, path):
    (block,) = head(client, path).xpath("script[@type='application/ld+json']")
    return {node["@type"]: node for node in json.loads(block.text)["@graph"]}


def test_a_provider_shows_its_services_and_how_to_reach_it(client):
    provider = catalogue.provider(
        "Kylätalo ry", phone="+358400000127", email="talo@example.org", municipality_code="286"
    )
    catalogue.service("Kahvila", provider_id=provider)
    catalogue.service("Muiden kerho")
    page = client.read(f"/jarjestajat/{provider}")
    assert page.h1 == "Kylätalo ry"
    assert page.headings(3) == ["Kahvila"]
    assert page.link("talo@example.org") == "mailto:talo@example.org"
    assert client.read(page.link("Kouvola")).h1 == "Kouvola"
    assert linked(client, f"/jarjestajat/{provider}")["NGO"]["email"] == "talo@example.org"
    assert "Kylätalo ry" in client.read("/jarjestajat").text


def test_a_provider_without_services_has_no_page(client):
    client.read(f"/jarjestajat/{catalogue.provider('Tyhjä ry')}", status=404)
    client.read(f"/jarjestajat/{uuid.uuid4()}", status=404)
    assert "Tyhjä ry" not in client.read("/jarjestajat").text


def test_a_municipality_shows_what_serves_it(client):
    catalogue.service("Kouvolan kuoro", themes=("taide-ja-kulttuuri",))
    catalogue.service("Kotkan kuoro", municipalities=("285",))
    catalogue.service("Koko maan neuvo", municipalities=())
    page = client.read("/kunnat/kouvola")
    assert page.headings(3)[:2] == ["Koko maan neuvo", "Kouvolan kuoro"]
    assert "kunta" not in page.form("Näytä palvelut").choices
    assert client.read(page.link("Pyhtää")).h1 == "Pyhtää"
    assert client.read("/kunnat/kouvola?teema=taide-ja-kulttuuri").headings(3)[0] == "Kouvolan kuoro"
    assert client.read("/sv/kunnat/kouvola").title.startswith("Kouvola")


@pytest.mark.parametrize("slug", ["Kouvola", "helsinki", "pyhtää", "286"])
def test_what_is_no_municipality_is_404(client, slug):
    client.read(f"/kunnat/{slug}", status=404)


def test_target_group_and_kaikukortti_narrow_a_list(client):
    catalogue.service("Perhekerho", facets={Facet.TARGET_GROUP: ("KR1", "KR1.2")})
    catalogue.service("Teatteri", kaikukortti=True, price=Price.FREE)
    form = client.read("/palvelut").form("Näytä palvelut")
    assert [choice.value for choice in form.choices["kohderyhma"]] == ["lapsiperheet"]
    assert [choice.value for choice in form.choices["kaikukortti"]] == ["kylla"]
    assert client.read("/palvelut?kohderyhma=lapsiperheet").headings(3) == ["Perhekerho"]
    assert client.read("/palvelut?kaikukortti=kylla&hinta=maksuton").headings(3) == ["Teatteri"]


def test_the_order_is_chosen_and_stays_in_every_address(client):
    for number in range(21):
        day = catalogue.CHECKED + dt.timedelta(days=number)
        catalogue.service(f"Palvelu {number:02}", checked_on=day, forms=("remote",))
    page = client.read("/palvelut?jarjestys=tarkistettu&miten=etana")
    assert page.headings(3)[:2] == ["Palvelu 20", "Palvelu 19"]
    following = page.link("Seuraava sivu")
    assert "jarjestys=tarkistettu" in following
    assert client.read(following).headings(3) == ["Palvelu 00"]
    assert "jarjestys=tarkistettu" in page.link("Etänä")
    assert client.read("/palvelut?jarjestys=x").headings(3)[0] == "Palvelu 00"


def test_machines_are_told_what_people_are(client):
    found = catalogue.service("Tuolijumppa", price=Price.FREE, summary={"fi": 'Istuen </script><b>"hyvä"'})
    told = linked(client, f"/palvelut/{found}")
    assert told["GovernmentService"]["name"] == "Tuolijumppa"
    assert told["GovernmentService"]["isAccessibleForFree"] is True
    assert told["GovernmentService"]["description"] == 'Istuen </script><b>"hyvä"'
    trail = [item["name"] for item in told["BreadcrumbList"]["itemListElement"]]
    assert trail == ["Teemat", "Liikunta", "Tuolijumppa"]


def test_the_head_names_the_page_in_every_language(client):
    found = head(client, "/sv/teemat/liikunta?kunta=286")
    assert found.xpath("link[@rel='canonical']/@href") == ["http://localhost/sv/teemat/liikunta"]
    languages = found.xpath("link[@rel='alternate']/@hreflang")
    assert sorted(languages) == ["en", "fi", "sv", "x-default"]
    assert found.xpath("meta[@name='description']/@content")[0]
    assert found.xpath("meta[@property='og:image']/@content")[0].endswith(".png")


def test_the_sitemap_lists_what_residents_see(client):
    shown = catalogue.service("Näkyvä")
    hidden = catalogue.service("Vanhentunut", checked_on=dt.date(2020, 1, 1))
    index = etree.fromstring(client.get("/sitemap.xml").data)
    assert len(index) == 3
    for path in ("/sitemap-sv.xml", "/sv/sitemap-sv.xml"):
        found = [each.text for each in etree.fromstring(client.get(path).data).iter("{*}loc")]
        assert f"http://localhost/sv/palvelut/{shown}" in found
        assert f"http://localhost/sv/palvelut/{hidden}" not in found
        assert "http://localhost/sv/kunnat/pyhtaa" in found
    assert client.get("/sitemap-de.xml").status_code == 404
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text
    # A signed address out of the tray counts a click; a machine that follows it would be counted too.
    assert "Disallow: /sv/ulos/" in client.get("/robots.txt").text
