"""``servicetray keys``: renewing what client data are sealed with. Every change leaves a row in the log."""

import os

import click
from flask.cli import AppGroup

from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import clock, crypto, keys
from servicetray.core.db import transaction
from servicetray.core.keys import KeyInUseError, MasterKeyError
from servicetray.core.settings import Parts, current_settings, key_bytes

OLD, NEW = "SERVICETRAY_MASTER_KEY_OLD", "SERVICETRAY_MASTER_KEY_NEW"

key_commands = AppGroup("keys", help="The keys that client data are sealed with.")


@key_commands.command("list")
def list_keys() -> None:
    """Print every data key, a line each: id, controller, purpose, generation, made on, values, newest."""
    _whole()
    for key in keys.key_states():
        click.echo(
            f"{key.id}\t{key.controller}\t{key.purpose.value}\t{key.generation}"
            f"\t{clock.helsinki(key.created_at):%Y-%m-%d}\t{key.values}\t{'newest' if key.newest else 'older'}"
        )


@key_commands.command("rotate")
@click.argument("controller")
def rotate(controller: str) -> None:
    """Make a new key for a controller (county, municipality:286, accounts); new values use it."""
    _whole()
    now = clock.now()
    with transaction():
        if controller not in {key.controller for key in keys.key_states()}:
            raise click.ClickException(f"no controller {controller}: see servicetray keys list")
        key_id = crypto.rotate(controller, now=now)
        record(
            Action.KEY_ROTATED,
            actor=None,
            object_type="data_key",
            object_id=key_id,
            now=now,
            detail={"controller": controller},
        )
    click.echo(f"key {key_id} is used from now on; bring the old values over with servicetray keys reseal")


@key_commands.command("reseal")
@click.argument("controller")
@click.option("--batch", default=keys.BATCH, show_default=True, type=click.IntRange(1, 5000))
def reseal(controller: str, batch: int) -> None:
    """Seal a controller's older values with its newest key; may be stopped and begun again at any time."""
    _whole()
    total = 0
    unreadable: list[str] = []
    for column in crypto.sealed_columns():
        after = None
        while True:
            now = clock.now()
            with transaction():
                done = keys.reseal(column, controller=controller, after=after, limit=batch)
                if done.values:
                    record(
                        Action.VALUES_RESEALED,
                        actor=None,
                        object_type="sealed_column",
                        object_id=f"{column.model.__tablename__}.{column.column}",
                        now=now,
                        detail={"controller": controller, "values": str(done.values)},
                    )
            total += done.values
            unreadable += done.unreadable
            after = done.last
            if after is None:
                break
    click.echo(f"{total} values sealed anew")
    for place in unreadable:
        click.echo(f"unreadable: {place}", err=True)
    if unreadable:
        raise SystemExit(1)


@key_commands.command("retire")
@click.argument("controller")
def retire(controller: str) -> None:
    """Destroy a controller's older keys that no value names any more; exit with 1 if one is still in use."""
    _whole()
    kept = 0
    for key_id in keys.older_keys(controller):
        now = clock.now()
        try:
            with transaction():
                keys.retire(key_id, now=now)
                record(
                    Action.KEY_ROTATED,
                    actor=None,
                    object_type="data_key",
                    object_id=key_id,
                    now=now,
                    detail={"controller": controller, "change": "retired"},
                )
        except KeyInUseError as error:
            kept += 1
            why = (
                f"{error.values} values name it: servicetray keys reseal {controller}"
                if error.wait_until is None
                else f"it may still be in hand until {error.wait_until.isoformat(timespec='minutes')}"
            )
            click.echo(f"key {key_id} stays: {why}", err=True)
        else:
            click.echo(f"key {key_id} destroyed")
    if kept:
        raise SystemExit(1)


@key_commands.command("renew-master")
def renew_master() -> None:
    """Wrap all data keys with another master key.

    Give the new one in SERVICETRAY_MASTER_KEY_NEW; or, if SERVICETRAY_MASTER_KEY is the new one already, the
    old one in SERVICETRAY_MASTER_KEY_OLD. All in one transaction; may be repeated.
    """
    _whole()
    current = current_settings().master_key_bytes
    given = {name: os.environ[name] for name in (OLD, NEW) if os.environ.get(name)}
    if len(given) != 1:
        raise click.ClickException(f"give one of {NEW} and {OLD} in the environment")
    try:
        other = key_bytes(next(iter(given.values())))
    except ValueError as error:
        raise click.ClickException(f"{next(iter(given))} {error}") from error
    old, new = (other, current) if OLD in given else (current, other)
    now = clock.now()
    try:
        with transaction():
            changed = keys.renew_master(old=old, new=new, now=now)
            record(
                Action.KEY_ROTATED,
                actor=None,
                object_type="master_key",
                object_id="",
                now=now,
                detail={"keys": str(changed)},
            )
    except MasterKeyError as error:
        raise click.ClickException(
            f"data key {error.key_id} is under neither of the two; nothing was changed"
        ) from error
    click.echo(f"{changed} data keys wrapped anew")
    if NEW in given:
        click.echo("now put the new key into SERVICETRAY_MASTER_KEY and start the services again")


def _whole() -> None:
    if current_settings().parts is Parts.CATALOGUE:
        # Here the queue's columns are not known: a key in use would look free.
        raise click.ClickException("this installation has the catalogue alone; run it where the queue is")
