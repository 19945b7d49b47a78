"""``servicetray ptv import``."""

import pytest

from tests.themes.ptv.told import (
    ident,
    page,
    service,
)


def test_the_command_tells_what_it_did(app, county, folder):
    folder.put("services", service(1), service(2, serviceNames=None))
    answer = app.test_cli_runner().invoke(args=["ptv", "import", "--dir", str(folder.path)])
    assert answer.exit_code == 0, answer.output
    assert "1 new, 0 changed, 0 unchanged" in answer.output
    assert f"Service {ident(2)}: the service has no name" in answer.output


@pytest.mark.parametrize("records", [[], [service(2, serviceNames=None)]])
def test_the_command_fails_if_nothing_could_be_read(app, county, folder, records):
    folder.put("services", *records)
    assert app.test_cli_runner().invoke(args=["ptv", "import", "--dir", str(folder.path)]).exit_code == 1


def test_the_command_imports_over_http(app, county, api):
    api.say("/api/v11/Service/area/Municipality/code/286", page([ident(1)]))
    api.say_records(service(1))
    answer = app.test_cli_runner().invoke(
        args=["ptv", "import", "--url", api.url, "--area", "Municipality:286"]
    )
    assert answer.exit_code == 0, answer.output
    assert "1 new" in answer.output


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--url", "ftp://example.org"],
        ["--url", "http://127.0.0.1:9", "--area", "Kouvola"],
        ["--dir", "/", "--url", "http://127.0.0.1:9"],
        ["--dir", "/", "--area", "Municipality:286"],
        ["--dir", "/no/such/folder"],
    ],
)
def test_the_command_refuses_what_it_does_not_understand(app, database, wrong):
    answer = app.test_cli_runner().invoke(args=["ptv", "import", *wrong])
    assert answer.exit_code == 2
    assert "Error" in answer.output
