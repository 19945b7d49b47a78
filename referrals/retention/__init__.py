"""What is kept no longer than promised: content whose time is over is erased, in both records."""

import datetime as dt

from flask import Flask

from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Let the worker erase, and register the command for after a restore."""
    from referrals.retention.commands import retention_commands
    from referrals.retention.sweeping import cut_links

    add_chore(app, Chore(name="retention.erase_due", work=erase_due))
    add_chore(app, Chore(name="retention.cut_links", work=cut_links))
    app.cli.add_command(retention_commands)


def erase_due(now: dt.datetime) -> int:
    """Erase all content whose time is over; return of how many records. Done again, it finds nothing."""
    from referrals.retention import sweeping

    return sweeping.erase_due(now)
