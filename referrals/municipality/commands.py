"""``servicetray catchment``: which unit takes which municipality's referrals, set up by hand."""

import datetime as dt
import uuid

import click
from flask.cli import AppGroup

from referrals.kinds.queries import kinds
from referrals.municipality import queries, routing, setting_up
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import UnitKind
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.municipalities import municipalities

catchment_commands = AppGroup("catchment", help="Catchments: who receives whose referrals.")

DAY = click.DateTime(formats=["%Y-%m-%d"])
LANGUAGES = ("fi", "sv", "en", "fse", "fss")
"""ISO 639, as the form names them; the last two are Finnish and Finland-Swedish sign language."""


@catchment_commands.command("open")
@click.option("--unit", "unit_id", required=True, type=click.UUID, help="Counselling unit that receives.")
@click.option("--municipality", required=True, help="Code of the clients' municipality, such as 286.")
@click.option("--kind", required=True, help="Code of the kind: exercise or culture.")
@click.option("--opens", required=True, type=DAY, help="First Helsinki day on which referrals are taken.")
@click.option("--closes", type=DAY, help="Last day, included; without it there is no end.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    type=click.Choice(LANGUAGES),
    help="Language counselled in; may be given several times.",
)
@click.option(
    "--usual-wait", type=click.IntRange(0, 250), help="Usual working days to the first contact, for the form."
)
@click.option(
    "--non-residents",
    is_flag=True,
    help="Clients whose home municipality is another one may be sent here, too.",
)
def open_command(
    *,
    unit_id: uuid.UUID,
    municipality: str,
    kind: str,
    opens: dt.datetime,
    closes: dt.datetime | None,
    languages: tuple[str, ...],
    usual_wait: int | None,
    non_residents: bool,
) -> None:
    """Let a unit take a municipality's referrals of a kind, and print the catchment's id."""
    try:
        with transaction():
            _known("--municipality", municipality, [each.code for each in municipalities()])
            _known("--kind", kind, [each.code for each in kinds()])
            _require_counselling(unit_id)
            made = setting_up.open_catchment(
                unit_id=unit_id,
                municipality_code=municipality,
                kind_code=kind,
                opens_on=opens.date(),
                terms=setting_up.Terms(
                    languages=tuple(dict.fromkeys(languages)),
                    closes_on=closes.date() if closes else None,
                    usual_wait_days=usual_wait,
                    min_age=0,
                    max_age=None,
                    takes_non_residents=non_residents,
                ),
                actor=None,
                now=clock.now(),
            )
            catchment_id = made.id
    except routing.BackwardsError as error:
        raise click.BadParameter(f"is before it opens, {error.opens_on}", param_hint="--closes") from error
    except routing.OverlapError as error:
        raise _overlap(error) from error
    click.echo(catchment_id)


@catchment_commands.command("list")
def list_command() -> None:
    """Print every catchment: id, municipality, kind, days, languages, usual wait, unit; parted by tabs."""
    rows = routing.all_catchments()
    names = {unit.id: unit.name.get("fi", "") for unit in accounts.units(row.unit_id for row in rows)}
    for row in rows:
        wait = "-" if row.usual_wait_days is None else str(row.usual_wait_days)
        cells = (
            str(row.id),
            row.municipality_code,
            row.kind_code,
            _days(row.opens_on, row.closes_on),
            ",".join(row.languages),
            wait,
            names[row.unit_id],
        )
        click.echo("\t".join(cells))


@catchment_commands.command("close")
@click.option("--id", "catchment_id", required=True, type=click.UUID, help="See servicetray catchment list.")
@click.option(
    "--last-day",
    required=True,
    type=DAY,
    help="Last day on which referrals are taken; yesterday: closed now.",
)
def close_command(*, catchment_id: uuid.UUID, last_day: dt.datetime) -> None:
    """Let a catchment take no more referrals after a day; what has come stays in its inbox."""
    try:
        with transaction():
            found = queries.catchment(catchment_id)
            if found is None:
                raise click.ClickException(f"there is no catchment {catchment_id}")
            setting_up.close_catchment(found, last_day=last_day.date(), actor=None, now=clock.now())
    except routing.EndedError as error:
        raise click.ClickException(
            f"it ended on {error.closed_on}; servicetray catchment open makes a new one"
        ) from error
    except routing.LongPastError as error:
        raise click.BadParameter(
            f"may be {error.earliest} at the earliest, which closes it now", param_hint="--last-day"
        ) from error
    except routing.BackwardsError as error:
        raise click.BadParameter(f"is before it opens, {error.opens_on}", param_hint="--last-day") from error
    except routing.OverlapError as error:
        raise _overlap(error) from error
    click.echo(f"takes referrals until {last_day.date()}")


def _require_counselling(unit_id: uuid.UUID) -> None:
    unit = accounts.unit(unit_id)
    if unit is None:
        raise click.ClickException(f"there is no unit {unit_id}")
    if unit.kind is not UnitKind.COUNSELLING:
        raise click.BadParameter(f"is a {unit.kind} unit; a counselling one receives", param_hint="--unit")


def _known(option: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise click.BadParameter(
            f"{value!r} is not known; there are {', '.join(known) or 'none yet: servicetray seed'}",
            param_hint=option,
        )


def _overlap(error: routing.OverlapError) -> click.ClickException:
    days = _days(error.opens_on, error.closes_on)
    return click.ClickException(f"the catchment {error.catchment_id} takes these referrals, {days}")


def _days(opens_on: dt.date, closes_on: dt.date | None) -> str:
    return f"{opens_on}..{closes_on or ''}"
