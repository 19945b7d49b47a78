"""Putting a card together, showing it, its code: without signing in, and by GET alone but for the code."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from sqlalchemy import select

from servicetray.core.db import db
from tests.factories import catalogue, happenings
from themes.directory.operations import ChannelKind
from themes.wellbeing_card import addresses
from themes.wellbeing_card.card import Card, Item, ItemKind
from themes.wellbeing_card.models import CardCode
from themes.wellbeing_card.views import MOST_MADE

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture
def foundation(database):
    with time_machine.travel(happenings.NOW, tick=False):
        catalogue.foundation()
        yield


def jumppa() -> uuid.UUID:
    number = catalogue.channel(
        ChannelKind.PHONE, phones=[{"number": "+358400000127"}], urls={"fi": "https://example.org/jumppa"}
    )
    return catalogue.service(
        {"fi": "Tuolijumppa", "sv": "Stolgymnastik"},
        whenabouts={"fi": "Maanantaisin", "sv": "På måndagar"},
        channel_ids=(number,),
    )


def composed(client, *things: str):
    """Add things as the links of their pages do; return the page after the last."""
    page = None
    for thing in things:
        held = f"&k={page.form_to('/kortti/koodi').data()['k']}" if page else ""
        page = client.read(f"/kortti/lisaa?{thing}{held}")
    return page


def test_from_a_services_page_to_the_clients_card(client):
    service = jumppa()
    page = client.read(client.read(f"/palvelut/{service}").link("Lisää hyvinvointikorttiin"))
    assert page.headings(3)[0] == "Tuolijumppa"
    card = client.read(page.link("Katso kortti ja tulosta"))
    assert card.h1 == "Hyvinvointikortti"
    assert "Maanantaisin" in card.text
    assert "040 000 0127" in card.text
    assert "example.org/jumppa" in card.text


def test_everything_can_be_picked_and_stands_in_its_order(client):
    group = happenings.group("Voimaa arkeen")
    page = composed(
        client,
        "teema=liikunta",
        f"palvelu={jumppa()}",
        f"ryhma={group}",
        "testi=terapianavigaattori",
        "ohjelma=liiketta-arkeen",
    )
    card = client.read(page.link("Katso kortti ja tulosta"))
    assert [name for name in card.headings(2) if name != "Lompakkoon"] == [
        "Liikunta",
        "Tuolijumppa",
        "Voimaa arkeen",
        "Terapianavigaattori",
        "Liikettä arkeen",
    ]
    moved = client.read(page.link("Siirrä ylös: Tuolijumppa"))
    assert moved.headings(3)[:2] == ["Tuolijumppa", "Liikunta"]
    less = client.read(moved.link("Ota pois: Liikunta"))
    assert less.headings(3)[:2] == ["Tuolijumppa", "Voimaa arkeen"]


def test_a_theme_is_looked_through_and_added_from_without_leaving(client):
    jumppa()
    page = client.read("/kortti/kokoa?teema=liikunta&kunta=286")
    page = client.read(page.link("Lisää: Tuolijumppa"))
    assert page.headings(3)[0] == "Tuolijumppa"
    # What is looked through stays, and says what is on the card already.
    assert "Kortilla" in page.text
    form = page.form("Hae")
    assert form.data()["kunta"] == "286"
    assert "Lisää: Tuolijumppa" not in [link.text for link in page.links]


def test_the_card_is_in_the_clients_language_and_large_where_wished(client):
    page = composed(client, f"palvelu={jumppa()}")
    page = client.read(client.read(page.link("svenska")).link("Suuri"))
    card = client.read(page.link("Katso kortti ja tulosta"))
    assert (card.lang, card.h1) == ("sv", "Välmåendekort")
    assert "Stolgymnastik" in card.text
    assert "large" in card.main.get("class").split()
    assert client.read(page.link("svenska")).lang == "fi"


def test_what_is_gone_since_is_said_kindly_and_can_be_taken_off(client):
    page = composed(client, f"palvelu={jumppa()}", f"palvelu={uuid.uuid4()}")
    assert "Yksi kortilla ollut kohta ei ole enää tarjolla" in page.text
    card = client.read(page.link("Katso kortti ja tulosta"))
    assert "Yksi tämän kortin kohta ei ole enää tarjolla" in card.text
    assert "ei ole enää tarjolla" not in client.read(page.link("Poista kortilta")).text


@pytest.mark.parametrize("path", ["/kortti", "/kortti/kokoa", "/kortti/lisaa"])
def test_a_card_that_somebody_changed_shows_nothing_of_it(client, path):
    jumppa()
    text = addresses_token(client)
    changed = text[:10] + ("A" if text[10] != "A" else "B") + text[11:]
    page = client.read(f"{path}?k={changed}&teema=liikunta", status=404)
    assert page.h1 == "Tämä kortti ei aukea"
    assert "Tuolijumppa" not in page.text
    assert client.read(page.link("Kokoa uusi kortti")).h1 == "Kokoa hyvinvointikortti"


def addresses_token(client) -> str:
    return str(composed(client, "teema=liikunta").form_to("/kortti/koodi").data()["k"])


@pytest.mark.parametrize("asked", ["palvelu=x", "teema=%3Cscript%3E", "testi=A%20B", "ryhma=1"])
def test_nothing_but_public_ids_gets_onto_a_card(client, asked):
    client.read(f"/kortti/lisaa?{asked}", status=404)


def test_a_code_is_made_and_opens_the_same_card(client):
    page = composed(client, "teema=liikunta", f"palvelu={jumppa()}", "testi=terapianavigaattori")
    page = client.send(page.form_to("/kortti/koodi"))
    code = re.search(r"\b([2-9A-HJ-NP-Z]{4}) ([2-9A-HJ-NP-Z]{4})\b", page.text)
    assert code is not None
    whole = "".join(code.groups())
    assert len(db.session.scalars(select(CardCode)).all()) == 1
    assert client.read(page.link("Katso kortti ja tulosta")).text.count(whole) >= 1
    opened = client.send(client.read(f"/k/{whole}").form("Avaa kortti"))
    assert [name for name in opened.headings(2) if name != "Lompakkoon"] == [
        "Liikunta",
        "Tuolijumppa",
        "Terapianavigaattori",
    ]
    assert page.link("Aloita liikuntalähete").endswith(f"kortti={whole}")


def test_words_find_groups_events_and_paths_too(client):
    happenings.group("Juttupiiri", summary={"fi": "Kaipaatko seuraa?"})
    happenings.event("Yksinäisten joululounas", place={"fi": "Kirjasto"})
    happenings.event("Sauvakävely")
    for words in ("seuraa", "yksinäisyys Kouvolassa"):
        page = client.read("/kortti/kokoa").form("Hae")
        page = client.send(page, q=words)
        assert "Lisää: Olen yksinäinen" in [link.text for link in page.links]
        assert "Sauvakävely" not in page.text
    page = client.read(page.link("Lisää: Yksinäisten joululounas"))
    page = client.read(page.link("Lisää: Olen yksinäinen"))
    card = client.read(page.link("Katso kortti ja tulosta"))
    assert [name for name in card.headings(2) if name != "Lompakkoon"] == [
        "Yksinäisten joululounas",
        "Olen yksinäinen",
    ]
    assert "ti 10.3. klo 17–18.30" in card.text


def test_an_event_that_is_over_is_on_the_card_no_more(client):
    event = happenings.event("Iltakävely")
    page = composed(client, f"tapahtuma={event}", "polku=nukun-huonosti")
    link = page.link("Katso kortti ja tulosta")
    with time_machine.travel(happenings.NOW + dt.timedelta(days=2), tick=False):
        card = client.read(link)
    assert "Iltakävely" not in card.text
    assert "Nukun huonosti" in card.headings(2)


def test_a_code_is_not_told_after_its_time(client):
    page = client.send(composed(client, "teema=liikunta").form_to("/kortti/koodi"))
    link = page.link("Katso kortti ja tulosta")
    assert "Koodisi on" in client.read(link).text
    with time_machine.travel(happenings.NOW + dt.timedelta(days=91), tick=False):
        late = client.read(link)
        assert "Koodisi on" not in late.text
        assert "Liikunta" in late.headings(2)


@pytest.mark.parametrize("code", ["", "AAAA", "WRNG2345", "<script>", "ääää"])
def test_a_code_that_nobody_knows_leads_on(client, code):
    client.send(client.read("/k").form("Avaa kortti"), koodi=code, status=422)


def test_another_sites_form_makes_no_code(client):
    form = composed(client, "teema=liikunta").form_to("/kortti/koodi")
    answer = client.post(form.action, data={**form.data(), "form_key": "forged"})
    assert answer.status_code == 422
    assert db.session.scalars(select(CardCode)).all() == []


def test_codes_are_made_at_a_human_pace(client, monkeypatch):
    monkeypatch.setattr("themes.wellbeing_card.views.MOST_MADE", 1)
    assert MOST_MADE > 1
    form = composed(client, "teema=liikunta").form_to("/kortti/koodi")
    client.send(form)
    client.send(form, status=429)
    assert len(db.session.scalars(select(CardCode)).all()) == 1


def test_a_full_card_says_so_and_takes_nothing_more(client):
    card = Card()
    for number in range(12):
        card = card.with_item(Item.of(ItemKind.THEME, f"teema-{number}"))
    with client.application.test_request_context():
        path = addresses.compose(card)
    page = client.read(path)
    assert "Kortti on täynnä" in page.text
    assert client.get("/kortti/lisaa?teema=liikunta&" + path.split("?")[1]).status_code == 303


def test_the_pages_tell_search_engines_to_stay_away(client):
    for path in ("/kortti/kokoa", "/k"):
        answer = client.get(path)
        assert b'name="robots" content="noindex"' in answer.data
        assert answer.headers["Cache-Control"] == "no-store"
