"""Which engine a test runs on.

What asks for the database runs on SQLite and on PostgreSQL. Tests that go through pages ask the same questions of
the database as those beneath them, and most of their time goes into pages; in an ordinary run each of them takes
one engine, by its own name, so that half the tests of every page run on either. ``./dev trust`` runs all on both.
"""

import itertools
import zlib
from collections.abc import Iterable

import pytest

ENGINES = ("sqlite", "postgresql")
PAGES = frozenset({"client", "new_client"})
"""Fixtures that go through pages."""
ALWAYS_BOTH = frozenset({"trust", "both_engines"})
"""Markers of tests whose point is the engine."""
ONE = "one_engine"
"""Marker of a long proof whose point is not the engine: it goes through every page, though by no client of a test's."""


def leaves_out(item: pytest.Item) -> bool:
    """Whether an ordinary run leaves this test out, since it runs on the other engine."""
    engine = _engine_of(item)
    if engine is None:
        return False
    if item.get_closest_marker(ONE) is None:
        if any(item.get_closest_marker(marker) for marker in ALWAYS_BOTH):
            return False
        if not PAGES & set(getattr(item, "fixturenames", ())):
            return False
    name, _, variant = item.nodeid.partition("[")
    rest = [part for part in variant.rstrip("]").split("-") if part != engine]
    return engine != chosen("-".join([name, *rest]))


def long_ones_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the tests with the long proofs of each engine before its others.

    Where processors share the tests, a minute's proof that is begun last leaves the others idle. Engines are kept
    together, since each change of engine makes a database.
    """
    ordered: list[pytest.Item] = []
    for _engine, together in itertools.groupby(items, key=_engine_of):
        ordered += sorted(together, key=lambda item: item.get_closest_marker("trust") is None)
    return ordered


def chosen(name: str) -> str:
    """Return the engine on which a test of this name runs."""
    return ENGINES[zlib.crc32(name.encode()) % 2]


def _engine_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    engine = callspec.params.get("engine_name") if callspec else None
    return engine if engine in ENGINES else None
