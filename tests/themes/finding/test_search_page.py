"""The search page as a resident reads it."""

import uuid

import pytest

from servicetray.core.db import db, transaction
from servicetray.core.municipalities import Municipality
from themes.directory.operations import Area, Facet, ServiceRecord, Source, upsert_service

KOUVOLA, KOTKA = "286", "285"
PLACES = {
    KOUVOLA: (
        {"fi": "Kouvola", "sv": "Kouvola"},
        {"fi": "Kouvolassa", "sv": "i Kouvola", "en": "in Kouvola"},
    ),
    KOTKA: ({"fi": "Kotka", "sv": "Kotka"}, {"fi": "Kotkassa", "sv": "i Kotka", "en": "in Kotka"}),
}


def service(number: int, name: str, *municipalities: str, **texts: dict[str, str]) -> ServiceRecord:
    return ServiceRecord(
        id=uuid.UUID(int=number),
        source=Source.EDITOR,
        name={"fi": name},
        area=Area.LIMITED if municipalities else Area.NATIONWIDE,
        facets={Facet.MUNICIPALITY: municipalities},
        **texts,  # type: ignore[arg-type]  # any field, by its name
    )


SERVICES = (
    service(1, "Tuolijumppa", KOUVOLA, summary={"fi": "Istuen tehtävää liikettä."}),
    service(2, "Vesijumppa", KOTKA, summary={"fi": "Vedessä."}),
    service(3, "Kirjaston kuoro", KOTKA, summary={"fi": "Laulua."}),
    service(4, "Uniopas", summary={"fi": "Apua uneen."}),
)


@pytest.fixture
def services(database, now):
    with transaction():
        for code, (name, name_in) in PLACES.items():
            if db.session.get(Municipality, code) is None:
                db.session.add(Municipality(code=code, name=name, name_in=name_in, population=50_000))
        for record in SERVICES:
            upsert_service(record, now=now)


def test_services_are_found_in_any_form_of_the_word(client, services):
    page = client.read("/haku?q=jumpan")

    assert page.h1 == "Haku"
    assert page.title.startswith("Haku: jumpan")
    assert page.headings(2)[-1] == "Löytyi 2 palvelua"
    assert page.headings(3)[-2:] == ["Tuolijumppa", "Vesijumppa"]


def test_what_was_typed_stays_in_the_form(client, services):
    form = client.read("/haku?q=jumppaa+&kunta=285").form("Hae")

    assert form.data() == {"q": "jumppaa", "kunta": KOTKA}


def test_a_chosen_municipality_narrows(client, services):
    page = client.read("/haku?q=jumppaa&kunta=285")

    assert "Kotkassa on 1 sopiva palvelu" in page.headings(2)
    assert "Vesijumppa" in page.headings(3)
    assert "Tuolijumppa" not in page.text


def test_a_named_municipality_narrows_and_can_be_taken_away(client, services):
    page = client.read("/haku?q=jumppaa+Kouvolassa")

    assert "Kouvolassa on 1 sopiva palvelu" in page.headings(2)
    assert page.form("Hae").data()["kunta"] == ""
    everywhere = client.read(page.link("Missä: Kouvola , poista"))
    assert "Löytyi 2 palvelua" in everywhere.headings(2)


def test_a_chosen_municipality_goes_before_a_named_one(client, services):
    page = client.read("/haku?q=jumppaa+kouvolassa&kunta=285")

    assert page.headings(3)[-1] == "Vesijumppa"
    assert "Missä: Kouvola" not in page.text


def test_official_words_that_were_looked_for_are_told(client, services):
    assert "myös: uni" in client.read("/haku?q=unettomuuteen").text


def test_where_a_place_has_nothing_the_rest_of_the_region_may(client, services):
    page = client.read("/haku?q=kuoro+kouvolassa")

    assert "Emme löytäneet palvelua. Kokeile näitä." in page.headings(2)
    assert "Kirjaston kuoro" in client.read(page.link("Samat sanat koko alueella")).headings(3)


def test_where_a_place_has_few_the_whole_region_is_told_of(client, services):
    page = client.read("/haku?q=jumppaa&kunta=285")

    assert "Samat sanat koko alueella 2 palvelua" in page.text
    assert "Löytyi 2 palvelua" in client.read(page.link("Samat sanat koko alueella")).headings(2)
    assert "koko alueella" not in client.read("/haku?q=kuoro+kotkassa").text


def test_nothing_found_is_never_an_empty_page(client, services):
    page = client.read("/haku?q=qwrtzx")

    assert "Emme löytäneet palvelua. Kokeile näitä." in page.headings(2)
    assert page.link("Kaikki palvelut").endswith("/palvelut")
    assert page.link("Katso teemoittain").endswith("/")


@pytest.mark.parametrize("address", ["/haku", "/haku?q=", "/haku?q=+++", "/haku?q=!!!"])
def test_an_empty_search_shows_how_to_begin(client, services, address):
    page = client.read(address)

    assert "Kirjoita omin sanoin" in page.headings(2)
    assert "kuoro" in [link.text for link in page.links]


def test_some_words_are_better_than_none(client, services):
    page = client.read("/haku?q=kuoro+uniopas")

    assert "Kaikki sanasi eivät löytyneet mistään palvelusta." in page.text
    assert set(page.headings(3)[-2:]) == {"Uniopas", "Kirjaston kuoro"}


@pytest.mark.parametrize(
    "address",
    [
        "/haku?q=jumppaa&sivu=99",
        "/haku?q=jumppaa&sivu=-1",
        "/haku?q=jumppaa&sivu=kaksi",
        "/haku?q=jumppaa&kunta=999",
        "/haku?q=jumppaa&kunta='",
        "/haku?q=jumppaa&q=kuoro&muu=1",
    ],
)
def test_junk_in_the_address_is_passed_over(client, services, address):
    assert "Löytyi 2 palvelua" in client.read(address).headings(2)


@pytest.mark.parametrize(
    "words", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%20OR%201=1", "yli" * 60, "%F0%9F%98%80", "%ff"]
)
def test_whatever_is_typed_gets_a_page(client, services, words):
    assert client.read(f"/haku?q={words}").h1 == "Haku"


def test_what_no_keyboard_types_is_refused_in_words(client, services):
    assert client.read("/haku?q=%00", status=400).h1 == "Emme saaneet tästä selvää"


@pytest.mark.parametrize(
    ("address", "h1", "heading"),
    [
        ("/sv/haku?q=jumppaa", "Sökning", "Vi hittade 2 tjänster"),
        ("/sv/haku?q=jumppaa&kunta=286", "Sökning", "Vi hittade 1 tjänst i Kouvola"),
        ("/en/haku?q=jumppaa", "Search", "2 services found"),
    ],
)
def test_the_page_speaks_its_language(client, services, address, h1, heading):
    page = client.read(address)

    assert page.h1 == h1
    assert heading in page.headings(2)


def test_a_long_answer_comes_in_pages(client, database, now):
    with transaction():
        for number in range(1, 26):
            upsert_service(service(number, f"Kerho {number}"), now=now)

    first = client.read("/haku?q=kerho")
    second = client.read(first.link("Seuraava sivu"))

    assert first.headings(2)[-1] == second.headings(2)[-1] == "Löytyi 25 palvelua"
    assert len(second.headings(3)) == 5
    assert "Sivu 2 / 2" in second.text or "2" in second.text


def test_a_search_costs_few_queries(client, services, query_budget):
    with query_budget(17):
        client.read("/haku?q=mummolle+jumppaa+kouvolassa")


@pytest.mark.parametrize(
    ("words", "path"),
    [("en saa nukuttua", "Nukun huonosti"), ("iltaisin yksin", "Olen yksinäinen"), ("jooga", "")],
)
def test_a_path_is_offered_where_the_words_tell_of_a_need(client, services, words, path):
    page = client.read(f"/haku?q={words}")

    assert (
        page.items("Auttaisiko muutama kysymys eteenpäin?")[0].startswith(path)
        if path
        else ("Auttaisiko muutama kysymys" not in page.text)
    )
