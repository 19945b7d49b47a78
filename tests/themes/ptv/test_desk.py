"""Editors read what each import did."""

import pytest

from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import people
from tests.themes.ptv.told import ident, service
from themes.ptv.jobs import import_from
from themes.ptv.operations import start_run
from themes.ptv.sources import DirectorySource, SourceKind


def test_the_report_names_what_ended_and_what_went_wrong(client, folder, county, now):
    folder.put("services", *(service(number) for number in range(1, 11)))
    import_from(DirectorySource(folder.path), clock=lambda: now)
    folder.take_away("services", 3)
    import_from(DirectorySource(folder.path), clock=lambda: now)
    folder.put("services", service(4, serviceNames=None))
    last = import_from(DirectorySource(folder.path), clock=lambda: now)
    people.sign_in(client, people.user(Role.CONTENT_EDITOR))
    runs = client.read("/sisalto/tuonnit")
    assert (runs.h1, runs.text.count("Loppuun asti")) == ("Tuonnit", 2)
    numbers = sorted(
        {link.href.rpartition("/")[2] for link in runs.links if "/tuonnit/" in link.href}, key=int
    )
    middle = client.read(f"/sisalto/tuonnit/{numbers[1]}")
    assert "Jokivarren jumppa" in middle.text
    newest = client.read(f"/sisalto/tuonnit/{numbers[2]}")
    assert ident(4) in newest.text
    assert last.problems[0].reason in newest.text
    assert "Yhtään palvelua ei merkitty päättyneeksi" in newest.text


def test_the_report_names_what_was_left_as_it_was_changed_here(client, folder, county, now):
    folder.put("services", service(1), service(2))
    import_from(DirectorySource(folder.path), clock=lambda: now)
    people.sign_in(client, people.user(Role.CONTENT_EDITOR))
    form = client.read(f"/sisalto/palvelut/{ident(1)}").form("Tallenna")
    client.send(form, button="Tallenna", summary_fi="Oma lause.")
    report = import_from(DirectorySource(folder.path), clock=lambda: now)
    assert {str(key): list(names) for key, names in report.kept.items()} == {ident(1): ["summary"]}
    runs = [link.href for link in client.read("/sisalto/tuonnit").links if "/tuonnit/" in link.href]
    page = client.read(max(runs, key=lambda href: int(href.rpartition("/")[2])))
    assert "Pidettiin täällä muutettuna" in page.headings(2)
    assert "Yhdellä lauseella" in page.text


def test_a_run_under_way_has_counted_nothing_yet(client, database, now):
    with transaction():
        run = start_run(source_kind=SourceKind.FOLDER, address="/srv/catalogue", now=now)
        number = run.id
    people.sign_in(client, people.user(Role.CONTENT_EDITOR))
    assert "Kesken" in client.read("/sisalto/tuonnit").text
    assert client.read(f"/sisalto/tuonnit/{number}").h1.startswith("Tuonti")


@pytest.mark.parametrize("role", [Role.PROVIDER_EDITOR, Role.ADVISER, Role.ADMINISTRATOR])
def test_the_reports_are_the_editors_of_content(client, database, role):
    people.sign_in(client, people.user(role))
    client.read("/sisalto/tuonnit", status=404)
    client.read("/sisalto/tuonnit/1", status=404)
