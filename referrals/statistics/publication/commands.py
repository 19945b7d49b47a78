"""``servicetray statistics publish``: publishing by hand what is frozen."""

import click

from referrals.statistics.publication import operations
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.settings import current_settings


@click.command("publish")
def publish_command() -> None:
    """Publish every frozen month and correction that no release holds yet, as the worker does after freezing."""
    with transaction():
        made = [
            f"{release.year} version {release.version}, until {release.until}"
            for release in operations.catch_up(now=clock.now(), threshold=current_settings().small_number)
        ]
    for line in made:
        click.echo(line)
    click.echo(f"{len(made)} releases made")
