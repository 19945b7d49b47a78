"""Views, searches and links are counted by day, and nothing of the reader is kept."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from servicetray.core.db import db
from servicetray.core.periods import Period
from servicetray.usage import operations, queries, texts
from servicetray.usage.counting import CountsPages
from servicetray.usage.models import SearchedHash, SearchedText, UsageDay, Use
from servicetray.usage.outbound import signed
from tests.factories import catalogue
from themes.counted import PAGES, knows_all
from themes.directory.operations import ChannelKind

BROWSER = {"User-Agent": "Mozilla/5.0 (Android 9; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"}
ALWAYS = Period(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def foundation(app, database):
    operations.tally_of(app).clear()
    with time_machine.travel(NOW, tick=False):
        catalogue.foundation()
        yield
    operations.tally_of(app).clear()


def totals():
    assert operations.flush()
    return {use: count for use, count in queries.totals(ALWAYS).items() if count}


def keys():
    assert operations.flush()
    return {(row.use, row.key): row.count for row in db.session.scalars(select(UsageDay))}


def test_every_counted_page_is_there(app):
    assert {page.endpoint for page in PAGES} <= app.view_functions.keys()


def test_pages_are_counted_by_kind_and_public_id(client):
    service = catalogue.service("Tuolijumppa", themes=("liikunta",))
    client.get("/", headers=BROWSER)
    client.get("/sv/teemat/liikunta", headers=BROWSER)
    client.get("/teemat/liikunta?kunta=286", headers=BROWSER)
    client.get(f"/en/palvelut/{service}", headers=BROWSER)
    assert keys() == {
        (Use.VIEW, "front"): 1,
        (Use.VIEW, "theme:liikunta"): 2,
        (Use.VIEW, f"service:{service}"): 1,
    }


def test_what_is_no_view_is_not_counted(client):
    client.get("/")
    client.get("/", headers={"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    client.head("/", headers=BROWSER)
    client.get("/", headers=BROWSER | {"Sec-Purpose": "prefetch"})
    client.get("/teemat/ei-ole", headers=BROWSER)
    client.get("/palvelut/00000000-0000-0000-0000-000000000000", headers=BROWSER)
    client.get("/kirjaudu", headers=BROWSER)
    assert totals() == {}


def test_a_page_that_the_browser_has_already_counts_and_is_asked_for_every_second(client):
    first = client.get("/", headers=BROWSER)
    again = client.get("/", headers=BROWSER | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["X-Accel-Expires"] == "1"
    assert totals() == {Use.VIEW: 2}


def test_a_page_from_memory_counts_like_one_that_was_made(app):
    """The layer counts by what is asked and answered; whoever answers below it, a cache or the application."""

    def from_memory(environ, start_response) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"kept"]

    layer = CountsPages(from_memory, app, now=lambda: NOW)
    for path in ("/teemat/liikunta", "/sv/teemat/liikunta"):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_USER_AGENT": BROWSER["User-Agent"]}
        assert layer(environ, lambda *_: list[bytes]().append) == [b"kept"]
    assert keys() == {(Use.VIEW, "theme:liikunta"): 2}


def test_days_are_those_of_helsinki(app):
    with app.app_context():
        operations.count_use(kind="path", key="uni", now=dt.datetime(2026, 3, 10, 22, 30, tzinfo=dt.UTC))
        operations.count_use(kind="path", key="uni", now=NOW)
    assert operations.flush()
    by_day = queries.by_day(ALWAYS)
    assert by_day == {dt.date(2026, 3, 10): {Use.PATH: 1}, dt.date(2026, 3, 11): {Use.PATH: 1}}


def test_writing_twice_adds_up_in_one_statement_each(app, query_budget):
    operations.count_use(kind=Use.CARD, now=NOW)
    operations.count_use(kind=Use.PATH, key="uni", now=NOW)
    with query_budget(1):
        operations.flush()
    operations.count_use(kind=Use.CARD, now=NOW)
    assert totals() == {Use.CARD: 2, Use.PATH: 1}


def test_what_could_not_be_written_is_written_later(app, monkeypatch):
    operations.count_use(kind=Use.CARD, now=NOW)
    tally = operations.tally_of(app)

    def away(batch) -> None:
        raise OSError

    write = tally._write
    monkeypatch.setattr(tally, "_write", away)
    assert not tally.flush()
    monkeypatch.setattr(tally, "_write", write)
    assert totals() == {Use.CARD: 1}


def test_a_search_is_counted_and_its_words_kept_only_if_all_are_ours(client):
    catalogue.service("Tuolijumppa", themes=("liikunta",))
    client.get("/haku?q=Tuolijumppaa+Kouvolassa", headers=BROWSER)
    client.get("/haku?q=tuolijumppa+Meikäläinen", headers=BROWSER)
    client.get("/haku?q=qwxzy+131052-308T", headers=BROWSER)
    client.get("/haku?q=", headers=BROWSER)
    client.get("/haku?q=tuolijumppa", headers={"User-Agent": "curl/8"})
    assert totals() == {Use.VIEW: 4, Use.SEARCH: 3, Use.EMPTY_SEARCH: 1}
    assert [row.key for row in queries.searches(ALWAYS)] == ["tuolijumppaa kouvolassa"]
    assert queries.empty_searches(ALWAYS) == ()


def test_strange_words_are_kept_as_a_fingerprint_until_many_have_asked(app):
    for number in range(5):
        now = NOW + dt.timedelta(days=min(number, 2))
        operations.count_search(query="Zorpelointi", found=False, now=now)
        assert operations.flush()
        kept = [row.key for row in queries.empty_searches(ALWAYS)]
        db.session.commit()
        assert kept == (["zorpelointi"] if number == 4 else [])
    rows = db.session.scalars(select(SearchedHash)).all()
    assert sorted(row.count for row in rows) == [1, 1, 3]
    assert not any("zorp" in row.fingerprint for row in rows)
    # What the test has read stands open on the connection that the writing shares.
    db.session.commit()
    operations.forget_old(NOW + texts.REMEMBERED)
    assert len(db.session.scalars(select(SearchedHash)).all()) == 3
    db.session.commit()
    operations.forget_old(NOW + texts.REMEMBERED + dt.timedelta(days=3))
    assert db.session.scalars(select(SearchedHash)).first() is None


def test_our_vocabulary_is_names_and_keywords_not_what_is_told(app):
    catalogue.service("Tuolijumppa", description={"fi": "Ohjaajana Aurelius Zorpela."})
    assert knows_all(["tuolijumppaan", "kotkassa"])
    assert not knows_all(["aurelius", "zorpela"])


def test_no_table_has_room_for_a_person():
    columns = {
        column.name for model in (UsageDay, SearchedText, SearchedHash) for column in model.__table__.columns
    }
    assert columns == {"day", "use", "key", "count", "text", "found", "fingerprint"}


def test_links_lead_only_where_the_directory_links(client, app):
    channel = catalogue.channel(ChannelKind.WEB_PAGE, urls={"fi": "https://jumppa.example.org/ajat"})
    service = catalogue.service("Tuolijumppa", channel_ids=(channel,))
    page = client.get(f"/palvelut/{service}", headers=BROWSER).get_data(as_text=True)
    link = next(part for part in page.split('"') if part.startswith("/ulos/"))
    answer = client.get(link, headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, "https://jumppa.example.org/ajat")
    assert answer.headers["Cache-Control"] == "no-store"
    assert keys()[Use.OUTBOUND, f"service:{service}"] == 1
    with app.test_request_context():
        elsewhere = signed("https://evil.example", "service", str(service))
    for wrong in (f"/ulos/{elsewhere}", link[:-1], "/ulos/https://evil.example", "/ulos/x"):
        assert client.get(wrong, headers=BROWSER).status_code == 404
    assert totals()[Use.OUTBOUND] == 1
