"""Known browsers: strangers' guesses don't keep a person out of their own, and a token opens nothing else."""

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from werkzeug.test import TestResponse

from servicetray.accounts import operations, throttle
from servicetray.accounts.models import User
from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.client import Client
from tests.factories.people import PASSWORD, SECRETS, sign_in_by_pages, user

pytestmark = pytest.mark.usefixtures("database")
COOKIE = "servicetray_device"
DOORS = ("/kirjaudu", "/sv/kirjaudu", "/en/kirjaudu")
ATTACKERS = 30
GUESS = "guess at a password"
Clients = Callable[[], Client]


def try_password(client: Client, email: str, password: str = GUESS) -> TestResponse:
    """Fill in the first step."""
    form = client.read("/kirjaudu").form()
    return client.post("/kirjaudu", data=form.data(email=email, password=password))


def guess_from(new_client: Clients, addresses: range, email: str) -> list[int]:
    """Guess from many addresses, six times from each, and return the last answers."""
    answers = []
    for number in addresses:
        stranger = new_client()
        stranger.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        form = stranger.read("/kirjaudu").form()
        guesses = [
            stranger.post("/kirjaudu", data=form.data(email=email, password=GUESS)).status_code
            for _ in range(throttle.LIMITS["account_from_address"])
        ]
        answers.append(guesses[-1])
    return answers


def carry(source: Client, target: Client) -> Client:
    """Copy the known browser's cookie to another one."""
    cookie = source.get_cookie(COOKIE, path="/kirjaudu")
    assert cookie is not None
    target.set_cookie(COOKIE, cookie.value, path="/kirjaudu")
    return target


def person_and_browser(new_client: Clients) -> tuple[User, Client]:
    """Return somebody, and the browser they signed in with an hour ago (its sign-in is over)."""
    person = user(Role.NETWORK_PARTNER)
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)):
        browser = sign_in_by_pages(new_client(), person)
    browser.delete_cookie("servicetray")
    return person, browser


def test_victim_comes_in_while_thirty_addresses_attack(new_client: Clients) -> None:
    """Every unknown browser waits; the person's own goes through both steps."""
    person, own = person_and_browser(new_client)
    answers = guess_from(new_client, range(1, ATTACKERS + 1), person.email)
    assert answers[-1] == 429
    unknown = new_client()
    unknown.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert try_password(unknown, person.email, PASSWORD).status_code == 429
    with transaction():
        for number in range(throttle.LIMITS["account"]):
            throttle.count_failure(
                account=str(person.id), address=f"192.0.2.{number}", now=dt.datetime.now(dt.UTC)
            )
    sign_in_by_pages(own, person)
    assert own.get("/omat-tiedot").status_code == 200


def test_known_browser_is_not_closed_by_the_other_people_behind_its_address(new_client: Clients) -> None:
    """A hospital's address may be at its limit."""
    person, own = person_and_browser(new_client)
    with transaction():
        for number in range(throttle.LIMITS["address"]):
            throttle.count_failure(account=f"a{number}", address="127.0.0.1", now=dt.datetime.now(dt.UTC))
    assert try_password(new_client(), "somebody@example.org").status_code == 429
    assert try_password(own, person.email, PASSWORD).status_code == 303


def test_guesses_on_a_known_browser_are_slowed_and_counted_for_it_alone(new_client: Clients) -> None:
    """Whoever holds the cookie guesses no faster, and keeps nobody else out."""
    person, own = person_and_browser(new_client)
    answers = [try_password(own, person.email).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]
    assert try_password(own, person.email, PASSWORD).status_code == 429
    # From the same address, by an unknown browser.
    assert try_password(new_client(), person.email, PASSWORD).status_code == 303


def test_known_browser_has_six_tries_at_the_code_too(new_client: Clients) -> None:
    """The second step counts as the first does."""
    person, own = person_and_browser(new_client)
    assert try_password(own, person.email, PASSWORD).status_code == 303
    form = own.read("/kirjaudu/koodi").form()
    answers = [own.post(form.action, data=form.data(code="000000")).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]


def test_signing_in_forgets_the_mistakes_before(new_client: Clients) -> None:
    """Five mistypings today leave six tries for tomorrow."""
    person, own = person_and_browser(new_client)
    for _ in range(5):
        assert try_password(own, person.email).status_code == 422
    sign_in_by_pages(own, person)
    own.delete_cookie("servicetray")
    assert [try_password(own, person.email).status_code for _ in range(6)] == [422] * 6


def test_stolen_cookie_of_another_account_gains_nothing(new_client: Clients) -> None:
    """It counts and waits as any unknown browser does, for the account it is not of."""
    _, theirs = person_and_browser(new_client)
    victim = user(Role.NETWORK_PARTNER)
    thief = carry(theirs, new_client())
    assert [try_password(thief, victim.email).status_code for _ in range(7)] == [422] * 6 + [429]
    assert try_password(new_client(), victim.email).status_code == 429
    unknown = carry(theirs, new_client())
    unknown.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert guess_from(new_client, range(1, ATTACKERS + 1), victim.email)[-1] == 429
    assert try_password(unknown, victim.email).status_code == 429


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        lambda token: "x" + token,
        lambda token: token.rpartition(".")[0],
        lambda token: f"{'~' * 3000}{token[:-1]}",
        lambda token: "..~.~ä~\u0001",
        lambda token: "",
    ],
)
def test_forged_cookie_is_ignored(new_client: Clients, forge: Callable[[str], str]) -> None:
    """It neither opens a count of its own nor breaks the page."""
    person, own = person_and_browser(new_client)
    cookie = own.get_cookie(COOKIE, path="/kirjaudu")
    assert cookie is not None
    forger = new_client()
    answers = []
    for _ in range(7):
        form = forger.read("/kirjaudu").form()
        forger.set_cookie(COOKIE, forge(cookie.value), path="/kirjaudu")
        data = form.data(email=person.email, password=GUESS)
        answers.append(forger.post("/kirjaudu", data=data).status_code)
    assert answers == [422] * 6 + [429]
    # They were counted as any unknown browser's from this address.
    assert try_password(new_client(), person.email, PASSWORD).status_code == 429


@pytest.mark.parametrize(("days", "known"), [(179, True), (181, False)])
def test_browser_is_known_for_half_a_year(new_client: Clients, days: int, known: bool) -> None:
    """Then it is a stranger again."""
    person, own = person_and_browser(new_client)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False):
        carry(own, own)
        with transaction():
            for number in range(throttle.LIMITS["account"]):
                throttle.count_failure(
                    account=person.email, address=f"192.0.2.{number}", now=dt.datetime.now(dt.UTC)
                )
        assert try_password(own, person.email, PASSWORD).status_code == (303 if known else 429)


def test_reset_account_knows_no_browser(new_client: Clients) -> None:
    """Whoever got in with a stolen password loses this, too."""
    person, own = person_and_browser(new_client)
    with transaction() as session:
        session.refresh(person)
        operations.reset_secrets(person, password="another long password", now=dt.datetime.now(dt.UTC))
    assert guess_from(new_client, range(1, ATTACKERS + 1), person.email)[-1] == 429
    assert try_password(own, person.email, "another long password").status_code == 429


def test_people_who_share_a_computer_are_all_known_on_it(new_client: Clients) -> None:
    """The last eight of them."""
    people = [user(Role.NETWORK_PARTNER) for _ in range(9)]
    shared = new_client()
    for person in people:
        sign_in_by_pages(shared, person)
        shared.delete_cookie("servicetray")
    with transaction():
        for person in people:
            for number in range(throttle.LIMITS["account"]):
                throttle.count_failure(
                    account=person.email, address=f"192.0.2.{number}", now=dt.datetime.now(dt.UTC)
                )
    answers = [try_password(shared, person.email, PASSWORD).status_code for person in people]
    assert answers == [429] + [303] * 8


def test_cookie_is_for_the_doors_alone_and_names_nobody(app, new_client: Clients, monkeypatch) -> None:
    """No page for residents sees it, no script reads it, and it travels as safely as the session's."""
    person = user(Role.NETWORK_PARTNER)
    client = new_client()
    assert try_password(client, person.email).headers.getlist("Set-Cookie") == []
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    form = client.read("/kirjaudu", base_url="https://localhost").form()
    half = client.post(
        "/kirjaudu",
        base_url="https://localhost",
        data=form.data(email=person.email, password=PASSWORD),
        headers={"Referer": "https://localhost/kirjaudu"},
    )
    assert not [each for each in half.headers.getlist("Set-Cookie") if "device" in each]
    form = client.read("/kirjaudu/koodi", base_url="https://localhost").form()
    done = client.post(
        "/kirjaudu/koodi",
        base_url="https://localhost",
        data=form.data(code=pyotp.TOTP(SECRETS[person.id]).now()),
        headers={"Referer": "https://localhost/kirjaudu/koodi"},
    )
    assert done.status_code == 303
    made = [each for each in done.headers.getlist("Set-Cookie") if "device" in each]
    assert len(made) == len(DOORS)
    for each, path in zip(made, DOORS, strict=True):
        value, *rules = each.split("; ")
        assert value.startswith("__Secure-servicetray_device=")
        assert str(person.id) not in value
        assert {"Secure", "HttpOnly", f"Path={path}", "Max-Age=15552000", "SameSite=Lax"} <= set(rules)
    assert done.headers["Cache-Control"] == "no-store"
