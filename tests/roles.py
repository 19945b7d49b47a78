"""The roles of an installation on PostgreSQL, made for the tests by deploy/postgresql/roles.sql itself."""

import re
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

SCRIPT = Path(__file__).resolve().parent.parent / "deploy" / "postgresql" / "roles.sql"
OWNER, APP, CATALOGUE = "servicetray_owner", "servicetray_app", "servicetray_catalogue"


def as_role(url: str, role: str) -> str:
    """Return the same address for one of the roles: each connection takes it up before anything else."""
    changed = make_url(url).update_query_dict({"options": f"-c role={role}"})
    return changed.render_as_string(hide_password=False)


def can_be_made(url: str) -> bool:
    """Whether whoever this address names may make roles."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        answer = bool(found.scalar_one())
    engine.dispose()
    return answer


def run_script(url: str) -> None:
    """Run roles.sql on a database as psql would."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement, is_list in statements(SCRIPT.read_text(encoding="utf-8")):
            _run(connection, statement, is_list=is_list)
    engine.dispose()


def statements(script: str) -> list[tuple[str, bool]]:
    """Return the statements of a script, each with whether its answer is run in turn (``gexec`` of psql)."""
    lines = [line for line in script.splitlines() if not line.startswith(("--", "\\set"))]
    parts = re.split(r"(;|\\gexec)\s*\n", "\n".join(lines) + "\n")
    return [
        (statement.strip(), end == r"\gexec")
        for statement, end in zip(parts[::2], parts[1::2], strict=False)
        if statement.strip()
    ]


def _run(connection: Connection, statement: str, *, is_list: bool) -> None:
    # No parameters, or the driver would take the % of format() for one.
    answer = connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    if is_list:
        for row in answer.all():
            connection.exec_driver_sql(row[0])
