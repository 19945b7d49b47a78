"""Accounts: people, units, roles, signing in with a second factor."""

from flask import Flask

from servicetray.accounts import sessions, views
from servicetray.accounts.commands import user_commands


def init_app(app: Flask) -> None:
    """Register signing in and the commands."""
    sessions.init_app(app)
    app.register_blueprint(views.blueprint)
    app.cli.add_command(user_commands)
