"""What the pages of the tray cost a processor, at 1,200 and 20,000 services, beside a Flask that only says hello.

Every server is the same gunicorn with one worker, asked one after the other in turns, so that whatever else the
machine does hits all of them alike. The cost is the worker's own processor time as the kernel counts it; the constant
page has the theme page's size and is the least that Flask can do for it. Of a page there are several costs:

- kept: asked for again, and answered from memory;
- search: for words that stand in our texts, whose page is kept too, but for the counting; made anew: for two such
  words that are to be taken as they are typed, of which nothing is kept;
- uncached: made anew though this process has made it before, as for whoever brings a session's cookie or comes when
  the page has grown too old. Pieces of HTML and answers of the database are still kept;
- rare choices: narrowed as nobody has narrowed it before;
- after an edit: the first page of all, when everything kept has gone with an edit of the content.
"""

import http.client
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote

from benchmarks.filling_services import copy_id, filled
from benchmarks.measuring import Stopwatch
from servicetray.core.content import LOOK_SECONDS
from tests import database as databases

Asking = tuple[str, Mapping[str, str]]
"""An address and the headers with which it is asked for."""
Some = TypeVar("Some")

SIZES = tuple(int(size) for size in os.environ.get("SERVICETRAY_BENCH_SIZES", "1200,20000").split(","))
ROUNDS = int(os.environ.get("SERVICETRAY_BENCH_ROUNDS", "9"))
A_TURN = 40
"""Requests of one page in one turn."""
TICK = os.sysconf("SC_CLK_TCK")
THEME = "/teemat/liikunta"
WORDS = "jumppa", "kuoro", "uni", "ryhmä", "kävely", "yksinäisyys", "muisti", "ruoka", "tanssi", "luonto"
PLACES = "075", "142", "285", "286", "489", "624", "935"
CHOICES = {
    "kunta": PLACES,
    "ikavaihe": ("lapset-ja-nuoret", "tyoikaiset", "ikaantyneet"),
    "kohderyhma": ("lapsiperheet", "nuoret", "pitkaaikaissairaat", "vammaiset"),
    "hinta": ("maksuton",),
    "miten": ("paikalla", "etana", "kotona", "omahoito"),
    "esteettomyys": ("esteeton", "inva-wc", "induktiosilmukka"),
    "kieli": ("fi", "sv", "en"),
    "jarjestys": ("lahin", "tarkistettu"),
}
"""Some 25,000 combinations: within a run hardly any comes twice."""
LIMITS = {
    "theme, uncached": ("hello", 4.0),
    "theme, kept": ("constant page", 1.3),
    "search": ("hello", 6.0),
    "search, two words": ("hello", 6.0),
    "search, made anew": ("hello", 6.0),
}
GROWTH = 1.5
GROWING = (
    "search",
    "search, made anew",
    "theme, uncached",
    "theme, rare choices",
    "service, uncached",
    "front, uncached",
)
COOKIE = {"Cookie": "servicetray=bench"}
"""A session's: its bearer's pages are made anew. No public page looks into it."""
EDITS = 3
"""Edits of the content, each followed by the first page after it."""

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
    file: Path | None = None
    """Its database."""

    def get(self, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> bytes:
        """Ask for a page and read it whole."""
        self.connection.request("GET", path, headers=dict(headers))
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
            file = Path(folder) / f"{size}.db"
            environment = _environment(filled(file, size))
            servers[str(size)] = stack.enter_context(_served("servicetray.wsgi:app", environment))
            servers[str(size)].file = file
        theme = len(servers[str(SIZES[0])].get(THEME))
        plain = Path(folder) / "plain.py"
        plain.write_text(_PLAIN.format(size=theme), encoding="utf-8")
        servers["plain"] = stack.enter_context(_served("plain:app", {**os.environ, "PYTHONPATH": folder}))
        costs = _measured(_asked(servers))
        for size in SIZES:
            costs[f"theme, after an edit ({size})"] = _after_edits(servers[str(size)])
    for name, values in costs.items():
        watch.note(name, values, unit="ms")
    _judge({name: statistics.median(values) for name, values in costs.items()})


def _asked(servers: dict[str, Server]) -> dict[str, tuple[Server, Callable[[], Asking]]]:
    """Return what is asked for: name, server, and the next address with its headers."""
    plain = servers["plain"]
    asked: dict[str, tuple[Server, Callable[[], Asking]]] = {
        "hello": (plain, lambda: ("/", {})),
        "constant page": (plain, lambda: ("/constant", {})),
    }
    for size in SIZES:
        server = servers[str(size)]
        ids = [copy_id(number) for number in range(min(size, 800))]
        more: dict[str, Callable[[], Asking]] = {
            "front, uncached": lambda: ("/", COOKIE),
            "theme, uncached": lambda: (THEME, COOKIE),
            "theme, rare choices": lambda: (f"{THEME}?{_choices()}", {}),
            "service, uncached": partial(_service, ids),
            "search": lambda: (f"/haku?q={quote(_any(WORDS))}", {}),
            "search, two words": lambda: (_two_words(), {}),
            "search, made anew": lambda: (f"{_two_words()}&sanatarkasti=1", {}),
            "theme, kept": lambda: (THEME, {}),
        }
        for name, address in more.items():
            asked[f"{name} ({size})"] = (server, address)
    return asked


def _any(some: Sequence[Some]) -> Some:
    return random.choice(some)  # noqa: S311 - any will do


def _two_words() -> str:
    return f"/haku?q={quote(_any(WORDS))}+{quote(_any(WORDS))}"


def _service(ids: Sequence[uuid.UUID]) -> Asking:
    return f"/palvelut/{_any(ids)}", COOKIE


def _choices() -> str:
    return "&".join(f"{name}={_any(words)}" for name, words in CHOICES.items() if _any((True, False)))


def _measured(asked: dict[str, tuple[Server, Callable[[], Asking]]]) -> dict[str, list[float]]:
    costs: dict[str, list[float]] = {name: [] for name in asked}
    for server, address in asked.values():
        for _ in range(A_TURN // 4):
            server.get(*address())
    for _ in range(ROUNDS):
        for name, (server, address) in asked.items():
            all_asked = [address() for _ in range(A_TURN)]
            before = server.cpu()
            for each in all_asked:
                server.get(*each)
            costs[name].append((server.cpu() - before) * 1000 / A_TURN)
    return costs


def _after_edits(server: Server) -> list[float]:
    """Raise the content's version as an edit does, wait until every process has seen it, and ask for one page."""
    assert server.file is not None
    costs = []
    for _ in range(EDITS):
        with closing(sqlite3.connect(server.file)) as connection, connection:
            connection.execute("UPDATE content_version SET number = number + 1")
        time.sleep(LOOK_SECONDS + 0.2)
        before = server.cpu()
        server.get(THEME)
        costs.append((server.cpu() - before) * 1000)
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
    for name in (
        "theme, rare choices",
        "theme, after an edit",
        "front, uncached",
        "service, uncached",
    ):
        beside = " and ".join(f"{costs[f'{name} ({size})'] / costs['hello']:.1f} ({size})" for size in SIZES)
        print(f"  {name}: {beside} × hello")
    for name in GROWING:
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
        *("--threads", "2", "--keep-alive", "3600", "--no-control-socket", "--log-level", "error"),
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


def _environment(url: str) -> dict[str, str]:
    """Return the environment of a server on this database."""
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
