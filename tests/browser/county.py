"""A whole county for a browser's journeys: the demonstration's services, groups, units and people, no referrals yet."""

import time

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page

from referrals import seed
from referrals.demonstration import enrolments, meetings, people, units
from servicetray.accounts import queries as accounts
from servicetray.accounts.operations import open_session
from servicetray.core import clock
from servicetray.core.db import transaction
from themes.demonstration import loading
from themes.demonstration.happenings import loading as happenings
from themes.topics import operations as topics

STEP_SECONDS = 30


@pytest.fixture(scope="session")
def county(live_app: Flask) -> Flask:
    """Fill the running application's database."""
    now = clock.now()
    with live_app.app_context():
        with transaction():
            topics.load_seed(now)
            loading.load(now)
            happenings.load(now)
        seed.load()
        with transaction():
            units.load(today=clock.helsinki_day(now))
            people.load(now=now)
            meetings.load(now=now)
            enrolments.load(now=now)
    return live_app


def enter(tab: Page, app: Flask, name: str) -> Page:
    """Let somebody (the name before the @) be signed in, without the steps, which are walked elsewhere."""
    cookie = app.config["SESSION_COOKIE_NAME"]
    with app.app_context(), transaction():
        user = accounts.user_by_email(f"{name}@example.org")
        assert user is not None, name
        token = open_session(user, now=clock.now())
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
        session.permanent = True
    kept = client.get_cookie(cookie)
    assert kept is not None
    answer = tab.goto("/kirjaudu")
    assert answer is not None
    tab.context.add_cookies([{"name": cookie, "value": kept.value, "url": answer.url}])
    return tab


def sign_in(tab: Page, email: str, *, prefix: str = "") -> None:
    """Sign an invented person in through both steps; a code that was used a moment ago gives way to the next."""
    person = next(each for each in people.PEOPLE if each.email == email)
    tab.goto(f"{prefix}/kirjaudu")
    tab.fill("#email", person.email)
    tab.fill("#password", people.PASSWORD)
    tab.locator("main form button").click()
    step = int(time.time()) // STEP_SECONDS
    for drift in (0, 1, -1):
        tab.fill("#code", pyotp.TOTP(person.totp_secret).generate_otp(step + drift))
        tab.locator("main form button").click()
        if "/kirjaudu" not in tab.url:
            return
    raise AssertionError(f"{email} could not sign in: {tab.inner_text('main')}")
