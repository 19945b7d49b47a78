"""Alembic's environment: the application's metadata on the application's engine."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from servicetray.core import walls
from themes.search.tables import is_search_table

target = current_app.extensions["migrate"].db


def _ours(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:  # noqa: FBT001 - Alembic's signature
    del obj, reflected, compare_to
    # The search index differs between databases, and only PostgreSQL has a wall; their migrations make them by hand.
    return not (kind == "table" and name is not None and (is_search_table(name) or name in walls.TABLES))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=target.metadata,
        include_object=_ours,
        compare_type=True,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Run the migrations on the application's database, or on a connection that a test hands over."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    with target.engine.connect() as connection:
        _run(connection)


main()
