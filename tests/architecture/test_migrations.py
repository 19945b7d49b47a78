"""Migrations: one head, numbered, reversible, in agreement with the models; on both engines."""

import re
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Enum, inspect

from servicetray.core.db import db
from tests import database as databases
from tests.architecture import sources

QUOTED = re.compile(r"'([^']*)'")
NUMBERED = re.compile(r"^\d{4}_[a-z0-9_]+\.py$")


@pytest.fixture
def fresh(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of this test alone, migrated, without the savepoint of other tests."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    with databases.new_database(engine_name, tmp_path, server) as url:
        app = databases.owners_app(url)
        yield app
        databases.dispose(app)


@pytest.fixture(scope="module")
def scripts() -> ScriptDirectory:
    """The revisions as Alembic sees them."""
    return ScriptDirectory(str(sources.ROOT / "migrations"))


def tables() -> set[str]:
    """Return the names of all tables in the database."""
    return set(inspect(db.engine).get_table_names())


def test_there_is_one_head(scripts):
    assert len(scripts.get_heads()) == 1


def test_revisions_are_numbered_in_their_order(scripts):
    names = [Path(revision.path).name for revision in scripts.walk_revisions()][::-1]
    assert all(NUMBERED.match(name) for name in names)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_models_and_migrations_agree(fresh: Flask):
    with fresh.app_context():
        command.check(fresh.extensions["migrate"].migrate.get_config())


@pytest.mark.parametrize(
    ("table", "column"), [("counselling_case", "referral_id"), ("referral", "sending_unit_id")]
)
def test_what_is_looked_up_among_all_rows_has_an_index_over_all_of_them(
    fresh: Flask, table: str, column: str
):
    """The unique index of open cases is no help with closed ones."""
    with fresh.app_context():
        whole = [
            each["column_names"][0] for each in inspect(db.engine).get_indexes(table) if not each["unique"]
        ]
        assert column in whole


def test_the_database_allows_exactly_the_values_of_each_enum(fresh: Flask):
    """Alembic does not compare CHECK constraints, so a new member without a migration would go unseen."""
    with fresh.app_context():
        inspector = inspect(db.engine)
        for table in db.metadata.sorted_tables:
            checks = [check["sqltext"] for check in inspector.get_check_constraints(table.name)]
            for column in table.columns:
                if isinstance(column.type, Enum):
                    known = [set(QUOTED.findall(check)) for check in checks if _is_of(column.name, check)]
                    assert set(column.type.enums) in known, f"{table.name}.{column.name}: {known}"


def _is_of(column: str, check: str) -> bool:
    return re.search(rf"\b{re.escape(column)}\b", check) is not None


def test_every_revision_can_be_taken_back(fresh: Flask, scripts):
    with fresh.app_context():
        whole = tables()
        for revision in list(scripts.walk_revisions()):
            target = revision.down_revision or "base"
            assert isinstance(target, str)
            flask_migrate.downgrade(revision=target)
        assert tables() <= {"alembic_version"}
        flask_migrate.upgrade()
        assert tables() == whole
