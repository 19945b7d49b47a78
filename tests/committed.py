"""Databases in which tests really commit: what several processes do can't be seen in a savepoint."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask

from servicetray.core.db import db
from tests import database as databases

Answer = TypeVar("Answer")


@contextmanager
def committed_app(engine_name: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Flask]:
    """Yield an application on a migrated database of its own, which is removed afterwards."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    with databases.new_database(engine_name, folder, server) as url:
        application = databases.migrated_app(url)
        try:
            yield application
        finally:
            databases.dispose(application)


def all_at_once(app: Flask, number: int, work: Callable[[], Answer]) -> list[Answer]:
    """Do the work in so many threads that start in the same moment, each with a session of its own."""
    gate = threading.Barrier(number)

    def one() -> Answer:
        with app.app_context():
            gate.wait()
            try:
                return work()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as pool:
        running = [pool.submit(one) for _ in range(number)]
        return [each.result() for each in running]
