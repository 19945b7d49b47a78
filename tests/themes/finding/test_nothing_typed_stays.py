"""What was typed into the search is nowhere in memory once it is answered: it may be somebody's name."""

import gc
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from servicetray.core import caching
from servicetray.core.content import ContentVersion, Shelf
from servicetray.core.db import db
from tests.factories import catalogue
from themes.directory.indexing import rebuild_index
from themes.finding import views
from themes.finding.queries import Asked, find
from themes.search import memory
from themes.search.analysis import analyse

SECRET = "xylomarjanen"
ASKED = (
    f"/haku?q={SECRET}",
    f"/haku?q={SECRET.capitalize()}sella+jumppaa&kunta=286",
    f"/haku?q=jumppa+{SECRET}",
    f"/haku?q=uima+{SECRET}+kouvolassa",
    f"/haku?q=jumppaa&kunta={SECRET}&teema={SECRET}",
    f"/haku?q=en+jaksa+{SECRET}&sanatarkasti=1",
    f"/sv/haku?q=motion+{SECRET}&jarjestys={SECRET}",
    f"/haku/ehdotukset?q={SECRET[:-3]}",
)


@pytest.fixture
def visitor(app, database) -> Iterator[Callable[[str], str]]:
    """Ask an application that keeps what it can; a test client takes addresses apart itself, afterwards."""

    def look() -> int:
        with app.app_context():
            return db.session.scalars(select(ContentVersion.number)).one()

    catalogue.foundation()
    catalogue.service({"fi": "Tuolijumppa", "sv": "Stolgymnastik"}, id=uuid.UUID(int=7))
    rebuild_index()
    shelf = app.extensions["servicetray.content"] = Shelf(look)
    cookie = app.config["SESSION_COOKIE_NAME"]
    kept = caching.PlainQuery(caching.KeptPages(app.wsgi_app, shelf, cookie=cookie), app)

    def visit(path: str) -> str:
        _body, status, _headers = run_wsgi_app(kept, EnvironBuilder(path).get_environ(), buffered=True)
        return status

    yield visit
    del app.extensions["servicetray.content"]


def holders_of(word: str) -> list[str]:
    """Return where in memory a word is, other than as code or words of this test."""
    ours = {id(globals()), id(ASKED)}
    found = []
    for thing in gc.get_objects():
        if id(thing) in ours or isinstance(thing, type):
            continue
        for held in gc.get_referents(thing):
            if isinstance(held, str | bytes) and len(held) < 200_000:
                text = held if isinstance(held, str) else held.decode("utf-8", "replace")
                if word in text.lower():
                    found.append(f"{text[:80]!r} in {type(thing).__name__} {repr(thing)[:200]}")
    return found


def test_nothing_that_was_typed_stays(visitor):
    for path in (*ASKED, *ASKED):
        assert visitor(path) == "200 OK"
    gc.collect()
    assert holders_of(SECRET[:-3]) == []


def test_of_a_word_of_ours_the_readings_are_kept(visitor):
    visitor("/haku?q=tuolijumppa")
    assert "tuolijumppa" in memory.words_kept()
    assert analyse("tuolijumppa") is analyse("tuolijumppa")
    assert analyse(SECRET) is not analyse(SECRET)


def test_the_page_of_words_of_ours_is_written_once_a_content_and_counted_each_time(visitor, app, monkeypatch):
    """What most people search is a word or two that stand in our texts: their page is kept as the tray's others are."""
    asked: list[str] = []
    counted: list[str] = []

    def note(found: Asked, **more: Any) -> Any:
        asked.append(found.query)
        return find(found, **more)

    monkeypatch.setattr(views, "find", note)
    monkeypatch.setattr(views, "count_search", lambda *, query, **_more: counted.append(query))
    for path in ("/haku?q=tuolijumppa",) * 4:
        visitor(path)
    # The first look-up tells that it is ours, the second writes the page.
    assert asked == ["tuolijumppa"] * 2
    assert counted == ["tuolijumppa"] * 4
    # In another form, and once more: each is a page of its own.
    for path in ("/haku?q=Tuolijumppaa", "/haku?q=tuolijumppa+tuolijumppaan") * 2:
        visitor(path)
    assert len(asked) == 2 + 2
    for path in (
        "/haku?q=tuolijumppa&kunta=286",
        "/haku?q=tuolijumppa&hinta=free",
        f"/haku?q=tuolijumppa+{SECRET}",
        "/haku?q=" + "+".join(["tuolijumppa"] * 4),
    ):
        visitor(path)
        visitor(path)
    assert len(asked) == 4 + 8
    catalogue.service({"fi": "Tuolijumppa kotona"}, id=uuid.UUID(int=8))
    visitor("/haku?q=tuolijumppa")
    assert len(asked) == 4 + 8 + 1
