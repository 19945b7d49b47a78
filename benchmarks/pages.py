"""How long the public pages take, and how many queries they need, on the demonstration's content."""

import time
from functools import partial
from http import HTTPStatus

from benchmarks.demonstration import demonstration_app
from benchmarks.measuring import Stopwatch
from servicetray.core.db import db
from tests.statements import noted

RUNS = 60
PATHS = {
    "front": "/",
    "theme": "/teemat/liikunta",
    "theme in Swedish": "/sv/teemat/liikunta",
    "theme of one municipality": "/teemat/liikunta?kunta=286",
    "all services": "/palvelut",
    "search, an inflected compound": "/haku?q=liikuntaryhm%C3%A4ss%C3%A4",
    "search, a hostile word": "/haku?q=" + "yli" * 20,
    "figures": "/tilastot",
}


def run(watch: Stopwatch) -> None:
    """Time each page from request to last byte, inside one process, without a network."""
    started = time.perf_counter()
    with demonstration_app() as app:
        watch.note("making the database", [time.perf_counter() - started], unit="s")
        client = app.test_client()
        with app.app_context():
            engine = db.engine
        for name, path in PATHS.items():
            answer = client.get(path)
            if answer.status_code != HTTPStatus.OK:
                print(f"  {name}: answered {answer.status_code}, not measured")
                continue
            watch.time(name, partial(client.get, path), runs=RUNS)
            with noted(engine) as sent:
                client.get(path)
            watch.note(f"{name}: queries", [len(sent)], unit="")
