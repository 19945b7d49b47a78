"""What each published service has: editors can't take it away, and see where an import brought less."""

import datetime as dt
from dataclasses import replace

import pytest

from servicetray.core.db import db
from tests.factories import catalogue
from themes.directory.desk.hindrances import Facts, Hindrance, lacks
from themes.directory.desk.labels import NEEDS
from themes.directory.models import Area, Service, ServiceFacet, ServiceStatus, ServiceTheme

FINE = Facts(
    status=ServiceStatus.PUBLISHED,
    checked_on=dt.date(2020, 1, 1),
    languages={"fi"},
    told={"fi", "sv"},
    themes=1,
    published_themes=0,
    area=Area.LIMITED,
    municipalities={"286"},
    ways=True,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"languages": {"sv"}}, [Hindrance.NO_FINNISH]),
        ({"languages": {"sv"}, "told": {"sv"}}, []),
        ({"languages": {"en"}, "told": {"sv", "en"}}, [Hindrance.NO_SWEDISH]),
        ({"languages": (), "told": ()}, [Hindrance.NAMELESS]),
        ({"ways": False}, [Hindrance.NO_WAY_ON]),
        ({"themes": 0}, [Hindrance.NO_THEME]),
        ({"municipalities": ()}, [Hindrance.ELSEWHERE]),
        ({"municipalities": (), "area": Area.NATIONWIDE}, []),
    ],
)
def test_each_need_is_named(changed, expected):
    assert lacks(replace(FINE, **changed)) == expected


def test_every_need_has_its_words():
    assert set(NEEDS) >= {found for each in _ALONE for found in lacks(each)}


_ALONE = [
    replace(FINE, languages=(), told=()),
    replace(FINE, languages={"sv"}),
    replace(FINE, languages={"en"}, told={"sv", "en"}),
    replace(FINE, ways=False, themes=0, municipalities=()),
]


@pytest.fixture
def provider_id(foundation):
    return catalogue.provider("Oma ry", phone="040 000 0101")


def test_nobody_takes_from_a_service_what_residents_need(editor, own_editor, provider_id):
    names = {"fi": "Kerho", "sv": "Klubben"}
    service_id = catalogue.service(names, summary={"fi": "Kahvia."}, provider_id=provider_id)
    for person, typed, said in (
        (editor, {"name_fi": ""}, {"name_fi"}),
        (editor, {"name_fi": "", "summary_fi": ""}, {"name_fi"}),
        (editor, {"municipalities": []}, {"municipalities"}),
        (editor, {"themes": []}, {"themes"}),
        (own_editor, {"name_fi": "", "municipalities": []}, {"name_fi", "municipalities"}),
    ):
        form = person.read(f"/sisalto/palvelut/{service_id}").form("Tallenna")
        page = person.send(form, button="Tallenna", status=422, whenabouts_fi="Kesken jäi", **typed)
        assert set(page.errors) == said
        assert page.form("Tallenna").data()["whenabouts_fi"] == "Kesken jäi"
    db.session.expire_all()
    it = db.session.get_one(Service, service_id)
    assert (it.name, it.whenabouts) == (names, {})
    assert {row.value for row in db.session.query(ServiceFacet) if row.facet == "municipality"} == {"286"}
    assert db.session.query(ServiceTheme).count() == 1


def test_a_slip_in_what_lacked_something_before_is_mended_all_the_same(editor):
    service_id = catalogue.service("Kerhho", themes=(), municipalities=("286",))
    form = editor.read(f"/sisalto/palvelut/{service_id}").form("Tallenna")
    editor.send(form, button="Tallenna", name_fi="Kerho")
    db.session.expire_all()
    assert db.session.get_one(Service, service_id).name == {"fi": "Kerho"}


def test_the_list_says_what_falls_short(editor, provider_id):
    catalogue.service("Kunnossa", provider_id=provider_id)
    catalogue.service("Vajaa", themes=())
    page = editor.read("/sisalto/palvelut?tila=puutteelliset")
    (row,) = page.table("Palvelut")
    assert row["Nimi"] == "Vajaa"
    assert "Puuttuu: yhteystieto, teema" in row["Tarkistettu"]
    assert "Jotain puuttuu 1" in page.text


def test_what_is_hidden_is_not_shown_again_without_a_way_on(editor, provider_id):
    service_id = catalogue.service("Kerho")
    editor.send(editor.read(f"/sisalto/palvelut/{service_id}").form("Piilota asukkailta"))
    page = editor.send(editor.read(f"/sisalto/palvelut/{service_id}").form("Näytä asukkaille"), status=422)
    assert "Kerro, miten palvelun tavoittaa" in page.text
