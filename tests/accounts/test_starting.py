"""After signing in each role begins where most of its work waits."""

import pytest

from servicetray.accounts.permissions import Role
from servicetray.accounts.starting import _MOST_WORK
from tests.factories.people import sign_in, user

BEGINS = {
    Role.PROFESSIONAL: "/lahetteet",
    Role.ADVISER: "/saapuneet",
    Role.MUNICIPAL_LEAD: "/saapuneet",
    Role.CONTENT_EDITOR: "/sisalto/palvelut",
    Role.PROVIDER_EDITOR: "/sisalto/palvelut",
    Role.COORDINATOR: "/luvut",
    Role.NETWORK_PARTNER: "/kokous",
    Role.ADMINISTRATOR: "/hallinta",
    Role.DATA_PROTECTION_OFFICER: "/tietosuoja/loki",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_begins_where_most_of_its_work_waits(database, client, role):
    assert sign_in(client, user(role)).get("/alku").location == BEGINS[role]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((Role.PROVIDER_EDITOR, Role.ADVISER), "/saapuneet"),
        ((Role.CONTENT_EDITOR, Role.PROVIDER_EDITOR), "/sisalto/palvelut"),
        ((Role.ADMINISTRATOR, Role.CONTENT_EDITOR), "/sisalto/palvelut"),
    ],
)
def test_of_several_roles_the_one_for_which_clients_wait_goes_first(database, client, roles, expected):
    assert sign_in(client, user(*roles)).get("/alku").location == expected


def test_whoever_reads_in_another_language_begins_there_in_it(database, client):
    assert sign_in(client, user(Role.CONTENT_EDITOR)).get("/sv/alku").location == "/sv/sisalto/palvelut"


def test_every_place_of_the_rule_is_there(app):
    assert {endpoint for _permission, endpoint in _MOST_WORK} <= app.view_functions.keys()


def test_where_a_place_is_missing_the_next_one_is_taken(app, database, client, monkeypatch):
    monkeypatch.delitem(app.view_functions, "inbox.inbox")
    person = user(Role.ADVISER, Role.CONTENT_EDITOR)
    assert sign_in(client, person).get("/alku").location == "/sisalto/palvelut"
