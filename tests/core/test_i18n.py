"""Three languages: the address says which, and links stay in it."""

import pytest

from tests.client import Client

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(("prefix", "language"), [("", "fi"), ("/sv", "sv"), ("/en", "en")])
def test_address_says_the_language(client: Client, prefix: str, language: str) -> None:
    """The page is marked with it, and its own links keep it."""
    page = client.read(f"{prefix}/kirjaudu")
    assert page.root.get("lang") == language
    assert f'action="{prefix}/kirjaudu' in page.response.get_data(
        as_text=True
    ) or page.form().action.endswith("/kirjaudu")


def test_language_switch_keeps_the_place_and_the_query(client: Client) -> None:
    """Whoever changes the language stays where they are."""
    page = client.get("/sv/kirjaudu?next=/lahetteet").get_data(as_text=True)
    assert 'href="/kirjaudu?next=/lahetteet" lang="fi"' in page
    assert 'href="/en/kirjaudu?next=/lahetteet" lang="en"' in page


def test_word_that_only_begins_like_a_language_is_a_path(client: Client) -> None:
    """/svenska is no page in Swedish."""
    assert client.get("/svenska").status_code == 404


@pytest.mark.parametrize("path", ["//evil.example/x", "/sv//evil.example/x", "///evil.example"])
def test_link_to_another_language_stays_on_this_host(client: Client, path: str) -> None:
    """An address with two slashes does not become a link to the host that it names."""
    body = client.get(f"http://localhost{path}").get_data(as_text=True)
    assert 'href="//' not in body
