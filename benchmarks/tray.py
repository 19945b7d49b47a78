"""What the pages of the tray cost a processor, at 1,200 and 20,000 services, beside a Flask that only says hello.

Every server is the same gunicorn with one worker, asked one after the other in turns, so that whatever else the
machine does hits all of them alike. The cost is the worker's own processor time as the kernel counts it. "uncached"
asks for pages that this process has not kept; "again" for one that it has. The constant page has the theme page's
size and is the least that Flask can do for it.
"""

import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from sqlalchemy import select

from benchmarks.measuring import Stopwatch
from servicetray import demonstration
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests import database as databases
from themes.directory.models import (
    Provider,
    Service,
    ServiceChannel,
    ServiceClassification,
    ServiceFacet,
    ServiceTheme,
)

SIZES = tuple(int(size) for size in os.environ.get("SERVICETRAY_BENCH_SIZES", "1200,20000").split(","))
ROUNDS = int(os.environ.get("SERVICETRAY_BENCH_ROUNDS", "9"))
A_TURN = 40
"""Requests of one page in one turn."""
TICK = os.sysconf("SC_CLK_TCK")
WORDS = "jumppa", "kuoro", "uni", "ryhmä", "kävely", "yksinäisyys", "muisti", "ruoka", "tanssi", "luonto"
PLACES = "075", "142", "285", "286", "489", "624", "935"
LIMITS = {
    "theme, uncached": ("hello", 4.0),
    "theme, again": ("constant page", 1.3),
    "search": ("hello", 6.0),
}
GROWTH = 1.5

_PLAIN = """
from flask import Flask
app = Flask("plain")
BODY = "x" * {size}
@app.get("/")
def hello(): return "Hello, World!"
@app.get("/constant")
def constant(): return BODY
"""


@dataclass
class Server:
    """A gunicorn with one worker."""

    port: int
    worker: int
    connection: http.client.HTTPConnection

    def get(self, path: str) -> bytes:
        """Ask for a page and read it whole."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body

    def cpu(self) -> float:
        """Return the worker's processor time in seconds, exact to the nanosecond where the kernel tells it so."""
        try:
            run = (Path("/proc") / str(self.worker) / "schedstat").read_text(encoding="ascii").split()[0]
            threads = Path("/proc") / str(self.worker) / "task"
            run = str(sum(int((each / "schedstat").read_text().split()[0]) for each in threads.iterdir()))
            return int(run) / 1e9
        except (OSError, ValueError, IndexError):
            fields = (Path("/proc") / str(self.worker) / "stat").read_text(encoding="ascii").rsplit(")", 1)[1]
            told = fields.split()
            return (int(told[11]) + int(told[12])) / TICK


def run(watch: Stopwatch) -> None:
    """Measure, and say how the figures stand to what is promised."""
    with TemporaryDirectory(prefix="servicetray-bench-") as folder, ExitStack() as stack:
        servers: dict[str, Server] = {}
        for size in SIZES:
            environment = _filled(Path(folder) / f"{size}.db", size)
            servers[str(size)] = stack.enter_context(_served("servicetray.wsgi:app", environment))
        theme = len(servers[str(SIZES[0])].get("/teemat/liikunta"))
        plain = Path(folder) / "plain.py"
        plain.write_text(_PLAIN.format(size=theme), encoding="utf-8")
        servers["plain"] = stack.enter_context(_served("plain:app", {**os.environ, "PYTHONPATH": folder}))
        costs = _measured(_asked(servers))
    for name, values in costs.items():
        watch.note(name, values, unit="ms")
    _judge({name: statistics.median(values) for name, values in costs.items()})


def _asked(servers: dict[str, Server]) -> dict[str, tuple[Server, Callable[[], str]]]:
    """Return what is asked for: name, server, and the next address."""
    plain = servers["plain"]
    asked: dict[str, tuple[Server, Callable[[], str]]] = {
        "hello": (plain, lambda: "/"),
        "constant page": (plain, lambda: "/constant"),
    }
    for size in SIZES:
        server = servers[str(size)]
        ids = [uuid.uuid5(uuid.NAMESPACE_OID, f"bench {number}") for number in range(min(size, 800))]
        more: dict[str, Callable[[], str]] = {
            "front, uncached": lambda: f"/?x={_new()}",
            "theme, uncached": lambda: f"/teemat/liikunta?x={_new()}",
            "theme narrowed, uncached": lambda: f"/teemat/liikunta?kunta={random.choice(PLACES)}&x={_new()}",  # noqa: S311
            "service, uncached": partial(_service, ids),
            "search": lambda: f"/haku?q={quote(random.choice(WORDS))}&x={_new()}",  # noqa: S311
            "theme, again": lambda: "/teemat/liikunta",
        }
        for name, address in more.items():
            asked[f"{name} ({size})"] = (server, address)
    return asked


def _service(ids: list[uuid.UUID]) -> str:
    return f"/palvelut/{random.choice(ids)}?x={_new()}"  # noqa: S311 - any will do


_count = iter(range(10**9))


def _new() -> int:
    return next(_count)


def _measured(asked: dict[str, tuple[Server, Callable[[], str]]]) -> dict[str, list[float]]:
    costs: dict[str, list[float]] = {name: [] for name in asked}
    for server, address in asked.values():
        for _ in range(A_TURN // 4):
            server.get(address())
    for _ in range(ROUNDS):
        for name, (server, address) in asked.items():
            paths = [address() for _ in range(A_TURN)]
            before = server.cpu()
            for path in paths:
                server.get(path)
            costs[name].append((server.cpu() - before) * 1000 / A_TURN)
    return costs


def _judge(costs: dict[str, float]) -> None:
    small, large = min(SIZES), max(SIZES)
    print()
    for name, (beside, most) in LIMITS.items():
        for size in SIZES:
            ratio = costs[f"{name} ({size})"] / costs[beside]
            verdict = (
                "" if size != small else f", to reach {most}: {'reached' if ratio <= most else 'NOT reached'}"
            )
            print(f"  {name}, {size} services: {ratio:.2f} × {beside}{verdict}")
    for name in ("search", "theme, uncached", "service, uncached", "front, uncached"):
        ratio = costs[f"{name} ({large})"] / costs[f"{name} ({small})"]
        print(
            f"  {name}, {large} beside {small}: {ratio:.2f} ×, to reach {GROWTH}: "
            f"{'reached' if ratio <= GROWTH else 'NOT reached'}"
        )


@contextmanager
def _served(application: str, environment: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1"),
        *("--threads", "2", "--keep-alive", "60", "--no-control-socket", "--log-level", "error"),
    ]
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own interpreter
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        _wait(port, process)
        yield Server(port=port, worker=_worker_of(process.pid), connection=connection)
        connection.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("gunicorn ended by itself")
        try:
            probe = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            probe.request("GET", "/")
            probe.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            probe.close()
            return
    raise RuntimeError("gunicorn did not start")


def _worker_of(master: int) -> int:
    children = (Path("/proc") / str(master) / "task" / str(master) / "children").read_text(encoding="ascii")
    return int(children.split()[0])


def _filled(file: Path, size: int) -> dict[str, str]:
    """Make a database of so many services, the demonstration's own varied; return the server's environment."""
    url = f"sqlite:///{file}"
    app = databases.migrated_app(url, demo=True, public_url="http://127.0.0.1:5000", log_json=False)
    with app.app_context():
        demonstration.load(now=clock.now(), say=_quiet)
        _multiply(size)
    databases.dispose(app)
    settings = databases.settings_for(url)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SERVICETRAY_")},
        "SERVICETRAY_DATABASE_URL": url,
        "SERVICETRAY_SECRET_KEY": settings.secret_key.get_secret_value(),
        "SERVICETRAY_MASTER_KEY": databases.MASTER_KEY,
        "SERVICETRAY_HTTPS": "false",
        "SERVICETRAY_PUBLIC_URL": "http://127.0.0.1:5000",
        "SERVICETRAY_DEMO": "true",
        "SERVICETRAY_LOG_LEVEL": "warning",
    }


def _quiet(words: str) -> None:
    del words


def _multiply(size: int) -> None:
    """Copy services with all that hangs on them, and their documents of the search index, until there are enough."""
    session = db.session
    originals = list(session.scalars(select(Service.id).order_by(Service.id)))
    hanging = {
        model: _rows(model, "service_id")
        for model in (ServiceTheme, ServiceFacet, ServiceChannel, ServiceClassification)
    }
    services = {row["id"]: row for rows in [_rows(Service, "id")] for some in rows.values() for row in some}
    providers = list(session.scalars(select(Provider.id).order_by(Provider.id)))
    chosen = random.Random(7)  # noqa: S311 - the same copies each time
    copies: dict[type, list[dict[str, object]]] = {model: [] for model in (Service, *hanging)}
    for number in range(max(size - len(originals), 0)):
        source = originals[number % len(originals)]
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"bench {number}")
        name = {code: f"{text} {number}" for code, text in services[source]["name"].items()}  # type: ignore[attr-defined]
        copies[Service].append(
            {**services[source], "id": key, "name": name, "provider_id": chosen.choice(providers)}
        )
        for model, rows in hanging.items():
            copies[model] += [{**row, "service_id": key} for row in rows.get(source, ())]
    with transaction():
        for table, made in copies.items():
            for start in range(0, len(made), 5000):
                session.execute(table.__table__.insert(), made[start : start + 5000])  # type: ignore[attr-defined]
    from themes.directory.indexing import rebuild_index  # noqa: PLC0415 - after the rows

    with transaction():
        rebuild_index()


def _rows(model: type, key: str) -> dict[uuid.UUID, list[dict[str, object]]]:
    found: dict[uuid.UUID, list[dict[str, object]]] = {}
    for row in db.session.execute(select(model.__table__)).mappings():  # type: ignore[attr-defined]
        found.setdefault(row[key], []).append(dict(row))
    return found
