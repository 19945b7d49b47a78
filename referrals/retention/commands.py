"""``servicetray retention``: what is due, and what a restore has brought back."""

from pathlib import Path

import click
from flask.cli import AppGroup

from referrals import retention
from referrals.erasures import queries as erasures
from referrals.erasures.operations import BrokenLogError, read_log, write_log
from referrals.retention.reapplying import reapply
from referrals.rights import decisions
from servicetray.core import clock
from servicetray.core.settings import current_settings

retention_commands = AppGroup("retention", help="Erasing what is past its term, also after a restore.")


@retention_commands.command("sweep")
def sweep_command() -> None:
    """Erase now what is due; the worker does so by itself."""
    click.echo(f"{retention.erase_due(clock.now())} records erased")


@retention_commands.command("reapply")
@click.option("--log", "path", type=click.Path(dir_okay=False, path_type=Path), help="The erasure log.")
def reapply_command(path: Path | None) -> None:
    """Erase and withdraw again, after a restore, all that the erasure log tells of."""
    path = path or current_settings().erasure_log
    if path is None:
        raise click.ClickException("no erasure log is set: SERVICETRAY_ERASURE_LOG, or --log FILE")
    if not path.is_file():
        raise click.ClickException(f"there is no file {path}: what was erased since the backup is back")
    now = clock.now()
    try:
        done = reapply(list(read_log(path)), now=now)
    except BrokenLogError as error:
        raise click.ClickException(str(error)) from error
    swept = retention.erase_due(now)
    click.echo(
        f"{done.referrals} referrals and {done.cases} cases erased again, "
        f"{done.withdrawals} permissions withdrawn again, {done.enrolments} enrolments erased again, "
        f"{done.decisions} decisions of officers made again, {swept} records past their term erased"
    )
    for referral_id in done.refused:
        click.echo(f"not done again, look at it: referral {referral_id}", err=True)
    if path == current_settings().erasure_log:
        write_log(now)
        decisions.write_log(now)
    if done.refused:
        raise SystemExit(1)


@retention_commands.command("status")
def status_command() -> None:
    """Print how many lines of the erasure log are not in its file yet."""
    path = current_settings().erasure_log
    click.echo(f"erasure log: {path or 'not set'}, {erasures.unwritten()} lines not written")
