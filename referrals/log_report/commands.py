"""``servicetray audit exposure``: the facts of a breach at the command line, without names."""

import datetime as dt
import uuid

import click

from referrals.log_report import exposure
from servicetray.accounts import queries as accounts
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.audit.queries import Wanted
from servicetray.core import clock
from servicetray.core.db import transaction

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("exposure")
@click.option("--account", "email", default="", help="E-mail of an account.")
@click.option("--session", "session_id", type=click.UUID, help="Id of one sign-in.")
@click.option("--from", "first", type=DAY, help="First day.")
@click.option("--to", "last", type=DAY, help="Last day.")
def exposure_command(
    email: str, session_id: uuid.UUID | None, first: dt.datetime | None, last: dt.datetime | None
) -> None:
    """Print whose data an account or a sign-in saw: reference, key, first, last, times, acts."""
    person = accounts.user_by_email(email) if email else None
    if email and person is None:
        raise click.ClickException(f"there is no account {email}")
    if person is None and session_id is None:
        raise click.ClickException("say whose: --account or --session")
    wanted = Wanted(
        since=clock.day_start(first.date()) if first else None,
        until=clock.day_start(last.date() + dt.timedelta(days=1)) if last else None,
        actor_id=person.id if person else None,
        session_id=session_id,
    )
    rows = exposure.exposure(wanted, part=exposure.WHOLE)
    with transaction():
        record(
            Action.EXPOSURE_REPORTED,
            actor=None,
            object_type="session" if session_id else "user",
            object_id=session_id or (person.id if person else ""),
            now=clock.now(),
            detail={"clients": str(len(rows))},
        )
    for row in rows:
        acts = ",".join(action.value for action in row.seen.actions)
        moments = "\t".join(
            f"{clock.helsinki(at):%Y-%m-%dT%H:%M:%S}" for at in (row.seen.first_at, row.seen.last_at)
        )
        click.echo(f"{row.reference}\t{row.seen.subject_key}\t{moments}\t{row.seen.times}\t{acts}")
    click.echo(f"{len(rows)} clients", err=True)
