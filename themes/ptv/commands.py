"""``servicetray ptv import``: content from the national service catalogue, by hand or from cron."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import click
import httpx
from flask.cli import AppGroup

from servicetray.core import clock
from servicetray.core.settings import PtvVersion, current_settings
from themes.ptv.http_source import AreaFilter, HttpSource
from themes.ptv.jobs import ImportReport, Outcome, import_from
from themes.ptv.models import Retirement
from themes.ptv.sources import DirectorySource, Source, SourceUnavailableError
from themes.ptv.v12_source import HttpSourceV12

TIMEOUT = httpx.Timeout(30, connect=10)
EVERY = 25
"""Services between two lines of progress."""

TOLD: Mapping[Retirement, str] = {
    Retirement.DONE: "Retired, since the catalogue no longer has them: {}",
    Retirement.PARTIAL: "Nothing was retired: a part alone was asked for.",
    Retirement.CUT_SHORT: "Nothing was retired: the run did not come to its end.",
    Retirement.PROBLEMS: "Nothing was retired: some services could not be read ({} were not seen).",
    Retirement.TOO_MANY: "Nothing was retired: {} services were not seen, more than a fifth. "
    "If they are gone indeed, run again with --allow.",
    Retirement.NOTHING_READ: "Nothing was retired: not one service came.",
}

ptv = AppGroup("ptv", help="Content from the national Finnish Service Catalogue (PTV).")


class _Area(click.ParamType[AreaFilter]):
    name = "type:code"

    def convert(
        self, value: str | AreaFilter, param: click.Parameter | None, ctx: click.Context | None
    ) -> AreaFilter:
        if isinstance(value, AreaFilter):
            return value
        try:
            return AreaFilter.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@ptv.command("import")
@click.option(
    "--dir",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with services/, servicechannels/ and organizations/, one JSON file a record (version 11).",
)
@click.option(
    "--url",
    help="Address of the open API, with or without /api/v11 (or v12) at its end. SERVICETRAY_PTV_VERSION says which "
    "version is read; 12 asks for SERVICETRAY_PTV_API_KEY.",
)
@click.option("--area", type=_Area(), help="Only services of an area, such as Municipality:286 (with --url).")
@click.option("--with-nationwide", is_flag=True, help="With --area: nationwide services too.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only services published on this day or later (version 12, with --url); retires nothing.",
)
@click.option(
    "--allow",
    is_flag=True,
    help="Retire what is gone even if it is more than a fifth, or if some services could not be read.",
)
def import_command(
    *,
    folder: Path | None,
    url: str | None,
    area: AreaFilter | None,
    with_nationwide: bool,
    since: dt.datetime | None,
    allow: bool,
) -> None:
    """Bring in services with their channels and organisations; what is there already is brought up to date.

    A record that is missing or broken is reported and passed over. What the catalogue no longer has is retired
    after a run that saw all of it. Ends with 1 if nothing could be read.
    """
    if (folder is None) == (url is None):
        raise click.UsageError("give either --dir or --url")
    if folder is not None:
        if area or with_nationwide or since:
            raise click.UsageError("--area, --with-nationwide and --since go with --url")
        _run(DirectorySource(folder), allow=allow)
        return
    with httpx.Client(timeout=TIMEOUT) as client:
        try:
            source = _over_http(url or "", client, area=area, with_nationwide=with_nationwide, since=since)
        except SourceUnavailableError as error:
            raise click.UsageError(f"--url: {error.reason}") from error
        _run(source, allow=allow)


def _over_http(
    url: str,
    client: httpx.Client,
    *,
    area: AreaFilter | None,
    with_nationwide: bool,
    since: dt.datetime | None,
) -> Source:
    """Return the API in the version that the settings choose; raise SourceUnavailableError."""
    settings = current_settings()
    if settings.ptv_version is PtvVersion.V12:
        return HttpSourceV12(
            url,
            client,
            key=settings.ptv_api_key,
            area=area,
            with_nationwide=with_nationwide,
            since=clock.day_start(since.date()) if since else None,
        )
    if since:
        raise click.UsageError("--since goes with version 12 (SERVICETRAY_PTV_VERSION)")
    return HttpSource(url, client, area=area, with_nationwide=with_nationwide)


def _run(source: Source, *, allow: bool) -> None:
    click.echo(f"Importing from {source.address}")
    report = import_from(source, clock=clock.now, allow=allow, on_progress=_progress)
    counts = report.counts
    click.echo(
        f"Services: {counts[Outcome.NEW]} new, {counts[Outcome.CHANGED]} changed, "
        f"{counts[Outcome.UNCHANGED]} unchanged, {counts[Outcome.RETURNED]} come back, "
        f"{counts[Outcome.SKIPPED]} skipped (not published or twice)"
    )
    click.echo(f"Left as changed here, though the source says otherwise: {len(report.kept)}")
    click.echo(f"Problems: {len(report.problems)}")
    for problem in report.problems:
        click.echo(f"  {problem.kind} {problem.record_id or '(no id)'}: {problem.reason}")
    if report.was_cut_short:
        click.echo("The source could not be read to its end.")
    click.echo(TOLD[report.verdict.retirement].format(report.verdict.missing))
    if not report.services:
        raise click.exceptions.Exit(1)


def _progress(report: ImportReport) -> None:
    if report.services % EVERY == 0:
        click.echo(f"  {report.services} services, {len(report.problems)} problems …")
