"""``servicetray statistics``: exact figures for those in charge, and freezing by hand."""

import csv
import datetime as dt
import io
import json
from enum import StrEnum
from functools import partial
from typing import Any

import click
from flask.cli import AppGroup

from referrals.kinds.queries import kinds
from referrals.statistics import monthly, queries
from referrals.statistics.counting import Cell
from referrals.statistics.periods import Month, NotAMonthError, Period, ReversedPeriodError
from referrals.statistics.queries import Figures
from referrals.statistics.tables import neutral
from servicetray.core import clock
from servicetray.core.jobs import LeaseLostError, run_once
from servicetray.core.municipalities import municipalities

statistics_commands = AppGroup(
    "statistics", help="The figures of the referral queue (exact: not for publishing)."
)


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
    try:
        wanted = Month.parse(month)
    except NotAMonthError as error:
        raise click.BadParameter(f"{month!r} is not a month like 2024-12", param_hint="MONTH") from error
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
