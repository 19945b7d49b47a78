"""Going to the organisation's own sign-in and back, as a browser does."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import TestResponse

from tests.accounts.provider import FakeProvider
from tests.client import Client

START, BACK = "/kirjaudu/tunnistus", "/kirjaudu/paluu"
Settle = Callable[..., None]


def leave(client: Client, **query: str) -> str:
    """Follow the button to the provider; returns the address there."""
    response = client.get(START, query_string=query)
    assert response.status_code == 303
    return str(response.location)


def come_back(client: Client, provider: FakeProvider, **changes: str) -> TestResponse:
    """Sign in at the provider and return, with parts of what is brought back changed."""
    return client.get(BACK, query_string=provider.sign_in(leave(client)) | changes)


def is_in(client: Client) -> bool:
    """Whether the browser is signed in here."""
    return not str(client.get("/alku").location or "").startswith("/kirjaudu")


def refused(response: TestResponse) -> str:
    """Return why the door stayed closed, as its address tells."""
    return parse_qs(urlsplit(str(response.location)).query).get("tunnistus", [""])[0]
