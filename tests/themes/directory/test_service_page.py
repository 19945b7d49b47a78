"""The page of one service."""

import uuid

import pytest
import time_machine

from tests.factories import catalogue
from themes.directory.operations import (
    ChannelKind,
    ClassificationKind,
    ClassificationRecord,
    Price,
    Source,
)

pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


@pytest.fixture
def full():
    place = catalogue.channel(
        name={"fi": "Voikkaan kylätalo"},
        street={"fi": "Myllytie 4"},
        postal_code="45910",
        municipality_code="286",
        latitude=60.91234567,
        longitude=26.5,
        phones=[{"number": "+358400000127", "info": {"fi": "vertaisohjaaja"}, "charge": {"fi": "pvm/mpm"}}],
        emails=["jumppa@example.org"],
        hours=[
            {
                "days": [1, 5],
                "from": "08:00",
                "to": "15:30",
                "valid_from": None,
                "valid_to": None,
                "closed": False,
                "info": {},
            },
            {
                "days": None,
                "from": None,
                "to": None,
                "valid_from": "2026-04-03",
                "valid_to": "2026-04-06",
                "closed": True,
                "info": {"fi": "pääsiäinen"},
            },
            {
                "days": [1, 7],
                "from": "00:00",
                "to": "24:00",
                "valid_from": "2020-01-01",
                "valid_to": "2020-02-01",
                "closed": False,
                "info": {},
            },
        ],
    )
    web = catalogue.channel(
        ChannelKind.WEB_PAGE, name={"fi": "Virkeiden sivut"}, urls={"fi": "https://www.example.org/jumppa"}
    )
    return catalogue.service(
        {"fi": "Tuolijumppa", "sv": "Stolsgymnastik"},
        themes=("liikunta", "vertaistuki"),
        provider_id=catalogue.provider(web={"fi": "https://www.example.org/virkeat"}),
        summary={"fi": "Jumppaa istuen."},
        description={"fi": "Alussa lämmitellään.\n\nMukaan:\n- vesipullo\n- kengät"},
        instructions={"fi": "Tule paikalle.\n\nKokeile rauhassa."},
        for_whom={"fi": "Ikääntyneille"},
        whereabouts={"fi": "Voikkaa"},
        whenabouts={"fi": "Ma klo 10"},
        price=Price.FREE,
        kaikukortti=True,
        referral_kind="exercise",
        languages=("fi", "sv"),
        accessibility=("step_free", "induction_loop"),
        channel_ids=(place, web),
        classifications=(
            ClassificationRecord(
                uri="http://example.org/p1",
                kind=ClassificationKind.SERVICE_CLASS,
                code="P1",
                name={"fi": "Liikunta ja urheilu"},
            ),
            ClassificationRecord(
                uri="http://example.org/kr",
                kind=ClassificationKind.TARGET_GROUP,
                code="KR1",
                name={"fi": "Kansalaiset"},
            ),
        ),
    )


def test_it_tells_everything(client, full):
    page = client.read(f"/palvelut/{full}")
    assert page.h1 == "Tuolijumppa"
    assert page.title == "Tuolijumppa – Hyvinvointia"
    facts = page.facts
    assert facts["Kenelle"] == "Ikääntyneille"
    assert facts["Missä"] == "Voikkaa"
    assert facts["Milloin"] == "Ma klo 10"
    assert facts["Hinta"] == "Maksuton"
    assert facts["Kieli"] == "Suomi, Ruotsi"
    assert facts["Järjestäjä"] == "Kymijoen Virkeät ry Omat sivut"
    assert client.read(page.link("Kymijoen Virkeät ry")).h1 == "Kymijoen Virkeät ry"
    assert facts["Kaikukortti"]
    assert facts["Palveluluokat"] == "Liikunta ja urheilu"
    assert "Kansalaiset" not in page.text
    for words in (
        "Pääset tänne myös liikuntalähetteellä.",
        "Myllytie 4, 45910 Kouvola",
        "vertaisohjaaja",
        "pvm/mpm",
        "ma–pe klo 8–15.30",
        "3.4.–6.4.2026 suljettu, pääsiäinen",
        "Sisään pääset pyörätuolilla tai rollaattorilla",
        "Järjestäjä tarkisti tiedot 20.2.2026.",
        "Lähde: tämän palvelun toimitus.",
    ):
        assert words in page.text
    assert "2020" not in page.text


def test_its_ways_on_lead_where_they_say(client, full):
    page = client.read(f"/palvelut/{full}")
    assert page.link("Soita 040 000 0127") == "tel:+358400000127"
    assert page.link("Lähetä sähköpostia") == "mailto:jumppa@example.org"
    # Counted on the way, by a signed address of our own that leads to theirs.
    assert page.link("example.org/jumppa").startswith(("/ulos/", "https://www.example.org/jumppa"))
    assert page.link("Näytä kartalla").startswith(
        "https://www.openstreetmap.org/?mlat=60.91235&mlon=26.50000"
    )
    assert client.read(page.link("Lisää teemasta: Vertaistuki")).h1 == "Vertaistuki"
    outside = page.main.xpath(".//a[starts-with(@href, 'http')]")
    assert outside
    assert all("noopener" in link.get("rel") for link in outside)


def test_how_to_join_goes_step_by_step(client, full):
    page = client.read(f"/palvelut/{full}")
    assert page.items("Näin pääset mukaan") == ["Tule paikalle.", "Kokeile rauhassa."]
    assert page.items("Mitä on luvassa") == ["vesipullo", "kengät"]


def test_what_lacks_the_pages_language_says_so_and_is_marked(client, full):
    page = client.read(f"/sv/palvelut/{full}")
    assert page.h1 == "Stolsgymnastik"
    assert "Bara på finska" in page.text
    assert [element.get("lang") for element in page.main.xpath(".//p[contains(., 'Jumppaa istuen')]")] == [
        "fi"
    ]
    assert page.main.xpath(".//*[@lang='fi']//p[contains(., 'lämmitellään')]")
    assert "Bara på" not in client.read(f"/palvelut/{full}").text


def test_long_facts_get_a_place_of_their_own(client):
    found = catalogue.service(
        "Perusopetus",
        for_whom={"fi": "Kaikille, jotka ovat oppivelvollisia. " * 5},
        price_details={"fi": "Opetus on maksutonta.\nRetket maksavat."},
        life_stages=("children_and_young",),
    )
    page = client.read(f"/palvelut/{found}")
    assert page.facts["Kenelle"] == "Lapset ja nuoret"
    assert page.headings(2) == ["Kenelle", "Hinta"]


def test_what_others_wrote_is_text_and_never_code(client):
    evil = '<script>alert(1)</script><a href="javascript:x">x</a>'
    way = catalogue.channel(
        ChannelKind.WEB_PAGE,
        name={"fi": evil},
        description={"fi": evil},
        urls={"fi": "javascript:alert(1)"},
        phones=[{"number": "javascript:1", "info": {"fi": evil}}],
        emails=["a@example.org?subject=x", evil],
        street={"fi": evil},
    )
    found = catalogue.service(
        evil,
        summary={"fi": evil},
        description={"fi": evil},
        instructions={"fi": f"{evil}\n\n{evil}"},
        provider_id=catalogue.provider(evil, web={"fi": "javascript:alert(1)"}),
        channel_ids=(way,),
    )
    page = client.read(f"/palvelut/{found}")
    assert page.h1 == evil
    assert not page.main.xpath(".//script")
    assert not [link for link in page.links if link.href.startswith(("javascript", "mailto"))]
    assert evil in client.read("/palvelut").text


def test_a_theme_that_is_not_published_is_not_shown(client):
    found = catalogue.service("Neuvonta", themes=("nimeamaton-1",))
    page = client.read(f"/palvelut/{found}")
    assert "Lisää teemasta" not in page.text
    assert page.link("Kaikki palvelut")


def test_ptv_is_named_as_source(client):
    found = catalogue.service("Uimahalli", source=Source.PTV, checked_on=None, ptv_modified=catalogue.NOW)
    text = client.read(f"/palvelut/{found}").text
    assert "Tiedot muuttuivat viimeksi 10.3.2026." in text
    assert "Suomi.fi-palvelutietovaranto" in text


@pytest.mark.parametrize("junk", ["x", "1", str(uuid.UUID(int=0)), f"{uuid.UUID(int=0)}x", "../palvelut/"])
def test_what_is_not_there_is_404(client, junk):
    assert client.get(f"/palvelut/{junk}").status_code in {404, 308}
    assert client.get(f"/palvelut/{uuid.uuid4()}").status_code == 404


def test_few_queries(client, full, query_budget):
    with query_budget(8):
        client.read(f"/palvelut/{full}")
