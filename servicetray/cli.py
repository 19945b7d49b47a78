"""``servicetray``: the console command, on Flask's own."""

import json
import os
import sys
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import AppGroup, FlaskGroup, NoAppException, with_appcontext
from pydantic import ValidationError

from servicetray import demonstration, doctor, scheduler
from servicetray.app import create_app
from servicetray.core import clock
from servicetray.core.settings import Settings, new_master_key, new_secret


def _app() -> Flask:
    try:
        return demonstration.app_or_demonstration(say=partial(click.echo, err=True))
    except ValidationError as error:
        # In words instead of a traceback; what was given is not repeated, it may be a secret.
        faults = [f"  {_variable(fault['loc'])}{fault['msg']}" for fault in error.errors(include_input=False)]
        raise NoAppException("\n".join(["the settings are not whole:", *faults])) from error


def _variable(place: tuple[int | str, ...]) -> str:
    return f"SERVICETRAY_{str(place[0]).upper()}: " if place else ""


cli = FlaskGroup(
    name="servicetray",
    create_app=_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
)
job_commands = AppGroup("jobs", help="What the worker does, by hand.")


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option("--workers", default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site by gunicorn; a reverse proxy with TLS stands in front."""
    os.execv(  # noqa: S606 - our own program, no shell
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            f"--bind={host}:{port}",
            f"--workers={workers}",
            "--threads=4",
            "--preload",
            "--no-control-socket",
            "--log-level=warning",
            "servicetray.wsgi:app",
        ],
    )


@cli.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver messages, seal the audit log and freeze finished months, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - werkzeug's documented way
    scheduler.work_forever(app)


@job_commands.command("run-due")
@with_appcontext
def run_due() -> None:
    """Do once everything that is due now."""
    click.echo(f"{scheduler.run_due()} periods done")


@cli.command("seed")
@with_appcontext
def seed() -> None:
    """Load what every installation needs: municipalities, themes, tools, kinds, reasons, consent texts."""
    demonstration.load_seed(now=clock.now())
    click.echo("seed data loaded")


@cli.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Check settings, database, assets and worker; exit with 1 if something is wrong."""
    checks = doctor.examine(now=clock.now())
    for check in checks:
        click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.finding}")
    if not all(check.ok for check in checks):
        raise SystemExit(1)


@click.command("demo")
@click.option("--serve/--no-serve", default=True, help="Serve when loaded.")
@click.option("--port", default=5000, show_default=True)
def demo(*, serve: bool, port: int) -> None:
    """Load the demonstration into instance/ and serve it; a second time keeps the data."""
    app = create_app(demonstration.prepare(port=port))
    with app.app_context():
        demonstration.load(now=clock.now(), say=click.echo)
        demonstration.print_accounts(say=click.echo)
    if serve:
        raise SystemExit(demonstration.serve(port=port, say=click.echo))


@click.command("new-secrets")
def new_secrets() -> None:
    """Print fresh values for SERVICETRAY_SECRET_KEY and SERVICETRAY_MASTER_KEY."""
    click.echo(f"SERVICETRAY_SECRET_KEY={new_secret()}")
    click.echo(f"SERVICETRAY_MASTER_KEY={new_master_key()}")


@click.command("settings")
def settings_reference() -> None:
    """Print the reference of all settings, from their types, as Markdown."""
    click.echo(reference(), nl=False)


def reference() -> str:
    """Return the settings as a Markdown table: variable, default, meaning."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name == "testing":
            continue
        default = field.get_default()
        shown = (
            "must be set"
            if field.is_required()
            else f"`{json.dumps(default, default=_plain, ensure_ascii=False)}`"
        )
        lines.append(f"| `SERVICETRAY_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    # SecretStr shows stars; an empty one is simply empty.
    return "" if "Secret" in type(value).__name__ else str(value)


cli.add_command(job_commands)
cli.add_command(demo)
cli.add_command(new_secrets)
cli.add_command(settings_reference)


def main() -> None:
    """Run the command line."""
    cli.main()
