"""``servicetray doctor``: is this installation well, and if not, what to do."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from servicetray.accounts import queries as accounts
from servicetray.app import MIGRATIONS
from servicetray.core import assets, crypto, outbox
from servicetray.core.db import db
from servicetray.core.jobs import jobs
from servicetray.core.settings import current_settings


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    finding: str


def examine(*, now: dt.datetime) -> tuple[Check, ...]:
    """Look at everything that must be in order to serve."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "master key": _master_key,
        "assets": _assets,
        "address": _address,
        "mail": lambda: _mail(now),
        "accounts": _accounts,
        "jobs": lambda: _jobs(now),
    }
    return tuple(_one(name, look) for name, look in checks.items())


class UnwellError(Exception):
    """Something is not in order; the text says what to do."""


def _one(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, finding=look())
    except UnwellError as problem:
        return Check(name=name, ok=False, finding=str(problem))
    except SQLAlchemyError as error:
        db.session.rollback()
        return Check(name=name, ok=False, finding=f"the database refused ({type(error).__name__})")


def _database() -> str:
    db.session.execute(select(1))
    return f"{db.engine.dialect.name} answers"


def _migrations() -> str:
    with db.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if here != newest:
        raise UnwellError(f"at {here or 'nothing'}, newest is {newest}: run servicetray db upgrade")
    return f"at {here}"


def _master_key() -> str:
    for row in db.session.scalars(select(crypto.DataKey).order_by(crypto.DataKey.id)):
        try:
            crypto.check(row)
        except crypto.UnreadableError:
            raise UnwellError("the master key is not the one that the data keys were wrapped with") from None
    return "opens every data key"


def _assets() -> str:
    try:
        manifest = assets.read_manifest()
    except assets.AssetsMissingError as error:
        raise UnwellError(str(error)) from None
    return f"{len(manifest.files)} files"


def _address() -> str:
    settings = current_settings()
    if settings.https and not settings.public_url.startswith("https://"):
        raise UnwellError(f"links in messages lead to {settings.public_url}: set SERVICETRAY_PUBLIC_URL")
    if settings.https and not settings.trusted_proxies:
        raise UnwellError(
            "TLS ends at a proxy that is not trusted, so everybody has its address and guesses of one slow "
            "down all: set SERVICETRAY_TRUSTED_PROXIES"
        )
    return settings.public_url


def _mail(now: dt.datetime) -> str:
    settings = current_settings()
    if not settings.smtp_host and not settings.demo:
        raise UnwellError("no SMTP server is set: messages wait in the outbox")
    if settings.smtp_host and (waiting := outbox.stuck(now=now)):
        raise UnwellError(f"{waiting} messages have not left for an hour or were given up")
    return settings.smtp_host or "the demonstration sends none"


def _accounts() -> str:
    if not accounts.any_users():
        raise UnwellError("nobody can sign in yet: run servicetray user create")
    return "there are accounts"


def _jobs(now: dt.datetime) -> str:
    overdue = [f"{job.name} {period}" for job in jobs() for period in job.due(now)]
    if overdue:
        raise UnwellError(f"overdue: {', '.join(overdue)}; is servicetray worker running?")
    return "nothing is overdue"
