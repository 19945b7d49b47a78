"""What stands before every view: headers, cookies, CSRF, limits."""

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from servicetray.app import create_app
from servicetray.core.security import MAX_BODY_BYTES, UNSAFE, csrf
from tests.client import Client
from tests.database import settings_for

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("path", ["/", "/kirjaudu", "/ei-ole", "/static/build/manifest.json"])
def test_every_answer_carries_exactly_these_headers(client: Client, path: str) -> None:
    """The snapshot: a header that falls away or grows laxer is seen here."""
    with client.get(path) as response:
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
        assert "Server" not in response.headers


@pytest.mark.usefixtures("database")
def test_residents_get_no_cookie(client: Client) -> None:
    """Pages for everyone set none, and say nothing that depends on one."""
    response = client.get("/")
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_cookies_are_bound_to_https_and_the_host_in_production() -> None:
    """The session cookie can't be set or read from elsewhere."""
    app = create_app(settings_for("sqlite://", https=True, public_url="https://hyvinvointia.example.org"))
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    response = app.test_client().get("/health/live", base_url="https://hyvinvointia.example.org")
    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")


WITHOUT_SESSION = {
    "client.enter",
    "client.leave",
    "client.ask_call",
    "enrolment.own_opened",
    "enrolment.send",
    "feedback.send",
    "wellbeing_card.make",
    "wellbeing_card.open_code",
    "client.best_time",
    "client.new_number",
    "client.no_longer_needed",
    "client.choose_time",
    "client.withdraw",
    "contact_me.send",
}
"""Forms of people who have no session of ours."""


@pytest.mark.usefixtures("database")
def test_every_unsafe_address_asks_for_a_csrf_token(app: Flask) -> None:
    """A form of another site changes nothing, whatever the address."""
    client = app.test_client()
    unsafe = [rule for rule in app.url_map.iter_rules() if UNSAFE & (rule.methods or set())]
    assert unsafe
    for rule in unsafe:
        values: dict[str, object] = dict.fromkeys(rule.arguments, "00000000-0000-4000-8000-000000000000")
        values |= {
            name: 1 for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)
        }
        if "kind" in values:
            values["kind"] = "exercise"
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                values[name] = min(converter.items)
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        status = client.post(address, data={"x": "1"}).status_code
        if rule.endpoint in WITHOUT_SESSION:
            # Its own key is missing: shown again, or sent back to the door.
            assert status in {303, 404, 422}, rule
        else:
            # A script that saves in the background is told that its sign-in is over; it changes nothing either.
            assert status == (401 if rule.endpoint == "sending.keep" else 400), rule


def test_forms_without_a_session_are_named_here(app: Flask) -> None:
    """What takes no session's token has a signed key of its own (``core.anonymous``, ``client.visits``)."""
    by_view = {f"{view.__module__}.{view.__name__}": name for name, view in app.view_functions.items()}
    exempt = {by_view[name] for name in csrf._exempt_views}
    assert exempt == WITHOUT_SESSION


@pytest.mark.usefixtures("database")
def test_request_that_a_browser_marks_as_cross_site_is_refused(client: Client) -> None:
    """Even with a token, which another site can't know."""
    form = client.read("/kirjaudu").form()
    data = form.data(email="a@example.org", password="x" * 12)
    answer = client.post("/kirjaudu", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400


@pytest.mark.usefixtures("database")
def test_huge_body_is_refused_in_words(client: Client) -> None:
    """A body over the limit is not read to its end."""
    answer = client.post("/kirjaudu", data={"email": "x" * (MAX_BODY_BYTES + 1)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "change",
    [
        {"secret_key": "short"},
        {"master_key": "not base64!"},
        {"master_key": "c2hvcnQ="},
        {"https": False, "public_url": "https://hyvinvointia.example.org"},
    ],
)
def test_unsafe_settings_stop_the_start(change: dict[str, object]) -> None:
    """Nobody serves clients' data with a guessable key or without TLS by mistake."""
    with pytest.raises(ValueError, match=r"must|https"):
        settings_for("sqlite://", **change)


@pytest.mark.usefixtures("database")
def test_request_from_a_neighbouring_site_is_refused(client: Client) -> None:
    """Another service on the county's domain is not us."""
    form = client.read("/kirjaudu").form()
    data = form.data(email="a@example.org", password="x" * 12)
    assert client.post("/kirjaudu", data=data, headers={"Sec-Fetch-Site": "same-site"}).status_code == 400
    assert client.post("/kirjaudu", data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 422


@pytest.mark.usefixtures("database")
def test_nul_is_refused_in_words(client: Client) -> None:
    """PostgreSQL takes none in a text: nobody makes a fault of ours with one."""
    form = client.read("/kirjaudu").form()
    assert client.post("/kirjaudu", data=form.data(email="a\x00@b.c", password="x" * 12)).status_code == 400
    assert client.get("/haku", query_string={"q": "uinti\x00"}).status_code == 400


@pytest.mark.parametrize("address", ["https://localhost.evil.example", "http://127.0.0.1.evil.example"])
def test_https_is_off_on_this_very_machine_alone(address: str) -> None:
    """A name that only begins like localhost is not it."""
    with pytest.raises(ValueError, match="localhost alone"):
        settings_for("sqlite://", https=False, public_url=address)


def test_refused_setting_is_not_repeated() -> None:
    """What was given as a secret stands in no log of a failed start."""
    with pytest.raises(ValueError, match="32") as caught:
        settings_for("sqlite://", secret_key="short-but-secret")
    assert "short-but-secret" not in str(caught.value)
