"""``servicetray statistics``: exact figures for those in charge, and freezing by hand."""

import csv
import datetime as dt
import io
import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from referrals.kinds.queries import kinds
from referrals.statistics import importing, monthly, queries
from referrals.statistics.counting import Cell
from referrals.statistics.models import FrozenMonth
from referrals.statistics.publication import operations as publication
from referrals.statistics.publication.commands import publish_command
from referrals.statistics.queries import Figures
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.jobs import LeaseLostError, run_once
from servicetray.core.municipalities import municipalities
from servicetray.core.periods import Month, NotAMonthError, Period, ReversedPeriodError
from servicetray.core.settings import current_settings
from servicetray.core.tables import neutral

statistics_commands = AppGroup(
    "statistics", help="The figures of the referral queue (exact: not for publishing)."
)
statistics_commands.add_command(publish_command)


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


FORMAT = click.option(
    "--format", "shape", type=click.Choice([each.value for each in Format]), default="text", show_default=True
)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@statistics_commands.command("period")
@click.option("--kind", required=True, help="Code of the kind: exercise or culture.")
@click.option("--from", "first", type=DAY, required=True, help="First Helsinki day.")
@click.option("--to", "last", type=DAY, required=True, help="Last Helsinki day, included.")
@click.option("--municipality", help="Code of one municipality, such as 286.")
@FORMAT
def period_command(
    *, kind: str, first: dt.datetime, last: dt.datetime, municipality: str | None, shape: str
) -> None:
    """Count the referrals (sent less voided) of a kind in a period."""
    _known("--kind", kind, [each.code for each in kinds()])
    if municipality is not None:
        _known("--municipality", municipality, [each.code for each in municipalities()])
    try:
        period = Period(first.date(), last.date())
    except ReversedPeriodError as error:
        raise click.BadParameter(f"{error}", param_hint="--to") from error
    found = queries.figures(
        period, kind=kind, municipalities=None if municipality is None else [municipality]
    )
    click.echo(_period_text(kind, found, Format(shape)))


@statistics_commands.command("month")
@click.argument("month")
@FORMAT
def month_command(*, month: str, shape: str) -> None:
    """Print a frozen month, such as 2024-12."""
    wanted = _month(month)
    frozen = queries.newest(wanted)
    if frozen is None:
        raise click.ClickException(f"{wanted} is not frozen")
    rows = sorted(queries.frozen_counts(frozen).numbers.items())
    head = {
        "month": frozen.period,
        "version": frozen.version,
        "frozen_at": frozen.frozen_at.isoformat(),
        "digest": frozen.digest,
        "correction": frozen.correction,
        "source": frozen.source,
    }
    if shape == Format.JSON:
        numbers = [
            dict(zip((*Cell._fields, "number"), (*cell, number), strict=True)) for cell, number in rows
        ]
        click.echo(json.dumps({**head, "numbers": numbers}, ensure_ascii=False, indent=1))
    elif shape == Format.CSV:
        click.echo(_csv([[*Cell._fields, "number"], *([*cell, number] for cell, number in rows)]), nl=False)
    else:
        click.echo("\n".join(f"{name:10} {value or '-'}" for name, value in head.items()))
        for cell, number in rows:
            click.echo(f"{number:7}  " + " ".join(part for part in cell if part))


@statistics_commands.command("freeze")
def freeze_command() -> None:
    """Freeze every finished month that is not frozen yet, as the worker does."""
    done = 0
    for period in monthly.due(clock.now()):
        work = partial(monthly.job().work, period, clock.now())
        try:
            made = run_once(monthly.JOB_NAME, period, work, now=clock.now)
        except monthly.BalanceError as error:
            raise click.ClickException(f"{error.month} does not balance: {error}") from error
        except LeaseLostError:
            made = False
        click.echo(f"{period} {'frozen' if made else 'is being frozen by another process'}")
        done += made
    click.echo(f"{done} months frozen")


@statistics_commands.command("correct")
@click.argument("month")
@click.option("--reason", required=True, help="Why, in a sentence; it is shown wherever the numbers are.")
def correct_command(*, month: str, reason: str) -> None:
    """Count a frozen month anew as its next version, and those after it that change by it."""
    wanted = _month(month)
    try:
        with transaction():
            made = monthly.correct(wanted, reason=reason, actor=None, now=clock.now())
            publication.catch_up(now=clock.now(), threshold=current_settings().small_number)
            lines = [_said(frozen, "corrected") for frozen in made]
    except monthly.UnfitReasonError as error:
        raise _unfit_reason() from error
    except monthly.NotFrozenError as error:
        raise click.ClickException(
            f"{wanted} has not been frozen from events, so there is nothing to correct"
        ) from error
    except monthly.NothingToCorrectError as error:
        raise click.ClickException(f"{wanted} counts as it was frozen: nothing to correct") from error
    except monthly.BalanceError as error:
        raise click.ClickException(f"{error.month} does not balance: {error}") from error
    click.echo("\n".join(lines))


@statistics_commands.command("import-aggregate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the file and say what it holds; change nothing.")
@click.option("--reason", help="Correct months that were brought in before; say why.")
def import_command(*, file: Path, dry_run: bool, reason: str | None) -> None:
    """Bring in months of an earlier system from a CSV file (docs/statistics.md)."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.BadParameter("the file has to be in UTF-8", param_hint="FILE") from error
    now = clock.now()
    codes = {
        "kinds": [each.code for each in kinds()],
        "municipalities": [each.code for each in municipalities()],
    }
    try:
        months = importing.read(text, **codes, now=now)
        with transaction() as session:
            made = importing.bring_in(months, actor=None, now=now, correction=reason)
            publication.catch_up(now=now, threshold=current_settings().small_number)
            lines = [_said(frozen, "brought in") for frozen in made]
            if dry_run:
                session.rollback()
    except importing.UnfitFileError as error:
        for problem in error.problems:
            click.echo(f"line {problem.line}: {problem.text}", err=True)
        raise click.ClickException("nothing was brought in") from error
    except monthly.UnfitReasonError as error:
        raise _unfit_reason() from error
    for line, each in zip(lines, months, strict=True):
        click.echo(f"{line}, {len(each.counts.numbers)} numbers, source: {each.source}")
    click.echo("checked; nothing was changed" if dry_run else f"{len(lines)} months brought in")


def _said(frozen: FrozenMonth, what: str) -> str:
    return f"{frozen.period} {what}: version {frozen.version}, {frozen.digest[:12]}"


def _unfit_reason() -> click.BadParameter:
    return click.BadParameter(
        f"a sentence of at most {monthly.LONGEST_REASON} characters, without a personal identity code",
        param_hint="--reason",
    )


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except NotAMonthError as error:
        raise click.BadParameter(f"{text!r} is not a month like 2024-12", param_hint="MONTH") from error


def _known(option: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise click.BadParameter(f"{value!r} is not known; there are {', '.join(known)}", param_hint=option)


def _period_text(kind: str, found: Figures, shape: Format) -> str:
    names = {each.code: each.name["fi"] for each in municipalities()}
    answer: dict[str, Any] = {
        "kind": kind,
        "from": found.period.first.isoformat(),
        "to": found.period.last.isoformat(),
        "total": found.total,
        "by_month": [{"month": str(month), "referrals": number} for month, number in found.by_month.items()],
        "by_municipality": [
            {"code": code, "name": names.get(code, ""), "referrals": number}
            for code, number in found.by_municipality.items()
        ],
    }
    if shape is Format.JSON:
        return json.dumps(answer, ensure_ascii=False, indent=1)
    months = [[row["month"], row["referrals"]] for row in answer["by_month"]]
    places = [[row["name"] or row["code"], row["referrals"]] for row in answer["by_municipality"]]
    if shape is Format.CSV:
        rows = [["by", "value", "referrals"], *(["month", *row] for row in months)]
        rows += [["municipality", *row] for row in places]
        return _csv([*rows, ["total", "", found.total]]).rstrip("\n")
    lines = [f"{kind}, {found.period.first} to {found.period.last}: {found.total} referrals"]
    return "\n".join([*lines, *(f"  {name:14} {number:6}" for name, number in (*months, *places))])


def _csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    plain = [[neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    csv.writer(text, lineterminator="\n").writerows(plain)
    return text.getvalue()
