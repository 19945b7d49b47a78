"""The demonstration's processes: gunicorn and the worker as children of one parent that leaves no orphan.

The parent starts each child in a session of its own, so that Ctrl-C reaches the parent alone; it then asks
both to stop, waits, and ends what is left. If the parent itself is killed, the children see a pipe close
whose other end only the parent held, and stop by themselves.

``python -m servicetray.demo_server web|worker ...`` is a child; people run ``servicetray demo``.
"""

import contextlib
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

LIFELINE = "SERVICETRAY_LIFELINE"
"""Environment variable with the number of the pipe's reading end."""

STOP_SECONDS = 10
START_SECONDS = 60
CHILD_ENDED = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PortTakenError(RuntimeError):
    """Something listens on the port already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is in use")
        self.host = host
        self.port = port


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 5000,
    environment: Mapping[str, str],
    on_ready: Callable[[str], None],
) -> int:
    """Serve the demonstration until a signal comes.

    Args:
        host: Address to listen on.
        port: Port to listen on.
        environment: The children's environment (the settings of the demonstration).
        on_ready: Called once with the address, when the first page has been answered.

    Returns:
        The exit code: 0 after a signal, 3 when a child ended by itself.

    Raises:
        PortTakenError: before anything is started.
    """
    _refuse_taken(host, port)
    reading, writing = os.pipe()
    children: list[subprocess.Popen[bytes]] = []
    stopping = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        stopping.set()

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        # One after the other into the list, so that a first child is ended if the second can't start.
        children.extend(
            subprocess.Popen(  # noqa: S603 - our own program
                command,
                env={**environment, LIFELINE: str(reading)},
                pass_fds=(reading,),
                start_new_session=True,
            )
            for command in (_web(host, port), _child("worker"))
        )
        os.close(reading)
        return _watch(children, stopping, f"http://{host}:{port}", on_ready)
    finally:
        _end(children)
        os.close(writing)
        for number, handler in before.items():
            signal.signal(number, handler)


def _child(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "servicetray.demo_server", *arguments]


def _web(host: str, port: int) -> list[str]:
    # --preload: the word lists of the Finnish analyser (220 MB) are shared by both workers.
    return _child(
        "web",
        "--bind",
        f"{host}:{port}",
        "--workers=2",
        "--threads=4",
        "--preload",
        "--no-control-socket",
        "--log-level=warning",
        f"--graceful-timeout={STOP_SECONDS - 2}",
        "servicetray.wsgi:app",
    )


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(host, port) from error


def _watch(
    children: Sequence[subprocess.Popen[bytes]],
    stopping: threading.Event,
    address: str,
    on_ready: Callable[[str], None],
) -> int:
    ready = False
    deadline = time.monotonic() + START_SECONDS
    while not stopping.wait(0.2):
        if any(child.poll() is not None for child in children):
            return CHILD_ENDED
        if not ready and (_answers(address) or time.monotonic() > deadline):
            ready = True
            on_ready(address)
    return 0


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        # The whole group: a master that died by itself may have left its own children.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def hold_lifeline() -> None:
    """Stop this process when its parent is gone; without a parent's pipe, do nothing."""
    number = os.environ.pop(LIFELINE, "")
    if not number:
        return
    reading = int(number)
    os.set_inheritable(reading, False)

    def wait() -> None:
        select.select([reading], [], [])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def main(arguments: Sequence[str]) -> None:
    """Be a child: the web server or the worker.

    The imports are here because the parent, which only waits, needs none of them.
    """
    hold_lifeline()
    if arguments[0] == "web":
        from gunicorn.app.wsgiapp import run  # noqa: PLC0415 - the parent, which only waits, needs none of it

        sys.argv = ["gunicorn", *arguments[1:]]
        run()
    else:
        sys.argv = ["servicetray", *arguments]
        # By name, as the installed command does it: the command line stands above this module.
        importlib.import_module("servicetray.cli").main()


if __name__ == "__main__":
    main(sys.argv[1:])
