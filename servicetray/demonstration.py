"""The demonstration: a whole county of invented people and services in ``instance/``.

Its secrets are made on the first run and stay in ``instance/``; they guard nothing real.
"""

import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyotp
from flask import Flask
from flask_migrate import upgrade

from referrals import seed as queue_seed
from referrals.demonstration import loading as queue_demonstration
from referrals.demonstration import people
from servicetray import demo_server, scheduler
from servicetray.app import MIGRATIONS, ROOT, create_app
from servicetray.core.db import transaction
from servicetray.core.settings import LogLevel, Settings, new_master_key, new_secret
from themes.demonstration import loading as tray_demonstration
from themes.demonstration.happenings import loading as happenings_demonstration
from themes.topics import operations as topics

Say = Callable[[str], None]
KEPT = "demonstration.json"
MUST_BE_SET = ("SERVICETRAY_DATABASE_URL", "SERVICETRAY_SECRET_KEY", "SERVICETRAY_MASTER_KEY")
DEMANDED = "SERVICETRAY_DEMO"


def folder() -> Path:
    """Return where the demonstration lives: in the checkout, else in the working folder."""
    return (ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()) / "instance"


def exists() -> bool:
    """Whether a demonstration has been loaded here."""
    return (folder() / KEPT).exists()


def settings() -> Settings:
    """Return the demonstration's settings, made by ``prepare`` before."""
    kept = json.loads((folder() / KEPT).read_text(encoding="utf-8"))
    return Settings(**kept, demo=True, https=False, log_json=False, log_level=LogLevel.WARNING)


def prepare(*, port: int) -> Settings:
    """Make the folder and the secrets where they are missing, and return the settings."""
    place = folder()
    place.mkdir(mode=0o700, exist_ok=True)
    path = place / KEPT
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept |= {
        "database_url": f"sqlite:///{place / 'servicetray.db'}",
        "secret_key": kept.get("secret_key") or new_secret(),
        "master_key": kept.get("master_key") or new_master_key(),
        "audit_anchor": str(place / "audit-anchor.txt"),
        "public_url": f"http://127.0.0.1:{port}",
    }
    _keep(path, json.dumps(kept, indent=1))
    return settings()


def _keep(path: Path, text: str) -> None:
    """Write a file whole or not at all: half of it would cost the keys of all that has been sealed."""
    # Made for its owner alone.
    number, part = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def environment() -> dict[str, str]:
    """Return the environment in which the demonstration's processes find their settings."""
    kept = json.loads((folder() / KEPT).read_text(encoding="utf-8"))
    ours = {f"SERVICETRAY_{name.upper()}": str(value) for name, value in kept.items()}
    modes = {
        "SERVICETRAY_DEMO": "true",
        "SERVICETRAY_HTTPS": "false",
        "SERVICETRAY_LOG_JSON": "false",
        "SERVICETRAY_LOG_LEVEL": LogLevel.WARNING.value,
    }
    return {**os.environ, **ours, **modes}


def app_or_demonstration(*, say: Say) -> Flask:
    """Make a command's application: the environment's or, said aloud, the demonstration where nothing is set."""
    if _stands_alone():
        say(f"No {MUST_BE_SET[0]} and no keys are set: this is the demonstration in {folder()}.")
        return create_app(settings())
    return create_app()


def served_app() -> Flask:
    """Make the application that a server serves: never the demonstration, unless ``SERVICETRAY_DEMO`` asks for it.

    An installation that has lost its settings must not come up with invented people and a known password.
    """
    if _stands_alone() and os.environ.get(DEMANDED, "").lower() in {"true", "1", "yes", "on"}:
        return create_app(settings())
    return create_app()


def _stands_alone() -> bool:
    return not any(name in os.environ for name in MUST_BE_SET) and exists()


def load_seed(*, now: dt.datetime) -> None:
    """Load what every installation needs, the real ones too; what is there already stays."""
    with transaction():
        topics.load_seed(now)
    queue_seed.load()


def load(*, now: dt.datetime, say: Say) -> None:
    """Bring the database up to date and load what is missing."""
    upgrade(directory=str(MIGRATIONS))
    say("Database is up to date")
    load_seed(now=now)
    say("Services: loading")
    with transaction():
        services = tray_demonstration.load(now)
    say("Services: " + ", ".join(f"{number} {change.value}" for change, number in services.items() if number))
    with transaction():
        say(f"Events and groups: {happenings_demonstration.load(now)} added")
    queue_demonstration.load(now=now, say=say)
    say(f"Figures: {scheduler.run_due()} months and reports made")


def print_accounts(*, say: Say) -> None:
    """Say who can sign in, with what."""
    say("")
    say("Accounts (invented people, this demonstration alone). Password of all: " + people.PASSWORD)
    for person in people.PEOPLE:
        code = pyotp.TOTP(person.totp_secret).now()
        say(f"  {person.email:26} {person.what:36} TOTP {person.totp_secret}  now {code}")
    say("")


def serve(*, port: int, say: Say) -> int:
    """Serve until a signal comes; return the exit code."""
    say("Starting the site and the worker …")
    try:
        return demo_server.serve(
            port=port,
            environment=environment(),
            on_ready=lambda address: say(
                f"Residents       {address}/\nSign in         {address}/kirjaudu\n"
                f"Public figures  {address}/tilastot\nStop with Ctrl-C."
            ),
        )
    except demo_server.PortTakenError:
        say(f"Port {port} is in use: choose another with --port.")
        return 1
