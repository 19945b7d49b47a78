"""``servicetray audit``: checks the log."""

import click
from flask.cli import AppGroup

from servicetray.audit import verify
from servicetray.core.settings import current_settings

audit_commands = AppGroup("audit", help="The audit log.")


@audit_commands.command("verify")
def verify_log() -> None:
    """Recompute every seal; exit with 1 if a row was altered, removed or cut off."""
    result = verify.verify(anchor=current_settings().audit_anchor)
    click.echo(f"{result.rows} rows under {result.seals} seals checked")
    for finding in result.findings:
        click.echo(f"{finding.fault.value}: rows {finding.first_row}-{finding.last_row}", err=True)
    if result.findings:
        raise SystemExit(1)
