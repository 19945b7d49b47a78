"""Pages answered from memory, through real requests: when they are, and when the application is asked again."""

import re
import uuid
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import select

from servicetray.core import caching, content
from servicetray.core.content import ContentVersion, Shelf
from servicetray.core.db import db, transaction
from tests.factories import catalogue
from themes.directory.indexing import rebuild_index
from themes.directory.models import Service

PAGE = "/teemat/liikunta"
SERVICE = uuid.UUID(int=7)


class Asked:
    """Stands before the application and counts how often it is asked."""

    def __init__(self, wsgi) -> None:
        self.wsgi = wsgi
        self.times = 0

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        self.times += 1
        answer: Iterable[bytes] = self.wsgi(environ, start_response)
        return answer


@pytest.fixture
def shelf(app, database, monkeypatch) -> Iterator[Shelf]:
    """A shelf that looks the version up each time."""

    def look() -> int:
        with app.app_context():
            return db.session.scalars(select(ContentVersion.number)).one()

    monkeypatch.setattr(content, "LOOK_SECONDS", 0)
    made = app.extensions["servicetray.content"] = Shelf(look)
    yield made
    del app.extensions["servicetray.content"]


@pytest.fixture
def asked(app, shelf, monkeypatch) -> Asked:
    catalogue.foundation()
    catalogue.service({"fi": "Tuolijumppa", "sv": "Stolgymnastik"}, id=SERVICE)
    counted = Asked(app.wsgi_app)
    cookie = app.config["SESSION_COOKIE_NAME"]
    monkeypatch.setattr(
        app, "wsgi_app", caching.PlainQuery(caching.KeptPages(counted, shelf, cookie=cookie), app)
    )
    return counted


@pytest.fixture
def visitor(app, asked):
    return app.test_client(use_cookies=False)


def edited_elsewhere(name: str) -> None:
    """Change the services as another process would: this one hears nothing of it."""
    with transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(f'UPDATE service SET name = \'{{"fi": "{name}"}}\'')  # noqa: S608 - a word of ours
        connection.exec_driver_sql("UPDATE content_version SET number = number + 1")


def test_the_second_visitor_gets_the_first_ones_page(visitor, asked):
    first, second = visitor.get(PAGE), visitor.get(PAGE)
    assert asked.times == 1
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "Vary" not in second.headers
    assert second.headers["Content-Security-Policy"]


def test_pieces_that_are_kept_change_no_letter_of_a_page(app, asked, visitor, monkeypatch):
    """The same template again and again, in three languages, with other titles, addresses, words and choices."""
    catalogue.service({"fi": "Kuoro aikuisille", "sv": "Kör för vuxna"}, id=uuid.UUID(int=8))
    with transaction():
        rebuild_index()
    places = (
        *("", "/teemat/liikunta", "/teemat/liikunta?hinta=maksuton", "/teemat/uni", "/palvelut", "/apua"),
        *(f"/palvelut/{SERVICE}", f"/palvelut/{uuid.UUID(int=8)}", "/haku", "/kortti"),
        *(
            "/haku?q=jumppa",
            "/haku?q=kuoro",
            "/haku?q=kuoro&sanatarkasti=1",
            "/haku?q=<b>%22ei&hinta=maksuton",
        ),
    )
    addresses = [language + place or "/" for language in ("", "/sv", "/en") for place in places]
    with monkeypatch.context() as nothing_kept:
        nothing_kept.setattr(app, "wsgi_app", asked.wsgi)
        afresh = {address: visitor.get(address) for address in addresses}

    for address in addresses * 2:
        page = visitor.get(address)
        assert (page.status_code, page.text) == (afresh[address].status_code, afresh[address].text), address
    assert len({page.text for page in afresh.values()}) == len(addresses)


def test_an_edit_of_another_process_shows_at_once(visitor, asked):
    assert b"Tuolijumppa" in visitor.get(PAGE).data
    edited_elsewhere("Puistojumppa")
    assert b"Puistojumppa" in visitor.get(PAGE).data
    assert b"Tuolijumppa" not in visitor.get(f"/palvelut/{SERVICE}").data
    assert asked.times == 3


def test_so_does_an_edit_of_our_own(visitor, asked):
    visitor.get(PAGE)
    with transaction() as session:
        session.get_one(Service, SERVICE).name = {"fi": "Puistojumppa"}
    assert b"Puistojumppa" in visitor.get(PAGE).data


def test_whoever_has_the_page_gets_no_second_copy(visitor, asked):
    etag = visitor.get(PAGE).headers["ETag"]
    again = visitor.get(PAGE, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, asked.times) == (304, b"", 1)
    assert again.headers["ETag"] == etag
    assert visitor.get(PAGE, headers={"If-None-Match": '"older"'}).status_code == 200


def test_a_head_is_answered_by_the_page_without_its_body(visitor, asked):
    assert visitor.head(PAGE).data == b""
    page = visitor.get(PAGE)
    assert asked.times == 2
    head = visitor.head(PAGE)
    assert (head.data, head.headers["ETag"], asked.times) == (b"", page.headers["ETag"], 2)


def test_each_language_is_a_page_of_its_own(visitor, asked):
    pages = {visitor.get(f"{prefix}{PAGE}").data for prefix in ("", "/sv", "/en") for _ in range(2)}
    assert (len(pages), asked.times) == (3, 3)


def test_whoever_brings_a_sessions_cookie_is_served_afresh(app, visitor, asked):
    visitor.get(PAGE)
    cookie = f"{app.config['SESSION_COOKIE_NAME']}=anything"
    for _ in range(2):
        assert visitor.get(PAGE, headers={"Cookie": cookie}).status_code == 200
    assert asked.times == 3


def test_pages_of_typed_words_are_not_kept(visitor, asked, shelf):
    for _ in range(2):
        visitor.get("/haku?q=Salaisuus")
    assert asked.times == 2
    assert (
        "salaisuus" not in repr([vars(room) for room in (shelf._pages, shelf._chosen, shelf._pieces)]).lower()
    )


def test_what_a_page_does_not_know_makes_no_other_page(visitor, asked):
    plain = visitor.get(PAGE).data
    for query in ("utm_source=x", "x=1&x=2", "kunta=", "&&", "fbclid=" + "a" * 300):
        assert visitor.get(f"{PAGE}?{query}").data == plain
    assert asked.times == 1


def test_the_same_choices_are_one_page_however_they_are_spelt(visitor, asked):
    for query in (
        "kunta=286&hinta=maksuton",
        "hinta=maksuton&kunta=286",
        "hinta=maksuton&utm=1&kunta=286&hinta=maksuton",
    ):
        page = visitor.get(f"{PAGE}?{query}")
        links = re.findall(r'hreflang="sv"[^>]*>|href="(/sv[^"]*)" lang="sv"', page.text)
        assert "/sv/teemat/liikunta?hinta=maksuton&amp;kunta=286" in links
    assert asked.times == 1


def test_a_page_that_does_not_say_what_it_reads_is_kept_by_its_plain_address_alone(visitor, asked):
    for path in ("/tietoa", "/tietoa?v=1"):
        for _ in range(2):
            visitor.get(path)
    assert asked.times == 3


def test_all_combinations_push_out_no_plain_page_and_take_bounded_room(visitor, asked, shelf, monkeypatch):
    visitor.get(PAGE)
    chosen = shelf._chosen
    chosen.most = 200_000
    for page in range(2, 30):
        visitor.get(f"{PAGE}?sivu={page}")
    assert 0 < chosen.weight <= chosen.most
    before = asked.times
    visitor.get(PAGE)
    assert asked.times == before
