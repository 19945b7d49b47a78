"""The pages of events and groups as residents see them."""

import datetime as dt
import json

import pytest
import time_machine

from tests.factories import catalogue, happenings
from themes.happenings import places, queries
from themes.happenings.models import Joining, State

pytestmark = pytest.mark.usefixtures("foundation")

DAY = dt.timedelta(days=1)
TODAY = happenings.TODAY


@pytest.fixture
def foundation(database):
    with time_machine.travel(happenings.NOW, tick=False):
        catalogue.foundation()
        yield


def test_a_week_of_events_by_day_today_first(client):
    happenings.event("Huominen", rule=happenings.rule(TODAY + DAY))
    happenings.event("Iltapäivä", rule=happenings.rule(at="14:30", minutes=45))
    happenings.event("Aamu", rule=happenings.rule(at="09:00", minutes=60))
    happenings.event("Ensi viikko", rule=happenings.rule(TODAY + 7 * DAY))
    page = client.read("/tapahtumat")
    assert page.headings(3)[:2] == ["Tänään, tiistai 10.3.2026", "Huomenna, keskiviikko 11.3.2026"]
    assert page.headings(4) == ["Aamu", "Iltapäivä", "Huominen"]
    assert "klo 14.30–15.15" in page.text
    following = client.read(page.link("Seuraava viikko"))
    assert following.headings(4) == ["Ensi viikko"]
    assert client.read(following.link("Edellinen viikko")).headings(4)[0] == "Aamu"


def test_choices_narrow_and_stand_in_the_address(client):
    happenings.event("Kouvolassa", price="free")
    happenings.event("Kotkassa", municipality_code="285", life_stages=("older_people",))
    happenings.event("Kaikkialla", municipality_code=None, forms=("remote",), themes=("ravitsemus",))
    page = client.read("/tapahtumat?kunta=285")
    assert sorted(page.headings(4)) == ["Kaikkialla", "Kotkassa"]
    assert client.read("/tapahtumat?teema=ravitsemus&miten=etana").headings(4) == ["Kaikkialla"]
    assert client.read("/tapahtumat?hinta=maksuton").headings(4) == ["Kouvolassa"]
    # Who names no stage of life is for all.
    everyone = client.read("/tapahtumat?ikavaihe=tyoikaiset").headings(4)
    assert sorted(everyone) == ["Kaikkialla", "Kouvolassa"]
    form = client.read("/tapahtumat?alkaen=2026-03-11").form("Näytä tapahtumat")
    assert form.data()["alkaen"] == "2026-03-11"


def test_kaikukortti_narrows_both_lists_with_its_count_and_is_said_on_cards_and_pages(client):
    happenings.event("Konsertti", kaikukortti=True, price="charge")
    happenings.event("Retki")
    choir = happenings.group("Kuoro", kaikukortti=True, joining=Joining.CONTINUOUS)
    happenings.group("Juttupiiri", rule=happenings.weekly())
    for path, button, level, name in (
        ("/tapahtumat", "Näytä tapahtumat", 4, "Konsertti"),
        ("/ryhmat", "Näytä ryhmät", 3, "Kuoro"),
    ):
        page = client.read(path)
        (choice,) = page.form(button).choices["kaikukortti"]
        assert (choice.value, choice.label) == ("kylla", "Kaikukortti käy 1")
        narrowed = client.read(f"{path}?kaikukortti=kylla")
        assert narrowed.headings(level)[:1] == [name]
        assert "Juttupiiri" not in narrowed.text
        assert "Retki" not in narrowed.text
        assert "Kaikukortti" in narrowed.text
    assert "Kaikukortti" in client.read(f"/ryhmat/{choir}").text


def test_where_a_week_is_empty_the_next_day_is_told(client):
    happenings.event("Kesäretki", rule=happenings.rule(dt.date(2026, 6, 5)), municipality_code="285")
    page = client.read("/tapahtumat?kunta=285")
    assert page.headings(4) == []
    assert client.read(page.link("Seuraava on perjantai 5.6.2026")).headings(4) == ["Kesäretki"]


@pytest.mark.parametrize("asked", ["eilen", "2020-01-01", "9999-12-31", "2026-02-31", ""])
def test_any_day_in_the_address_answers(client, asked):
    client.read(f"/tapahtumat?alkaen={asked}")


def test_drafts_are_for_editors_alone(client):
    draft = happenings.event("Luonnos", state=State.DRAFT)
    assert client.read("/tapahtumat").headings(4) == []
    client.read(f"/tapahtumat/{draft}", status=404)
    client.read(f"/tapahtumat/{draft}.ics", status=404)


def test_an_event_is_no_group_and_the_other_way_round(client):
    client.read(f"/ryhmat/{happenings.event()}", status=404)
    client.read(f"/tapahtumat/{happenings.group()}", status=404)


def test_an_event_tells_machines_when_and_where(client):
    it = happenings.event("Ilta <script>", price="free")
    markup = client.read(f"/tapahtumat/{it}").root
    told = json.loads(markup.xpath("string(//script[@type='application/ld+json'])"))
    assert told["name"] == "Ilta <script>"
    assert told["startDate"] == "2026-03-10T17:00:00+02:00"
    assert told["isAccessibleForFree"] is True
    assert told["location"]["name"] == "Kerhotila, Kouvola"
    assert "offers" not in told
    paid = happenings.event("Konsertti", kaikukortti=True, price="charge")
    markup = client.read(f"/tapahtumat/{paid}").root
    told = json.loads(markup.xpath("string(//script[@type='application/ld+json'])"))
    assert (told["isAccessibleForFree"], told["offers"]["name"], told["offers"]["price"]) == (
        False,
        "Kaikukortti",
        0,
    )


def test_a_text_in_one_language_only_says_so(client):
    it = happenings.event("Vain suomeksi")
    page = client.read(f"/sv/tapahtumat/{it}")
    assert page.h1 == "Vain suomeksi"
    assert "Bara på finska" in page.text


def test_groups_to_join_stand_first_with_their_places(app, client, monkeypatch):
    full = happenings.group("Täysi", joining=Joining.CONTINUOUS, capacity=2)
    happenings.group("Suljettu", joining=Joining.TERM, closes_on=TODAY - DAY, rule=happenings.weekly())
    free = happenings.group("Väljä", joining=Joining.CONTINUOUS, capacity=8, rule=happenings.weekly())
    happenings.group("Myöhemmin", joining=Joining.TERM, opens_on=TODAY + DAY)
    monkeypatch.setitem(app.extensions, "servicetray.happenings.places", lambda ids: {full: 2, free: 3})
    page = client.read("/ryhmat")
    assert page.headings(3)[:4] == ["Väljä", "Täysi", "Myöhemmin", "Suljettu"]
    assert "Paikkoja jäljellä: 5" in page.text
    assert "Täynnä, jonotuslista auki" in page.text
    assert "Ilmoittautuminen alkaa 11.3.2026" in page.text
    with app.app_context():
        assert [view.name["fi"] for view in queries.groups_open_for(today=TODAY)] == ["Väljä"]
        assert places.taken([full, free]) == {full: 2, free: 3}


def test_a_group_that_is_over_leaves_the_list_but_keeps_its_page(client):
    over = happenings.group("Mennyt", rule=happenings.rule(TODAY - 3 * DAY))
    assert "Mennyt" not in client.read("/ryhmat").headings(3)
    assert client.read(f"/ryhmat/{over}").h1 == "Mennyt"


def test_theme_service_and_municipality_show_what_comes_next(client):
    service = catalogue.service("Vesijumppa")
    happenings.event("Avoin vesijumppa", service_id=service, rule=happenings.rule(TODAY + DAY))
    happenings.group("Allasryhmä", service_id=service)
    for path in ("/teemat/liikunta", f"/palvelut/{service}", "/?kunta=286"):
        page = client.read(path)
        assert "Avoin vesijumppa" in page.headings(3), path
        assert "Allasryhmä" in page.headings(3), path
    assert "Avoin vesijumppa" not in client.read("/?kunta=285").headings(3)


def test_few_queries_whatever_the_length(client, query_budget):
    for number in range(30):
        provider = catalogue.provider(f"Yhdistys {number} ry")
        happenings.event(f"Tapahtuma {number}", provider_id=provider)
        happenings.group(f"Ryhmä {number}", provider_id=provider, rule=happenings.weekly())
    with query_budget(6):
        client.read("/tapahtumat?kunta=286")
    # Here the places taken are counted, too.
    with query_budget(7):
        client.read("/ryhmat?kunta=286")
