"""A real browser on a real server: Debian's Chromium, and the application in a thread of this process.

The server has its own application on its own SQLite file, so that what a journey commits stays apart from the
savepoints of other tests. A page that writes an error to its console (a broken script, something that the
Content-Security-Policy refused) fails its test, and so does any request that leaves the machine.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)
from werkzeug.serving import make_server

from tests import database as databases
from tests import groups
from tests.browser import axe
from tests.groups import Group

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing but the tests' own server can be reached. (To ask Playwright about each request would cost as much again
    # as the request, and would keep style, scripts and type from being cached.)
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
HERE = Path(__file__).parent
FAILURES = HERE / "failures"
WAIT_MS = 15_000
FAILED = pytest.StashKey[bool]()

NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of this folder its marker."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def live_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application that the browser talks to; tests may add rows to it in its context."""
    folder = tmp_path_factory.mktemp("live")
    with databases.new_database(databases.SQLITE, folder) as url:
        app = databases.migrated_app(url, public_url="http://127.0.0.1")
        yield app
        databases.dispose(app)


@pytest.fixture(scope="session")
def live_server(live_app: Flask) -> Iterator[str]:
    """The address of the running application, such as http://127.0.0.1:43210."""
    # A line for each request would bury what a failed test says.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, live_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live server", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = groups.chromium_path()
    if path is None:
        groups.cannot_run(Group.BROWSER, "there is no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@dataclass
class Visit:
    """One visitor: a browser context whose complaints and stray requests are gathered."""

    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """Open a tab."""
        tab = self.context.new_page()
        tab.on("console", self._console)
        tab.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        return tab

    def guard(self, request: Request) -> None:
        """Complain of a request to anybody but our own server; the browser's flags refuse it."""
        if not request.url.startswith((self.address, "data:", "about:")):
            self.complaints.append(f"a request left the machine: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports each answer from 400 on as an error; such pages are tested for what they say.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")


Visitor = Callable[..., Page]


@pytest.fixture
def visitor(browser: Browser, live_server: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Make visitors: ``visitor(scripts=False, size=NARROW, language="sv-FI")`` gives a tab of a new one.

    With ``inspected`` every page of theirs has axe in it from the beginning, for those who look at many.
    """
    visits: list[Visit] = []

    def make(
        *,
        scripts: bool = True,
        size: ViewportSize = WIDE,
        language: str = "fi-FI",
        inspected: bool = False,
        **kw: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server, java_script_enabled=scripts, viewport=size, locale=language, **kw
        )
        context.set_default_timeout(WAIT_MS)
        visit = Visit(context, live_server)
        context.on("request", visit.guard)
        if inspected:
            context.add_init_script(axe.SCRIPT)
        visits.append(visit)
        return visit.page()

    yield make
    failed = request.node.stash.get(FAILED, False)
    complaints = [line for visit in visits for line in visit.complaints]
    for number, visit in enumerate(visits):
        if failed and visit.context.pages:
            FAILURES.mkdir(exist_ok=True)
            name = request.node.name.replace("/", "-")
            visit.context.pages[-1].screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)
        visit.context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A tab of a visitor with scripts, Finnish, on a wide screen."""
    return visitor()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that a test failed, so that its visitors leave a picture of their last page."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


Check = Callable[[Page], None]


@pytest.fixture(scope="session")
def accessible(long: bool) -> Check:
    """Assert that axe finds nothing wrong with the page as it stands, and that it does not scroll sideways."""

    def check(tab: Page) -> None:
        if not tab.evaluate("'axe' in window"):
            tab.evaluate(axe.SCRIPT)
        found = tab.evaluate(axe.LOOK, {"rules": axe.RULES, "every": long})
        assert not found, f"{tab.url}\n{AxeResults({'url': tab.url, 'violations': found}).generate_report()}"
        wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{tab.url} is {wide} px wider than the window"

    return check


@contextmanager
def resized(tab: Page, size: ViewportSize) -> Iterator[None]:
    """Give a tab another size for a while."""
    before = tab.viewport_size
    tab.set_viewport_size(size)
    yield
    if before is not None:
        tab.set_viewport_size(before)
