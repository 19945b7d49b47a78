"""An organisation's own sign-in beside the application."""

from collections.abc import Iterator

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from tests.accounts.doors import Settle
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, running
from tests.database import settings_for


@pytest.fixture(scope="session")
def keys() -> RSAKey:
    """A key pair takes a while to make."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture
def provider(keys: RSAKey) -> Iterator[FakeProvider]:
    """A provider that runs, and is honest until told otherwise."""
    with running(FakeProvider(key=keys)) as fake:
        yield fake


@pytest.fixture
def settle(app: Flask, provider: FakeProvider) -> Iterator[Settle]:
    """Make the application know the provider, with these settings changed."""
    before = app.extensions["servicetray.settings"]

    def make(**changes: object) -> None:
        app.extensions["servicetray.settings"] = settings_for(
            before.database_url,
            **{
                "oidc_issuer": provider.issuer,
                "oidc_client_id": CLIENT_ID,
                "oidc_client_secret": CLIENT_SECRET,
                "oidc_link_by_email": True,
                **changes,
            },
        )

    make()
    yield make
    app.extensions["servicetray.settings"] = before
