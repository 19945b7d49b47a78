"""Accounts: people, units, roles, signing in with a second factor."""

import datetime as dt

from flask import Flask

from servicetray.accounts import (
    administration,
    kept_forms,
    kept_views,
    oidc_views,
    own_views,
    sealed,
    sessions,
    views,
)
from servicetray.accounts.commands import unit_commands, user_commands
from servicetray.accounts.sign_ins import forget_old_sessions
from servicetray.core import crypto
from servicetray.core.db import transaction
from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Register signing in and the commands."""
    sessions.init_app(app)
    crypto.register(*sealed.COLUMNS)
    add_chore(app, Chore(name="accounts.forget_old_sessions", work=_forget_old_sessions))
    add_chore(app, Chore(name="accounts.erase_kept_forms", work=kept_forms.erase_old))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(oidc_views.blueprint)
    app.register_blueprint(own_views.blueprint)
    kept_forms.init_app(app)
    kept_views.init_app(app)
    administration.init_app(app)
    app.cli.add_command(unit_commands)
    app.cli.add_command(user_commands)


def _forget_old_sessions(now: dt.datetime) -> None:
    with transaction():
        forget_old_sessions(now=now)
