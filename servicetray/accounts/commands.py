"""``servicetray unit`` and ``servicetray user``: setting an installation up by hand."""

import secrets
import uuid

import click
import pyotp
from flask.cli import AppGroup

from servicetray.accounts import queries
from servicetray.accounts.administration.remains import say_farewell
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.operations import (
    AccountClosedError,
    EmailTakenError,
    NewGrant,
    UnitNeededError,
    create_unit,
    create_user,
    deactivate,
    require_unit,
    reset_secrets,
)
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.municipalities import municipalities
from servicetray.core.settings import current_settings

unit_commands = AppGroup("unit", help="Units: where people work.")
user_commands = AppGroup("user", help="Accounts.")


class Words(click.ParamType[str]):
    """One line of text that fits its column, or nothing where it may be left out."""

    name = "text"

    def __init__(self, most: int, *, required: bool = False) -> None:
        self.most = most
        self.required = required

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Trim and check what was given."""
        text = value.strip()
        if self.required and not text:
            self.fail("must not be empty", param, ctx)
        if len(text) > self.most:
            self.fail(f"{len(text)} characters are too many, {self.most} at most", param, ctx)
        if not text.isprintable():
            self.fail("must be one line of plain text", param, ctx)
        return text


class Email(Words):
    """An e-mail address, as far as that can be told."""

    name = "address"

    def __init__(self) -> None:
        super().__init__(254)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Trim and check what was given."""
        text = super().convert(value, param, ctx)
        before, _, after = text.rpartition("@")
        if text and (not before or not after or " " in text):
            self.fail(f"{text!r} is not an e-mail address", param, ctx)
        return text


@unit_commands.command("create")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in UnitKind]))
@click.option("--name-fi", required=True, type=Words(120, required=True), help="Name in Finnish.")
@click.option("--name-sv", required=True, type=Words(120, required=True), help="Name in Swedish.")
@click.option("--municipality", help="Code, such as 286; a counselling unit must have one.")
@click.option(
    "--service-area", default="", type=Words(60), help="Of a sending unit; the figures are shown by it."
)
@click.option("--phone", default="", type=Words(40), help="Where the unit is called.")
@click.option(
    "--mailbox", default="", type=Email(), help="Shared e-mail: told of new referrals, not of clients."
)
def create_unit_command(
    *,
    kind: str,
    name_fi: str,
    name_sv: str,
    municipality: str | None,
    service_area: str,
    phone: str,
    mailbox: str,
) -> None:
    """Make a unit and print its id."""
    if kind == UnitKind.COUNSELLING and not municipality:
        raise click.BadParameter("a counselling unit belongs to a municipality", param_hint="--municipality")
    with transaction():
        if municipality is not None:
            _require_municipality(municipality)
        made = create_unit(
            kind=UnitKind(kind),
            name={"fi": name_fi, "sv": name_sv},
            municipality_code=municipality,
            service_area=service_area,
            phone=phone,
            mailbox=mailbox,
        )
        unit_id = made.id
    click.echo(unit_id)


@unit_commands.command("list")
def list_units_command() -> None:
    """Print every unit: id, kind, municipality, name, service area; parted by tabs."""
    for unit in queries.all_units():
        _line(unit.id, unit.kind, unit.municipality_code, unit.name.get("fi"), unit.service_area)


@user_commands.command("create")
@click.option("--email", required=True, type=Email(), help="Work e-mail; the name one signs in with.")
@click.option("--name", required=True, type=Words(120, required=True), help="First and last name.")
@click.option("--title", default="", type=Words(120), help="Such as sairaanhoitaja.")
@click.option("--phone", default="", type=Words(40), help="Call-back number.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option(
    "--unit",
    "unit_id",
    type=click.UUID,
    help="Unit in which the roles hold: a sending one for professionals, else a counselling one.",
)
@click.option("--language", type=click.Choice(["fi", "sv", "en"]), default="fi")
def create_user_command(
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
    if not email:
        raise click.BadParameter("must not be empty", param_hint="--email")
    # A role that is given twice is one.
    wanted = [Role(role) for role in dict.fromkeys(roles)]
    password = secrets.token_urlsafe(15)
    try:
        with transaction():
            unit = queries.unit(unit_id) if unit_id else None
            if unit_id and unit is None:
                raise click.ClickException(f"there is no unit {unit_id}")
            require_unit(wanted, unit)
            _, secret = create_user(
                email=email,
                name=name,
                title=title,
                phone=phone,
                language=language,
                password=password,
                grants=[NewGrant(role=role, unit_id=unit.id if unit else None) for role in wanted],
                unit_id=unit.id if unit else None,
                now=clock.now(),
            )
    except EmailTakenError as error:
        raise click.ClickException(f"{email} has an account already") from error
    except UnitNeededError as error:
        raise click.BadParameter(
            f"{error.role} works in a {error.kind} unit; see servicetray unit list", param_hint="--unit"
        ) from error
    _print_secrets(email, password, secret)


@user_commands.command("list")
def list_users_command() -> None:
    """Print every account: address, name, open or closed, roles, unit; parted by tabs."""
    for user in queries.all_users():
        roles = ",".join(sorted({grant.role.value for grant in user.grants}))
        _line(user.email, user.name, "open" if user.active else "closed", roles, user.unit_name)


@user_commands.command("deactivate")
@click.option("--email", required=True, help="Whose account.")
def deactivate_command(*, email: str) -> None:
    """Close an account for good and end its sign-ins at once; who must see to what is left is told."""
    now = clock.now()
    try:
        with transaction():
            user = _account(email)
            ended = deactivate(user, now=now)
            say_farewell(user, actor=None, now=now)
    except AccountClosedError as error:
        raise click.ClickException(f"the account of {email} is closed already") from error
    click.echo(f"closed; {ended} sign-ins ended")


@user_commands.command("reset")
@click.option("--email", required=True, help="Whose account.")
def reset_command(*, email: str) -> None:
    """Give an account a new password and TOTP secret, printed once, and end its sign-ins."""
    password = secrets.token_urlsafe(15)
    try:
        with transaction():
            user = _account(email)
            secret = reset_secrets(user, password=password, now=clock.now())
            address = user.email
    except AccountClosedError as error:
        raise click.ClickException(f"the account of {email} is closed") from error
    _print_secrets(address, password, secret)


def _account(email: str) -> User:
    user = queries.user_by_email(email)
    if user is None:
        raise click.ClickException(f"{email} has no account")
    return user


def _require_municipality(code: str) -> None:
    known = [each.code for each in municipalities()]
    if code not in known:
        raise click.BadParameter(
            f"{code!r} is not known; there are {', '.join(known) or 'none yet: servicetray seed'}",
            param_hint="--municipality",
        )


def _print_secrets(email: str, password: str, secret: str) -> None:
    issuer = current_settings().service_name
    click.echo(f"password  {password}")
    click.echo(f"TOTP      {secret}")
    click.echo(f"app link  {pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)}")


def _line(*cells: object) -> None:
    click.echo("\t".join("-" if cell in {None, ""} else str(cell) for cell in cells))
