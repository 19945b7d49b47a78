"""The demonstration's content in a database of the benchmark's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from servicetray import demonstration
from servicetray.core import clock
from tests import database as databases


@contextmanager
def demonstration_app() -> Iterator[Flask]:
    """Yield an application on a temporary SQLite database with the whole demonstration in it."""
    with TemporaryDirectory(prefix="servicetray-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        app = databases.migrated_app(url, demo=True, public_url="http://127.0.0.1:5000", log_json=False)
        with app.app_context():
            demonstration.load(now=clock.now(), say=_quiet)
        yield app
        databases.dispose(app)


def _quiet(words: str) -> None:
    del words
