"""Closed unless marked."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from servicetray.core import access
from servicetray.core.access import Door
from tests.client import Client

WITHOUT_VIEW = frozenset({"static"})
"""Flask's own endpoint for files, the same for everyone."""


def rules(app: Flask) -> list[Rule]:
    """Return the rules of our own endpoints."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in WITHOUT_VIEW]


def test_every_view_says_who_may_enter(app):
    unmarked = [
        rule.endpoint for rule in rules(app) if access.marker_of(app.view_functions[rule.endpoint]) is None
    ]
    assert unmarked == []


def test_a_permission_door_names_at_least_one_permission(app):
    for rule in rules(app):
        marker = access.marker_of(app.view_functions[rule.endpoint])
        assert marker is not None
        assert (marker.door is Door.PERMISSION) == bool(marker.permissions), rule.endpoint


def test_no_view_both_shows_and_changes_under_a_safe_method_alone(app):
    """A view that takes POST says so, and nothing but GET, HEAD, OPTIONS and POST is spoken."""
    for rule in rules(app):
        assert rule.methods is not None
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.endpoint


def test_a_closed_page_sends_a_stranger_to_sign_in_and_back(app, client: Client):
    for rule in rules(app):
        marker = access.marker_of(app.view_functions[rule.endpoint])
        if marker is None or marker.door is Door.PUBLIC or rule.arguments:
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        response = client.open(rule.rule, method=method)
        # A POST without a token is refused before anybody is asked who they are.
        expected = {303} if method == "GET" else {303, 400}
        assert response.status_code in expected, rule.endpoint


@pytest.mark.parametrize("path", ["/ei-ole", "/sv/finns-inte", "/en/nothing-here"])
def test_what_does_not_exist_is_a_page_in_the_language_of_the_address(client: Client, path):
    page = client.read(path, status=404)
    assert page.h1
