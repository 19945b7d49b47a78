"""Editors read what each import did."""

import pytest

from servicetray.accounts.permissions import Role
from tests.factories import people
from tests.themes.ptv.told import ident, service
from themes.ptv.jobs import import_from
from themes.ptv.sources import DirectorySource


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
    assert "Mitään ei päätetty" in newest.text


@pytest.mark.parametrize("role", [Role.PROVIDER_EDITOR, Role.ADVISER, Role.ADMINISTRATOR])
def test_the_reports_are_the_editors_of_content(client, database, role):
    people.sign_in(client, people.user(role))
    client.read("/sisalto/tuonnit", status=404)
    client.read("/sisalto/tuonnit/1", status=404)
