"""A page of the tray on a thin line: what a phone has to fetch, compressed, and that no script is needed."""

import gzip
import uuid
from urllib.parse import urlsplit

import pytest
import time_machine
from lxml import html
from sqlalchemy import select

from servicetray.core.assets import BUILD
from servicetray.core.db import transaction
from tests.factories import catalogue
from themes.demonstration import loading
from themes.demonstration.happenings import loading as happenings
from themes.directory.models import Service
from themes.topics.queries import theme_ids

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


def first_of(client, path: str, beginning: str) -> str:
    """Return the first link of a page that begins so."""
    links = html.fromstring(client.get(path).data).xpath("//main//a/@href")
    return next(str(link) for link in links if link.startswith(beginning))


def heavy(sizes: dict[str, tuple[int, int]]) -> str:
    return "\n".join(
        f"{name}: {page} bytes, {whole} with all that it fetches" for name, (page, whole) in sizes.items()
    )


def weighed(client, paths: dict[str, str], *, scripts: bool = True) -> dict[str, tuple[int, int]]:
    """Return the bytes of each page, and with everything that it fetches, or all but the scripts that come after."""
    sizes = {}
    for name, path in paths.items():
        response = client.get(path)
        assert response.status_code == 200, path
        body = response.data
        page = compressed(body)
        whole = page + sum(
            size for name, size in fetched(body).items() if scripts or not name.endswith(".js")
        )
        sizes[name] = (page, whole)
    return sizes


def test_every_page_is_light(client, filled):
    sizes = weighed(client, PAGES)
    assert all(page <= LATER for page, _ in sizes.values()), heavy(sizes)
    assert all(whole <= FIRST for _, whole in sizes.values()), heavy(sizes)


def test_so_is_every_page_of_the_demonstration(client, database):
    """With its longest service and every theme; a path stands for all. Scripts are deferred: no view waits for them."""
    with time_machine.travel(catalogue.NOW, tick=False):
        with transaction():
            loading.load(catalogue.NOW)
        with transaction():
            happenings.load(catalogue.NOW)
        longest = max(
            database.scalars(select(Service)),
            key=lambda each: len(str(each.description) + str(each.instructions)),
        )
        themes = [link for link in theme_ids() if client.get(f"/teemat/{link}").status_code == 200]
        paths = {
            "front": "/",
            "search": "/haku?q=liikunta",
            "service": f"/palvelut/{longest.id}",
            "event": first_of(client, "/tapahtumat", "/tapahtumat/"),
            "group": first_of(client, "/ryhmat", "/ryhmat/"),
            "events": "/tapahtumat",
            "path": "/loyda-apua/nukun-huonosti",
            **{slug: f"/teemat/{slug}" for slug in themes},
        }
        sizes = weighed(
            client,
            {
                f"{name}, {prefix or 'fi'}": f"{prefix}{path}"
                for name, path in paths.items()
                for prefix in ("", "/sv")
            },
            scripts=False,
        )
    assert all(page <= LATER for page, _ in sizes.values()), heavy(sizes)
    assert all(whole <= FIRST for _, whole in sizes.values()), heavy(sizes)


def test_no_script_is_needed_to_see_a_page(client, filled):
    for path in PAGES.values():
        for script in html.fromstring(client.get(path).data).xpath("//script[@src]"):
            assert (
                script.get("defer") is not None
                or script.get("async") is not None
                or script.get("type") == "module"
            )
