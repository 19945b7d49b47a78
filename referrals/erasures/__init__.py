"""The erasure log: what was erased and withdrawn, told outside the database too, so that a restore can't undo it."""

from flask import Flask

from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Let the worker write the log's file."""
    from referrals.erasures import operations

    add_chore(app, Chore(name="erasures.write_log", work=operations.write_log))
