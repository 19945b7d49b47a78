"""Whether the inbox takes as long among 1,000,000 referrals as among 1,000, on both databases."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from benchmarks.filling import Readers, fill
from benchmarks.measuring import Stopwatch
from referrals.municipality.inbox.queries import piles_of
from referrals.municipality.inbox.scope import scope_of
from servicetray.accounts import queries as accounts
from servicetray.core import clock
from servicetray.core.db import db
from tests import database as databases
from tests.client import Client
from tests.factories import people

SIZES = tuple(int(size) for size in os.environ.get("SERVICETRAY_BENCH_REFERRALS", "1000,1000000").split(","))
RUNS = 40
MOST = 1.5
"""How many times as long the larger one may take."""
__all__ = ["run"]


def run(watch: Stopwatch) -> None:
    """Build both sizes on each database, and time the same work in turns: small, large, then large, small."""
    with TemporaryDirectory(prefix="servicetray-bench-") as folder:
        for engine in (databases.SQLITE, databases.POSTGRESQL):
            with ExitStack() as stack:
                server = (
                    stack.enter_context(databases.postgres_server())
                    if engine == databases.POSTGRESQL
                    else None
                )
                desks = [
                    stack.enter_context(_desk(engine, Path(folder), server, size, watch)) for size in SIZES
                ]
                _compare(engine, desks, watch)


class Desk:
    """A filled database, and its readers at work."""

    def __init__(self, app: Flask, readers: Readers) -> None:
        self.app = app
        self.readers = readers

    def works(self) -> dict[str, Callable[[], object]]:
        """Return what is timed, by name."""
        # Not earlier: a session would have lapsed while the larger database was filled.
        with self.app.app_context():
            mine = people.sign_in(Client(self.app), self.readers.adviser)
            crowded = people.sign_in(Client(self.app), self.readers.crowded)
        first, crowd = mine.read("/saapuneet"), crowded.read("/saapuneet")
        return {
            "first page": partial(mine.get, "/saapuneet"),
            "next page": partial(mine.get, first.link("Seuraava sivu")),
            "unclaimed alone": partial(mine.get, "/saapuneet?rajaus=vapaat"),
            "counts alone": self.count,
            "a thousand wait: first page": partial(crowded.get, "/saapuneet"),
            "a thousand wait: next page": partial(crowded.get, crowd.link("Seuraava sivu")),
            "finished": partial(mine.get, "/saapuneet/paattyneet"),
            "a waiting referral": partial(mine.get, f"/saapuneet/{self.readers.waiting_id}"),
            "a case": partial(mine.get, f"/asiakkuudet/{self.readers.case_id}"),
        }

    def count(self) -> None:
        """Count all that can be said of the adviser's rows."""
        with self.app.app_context():
            person = accounts.user(self.readers.adviser.id)
            assert person is not None
            piles_of(scope_of(person), now=clock.now())
            db.session.remove()


@contextmanager
def _desk(engine: str, folder: Path, server: Any, size: int, watch: Stopwatch) -> Iterator[Desk]:
    with databases.new_database(engine, folder, server) as url:
        app = databases.migrated_app(url)
        started = time.perf_counter()
        with app.app_context():
            readers = fill(size, owner_url=url)
        watch.note(f"{engine}, {size:,}: filling", [time.perf_counter() - started], unit="s")
        yield Desk(app, readers)
        databases.dispose(app)


def _compare(engine: str, desks: list[Desk], watch: Stopwatch) -> None:
    works = [desk.works() for desk in desks]
    for name in works[0]:
        taken: list[list[float]] = [[] for _size in SIZES]
        for turn in range(RUNS + 3):
            for at in (0, 1) if turn % 2 else (1, 0):
                gc.collect()
                started = time.perf_counter()
                works[at][name]()
                # The first turns fill caches, as the first readers of a morning do.
                if turn >= 3:  # noqa: PLR2004 - see above
                    taken[at].append((time.perf_counter() - started) * 1000)
        figures = [
            watch.note(f"{engine}, {size:,}: {name}", values, unit="ms")
            for size, values in zip(SIZES, taken, strict=True)
        ]
        ratio = figures[1].median / figures[0].median
        watch.note(f"{engine}: {name}, ratio", [ratio], unit="×")
        print(f"  {engine}: {name} {ratio:.2f} ×{'' if ratio <= MOST else f', more than {MOST}'}", flush=True)
