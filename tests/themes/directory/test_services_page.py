"""The list of all services, as a resident reads it."""

import datetime as dt

import pytest
import time_machine

from tests.factories import catalogue
from themes.directory.operations import Price, Source
from themes.directory.queries import months_before

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def test_services_stand_in_the_order_of_the_alphabet(client):
    for name in ("Ötökkäretki", "Zumba", "Aamu-uinti", "Äidit ja vauvat"):
        catalogue.service(name)
    page = client.read("/palvelut")
    assert page.headings(3) == ["Aamu-uinti", "Zumba", "Äidit ja vauvat", "Ötökkäretki"]
    assert page.headings(2) == ["4 palvelua"]


def test_a_card_tells_who_where_when_and_what_it_costs(client):
    catalogue.service(
        "Tuolijumppa",
        provider_id=catalogue.provider(),
        summary={"fi": "Jumppaa istuen."},
        for_whom={"fi": "Ikääntyneille"},
        whereabouts={"fi": "Voikkaan kylätalo"},
        whenabouts={"fi": "Ma klo 10–11"},
        price=Price.FREE,
        accessibility=("step_free",),
    )
    page = client.read("/palvelut")
    assert page.facts == {
        "Kenelle": "Ikääntyneille",
        "Missä": "Voikkaan kylätalo",
        "Milloin": "Ma klo 10–11",
        "Hinta": "Maksuton",
    }
    for words in ("Jumppaa istuen.", "Kymijoen Virkeät ry", "Tarkistettu 20.2.2026", "Esteetön"):
        assert words in page.text


def test_facts_that_nobody_told_come_from_what_it_is_found_by(client):
    catalogue.service("Kuoro", municipalities=("285", "286"), life_stages=("older_people",))
    assert client.read("/palvelut").facts == {"Kenelle": "Ikääntyneet", "Missä": "Kotka, Kouvola"}


def test_choices_narrow_the_list_and_can_be_taken_back(client):
    catalogue.service("Uinti", price=Price.FREE, forms=("in_person",))
    catalogue.service("Etäjumppa", forms=("remote",))
    catalogue.service("Kotkan kuoro", municipalities=("285",), forms=("in_person",))
    page = client.read("/palvelut")
    form = page.form("Näytä palvelut")
    assert [choice.label for choice in form.choices["miten"]] == ["Paikan päällä 2", "Etänä 1"]

    page = client.send(form, kunta="286", miten=["paikalla"])
    assert page.headings(2) == ["1 palvelu Kouvolassa"]
    assert page.headings(3) == ["Uinti"]

    page = client.read(page.link("Kouvola , poista rajaus"))
    assert page.headings(3) == ["Kotkan kuoro", "Uinti"]


def test_a_nationwide_service_counts_for_every_municipality(client):
    catalogue.service("Omahoito-ohjelma", municipalities=())
    page = client.read("/palvelut?kunta=489")
    assert page.headings(2) == ["1 palvelu Miehikkälässä"]
    counts = {choice.label for choice in page.form("Näytä palvelut").choices["kunta"]}
    assert counts == {
        f"{name} 1"
        for name in ("Koko Kymenlaakso", "Hamina", "Kotka", "Kouvola", "Miehikkälä", "Pyhtää", "Virolahti")
    }


def test_where_nothing_is_left_there_are_ways_on(client):
    catalogue.service("Uinti", forms=("in_person",))
    catalogue.service("Etäjumppa", municipalities=("285",), forms=("remote",))
    catalogue.service("Liikuntaneuvonta", forms=("in_person",), referral_kind="exercise")
    page = client.read("/palvelut?kunta=286&miten=etana")
    assert page.headings(2) == ["Näillä rajauksilla ei löytynyt palvelua"]
    ways = page.items("Kokeile näitä")
    assert ways[0] == "Poista rajaus Etänä 2 palvelua"
    assert "Katso alue: Koko Kymenlaakso 1 palvelu" in ways
    assert page.headings(4) == ["Liikuntaneuvonta"]
    assert client.read(page.link("Poista rajaus Etänä")).headings(2) == ["2 palvelua Kouvolassa"]


def test_twenty_to_a_page(client):
    for number in range(41):
        catalogue.service(f"Palvelu {number:02}")
    first = client.read("/palvelut")
    assert len(first.headings(3)) == 20
    second = client.read(first.link("Seuraava sivu"))
    assert second.headings(3)[0] == "Palvelu 20"
    assert client.read("/palvelut?sivu=99").headings(3) == ["Palvelu 40"]
    assert client.read("/palvelut?sivu=x&kunta=x").headings(3) == first.headings(3)
    kept = client.read("/palvelut?kunta=286")
    assert "kunta=286" in kept.link("Seuraava sivu")


@pytest.mark.parametrize(
    ("months", "days", "shown", "tagged"),
    [
        (6, 0, True, None),
        (6, 1, True, "Tarkistamatta yli 6 kk"),
        (12, 0, True, "Tarkistamatta yli 6 kk"),
        (12, 1, True, "Tarkistamatta yli vuoden"),
        (17, 20, True, "Tarkistamatta yli vuoden"),
        (18, 0, False, None),
    ],
)
def test_what_nobody_confirms_is_marked_and_then_hidden(client, months, days, shown, tagged):
    day = months_before(catalogue.NOW.date(), months) - dt.timedelta(days=days)
    found = catalogue.service("Kävelykaveri", checked_on=day)
    page = client.read("/palvelut")
    assert ("Kävelykaveri" in page.headings(3)) is shown
    tags = [words for words in ("Tarkistamatta yli 6 kk", "Tarkistamatta yli vuoden") if words in page.text]
    assert tags == ([tagged] if tagged else [])
    page = client.read(f"/palvelut/{found}", status=200 if shown else 404)
    assert tagged is None or tagged in page.text


def test_an_invented_service_says_so(client):
    catalogue.service("Keksitty", source=Source.DEMONSTRATION)
    assert "Keksitty esimerkki" in client.read("/palvelut").text


def test_a_name_in_another_language_is_marked(client):
    catalogue.service("Seniorien vesijumppa")
    page = client.read("/sv/palvelut")
    assert "Bara på finska" in page.text
    assert page.main.xpath(".//h3[@lang='fi']")


def test_a_day_without_counterpart_is_the_months_last():
    assert months_before(dt.date(2026, 8, 31), 6) == dt.date(2026, 2, 28)
    assert months_before(dt.date(2026, 1, 15), 18) == dt.date(2024, 7, 15)


def test_few_queries_whatever_the_length(client, query_budget):
    for number in range(25):
        catalogue.service(f"Palvelu {number}", provider_id=catalogue.provider(f"Yhdistys {number} ry"))
    with query_budget(8):
        client.read("/palvelut?kunta=286")
