"""``servicetray audit``: checks the log, and deletes it at the end of its term."""

import click
from flask.cli import AppGroup
from sqlalchemy.exc import ProgrammingError

from servicetray.audit import purging, verify
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.settings import current_settings

audit_commands = AppGroup("audit", help="The audit log.")


@audit_commands.command("verify")
def verify_log() -> None:
    """Recompute every seal; exit with 1 if a row was altered, removed or cut off."""
    result = verify.verify(anchor=current_settings().audit_anchor)
    click.echo(f"{result.rows} rows under {result.seals} seals checked")
    if result.purged:
        click.echo(f"{result.purged} of the seals stand for rows deleted at the end of their term")
    for finding in result.findings:
        click.echo(f"{finding.fault.value}: rows {finding.first_row}-{finding.last_row}", err=True)
    if result.findings:
        raise SystemExit(1)


@audit_commands.command("purge")
def purge() -> None:
    """Delete rows whose term (SERVICETRAY_AUDIT_YEARS) is over, as the owner of the tables."""
    total = 0
    try:
        while True:
            with transaction():
                gone = purging.purge_next(now=clock.now())
            if not gone:
                break
            total += gone
    except ProgrammingError as error:
        raise click.ClickException("only the owner of the tables may delete from the log") from error
    except purging.LogDamagedError as error:
        raise click.ClickException(
            f"rows are missing under seal {error.seal_id}: servicetray audit verify"
        ) from error
    click.echo(f"{total} rows deleted")
