"""What the tests of the demonstration begin from."""

import datetime as dt

from referrals import seed
from referrals.demonstration import loading
from servicetray.core.db import db
from tests.factories import people


def installation() -> None:
    """Make what an installation has before the demonstration comes."""
    for code in ("286", "285", "075", "624", "935", "489"):
        people.municipality(code, f"Kunta {code}")
    seed.load()


def load(now: dt.datetime) -> list[str]:
    """Load the demonstration; return what it said."""
    said: list[str] = []
    loading.load(now=now, say=said.append)
    db.session.expire_all()
    return said
