"""Which engine a test runs on.

What asks for the database runs on SQLite and on PostgreSQL. Tests that go through pages ask the same questions of
the database as those beneath them, and most of their time goes into pages; in an ordinary run each of them takes
one engine, by its own name, so that half the tests of every page run on either. ``./dev trust`` runs all on both.
"""

import zlib

import pytest

ENGINES = ("sqlite", "postgresql")
PAGES = frozenset({"client", "new_client"})
"""Fixtures that go through pages."""
ALWAYS_BOTH = frozenset({"trust", "both_engines"})
"""Markers of tests whose point is the engine."""


def leaves_out(item: pytest.Item) -> bool:
    """Whether an ordinary run leaves this test out, since it runs on the other engine."""
    engine = _engine_of(item)
    if engine is None or any(item.get_closest_marker(marker) for marker in ALWAYS_BOTH):
        return False
    if not PAGES & set(getattr(item, "fixturenames", ())):
        return False
    name, _, variant = item.nodeid.partition("[")
    rest = [part for part in variant.rstrip("]").split("-") if part != engine]
    return engine != chosen("-".join([name, *rest]))


def chosen(name: str) -> str:
    """Return the engine on which a test of this name runs."""
    return ENGINES[zlib.crc32(name.encode()) % 2]


def _engine_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    engine = callspec.params.get("engine_name") if callspec else None
    return engine if engine in ENGINES else None
