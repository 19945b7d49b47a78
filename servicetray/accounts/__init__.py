"""Accounts: people, units, roles, signing in with a second factor."""

import datetime as dt

from flask import Flask

from servicetray.accounts import sessions, views
from servicetray.accounts.commands import unit_commands, user_commands
from servicetray.accounts.operations import forget_old_sessions
from servicetray.core.db import transaction
from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Register signing in and the commands."""
    sessions.init_app(app)
    add_chore(app, Chore(name="accounts.forget_old_sessions", work=_forget_old_sessions))
    app.register_blueprint(views.blueprint)
    app.cli.add_command(unit_commands)
    app.cli.add_command(user_commands)


def _forget_old_sessions(now: dt.datetime) -> None:
    with transaction():
        forget_old_sessions(now=now)
