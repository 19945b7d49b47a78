"""A resident on an errand: what they see, click and type on a phone, and what is watched meanwhile."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from servicetray.core import clock
from servicetray.core.db import transaction
from tests.browser.conftest import NARROW, Visitor
from themes.demonstration.happenings import loading

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def tray(county: Flask) -> Flask:
    """The county with its invented events and groups."""
    with county.app_context(), transaction():
        loading.load(clock.now())
    return county


@dataclass
class Walk:
    """One resident with a phone. Everything is found by the words that one sees.

    After every page: nothing scrolls sideways, no cookie was set, and the page is there. That no request left for
    another host is watched over by the visitor's own guard.
    """

    tab: Page
    scripts: bool
    steps: int = 0
    """Clicks and presses so far."""
    seconds: list[float] = field(default_factory=list)
    """What each of them took."""

    @property
    def main(self) -> Locator:
        """What the page is about, without its frame."""
        return self.tab.locator("main")

    @property
    def said(self) -> str:
        """All that the page says."""
        return self.main.inner_text()

    @property
    def heading(self) -> str:
        """The page's name."""
        return self.main.locator("h1").first.inner_text()

    def begin(self, path: str = "/") -> "Walk":
        """Open the front page, as a search engine or a friend would give it."""
        answer = self.tab.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.look()
        return self

    def follow(self, words: str | re.Pattern[str], *, exact: bool = False, inside: str = "main") -> "Walk":
        """Press the first link with these words."""
        link = self.tab.locator(inside).get_by_role("link", name=words, exact=exact).first
        return self._go(link)

    def press(self, words: str) -> "Walk":
        """Press the first button with these words."""
        return self._go(self.main.get_by_role("button", name=words).first)

    def write(self, label: str, words: str) -> "Walk":
        """Type into a field, letter by letter."""
        box = self.main.get_by_label(label).first
        box.fill("")
        box.press_sequentially(words)
        return self

    def choose(self, label: str, option: str) -> "Walk":
        """Choose from a list."""
        self.main.get_by_label(label).first.select_option(label=option)
        return self

    def tick(self, label: str, *, of: str = "") -> "Walk":
        """Choose one of a few; ``of`` names the question."""
        where = self.main.get_by_role("group", name=of).first if of else self.main
        where.get_by_label(label).first.check()
        return self

    def search(self, words: str) -> "Walk":
        """Look for something from the field of the page, and come to what was found."""
        self.write("Mitä etsit", words)
        self.press("Hae")
        assert self.tab.title().startswith("Haku: "), self.tab.title()
        return self

    def sees(self, *words: str) -> "Walk":
        """Be sure that the page says something."""
        for each in words:
            expect(self.main.get_by_text(each).first).to_be_visible()
        return self

    def phone(self) -> str:
        """Return the first number of the page that can be called, as the phone would dial it."""
        address = self.main.locator("a[href^='tel:']").first.get_attribute("href")
        assert address is not None
        return address.removeprefix("tel:")

    def save(self, words: str) -> str:
        """Press a link that gives a file; return what is in it."""
        with self.tab.expect_download() as given:
            self.main.get_by_role("link", name=words).first.click()
        return Path(given.value.path()).read_text(encoding="utf-8").replace("\r\n", "\n")

    def address(self) -> str:
        """Return the address of the page, as one would send it to a friend."""
        parts = urlsplit(self.tab.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def look(self) -> None:
        """Watch over what no page may do."""
        wide = self.tab.evaluate(WIDER)
        assert wide <= 0, f"{self.tab.url} is {wide} px wider than the phone"
        assert self.tab.context.cookies() == [], self.tab.url
        assert self.heading, self.tab.url

    def _go(self, to: Locator) -> "Walk":
        began = time.perf_counter()
        to.click()
        self.tab.wait_for_load_state("load")
        self.seconds.append(time.perf_counter() - began)
        self.steps += 1

        self.look()
        return self


Resident = Callable[..., Walk]


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def resident(request: pytest.FixtureRequest, visitor: Visitor, tray: Flask) -> Resident:
    """Make residents, each with a phone of their own; every errand is walked with and without scripts."""
    del tray

    def make(*, language: str = "fi-FI") -> Walk:
        tab = visitor(scripts=request.param, size=NARROW, language=language, accept_downloads=True)
        return Walk(tab=tab, scripts=request.param)

    return make


@contextmanager
def on_paper(tab: Page) -> Iterator[None]:
    """See a page as the printer would."""
    tab.emulate_media(media="print")
    yield
    tab.emulate_media(media="screen")
