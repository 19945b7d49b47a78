"""``servicetray user``: the first accounts of an installation."""

import secrets
import uuid

import click
import pyotp
from flask.cli import AppGroup

from servicetray.accounts import queries
from servicetray.accounts.operations import EmailTakenError, NewGrant, create_user
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.settings import current_settings

user_commands = AppGroup("user", help="Accounts.")


@user_commands.command("create")
@click.option("--email", required=True, help="Work e-mail; the name one signs in with.")
@click.option("--name", required=True, help="First and last name.")
@click.option("--title", default="", help="Such as sairaanhoitaja.")
@click.option("--phone", default="", help="Call-back number.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--unit", "unit_id", type=click.UUID, help="Unit in which the roles hold.")
@click.option("--language", type=click.Choice(["fi", "sv", "en"]), default="fi")
def create(
    *,
    email: str,
    name: str,
    title: str,
    phone: str,
    roles: tuple[str, ...],
    unit_id: uuid.UUID | None,
    language: str,
) -> None:
    """Make an account; its password and TOTP secret are printed once."""
    password = secrets.token_urlsafe(15)
    try:
        with transaction():
            unit = queries.unit(unit_id) if unit_id else None
            if unit_id and unit is None:
                raise click.ClickException(f"there is no unit {unit_id}")
            _, secret = create_user(
                email=email,
                name=name,
                title=title,
                phone=phone,
                language=language,
                password=password,
                grants=[NewGrant(role=Role(role), unit_id=unit.id if unit else None) for role in roles],
                unit_id=unit.id if unit else None,
                now=clock.now(),
            )
    except EmailTakenError as error:
        raise click.ClickException(f"{email} has an account already") from error
    issuer = current_settings().service_name
    click.echo(f"password  {password}")
    click.echo(f"TOTP      {secret}")
    click.echo(f"app link  {pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)}")
