"""The audit log: who did what to whose data."""

from flask import Flask

from servicetray.audit.commands import audit_commands
from servicetray.audit.key_commands import key_commands
from servicetray.audit.operations import seal_all
from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Register the commands and the sealing."""
    add_chore(app, Chore(name="audit.seal", work=seal_all))
    app.cli.add_command(audit_commands)
    app.cli.add_command(key_commands)
