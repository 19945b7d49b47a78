"""Whoever tampers with the log here owns its tables: the application's role is refused before any trigger."""

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import text
from sqlalchemy.orm import scoped_session

from servicetray.core.db import is_sqlite
from tests import roles


@pytest.fixture
def database(database: scoped_session[Session]) -> scoped_session[Session]:
    """The test's session, as the owner of the tables on PostgreSQL."""
    if not is_sqlite(database()) and database.scalar(text("SELECT current_user")) == roles.APP:
        # Undone with everything else, since it is part of the test's outer transaction.
        database.execute(text(f"SET ROLE {roles.OWNER}"))
        database.commit()
    return database
