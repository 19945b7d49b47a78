"""``servicetray paths check``: is there help at the end of every way?"""

import datetime as dt

import click
from flask.cli import AppGroup

from servicetray.core import clock
from servicetray.core.i18n import LANGUAGES
from themes.directory.queries import shown_ids
from themes.guided_paths import queries
from themes.guided_paths.faults import PathFaultsError
from themes.guided_paths.reading import read
from themes.guided_paths.tree import TargetKind
from themes.search.queries import search

paths = AppGroup("paths", help="Guided paths of Find help.")


@paths.command("check")
@click.option("--searches", is_flag=True, help="Say also which searches find no service here.")
def check_command(*, searches: bool) -> None:
    """Check the paths that residents see: no dead end, no loop, nothing missing. Ends with 1 if something is."""
    today = clock.helsinki_day(clock.now())
    try:
        faults = queries.faults_of_published(today=today)
    except PathFaultsError as error:
        faults = error.faults
    for fault in faults:
        click.echo(f"{fault.slug or '?'}:{fault.line}: {fault.kind.value}: {fault.about}")
    if searches:
        _tell_of_searches(today)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(queries.sources())} paths, nothing to mend")


def _tell_of_searches(today: dt.date) -> None:
    allowed = shown_ids(today=today)
    for slug, source in queries.sources().items():
        for target in read(source).targets():
            if target.kind is not TargetKind.SEARCH:
                continue
            for language in LANGUAGES:
                words = target.search_words[language]
                if not search(words, language=language, limit=1, allowed=allowed).total:
                    click.echo(f"{slug}: no service for “{words}” ({language})")
