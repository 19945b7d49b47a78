"""What every test may ask for. The means are in the modules beside this one; here they become fixtures."""

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

# Where the shell forbids byte code beside the sources, every one of the hundreds of processes that the tests start
# would compile the application and all its libraries anew: most of their time. It gets a folder of its own. (``./dev``
# says so before Python starts; this is for those who call pytest themselves.)
if sys.dont_write_bytecode:
    sys.pycache_prefix = str(Path(__file__).parent.parent / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import URL
from sqlalchemy.orm import scoped_session

# What the developer's shell says of an installation is none of the tests' business.
for name in [key for key in os.environ if key.startswith("SERVICETRAY_")]:
    if not name.startswith("SERVICETRAY_TEST_"):
        del os.environ[name]

from servicetray.accounts import operations  # noqa: E402 - as below
from servicetray.core.db import db  # noqa: E402 - settings are read on import paths from here on
from tests import database as databases  # noqa: E402 - as above
from tests import engines, groups, statements  # noqa: E402 - as above
from tests.client import Client  # noqa: E402 - as above
from tests.figures import PROOF, PROPERTY, Figure, Notebook  # noqa: E402 - as above
from tests.groups import Group  # noqa: E402 - as above

LONG = bool(os.environ.get("SERVICETRAY_TEST_LONG"))

hypothesis.settings.register_profile("sample", max_examples=50, deadline=None, derandomize=True)
hypothesis.settings.register_profile("long", max_examples=2000, deadline=None)
hypothesis.settings.load_profile("long" if LONG else "sample")


# A password hash is slow on purpose; the tests make hundreds, and guess none.
operations.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


# ------------------------------------------------------------------------------------ the run itself


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --figures."""
    parser.addoption("--figures", type=Path, default=None, help="write the proofs' figures to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Open the notebook of proofs."""
    config.pluginmanager.register(Notebook(config.getoption("--figures")), "notebook")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the tests that their group's want of means has skipped."""
    # Another process's report comes as plain data, its tuple as a list.
    if report.skipped and isinstance(report.longrepr, (tuple, list)):
        groups.note_skip(report.longrepr[2])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which groups did not run."""
    for group, (count, reason) in groups.missing().items():
        terminalreporter.section(f"NOT RUN: {count} tests of the group {group}", red=True, bold=True)
        terminalreporter.line(f"because {reason}")
        terminalreporter.line(f"to run them, {groups.HELP[group]}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, where proofs run as a sample, the second engine of tests that go through pages; long ones first."""
    items[:] = engines.long_ones_first(items)
    # Whoever chooses by a keyword, such as an engine's name, gets what they chose.
    if LONG or config.getoption("keyword"):
        return
    left_out = [item for item in items if engines.leaves_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI a group that did not run is a failure."""
    if groups.missing() and groups.must_run_everything() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# ------------------------------------------------------------------------------------- the database


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server on which databases may be made."""
    try:
        with databases.postgres_server() as server:
            yield server
    except databases.NoServerError as error:
        groups.cannot_run(Group.POSTGRES, str(error))


@pytest.fixture(
    scope="session",
    params=[databases.SQLITE, pytest.param(databases.POSTGRESQL, marks=pytest.mark.postgres)],
)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine this test runs on: one that asks for a database runs on both (but see ``tests/engines.py``)."""
    return str(request.param)


@pytest.fixture(scope="session")
def app(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application on a database of its own, migrated once a run and empty."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    folder = tmp_path_factory.mktemp("database")
    with databases.new_database(engine_name, folder, server) as url:
        application = databases.migrated_app(url)
        application.test_client_class = Client
        databases.use_savepoints()
        yield application
        databases.dispose(application)


@pytest.fixture
def database(app: Flask) -> Iterator[scoped_session[Session]]:
    """The test's session; all that it and the client commit is undone at the end.

    Rows that a test has only flushed are forgotten when ``transaction()`` opens, as in production: factories
    commit.
    """
    with databases.undone(app) as session:
        yield session


@pytest.fixture
def new_client(
    app: Flask, database: scoped_session[Session], request: pytest.FixtureRequest
) -> Callable[[], Client]:
    """Make clients, each with its own cookies: one for every person in the test."""
    del database
    changes = request.node.get_closest_marker("changes_on_get") is not None

    def make() -> Client:
        client = app.test_client()
        assert isinstance(client, Client)
        client.changes_on_get = changes
        return client

    return make


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Client:
    """Somebody who has not signed in."""
    return new_client()


Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def query_budget(app: Flask, database: scoped_session[Session]) -> Budget:
    """Hold a block to a number of queries, the client's requests included.

    ``with query_budget(6): client.read("/palvelut")``
    """
    del database

    @contextmanager
    def budget(most: int) -> Iterator[list[str]]:
        with app.app_context():
            bind = db.engines[None]
        with statements.noted(bind) as sent:
            yield sent
        if len(sent) > most:
            listed = "\n  ".join(statement[:160] for statement in sent)
            raise AssertionError(f"{len(sent)} queries, the budget is {most}:\n  {listed}")

    return budget


# ------------------------------------------------------------------------------------ other means


@pytest.fixture
def now() -> dt.datetime:
    """A Tuesday morning to pass to operations: 10.3.2026, 11:00 in Helsinki."""
    return dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of reference data (recorded answers of other systems); it is no part of the project."""
    path = groups.reference_path()
    if path is None:
        groups.cannot_run(Group.REFERENCE, "there is no reference data beside this clone")
    return path


@pytest.fixture(scope="session")
def long() -> bool:
    """Whether proofs run in full (``./dev trust``) or as a sample (``./dev test``)."""
    return LONG


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Record a figure of a proof: ``figure("rows lost", 0, "rows")``."""
    node = request.node
    lines = (getattr(node.function, "__doc__", None) or node.name).strip().splitlines()
    node.user_properties.append((PROOF, lines[0].rstrip(".")))

    def record(name: str, value: object, unit: str = "") -> None:
        node.user_properties.append((PROPERTY, (name, f"{value} {unit}".strip())))

    return record
