"""The demonstration's processes stop together, however they are stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from servicetray import demo_server
from tests import database as databases
from tests import groups

PATIENCE_SECONDS = 90

PARENT = """
import os, sys
from servicetray import demo_server
sys.exit(demo_server.serve(port=int(sys.argv[1]), environment=os.environ, on_ready=print))
"""


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> set[int]:
    """Return the processes that a process has started, and theirs."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == pid:
                    found |= {int(entry.name)} | family(int(entry.name))
    return found


def alive(pids: set[int]) -> set[int]:
    """Return those that still run (an ended child that nobody has asked about counts as gone)."""
    running = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                running.add(pid)
    return running


def wait_until_gone(pids: set[int]) -> set[int]:
    """Wait for processes to end, and return those that did not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return alive(pids)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database that the demonstrations of this module share, one after the other."""
    with databases.new_database(databases.SQLITE, tmp_path_factory.mktemp("demonstration")) as made:
        databases.dispose(databases.migrated_app(made))
        yield made


@pytest.fixture
def parent(url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demonstration and its address."""
    environment = {
        **os.environ,
        "SERVICETRAY_DATABASE_URL": url,
        "SERVICETRAY_SECRET_KEY": databases.SECRET,
        "SERVICETRAY_MASTER_KEY": databases.MASTER_KEY,
        "SERVICETRAY_HTTPS": "false",
        # The word lists of the search take seconds to load, three times here.
        "SERVICETRAY_PARTS": "queue",
    }
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", PARENT, str(free_port())],
        cwd=groups.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        # The children's log lines come through the same pipe.
        yield process, next((line.strip() for line in process.stdout if line.startswith("http")), "")
        offspring = family(process.pid)
        process.kill()
        process.wait()
        for pid in alive(offspring):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_no_process_outlives_the_parent(parent, number, code):
    process, address = parent
    assert address, "it stopped before it answered"
    assert httpx.get(f"{address}/health/live", timeout=PATIENCE_SECONDS).status_code == 200
    offspring = family(process.pid)
    assert len(offspring) >= 3  # gunicorn, its workers, and the worker of jobs

    process.send_signal(number)

    assert process.wait(PATIENCE_SECONDS) == code
    assert wait_until_gone(offspring) == set()


def test_a_port_in_use_is_refused_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(demo_server.PortTakenError):
            demo_server.serve(port=port, environment={}, on_ready=print)
