"""The address of a service that has ended says so and leads on."""

import uuid

from servicetray.core.db import transaction
from tests.factories import catalogue
from themes.directory.retiring import retire


def test_a_retired_service_answers_410_with_ways_on(client, database):
    catalogue.foundation()
    provider_id = catalogue.provider("Kerholaiset ry")
    ended = catalogue.service("Keilailukerho", provider_id=provider_id)
    catalogue.service("Kävelykerho", provider_id=provider_id)
    with transaction():
        retire([ended], now=catalogue.NOW)
    page = client.read(f"/palvelut/{ended}", status=410)
    assert page.h1 == "Keilailukerho"
    links = page.links
    for way in (
        "/teemat/liikunta",
        "/kunnat/kouvola",
        f"/jarjestajat/{provider_id}",
        "/haku?q=Keilailukerho",
    ):
        assert any(way in link.href for link in links), way
    assert client.get(f"/palvelut/{ended}").headers["Cache-Control"] == "no-store"
    client.read(f"/palvelut/{uuid.uuid4()}", status=404)
    assert client.read(f"/sv/palvelut/{ended}", status=410).h1 == "Keilailukerho"
    assert str(ended) not in client.get("/sitemap-fi.xml").get_data(as_text=True)
