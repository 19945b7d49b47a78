"""The pages about the service: there in three languages, and the frame around every public page."""

import re

import pytest
from flask import Flask

from servicetray.core.i18n import LANGUAGES
from servicetray.information.pages import TITLES
from tests.client import Client

NAMES = sorted(TITLES)


def address(code: str, name: str) -> str:
    """Return a page's path in a language."""
    return f"/{name}" if code == "fi" else f"/{code}/{name}"


@pytest.mark.parametrize("name", NAMES)
def test_each_text_is_written_in_each_language(client: Client, name: str) -> None:
    texts = {code: client.read(address(code, name)) for code in LANGUAGES}
    assert len({page.h1 for page in texts.values()}) == len(LANGUAGES)
    assert all(len(page.text.split()) > 100 for page in texts.values())


def test_no_cookie_is_set(client: Client) -> None:
    answer = client.get("/tietosuoja")
    assert "Set-Cookie" not in answer.headers


def test_the_language_switch_keeps_the_place_and_the_question(client: Client) -> None:
    html = client.get("/sv/ohjeet?kunta=286").text
    assert 'href="/ohjeet?kunta=286" lang="fi"' in html
    assert 'href="/en/ohjeet?kunta=286" lang="en"' in html


def test_search_engines_are_told_of_the_three_languages(app: Flask, client: Client) -> None:
    root = app.extensions["servicetray.settings"].public_url
    html = client.get("/sv/ohjeet?kunta=286").text
    assert f'rel="canonical" href="{root}/sv/ohjeet"' in html
    assert re.findall(r'rel="alternate" hreflang="([a-z-]+)"', html) == ["fi", "x-default", "sv", "en"]


def test_the_emergency_number_stands_on_every_public_page(client: Client) -> None:
    for name in NAMES:
        assert 'href="tel:112"' in client.get(f"/{name}").text


def test_an_unknown_text_is_a_missing_page(client: Client) -> None:
    assert client.get("/tietoturva").status_code == 404


def test_the_frame_links_only_to_pages_that_exist(app: Flask, client: Client) -> None:
    page = client.read("/tietoa")
    adapter = app.url_map.bind("localhost")
    inside = {link.href.split("?")[0].split("#")[0] for link in page.links if link.href.startswith("/")}
    paths = {path.removeprefix("/sv").removeprefix("/en") or "/" for path in inside}
    assert paths
    assert [path for path in paths if not path.startswith("/static/") and not adapter.test(path)] == []
