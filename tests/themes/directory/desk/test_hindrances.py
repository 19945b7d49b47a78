"""Why a service is not shown."""

import datetime as dt
import uuid

import pytest

from servicetray.core.db import db, transaction
from tests.factories import catalogue
from themes.directory.desk.hindrances import Facts, Hindrance, hindrances
from themes.directory.desk.labels import MEND, WHY
from themes.directory.models import Area, Service, ServiceStatus
from themes.ptv.operations import finish_run, start_run
from themes.ptv.queries import Retirement
from themes.ptv.sources import Kind, Problem, SourceKind

TODAY = dt.date(2026, 3, 10)
FINE = Facts(
    status=ServiceStatus.PUBLISHED,
    checked_on=TODAY,
    languages={"fi", "sv"},
    themes=2,
    published_themes=1,
    area=Area.LIMITED,
    told={"fi", "sv"},
    ways=True,
    municipalities={"286"},
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"checked_on": None, "area": Area.NATIONWIDE, "municipalities": ()}, []),
        ({"status": ServiceStatus.RETIRED}, [Hindrance.RETIRED]),
        ({"status": ServiceStatus.HIDDEN}, [Hindrance.HIDDEN]),
        ({"checked_on": dt.date(2024, 9, 10)}, [Hindrance.UNCHECKED]),
        ({"checked_on": dt.date(2024, 9, 11)}, []),
        ({"languages": ()}, [Hindrance.NAMELESS]),
        ({"languages": {"en"}}, [Hindrance.NO_FINNISH, Hindrance.NO_SWEDISH]),
        ({"themes": 0, "published_themes": 0}, [Hindrance.NO_THEME]),
        ({"published_themes": 0}, [Hindrance.THEME_UNPUBLISHED]),
        ({"municipalities": ()}, [Hindrance.ELSEWHERE]),
    ],
)
def test_each_rule_is_named(changed, expected):
    assert hindrances(Facts(**{**vars(FINE), **changed}), today=TODAY) == expected


def test_every_rule_says_why_and_how_to_mend_it():
    assert set(WHY) == set(MEND) == set(Hindrance)


def _hidden(name: str) -> uuid.UUID:
    service_id = catalogue.service(name, provider_id=catalogue.provider())
    with transaction():
        db.session.get_one(Service, service_id).status = ServiceStatus.HIDDEN
    return service_id


def test_a_name_an_address_and_an_id_lead_to_the_rules(editor):
    service_id = _hidden("Kesäjumppa")
    for asked in ("kesäjum", f"https://example.org/sv/palvelut/{service_id}", str(service_id)):
        page = editor.read(f"/sisalto/miksi?q={asked}")
        assert "Kesäjumppa" in page.headings(2)
        assert "Asukkaat eivät näe tätä" in page.text
        assert "Joku sisällöntuottajista on piilottanut" in page.text
    assert editor.read("/sisalto/miksi").h1 == "Miksi palvelu ei näy?"


def test_what_is_seen_is_said_to_be(editor):
    provider_id = catalogue.provider("Puhelin ry", phone="040 000 0101")
    catalogue.service({"fi": "Vesijumppa", "sv": "Vattengympa"}, provider_id=provider_id, checked_on=None)
    assert "Mikään ei estä" in editor.read("/sisalto/miksi?q=vesijumppa").text


def test_an_id_that_never_came_tells_what_the_import_said(editor, now):
    missing = "00000000-0000-4000-8000-000000000042"
    with transaction():
        run = start_run(source_kind=SourceKind.HTTP, address="https://ptv.example.org", now=now)
        finish_run(
            run.id,
            counts={},
            problems=[Problem(kind=Kind.SERVICE, record_id=missing, reason="the service has no name")],
            retirement=Retirement.PROBLEMS,
            retired=[],
            returned=[],
            now=now,
        )
    assert "the service has no name" in editor.read(f"/sisalto/miksi?q={missing}").text
    other = "00000000-0000-4000-8000-000000000043"
    assert "Mikään tuonti ei ole tuonut" in editor.read(f"/sisalto/miksi?q={other}").text


def test_an_editor_of_a_provider_learns_nothing_of_others(own_editor, provider_id):
    own = catalogue.service("Oma kerho", provider_id=provider_id)
    strange = _hidden("Muiden kerho")
    assert "Oma kerho" in own_editor.read(f"/sisalto/miksi?q={own}").text
    assert "Muiden kerho" not in own_editor.read(f"/sisalto/miksi?q={strange}").text
    assert own_editor.read("/sisalto/miksi?q=kerho").headings(2) == ["Oma kerho"]
