"""A resident answers questions: each step a page, the state in the address, nothing kept."""

import pytest
import time_machine

from tests.factories import catalogue


@pytest.fixture(autouse=True)
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def test_numbers_come_first_and_all_paths_are_there(client):
    page = client.read("/loyda-apua")
    assert page.h1 == "Löydä apua"
    assert page.headings(2)[0] == "Kun tarvitset apua heti"
    assert page.link("112").endswith("tel:112")
    assert page.link("Nukun huonosti") == "/loyda-apua/nukun-huonosti"


def test_answers_lead_to_help_and_every_answer_can_be_changed(client):
    page = client.read("/loyda-apua/nukun-huonosti")
    assert page.h1 == "Kuinka kauan olet nukkunut huonosti?"
    page = client.read(page.link("Yli kuukauden"))
    assert page.h1 == "Miten päivät sujuvat?"
    page = client.read(page.link("Väsyttää, mutta pärjään"))
    assert page.h1 == "Kokeile uniohjelmaa"
    assert "Yli kuukauden" in page.text
    assert client.read(page.link("Parempi uni")).h1 == "Parempi uni"
    assert client.read(page.link("Takaisin")).h1 == "Miten päivät sujuvat?"
    assert client.read(page.link("Muuta: Kuinka kauan olet nukkunut huonosti?")).h1.startswith("Kuinka kauan")


def test_a_step_keeps_its_address_without_the_way_to_it(client):
    for query in ("", "?v=9-9", "?v=" + "1-" * 500, "?v=²", "?v=<script>"):
        assert client.read("/loyda-apua/nukun-huonosti/ohjelma" + query).h1 == "Kokeile uniohjelmaa"


@pytest.mark.parametrize("address", ["/loyda-apua/ei-ole", "/loyda-apua/nukun-huonosti/ei-ole"])
def test_what_is_not_there_is_not_found(client, address):
    client.read(address, status=404)


def test_own_words_lead_to_a_path(client):
    page = client.read("/loyda-apua?q=en saa nukuttua")
    assert "Nukun huonosti" in page.headings(4)
    assert "Näistä voi olla apua" in page.headings(3)
    assert "Emme löytäneet polkua" in client.read("/loyda-apua?q=kissa").text


def test_what_was_typed_is_in_no_cache(client):
    assert client.get("/loyda-apua?q=salaisuus").status_code == 200
    with client.session_transaction() as session:
        assert not session


@pytest.mark.parametrize("prefix", ["/sv", "/en"])
def test_every_step_speaks_the_language_of_the_page(client, prefix):
    page = client.read(f"{prefix}/loyda-apua/kotona-pelottaa")
    assert page.lang == prefix[1:]
    assert "Kotona" not in page.h1
    for link in ("080 005 005",):
        assert page.link(link)


def test_paths_with_services_show_the_first_of_them(client):
    catalogue.service("Unikoulu etänä")
    page = client.read("/loyda-apua/nukun-huonosti/ohjelma")
    assert "Unikoulu etänä" in page.headings(4)
    assert page.link("Kaikki palvelut: unikoulu")


def test_a_step_asks_the_database_little(client, query_budget):
    client.read("/loyda-apua/nukun-huonosti")
    with query_budget(6):
        client.read("/loyda-apua/nukun-huonosti")
