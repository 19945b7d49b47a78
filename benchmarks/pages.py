"""How long the public pages take, and how many queries they need, on the demonstration's content."""

import tempfile
from pathlib import Path

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
    with tempfile.TemporaryDirectory() as folder, watch.once("making the database"):
        app = demonstration_app(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        app = demonstration_app(Path(folder))
        client = app.test_client()
        for name, path in PATHS.items():
            answer = client.get(path)
            if answer.status_code != 200:
                print(f"  {name}: answered {answer.status_code}, not measured")
                continue
            watch.time(name, lambda path=path: client.get(path), runs=RUNS)
            with app.app_context():
                engine = db.engine
            with noted(engine) as sent:
                client.get(path)
            watch.note(f"{name}: queries", [len(sent)], unit="")
