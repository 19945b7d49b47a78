"""Every page that a person can open, in every state: nothing for axe to object to, nothing wider than the window.

The list of pages is the application's own URL map. A page that is neither opened here nor named with a reason in
``NOT_PAGES`` fails the test, so a new page can't be forgotten. Pages that need an id are made (``states.py``) or
followed to by the links of the pages before them, for each role.
"""

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from referrals.demonstration import people
from tests.browser import states
from tests.browser.conftest import NARROW, WIDE, Check, Visitor
from tests.browser.county import county, enter
from tests.browser.states import Stage, Stop
from tests.figures import Figure

__all__ = ["county"]

NOT_PAGES = {
    "static": "files of style, script and type",
    "health.live": "one word for machines",
    "health.ready": "one word for machines",
    "metrics.metrics": "numbers for a machine that bears a token",
    "inbox.back": "leads back to the case: where a sign-in that lapsed in its form returns to",
    "plan.back": "leads back to the plan, as above",
    "oidc.start": "leads to the organisation's own sign-in",
    "oidc.back": "is come back to from it",
    "invitations.connect": "only after a sign-in there: tests/accounts/test_joining.py reads it",
    "appointments.calendar": "a file for a calendar",
    "administration_leaving.protected": "of a closed account alone: tests/referrals/test_leaving.py reads it",
    "crawling.robots": "a file for search engines",
    "crawling.index": "a file for search engines",
    "crawling.sitemap": "a file for search engines",
    "search.suggest": "data for the search field; tests/themes/finding asks it",
    "happenings.feed": "a file for a calendar",
    "wellbeing_card.add": "leads on to where the card is put together",
    "wellbeing_card.show": "holds the card in its query; states.py presses its way to one",
    "happenings.event_file": "a file for a calendar",
    "happenings.group_file": "a file for a calendar",
    "log_report.exposed_file": "a file for a spreadsheet",
    "log_report.client_report_file": "a file for a spreadsheet",
    "rights.copy_file": "a file for machines",
    "copying_out.copy_file": "a file of the municipality's own record",
    "offline.form_pdf": "a file for a printer",
    "staff_figures.table_file": "a file for a spreadsheet",
    "usage.table_file": "a file for a spreadsheet",
    "usage_links.out": "leads out of the tray; tests/usage opens it",
    "public_figures.table": "a file for a spreadsheet, a printer or a machine",
    "public_figures.version_table": "the same of one version",
    "public_figures.old_table": "leads on to the address of today",
    "public_figures.dictionary_file": "a file for machines",
    "administration.home": "leads on to the first page of administration that one may open",
    "sending.new_any": "leads on to the form where there is one kind alone; its links are on every page",
    "rights.records": "leads on to the record",
    "accounts.start": "leads on to the first place of one's work, which everybody here has",
    "report.report_pdf": "a file for a printer",
    "import_desk.run": "nothing has been imported in this county; tests/themes/ptv/test_desk.py opens it",
    "report.picture": "a picture",
}
PEOPLE = (
    "",
    states.SENDER,
    states.ADVISER,
    states.LEAD,
    states.COORDINATOR,
    states.ADMINISTRATOR,
    states.COUNTY_OFFICER,
    states.TOWN_OFFICER,
    states.PARTNER,
    states.EDITOR,
    states.PROVIDER,
)
"""Those first whose links lead where nobody else's do: the others are followed only if something is still missing."""
LANGUAGES = ("", "/sv", "/en")
SIZES = (NARROW, WIDE)
MOST_FOLLOWED = 400
FRESH_SECONDS = 120
"""After so long the staff come in anew: some pages ask for the password of whoever signed in five minutes ago."""


@pytest.fixture(scope="module")
def stage(county: Flask) -> Stage:
    """A referral in every state."""
    return states.build(county)


@pytest.fixture(scope="module")
def tokens(county: Flask) -> dict[str, str]:
    """What the browser of each person holds, signed in."""
    with county.app_context():
        return {name: states.token_of(name) for name in (*PEOPLE, states.OTHER) if name}


def endpoint_of(app: Flask, path: str) -> str:
    """Return which view answers a path, or nothing."""
    plain = urlsplit(path).path
    for prefix in LANGUAGES[1:]:
        plain = plain.removeprefix(prefix) if plain.startswith(f"{prefix}/") else plain
    try:
        return str(app.url_map.bind("127.0.0.1").match(plain, method="GET")[0])
    except HTTPException:
        return ""


def readable(app: Flask) -> set[str]:
    """Return every view that answers a GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods}


def signed_in(app: Flask, token: str) -> FlaskClient:
    """Return a client without a browser in which somebody is signed in."""
    client = app.test_client()
    if token:
        with client.session_transaction() as session:
            session.update({"_user_id": token, "_fresh": True})
            session.permanent = True
    return client


def followed(app: Flask, token: str, starts: list[str]) -> Iterator[str]:
    """Follow the links of a person's pages; yield the first path of each view that is found."""
    client, seen, queue = signed_in(app, token), set[str](), list(starts)
    asked = set[str]()
    while queue and len(asked) < MOST_FOLLOWED:
        path = queue.pop(0)
        endpoint = endpoint_of(app, path)
        if not endpoint or endpoint in seen or endpoint in NOT_PAGES or path in asked:
            continue
        asked.add(path)
        answer = client.get(path)
        if answer.status_code in {302, 303}:
            queue.append(answer.location)
            continue
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        seen.add(endpoint)
        yield path
        root = html.fromstring(answer.get_data())
        links = (urljoin(path, link) for link in root.xpath("//a/@href"))
        queue += [
            urlsplit(link).path for link in links if link.startswith("/") and not link.startswith("/s/")
        ]


@dataclass
class Tour:
    """All stops, each person's with the cookies of a browser of their own, and what was seen on the way."""

    app: Flask
    visitor: Visitor
    check: Check
    stage: Stage
    endpoints: set[str] = field(default_factory=set)
    looked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _at: str | None = None
    _cookies: dict[str, list[Any]] = field(default_factory=dict)
    _came: dict[str, float] = field(default_factory=dict)

    @cached_property
    def _only(self) -> Page:
        # A browser of one's own costs a second or two, and the page checker is quicker where it has run before.
        return self.visitor(inspected=True)

    def tab(self, name: str) -> Page:
        """Hand the tab over to a person, who comes in once and later finds their cookies again."""
        tab, context = self._only, self._only.context
        if name != self._at:
            if self._at is not None:
                tab.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
                self._cookies[self._at] = context.cookies()
                context.clear_cookies()
            context.add_cookies(self._cookies.get(name, []))
            self._at = name
        if name not in self._came or (name in PEOPLE and time.monotonic() - self._came[name] > FRESH_SECONDS):
            self._came[name] = time.monotonic()
            self._come_in(tab, name)
        return tab

    def _come_in(self, tab: Page, name: str) -> Page:
        if name.startswith(states.CODE):
            tab.goto("/oma")
            tab.fill("#code", self.stage.codes[name.removeprefix(states.CODE)])
            tab.fill("#birth_year", str(states.YEAR))
            tab.locator("main form button[type=submit]").click()
        elif name == states.HALF_IN:
            tab.goto("/kirjaudu")
            tab.fill("#email", f"{states.LEAD}@example.org")
            tab.fill("#password", people.PASSWORD)
            tab.locator("main form button[type=submit]").click()
        elif name:
            enter(tab, self.app, name)
        return tab

    def visit(self, stop: Stop, *, language: str, narrow: bool) -> None:
        """Open a page in one language and width, and look at it."""
        tab = self.tab(stop.by)
        tab.set_viewport_size(NARROW if narrow else WIDE)
        answer = tab.goto(language + stop.path)
        if answer is not None and answer.ok:
            self.endpoints.add(endpoint_of(self.app, urlsplit(tab.url).path))
        if stop.press:
            button = tab.locator(stop.press).first
            if not button.count():
                self.wrong.append(f"{stop}: there is no such button")
                return
            for field_at, text in stop.typed:
                if text == states.TICKED:
                    tab.locator(field_at).first.check()
                else:
                    tab.locator(field_at).first.fill(text)
            if stop.meanwhile is not None:
                with self.app.app_context():
                    stop.meanwhile()
            with tab.expect_navigation() as going:
                # Some buttons stand in a fold that is closed.
                button.dispatch_event("click")
            answer = going.value
        if answer is None or answer.status != stop.status:
            self.wrong.append(f"{stop}: {answer and answer.status}")
            return
        self.look(tab, stop)

    def look(self, tab: Page, stop: Stop) -> None:
        """Let axe look at a page as it stands."""
        self.looked[stop.state or "plain"] += 1
        try:
            self.check(tab)
        except AssertionError as error:
            self.wrong.append(f"{stop} {tab.viewport_size}\n{error}")


def all_stops(app: Flask, stage: Stage, tokens: dict[str, str]) -> list[Stop]:
    """Return the pages that were made, then those that each person's links lead to, each view once for all."""
    stops = list(stage.stops)
    known = {endpoint_of(app, stop.path) for stop in stops}
    wanted = readable(app) - NOT_PAGES.keys()
    for name in PEOPLE:
        own = [stop.path for stop in stage.stops if stop.by == name and stop.status == 200]
        starts = [
            "/alku" if name else "/",
            *own,
            "/omat-tiedot",
            "/harjoittelu",
            "/hallinta",
            "/ota-yhteytta",
        ]
        starts += [
            "/oma",
            "/kirjaudu",
            "/kirjaudu/vahvista",
            "/saapuneet/paattyneet",
            "/saapuneet/seurannat",
            "/saapuneet/paperit",
            "/tilastot",
            "/haku?q=uinti",
        ]
        starts += [rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule and rule.methods]
        for path in followed(app, tokens.get(name, ""), starts):
            endpoint = endpoint_of(app, path)
            if endpoint not in known:
                known.add(endpoint)
                stops.append(Stop(path=path, by=name))
            if wanted <= known:
                return stops
    return stops


@pytest.mark.trust
def test_every_page_is_accessible_and_fits(
    visitor: Visitor,
    accessible: Check,
    county: Flask,
    stage: Stage,
    tokens: dict[str, str],
    figure: Figure,
    long: bool,
) -> None:
    """Every page of the URL map, in every state, is without fault for axe and without sideways scrolling."""
    tour = Tour(app=county, visitor=visitor, check=accessible, stage=stage)
    stops = all_stops(county, stage, tokens)
    every = list(itertools.product(LANGUAGES, (True, False)))
    for number, stop in enumerate(stops):
        for language, narrow in every if long else [every[number % len(every)]]:
            tour.visit(stop, language=language, narrow=narrow)
    rules = readable(county)
    missed = rules - tour.endpoints - NOT_PAGES.keys()
    figure("pages of the URL map opened", len(tour.endpoints & rules), "pages")
    figure("pages in their states, languages and widths", sum(tour.looked.values()), "looks")
    figure("pages with something that axe objects to, or too wide", len(tour.wrong), "pages")
    faults = [*tour.wrong, *(f"{endpoint}: neither opened nor on the list" for endpoint in sorted(missed))]
    assert not faults, "\n\n".join(faults)
    assert NOT_PAGES.keys() <= rules, f"no longer there: {sorted(NOT_PAGES.keys() - rules)}"
