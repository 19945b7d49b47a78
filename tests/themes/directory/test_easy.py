"""Services in easy language: their pages, where one begins, and who writes them."""

import datetime as dt
import uuid

import pytest
import time_machine
from lxml import html

from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from tests.factories import catalogue, happenings, people
from themes.directory.desk.scope import add_editor
from themes.directory.easy import LONGEST
from themes.directory.models import Service
from themes.directory.operations import Price, ServiceRecord, Source, upsert_service
from themes.search.queries import search

pytestmark = pytest.mark.usefixtures("foundation")

EASY = "Tule jumppaan.\n\nJumppa on maanantaina."
BOTH = {"fi": "Tuolijumppa", "sv": "Stolsgymnastik"}


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def stored(service_id: uuid.UUID) -> Service:
    db.session.expire_all()
    return db.session.get_one(Service, service_id)


def test_a_service_is_read_in_easy_language(client):
    place = catalogue.channel(
        street={"fi": "Myllytie 4"},
        postal_code="45910",
        municipality_code="286",
        phones=[{"number": "+358400000127"}],
    )
    service_id = catalogue.service(BOTH, easy={"fi": EASY}, price=Price.FREE, channel_ids=(place,))
    happenings.group("Maanantain ryhmä", service_id=service_id, rule=happenings.weekly(dt.date(2026, 3, 16)))
    whole = client.read(f"/palvelut/{service_id}")
    page = client.read(whole.link("Lue selkokielellä"))
    assert (page.h1, page.headings()) == ("Tuolijumppa", ["Lyhyesti"])
    assert page.link("040 000 0127") == "tel:+358400000127"
    for told in ("Tule jumppaan.", "Myllytie 4, 45910 Kouvola", "Tämä ei maksa mitään.", "Maanantain ryhmä"):
        assert told in page.text
    assert "maanantaina 16. maaliskuuta kello 17–18.30" in page.text.replace("\u2060", "")
    assert page.link("Koko palvelun tiedot") == f"/palvelut/{service_id}"


def test_it_needs_no_script_and_is_its_own_page_for_machines(client):
    service_id = catalogue.service(BOTH, easy={"fi": EASY})
    answer = client.get(f"/sv/palvelut/{service_id}/selko")
    head = html.fromstring(answer.data).find("head")
    assert not head.xpath("script")
    (canonical,) = head.xpath("link[@rel='canonical']/@href")
    assert canonical.endswith(f"/sv/palvelut/{service_id}/selko")
    assert len(head.xpath("link[@hreflang]")) == len(("fi", "sv", "en", "x-default"))
    assert answer.headers["Cache-Control"].startswith("public")
    sitemap = client.get("/sitemap-fi.xml").text
    assert f"/palvelut/{service_id}/selko</loc>" in sitemap
    assert "/selko</loc>" in sitemap.replace(str(service_id), "")


def test_what_lacks_the_pages_language_says_so(client):
    service_id = catalogue.service(BOTH, easy={"fi": EASY})
    assert "Bara på finska" in client.read(f"/sv/palvelut/{service_id}").text
    page = client.read(f"/sv/palvelut/{service_id}/selko")
    assert "Bara på finska" in page.text
    (text,) = page.main.xpath(".//div[@class='text']")
    assert text.get("lang") == "fi"


def test_without_an_easy_text_it_leads_to_the_service_itself(client):
    service_id = catalogue.service("Kävely")
    answer = client.get(f"/palvelut/{service_id}/selko")
    assert (answer.status_code, answer.location) == (302, f"/palvelut/{service_id}")
    assert "selkokielellä" not in client.read(f"/palvelut/{service_id}").text
    client.read(f"/palvelut/{uuid.uuid4()}/selko", status=404)


def test_where_one_begins_lists_them_by_theme(client, query_budget):
    catalogue.service("Kuoro", themes=("taide-ja-kulttuuri",), easy={"fi": EASY})
    catalogue.service(BOTH, themes=("liikunta", "vertaistuki"), easy={"fi": EASY, "sv": "Kom med."})
    catalogue.service("Muu jumppa")
    with query_budget(12):
        page = client.read("/selko")
    assert page.headings() == ["Soita", "Palvelut selkokielellä"]
    assert page.headings(3) == ["Taide ja kulttuuri", "Liikunta"]
    assert client.read(page.link("Kuoro")).h1 == "Kuoro"
    assert "Muu jumppa" not in page.text
    assert client.read("/palvelut?selko=kylla").headings(3) == ["Kuoro", "Tuolijumppa"]
    assert client.read("/sv/palvelut?selko=kylla").headings(3) == ["Stolsgymnastik"]
    swedish = client.read("/sv/selko").text
    assert swedish.count("Bara på finska") == 1
    assert client.read("/").link("Selkokielellä") == "/selko"


def test_its_words_are_searched_and_a_change_is_seen():
    service_id = uuid.uuid4()
    for word, other in (("sählyä", "kyykkää"), ("kyykkää", "sählyä")):
        catalogue.service("Liikuntakerho", id=service_id, easy={"fi": f"Pelaamme {word}."})
        assert [hit.service_id for hit in search(word, language="fi").hits] == [service_id]
        assert not search(other, language="fi").hits


def test_who_edits_for_its_provider_writes_it_and_an_import_leaves_it_alone(client):
    provider_id, service_id = catalogue.provider("Oma ry"), uuid.uuid4()
    record = ServiceRecord(
        id=service_id, source=Source.PTV, name=BOTH, provider_id=provider_id, suggested_themes=("liikunta",)
    )
    with transaction():
        upsert_service(record, now=catalogue.NOW)
    person = people.user(Role.PROVIDER_EDITOR)
    with transaction():
        add_editor(provider_id, person, actor=person, now=catalogue.NOW)
    editor = people.sign_in(client, person)
    page = editor.read(f"/sisalto/palvelut/{service_id}")
    assert "Kerro yhdessä lauseessa yksi asia." in page.text
    form = page.form("Tallenna")
    for refused in ("Soita. 131052-308T", "x" * (LONGEST + 1)):
        kept = editor.send(form, button="Tallenna", status=422, easy_sv=refused)
        assert kept.form("Tallenna").data()["easy_sv"] == refused
    editor.send(form, button="Tallenna", easy_fi=EASY)
    with transaction():
        upsert_service(record, now=catalogue.NOW)
    assert stored(service_id).easy == {"fi": EASY}
    assert stored(service_id).own_fields == ["easy"]
