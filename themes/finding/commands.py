"""The search on the command line."""

import click
from flask.cli import with_appcontext

from servicetray.core.db import transaction
from themes.directory.indexing import rebuild_index


@click.command("search-rebuild")
@with_appcontext
def rebuild_command() -> None:
    """Make the search index and the vocabulary anew, from every published service."""
    with transaction():
        count = rebuild_index()
    click.echo(f"{count} services are in the search index.")
