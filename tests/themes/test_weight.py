"""A page of the tray on a thin line: what a phone has to fetch, compressed, and that no script is needed."""

import gzip
import uuid
from urllib.parse import urlsplit

import pytest
import time_machine
from lxml import html

from servicetray.core.assets import BUILD
from tests.factories import catalogue

FIRST, LATER = 45_000, 12_000
"""Bytes, with everything that a page fetches; and of the page alone, once that is there."""
SERVICE = uuid.UUID(int=7)
PLACES = ("142", "285", "286", "489", "624", "935")
SENTENCE = "aloitetaan rauhallisesti, tehdään yhdessä ja levätään välillä, lopuksi juodaan kahvit ja vaihdetaan kuulumiset."
PAGES = {
    "front": "/",
    "theme": "/teemat/liikunta",
    "service": f"/palvelut/{SERVICE}",
    "search": "/haku?q=jumppa",
    "all services": "/palvelut",
    "municipality": "/kunnat/kouvola",
}


@pytest.fixture
def filled(database):
    """A full page of services with texts of the usual length."""
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        for number in range(21):
            catalogue.service(
                {"fi": f"Kevyt jumppa {number}", "sv": f"Lätt gymnastik {number}"},
                id=SERVICE if number == 0 else uuid.uuid4(),
                provider_id=catalogue.provider(f"Kymijoen Virkeät {number} ry"),
                municipalities=PLACES[number % 6 :],
                life_stages=("older_people", "working_age"),
                forms=("in_person", "remote"),
                accessibility=("step_free", "accessible_toilet"),
                languages=("fi", "sv", "en"),
                summary={
                    "fi": f"Tuolilla ja seisten tehtävää liikettä, joka pitää nivelet notkeina. Tervetuloa {number}."
                },
                description={"fi": "\n\n".join(f"Kerta {at}: {SENTENCE}" for at in range(12))},
                for_whom={"fi": "Sinulle, jonka kunto on päässyt vähän laskemaan"},
                whenabouts={"fi": f"Tiistaisin klo {number}"},
            )
        yield


def compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def fetched(body: bytes) -> dict[str, int]:
    """Return the compressed size of every file that a page fetches by itself; of a picture's two forms the larger."""
    tree = html.fromstring(body)
    addresses = tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    addresses += [address.partition("#")[0] for address in tree.xpath("//*[local-name()='use']/@href")]
    names = {urlsplit(address).path.rpartition("/")[2] for address in addresses}
    # A photo-like file is compressed already; text is by whoever stands in front.
    return {name: compressed((BUILD / name).read_bytes()) for name in names}


def test_every_page_is_light(client, filled):
    sizes = {}
    for name, path in PAGES.items():
        body = client.get(path).data
        page = compressed(body)
        whole = page + sum(fetched(body).values())
        sizes[name] = (page, whole)
    told = "\n".join(
        f"{name}: {page} bytes, {whole} with all that it fetches" for name, (page, whole) in sizes.items()
    )
    assert all(page <= LATER for page, _ in sizes.values()), told
    assert all(whole <= FIRST for _, whole in sizes.values()), told


def test_no_script_is_needed_to_see_a_page(client, filled):
    for path in PAGES.values():
        for script in html.fromstring(client.get(path).data).xpath("//script[@src]"):
            assert (
                script.get("defer") is not None
                or script.get("async") is not None
                or script.get("type") == "module"
            )
