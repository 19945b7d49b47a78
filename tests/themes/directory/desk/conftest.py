"""Who stands at the desk of services: an editor of content, and one who edits for a provider.

None of these is taken without being asked for, so that a test of something pure needs no database.
"""

import pytest

from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import catalogue, people
from themes.directory.desk.scope import add_editor


@pytest.fixture
def foundation(database):
    """Municipalities, themes and tools, as every installation has them."""
    catalogue.foundation()


@pytest.fixture
def provider_id(foundation):
    """A provider for which somebody edits."""
    return catalogue.provider("Oma ry")


@pytest.fixture
def editor(foundation, new_client):
    """An editor of content, signed in."""
    return people.sign_in(new_client(), people.user(Role.CONTENT_EDITOR))


@pytest.fixture
def own_editor(provider_id, new_client):
    """An editor of that provider, signed in."""
    person = people.user(Role.PROVIDER_EDITOR)
    with transaction():
        add_editor(provider_id, person, actor=person, now=catalogue.NOW)
    return people.sign_in(new_client(), person)
