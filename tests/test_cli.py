"""Every command of ``servicetray`` on an installation that has just been made."""

import base64
import datetime as dt
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyotp
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text

from servicetray.app import create_app
from servicetray.audit.operations import seal_all
from servicetray.cli import cli
from servicetray.core import clock
from servicetray.core.crypto import COUNTY, seal
from servicetray.core.db import db, transaction
from servicetray.core.settings import Settings, new_master_key
from tests import database as databases
from tests import groups
from tests.client import Client

ADMINISTRATOR = ["--email", "Paa.Kayttaja@example.org", "--name", "Pää Käyttäjä", "--role", "administrator"]
PATIENCE_SECONDS = 90


@dataclass(frozen=True, kw_only=True)
class Installation:
    """An application on a database of its own, and its command line."""

    url: str
    make: Callable[..., Flask]

    def run(self, *words: str, **settings: object) -> Result:
        """Run a command; ``settings`` change the installation's."""
        app = self.make(**settings)
        return CliRunner().invoke(cli, list(words), obj=ScriptInfo(create_app=lambda: app))

    def ran(self, *words: str, **settings: object) -> str:
        """Run a command that has to succeed, and return what it said."""
        result = self.run(*words, **settings)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def fresh(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose database is empty."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        wanted = {"smtp_host": "mail.example.org", "audit_anchor": tmp_path / "anchor.txt", **settings}
        made.append(create_app(databases.settings_for(url, **wanted)))
        return made[-1]

    with databases.new_database(engine_name, tmp_path, server) as url:
        yield Installation(url=url, make=make)
        for app in made:
            databases.dispose(app)


@pytest.fixture
def installed(fresh: Installation) -> Installation:
    """An installation that was set up by the commands, as its manual says (but migrated once for all tests)."""
    databases.fill_from_template(fresh.url)
    fresh.ran("db", "upgrade")
    fresh.ran("seed")
    return fresh


def test_new_installation_becomes_well_command_by_command(fresh: Installation) -> None:
    """The doctor names the next command until nothing is left."""
    assert "servicetray db upgrade" in fresh.run("doctor").output
    fresh.ran("db", "upgrade")
    assert fresh.ran("seed") == fresh.ran("seed") == "seed data loaded\n"
    unwell = fresh.run("doctor")
    assert (unwell.exit_code, "servicetray user create" in unwell.output) == (1, True)
    fresh.ran("user", "create", *ADMINISTRATOR)
    fresh.ran("jobs", "run-due")
    assert "FAIL" not in fresh.ran("doctor")


def test_person_signs_in_with_what_was_printed(installed: Installation) -> None:
    """Password and TOTP secret of the first account open the door."""
    printed = installed.ran("user", "create", *ADMINISTRATOR)
    said = dict(line.split(maxsplit=1) for line in printed.splitlines() if not line.startswith("app link"))
    assert said["TOTP"] in printed.splitlines()[-1]
    app = installed.make()
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    first = client.read("/kirjaudu").form()
    second = client.send(first, email="paa.kayttaja@example.org", password=said["password"]).form()
    done = client.post(second.action, data=second.data(code=pyotp.TOTP(said["TOTP"]).now()))
    assert (done.status_code, done.location) == (303, "/alku")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (ADMINISTRATOR, "has an account already"),
        ([*ADMINISTRATOR, "--unit", "00000000-0000-4000-8000-000000000000"], "there is no unit"),
        (["--email", "b@example.org", "--name", "B", "--role", "emperor"], "emperor"),
    ],
)
def test_account_that_can_not_be_made_is_refused_in_words(
    installed: Installation, words: list[str], reason: str
) -> None:
    """Without a traceback, and without half an account."""
    installed.ran("user", "create", *ADMINISTRATOR)
    refused = installed.run("user", "create", *words)
    assert refused.exit_code != 0
    assert reason in refused.output
    assert "password" not in refused.output


def test_doctor_finds_another_master_key(installed: Installation) -> None:
    """A key from another backup is found before a client's record is needed."""
    with installed.make().app_context(), transaction():
        seal(COUNTY, b"x", "referral:1")
    unwell = installed.run("doctor", master_key=new_master_key())
    assert unwell.exit_code == 1
    assert "FAIL  master key" in unwell.output


@pytest.mark.parametrize(
    ("settings", "finding"),
    [
        ({"https": True}, "SERVICETRAY_PUBLIC_URL"),
        ({"https": True, "public_url": "https://hyvinvointia.example.org"}, "SERVICETRAY_TRUSTED_PROXIES"),
        ({"smtp_host": ""}, "no SMTP server"),
    ],
)
def test_doctor_finds_settings_that_do_not_fit(
    installed: Installation, settings: dict[str, object], finding: str
) -> None:
    """What would start, and serve people badly."""
    unwell = installed.run("doctor", **settings)
    assert unwell.exit_code == 1
    assert finding in unwell.output


def test_doctor_says_so_where_the_database_is_away(tmp_path: Path) -> None:
    """Every line is an answer, none a traceback."""
    app = create_app(databases.settings_for(f"sqlite:///{tmp_path}/no-such-folder/x.db"))
    result = CliRunner().invoke(cli, ["doctor"], obj=ScriptInfo(create_app=lambda: app))
    assert result.exit_code == 1
    assert "FAIL  database: the database refused" in result.output
    databases.dispose(app)


def test_audit_verify_tells_a_whole_log_from_an_altered_one(installed: Installation) -> None:
    """By its exit code, so that a timer can raise the alarm."""
    installed.ran("user", "create", *ADMINISTRATOR)
    later = clock.now() + dt.timedelta(minutes=2)
    app = installed.make()
    with app.app_context():
        assert seal_all(later) == 1
    assert installed.ran("audit", "verify") == "1 rows under 1 seals checked\n"
    with app.app_context(), transaction() as session:
        guard = (
            "DROP TRIGGER audit_row_keeps_update"
            if db.engine.dialect.name == "sqlite"
            else "ALTER TABLE audit_row DISABLE TRIGGER USER"
        )
        session.execute(text(guard))
        session.execute(text("UPDATE audit_row SET object_id = 'another'"))
    altered = installed.run("audit", "verify")
    assert altered.exit_code == 1
    assert "rows_changed" in altered.output


def test_due_jobs_run_once(installed: Installation) -> None:
    """A second time finds nothing to do."""
    assert re.fullmatch(r"\d+ periods done\n", installed.ran("jobs", "run-due"))
    assert installed.ran("jobs", "run-due") == "0 periods done\n"


def test_new_secrets_are_what_the_settings_ask_for() -> None:
    """Pasted into the environment, they start the service; two runs give different ones."""
    runs = [CliRunner().invoke(cli, ["new-secrets"]).output for _ in range(2)]
    assert not set(runs[0].splitlines()) & set(runs[1].splitlines())
    printed = dict(line.split("=", 1) for line in runs[0].splitlines())
    settings = Settings(
        database_url="sqlite://",
        secret_key=printed["SERVICETRAY_SECRET_KEY"],
        master_key=printed["SERVICETRAY_MASTER_KEY"],
    )
    assert settings.master_key_bytes == base64.b64decode(printed["SERVICETRAY_MASTER_KEY"])


def test_reference_lists_every_setting_and_no_secret() -> None:
    """One row a setting, whether it must be set, and what it means."""
    reference = CliRunner().invoke(cli, ["settings"]).output
    for name, field in Settings.model_fields.items():
        assert (f"| `SERVICETRAY_{name.upper()}` |" in reference) == (name != "testing")
        assert field.description
    assert "| `SERVICETRAY_MASTER_KEY` | must be set |" in reference
    assert "**" not in reference


def test_missing_settings_are_named_and_wrong_ones_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new installation gets a list of what to set, and no log ever a secret."""
    monkeypatch.setenv("SERVICETRAY_DATABASE_URL", "sqlite://")
    monkeypatch.setenv("SERVICETRAY_MASTER_KEY", "c2VjcmV0")
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code != 0
    assert "SERVICETRAY_SECRET_KEY: Field required" in result.output
    assert "SERVICETRAY_MASTER_KEY: Value error, must hold exactly 32 bytes" in result.output
    assert "c2VjcmV0" not in result.output
    assert "Traceback" not in result.output


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of processes of an installation."""
    with databases.new_database(databases.SQLITE, tmp_path_factory.mktemp("processes")) as url:
        databases.dispose(databases.migrated_app(url))
        yield {
            **os.environ,
            "SERVICETRAY_DATABASE_URL": url,
            "SERVICETRAY_SECRET_KEY": databases.SECRET,
            "SERVICETRAY_MASTER_KEY": databases.MASTER_KEY,
            "SERVICETRAY_HTTPS": "false",
            # The word lists of the search take seconds to load.
            "SERVICETRAY_PARTS": "queue",
        }


def started(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    """Start a command that runs until it is stopped."""
    program = "from servicetray.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=groups.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_stops_when_told_to(environment: dict[str, str], number: signal.Signals) -> None:
    """It ends by itself and without an error, so that a deploy need not kill it."""
    with started(environment, "worker") as worker:
        assert worker.stdout is not None
        assert "worker_started" in worker.stdout.readline()
        time.sleep(0.5)
        worker.send_signal(number)
        try:
            assert worker.wait(PATIENCE_SECONDS) == 0
        finally:
            worker.kill()


def test_site_answers_once_it_is_served(environment: dict[str, str]) -> None:
    """Gunicorn starts with the arguments we give it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with started(environment, "serve", "--port", str(port), "--workers", "1") as site:
        try:
            assert answer_of(f"http://127.0.0.1:{port}/health/ready") == 200
            site.send_signal(signal.SIGTERM)
            assert site.wait(PATIENCE_SECONDS) == 0
        finally:
            site.kill()


def answer_of(address: str) -> int:
    """Return the status of an address, once there is one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return httpx.get(address).status_code
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
